// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's view of a simulated disk. It promises nothing a cheap disk does not keep: no atomic
// writes, no powersafe overwrites, 4096-byte sectors as SQLite assumes of a real one. Locks have
// nobody to keep out: there is one connection a database.
#include "sim_disk_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR_TOLD = 4096, SHM_VERSION = 2, REGIONS = 64 };

struct handle {
    sqlite3_file base;
    struct sim_disk *disk;
    struct disk_file *file;
    bool deletes;
    void *regions[REGIONS]; // shared memory of the log's index; lives as long as the connection
};

static struct handle *own(sqlite3_file *base)
{
    return (struct handle *)(void *)base;
}

static int io_shm_unmap(sqlite3_file *base, int is_last)
{
    struct handle *handle = own(base);
    (void)is_last;
    for (int i = 0; i < REGIONS; i++) {
        free(handle->regions[i]);
        handle->regions[i] = NULL;
    }
    return SQLITE_OK;
}

static int io_close(sqlite3_file *base)
{
    struct handle *handle = own(base);
    (void)io_shm_unmap(base, 1);
    if (handle->disk->is_off)
        return SQLITE_OK;
    handle->file->is_open = false;
    if (handle->deletes)
        disk_file_free(handle->file);
    return SQLITE_OK;
}

static int io_read(sqlite3_file *base, void *out, int length, sqlite3_int64 at)
{
    const struct handle *handle = own(base);
    const struct disk_file *file = handle->file;
    if (handle->disk->is_off)
        return SQLITE_IOERR_READ;
    size_t from = (size_t)at, wanted = (size_t)length;
    size_t there = from < file->length ? file->length - from : 0;
    if (there >= wanted) {
        memcpy(out, file->data + from, wanted);
        return SQLITE_OK;
    }
    if (there > 0)
        memcpy(out, file->data + from, there);
    memset((char *)out + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

static int io_write(sqlite3_file *base, const void *data, int length, sqlite3_int64 at)
{
    struct handle *handle = own(base);
    struct sim_disk *disk = handle->disk;
    bool late, was_off = disk->is_off;
    int code = disk_meet(disk, SQLITE_IOERR_WRITE, &late);
    if (code) {
        if (!was_off && !disk->is_off && disk_random(disk) % 2) // an I/O error halfway
            (void)disk_file_write(disk, handle->file, data, (size_t)length / 2, (size_t)at);
        return code;
    }
    code = disk_file_write(disk, handle->file, data, (size_t)length, (size_t)at);
    int after = disk_met(disk, late);
    return code ? code : after;
}

static int io_truncate(sqlite3_file *base, sqlite3_int64 length)
{
    struct handle *handle = own(base);
    bool late;
    int code = disk_meet(handle->disk, SQLITE_IOERR_TRUNCATE, &late);
    if (code)
        return code;
    code = disk_file_truncate(handle->file, (size_t)length);
    int after = disk_met(handle->disk, late);
    return code ? code : after;
}

static int io_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = own(base);
    struct sim_disk *disk = handle->disk;
    bool late;
    (void)flags;
    int code = disk_meet(disk, SQLITE_IOERR_FSYNC, &late);
    if (code) {
        if (!disk->is_off)
            disk_file_sync(handle->file, false);
        return code;
    }
    if (!handle->file->is_lasting) // a new file's first sync writes the folder, too
        disk_sync_folder(disk);
    disk_file_sync(handle->file, true);
    return disk_met(disk, late);
}

static int io_size(sqlite3_file *base, sqlite3_int64 *out)
{
    const struct handle *handle = own(base);
    *out = (sqlite3_int64)handle->file->length;
    return handle->disk->is_off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int io_lock(sqlite3_file *base, int level)
{
    (void)level;
    return own(base)->disk->is_off ? SQLITE_IOERR_LOCK : SQLITE_OK;
}

static int io_check_reserved(sqlite3_file *base, int *out)
{
    (void)base;
    *out = 0;
    return SQLITE_OK;
}

static int io_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int io_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR_TOLD;
}

static int io_characteristics(sqlite3_file *base)
{
    (void)base;
    return 0;
}

static int io_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
    struct handle *handle = own(base);
    *out = NULL;
    if (handle->disk->is_off)
        return SQLITE_IOERR_SHMMAP;
    if (region >= REGIONS)
        return SQLITE_FULL;
    if (!handle->regions[region] && extend) {
        handle->regions[region] = calloc(1, (size_t)size);
        if (!handle->regions[region])
            return SQLITE_NOMEM;
    }
    *out = handle->regions[region];
    return SQLITE_OK;
}

