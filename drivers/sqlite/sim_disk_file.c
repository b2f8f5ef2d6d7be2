// SPDX-License-Identifier: GPL-3.0-or-later
// One file in memory. Beside its bytes stand those of every sector written since its last sync:
// that is all a power cut needs, and costs little while nothing is cut.
#include "sim_disk_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 64 << 10, UNDO_AT_FIRST = 64, UNDO_KEPT = 1024 };

static int make_room(struct disk_file *file, size_t length)
{
    if (length <= file->room)
        return SQLITE_OK;
    size_t room = file->room ? file->room : ROOM_AT_FIRST;
    while (room < length)
        room *= 2;
    uint8_t *data = realloc(file->data, room);
    if (data)
        file->data = data;
    uint8_t *dirty = realloc(file->is_dirty, room / DISK_SECTOR);
    if (dirty)
        file->is_dirty = dirty;
    if (!data || !dirty)
        return SQLITE_NOMEM;
    memset(data + file->room, 0, room - file->room);
    memset(dirty + file->room / DISK_SECTOR, 0, (room - file->room) / DISK_SECTOR);
    file->room = room;
    return SQLITE_OK;
}

static void forget_whole(struct disk_file *file)
{
    if (file->whole)
        disk_file_free(file->whole);
    free(file->whole);
    file->whole = NULL;
}

static struct disk_undo *find_undo(struct disk_file *file, uint32_t sector)
{
    for (size_t i = 0; i < file->undo_count; i++)
        if (file->undo[i].sector == sector)
            return &file->undo[i];
    return NULL;
}

static int remember(struct disk_file *file, uint32_t sector)
{
    if (file->is_dirty[sector]) {
        if (file->is_dirty[sector] > 1) { // written again: the next sync writes it again
            find_undo(file, sector)->is_lost = false;
            file->is_dirty[sector] = 1;
        }
        return SQLITE_OK;
    }
    if (file->undo_count == file->undo_room) {
        size_t room = file->undo_room ? 2 * file->undo_room : UNDO_AT_FIRST;
        struct disk_undo *wider = realloc(file->undo, room * sizeof *wider);
        if (!wider)
            return SQLITE_NOMEM;
        file->undo = wider;
        file->undo_room = room;
    }
    struct disk_undo *undo = &file->undo[file->undo_count++];
    undo->sector = sector;
    undo->is_lost = false;
    memcpy(undo->before, file->data + (size_t)sector * DISK_SECTOR, DISK_SECTOR);
    file->is_dirty[sector] = 1;
    return SQLITE_OK;
}

static int remember_range(struct disk_file *file, size_t at, size_t length)
{
    int code = SQLITE_OK;
    for (size_t sector = at / DISK_SECTOR; !code && sector * DISK_SECTOR < at + length; sector++)
        code = remember(file, (uint32_t)sector);
    return code;
}

int disk_file_write(struct sim_disk *disk, struct disk_file *file, const void *data, size_t length,
                    size_t at)
{
    size_t end = at + length;
    int64_t more = end > file->length ? (int64_t)(end - file->length) : 0;
    if (more > 0 && (disk->is_full || disk_used(disk) + more > disk->capacity))
        return SQLITE_FULL;
    int code = make_room(file, end);
    if (!code)
        code = remember_range(file, at, length);
    if (code)
        return code;
    memcpy(file->data + at, data, length);
    if (end > file->length)
        file->length = end;
    return SQLITE_OK;
}

static int keep_whole(struct disk_file *file)
{
    if (file->whole)
        return SQLITE_OK;
    size_t sectors = file->room / DISK_SECTOR, undo_bytes = file->undo_count * sizeof *file->undo;
    struct disk_file *whole = malloc(sizeof *whole);
    if (!whole)
        return SQLITE_NOMEM;
    *whole = *file;
    whole->data = malloc(file->room);
    whole->is_dirty = malloc(sectors);
    whole->undo = malloc(undo_bytes ? undo_bytes : 1);
    whole->undo_room = file->undo_count;
    file->whole = whole;
    if (!whole->data || !whole->is_dirty || !whole->undo) {
        forget_whole(file);
        return SQLITE_NOMEM;
    }
    memcpy(whole->data, file->data, file->room);
    memcpy(whole->is_dirty, file->is_dirty, sectors);
    if (undo_bytes)
        memcpy(whole->undo, file->undo, undo_bytes);
    return SQLITE_OK;
}