static int io_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    (void)offset, (void)count, (void)flags;
    return own(base)->disk->is_off ? SQLITE_IOERR_SHMLOCK : SQLITE_OK;
}

static void io_shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = SHM_VERSION,
    .xClose = io_close,
    .xRead = io_read,
    .xWrite = io_write,
    .xTruncate = io_truncate,
    .xSync = io_sync,
    .xFileSize = io_size,
    .xLock = io_lock,
    .xUnlock = io_lock,
    .xCheckReservedLock = io_check_reserved,
    .xFileControl = io_control,
    .xSectorSize = io_sector,
    .xDeviceCharacteristics = io_characteristics,
    .xShmMap = io_shm_map,
    .xShmLock = io_shm_lock,
    .xShmBarrier = io_shm_barrier,
    .xShmUnmap = io_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags,
                    int *out_flags)
{
    struct sim_disk *disk = vfs->pAppData;
    struct handle *handle = own(base);
    *handle = (struct handle){.disk = disk};
    char temporary[32];
    if (disk->is_off)
        return SQLITE_CANTOPEN;
    if (!name) {
        snprintf(temporary, sizeof temporary, "temporary-%016llx",
                 (unsigned long long)disk_random(disk));
        name = temporary;
        handle->deletes = true;
    }
    struct disk_file *file = disk_file_find(disk, name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!file || (!file->is_there && !(flags & SQLITE_OPEN_CREATE)) || file->is_open)
        return SQLITE_CANTOPEN;
    if (!file->is_there) { // new, or deleted before: nothing of the old one comes back then
        char kept[DISK_NAME];
        memcpy(kept, file->name, sizeof kept);
        disk_file_free(file);
        memcpy(file->name, kept, sizeof kept);
        file->is_there = true;
    }
    file->is_open = true;
    handle->file = file;
    handle->base.pMethods = &METHODS;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    struct sim_disk *disk = vfs->pAppData;
    struct disk_file *file = disk_file_find(disk, name, false);
    bool late;
    if (!disk->is_off && (!file || !file->is_there))
        return SQLITE_IOERR_DELETE_NOENT;
    int code = disk_meet(disk, SQLITE_IOERR_DELETE, &late);
    if (code)
        return code;
    file->is_there = false;
    if (sync_folder)
        disk_sync_folder(disk);
    return disk_met(disk, late);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    struct sim_disk *disk = vfs->pAppData;
    const struct disk_file *file = disk_file_find(disk, name, false);
    *out = file && file->is_there && (flags != SQLITE_ACCESS_EXISTS || file->length > 0);
    return disk->is_off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    (void)vfs;
    int length = snprintf(out, (size_t)room, "%s", name);
    return length < room ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_randomness(sqlite3_vfs *vfs, int length, char *out)
{
    for (int i = 0; i < length; i++)
        out[i] = (char)disk_random(vfs->pAppData);
    return length;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = 0; // no statement asks the database for the time
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int room, char *out)
{
    (void)vfs, (void)room, (void)out;
    return 0;
}

void disk_vfs_begin(struct sim_disk *disk)
{
    disk->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct handle),
        .mxPathname = DISK_NAME - 1,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTimeInt64 = vfs_time,
        .xGetLastError = vfs_last_error,
    };
}