// What was written behind the new end since the last sync is of no account any more.
static void drop_undo(struct disk_file *file, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->undo_count; i++) {
        if ((size_t)file->undo[i].sector * DISK_SECTOR < length)
            file->undo[kept++] = file->undo[i];
        else
            file->is_dirty[file->undo[i].sector] = 0;
    }
    file->undo_count = kept;
}

int disk_file_truncate(struct disk_file *file, size_t length)
{
    if (length >= file->length)
        return SQLITE_OK;
    int code = keep_whole(file);
    if (code)
        return code;
    drop_undo(file, length);
    memset(file->data + length, 0, file->length - length);
    file->length = length;
    if (file->lasting_length > length)
        file->lasting_length = length;
    return SQLITE_OK;
}

void disk_file_sync(struct disk_file *file, bool good)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->undo_count; i++) {
        struct disk_undo *undo = &file->undo[i];
        if (!good)
            undo->is_lost = true;
        file->is_dirty[undo->sector] = undo->is_lost ? 2 : 0;
        if (undo->is_lost)
            file->undo[kept++] = *undo;
    }
    file->undo_count = kept;
    if (kept == 0 && file->undo_room > UNDO_KEPT) { // a checkpoint's: not worth keeping
        free(file->undo);
        file->undo = NULL;
        file->undo_room = 0;
    }
    if (good) {
        file->is_lasting = true;
        file->lasting_length = file->length;
        forget_whole(file);
    }
}

static void leave_sector(struct sim_disk *disk, struct disk_file *file,
                         const struct disk_undo *undo)
{
    uint8_t *sector = file->data + (size_t)undo->sector * DISK_SECTOR;
    uint64_t chance = disk_random(disk) % 8;
    size_t written = DISK_SECTOR;
    if (chance < 3)
        written = 0;
    else if (chance == 3) // torn: the head is new
        written = (size_t)(disk_random(disk) % DISK_SECTOR);
    memcpy(sector + written, undo->before + written, DISK_SECTOR - written);
    file->is_dirty[undo->sector] = 0;
}

// The truncation lasts, or it and everything after it never was.
static void cut_truncation(struct sim_disk *disk, struct disk_file *file)
{
    struct disk_file *whole = file->whole;
    if (!whole || disk_random(disk) % 2) {
        forget_whole(file);
        return;
    }
    whole->is_there = file->is_there;
    whole->is_lasting = file->is_lasting;
    whole->is_open = file->is_open;
    file->whole = NULL;
    disk_file_free(file);
    *file = *whole;
    file->whole = NULL;
    free(whole);
}

void disk_file_cut(struct sim_disk *disk, struct disk_file *file)
{
    cut_truncation(disk, file);
    bool is_gone = !file->is_lasting && disk_random(disk) % 2 == 0;
    if (!file->is_there) // deleted: the folder was not synced, so it may be back
        file->is_there = file->is_lasting && disk_random(disk) % 2 == 0;
    if (is_gone || !file->is_there) {
        disk_file_free(file);
        return;
    }
    for (size_t i = 0; i < file->undo_count; i++)
        leave_sector(disk, file, &file->undo[i]);
    file->undo_count = 0;
    size_t shorter = file->length < file->lasting_length ? file->length : file->lasting_length;
    size_t longer = file->length + file->lasting_length - shorter;
    size_t steps = (longer - shorter) / DISK_SECTOR;
    size_t length = shorter;
    if (longer > shorter)
        length = disk_random(disk) % 2 ? longer
                                       : shorter + disk_random(disk) % (steps + 1) * DISK_SECTOR;
    if (length < longer)
        memset(file->data + length, 0, longer - length);
    file->length = file->lasting_length = length;
    file->is_lasting = true;
}

void disk_file_free(struct disk_file *file)
{
    forget_whole(file);
    free(file->data);
    free(file->is_dirty);
    free(file->undo);
    *file = (struct disk_file){0};
}

enum err disk_file_copy(const struct disk_file *from, struct disk_file *to, struct fail *why)
{
    assert(!from->is_open || from->undo_count == 0 || from->is_there);
    *to = (struct disk_file){0};
    if (from->name[0] == '\0' || !from->is_there)
        return ERR_OK;
    if (make_room(to, from->length > 0 ? from->length : 1) != SQLITE_OK) {
        disk_file_free(to);
        return fail_set(why, ERR_RETRY, "no memory for a backup");
    }
    memcpy(to->name, from->name, sizeof to->name);
    if (from->length > 0)
        memcpy(to->data, from->data, from->length);
    to->length = to->lasting_length = from->length;
    to->is_there = to->is_lasting = true;
    return ERR_OK;
}
