// SPDX-License-Identifier: GPL-3.0-or-later
// The simulated disk: its files, its faults, its backups.
#include "sim_disk_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

struct sim_disk_image {
    struct disk_file files[DISK_FILES];
};

uint64_t disk_random(struct sim_disk *disk)
{
    uint64_t mixed = disk->random += 0x9E3779B97F4A7C15u; // splitmix64
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

struct disk_file *disk_file_find(struct sim_disk *disk, const char *name, bool make)
{
    struct disk_file *empty = NULL;
    for (int i = 0; i < DISK_FILES; i++) {
        if (text_equal(disk->files[i].name, name))
            return &disk->files[i];
        if (!empty && disk->files[i].name[0] == '\0')
            empty = &disk->files[i];
    }
    if (!make || !empty || !text_copy(empty->name, sizeof empty->name, name))
        return NULL;
    return empty;
}

int64_t disk_used(const struct sim_disk *disk)
{
    int64_t used = disk->reserve;
    for (int i = 0; i < DISK_FILES; i++)
        if (disk->files[i].is_there)
            used += (int64_t)disk->files[i].length;
    return used;
}

void disk_sync_folder(struct sim_disk *disk)
{
    for (int i = 0; i < DISK_FILES; i++)
        if (disk->files[i].name[0] && !disk->files[i].is_there)
            disk_file_free(&disk->files[i]);
}

int disk_meet(struct sim_disk *disk, int io_code, bool *late)
{
    *late = false;
    if (disk->is_off)
        return io_code;
    if (disk->fault == SIM_DISK_NO_FAULT || --disk->fault_at > 0)
        return SQLITE_OK;
    enum sim_disk_fault fault = disk->fault;
    disk->fault = SIM_DISK_NO_FAULT;
    if (fault == SIM_DISK_FULL) {
        disk->is_full = true;
        return SQLITE_OK;
    }
    if (fault == SIM_DISK_ERROR_ONCE)
        return io_code;
    *late = disk_random(disk) % 2 == 0;
    if (*late)
        return SQLITE_OK;
    sim_disk_cut(disk);
    return io_code;
}

int disk_met(struct sim_disk *disk, bool late)
{
    if (!late)
        return SQLITE_OK;
    sim_disk_cut(disk);
    return SQLITE_IOERR;
}

enum err sim_disk_open(const char *name, uint64_t seed, int64_t capacity, struct sim_disk **out,
                       struct fail *why)
{
    *out = NULL;
    if (sqlite3_vfs_find(name))
        return fail_set(why, ERR_CONFLICT, "there is a disk %s", name);
    struct sim_disk *disk = calloc(1, sizeof *disk);
    if (!disk)
        return fail_set(why, ERR_RETRY, "no memory for a disk");
    text_copy(disk->name, sizeof disk->name, name);
    disk->random = seed;
    disk->capacity = capacity;
    disk_vfs_begin(disk);
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
        free(disk);
        return fail_set(why, ERR_RETRY, "no memory for a disk");
    }
    // The library's own chance (salts of the log) has to repeat, too.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed % 0x7FFFFFFF) + 1, NULL);
    *out = disk;
    return ERR_OK;
}

void sim_disk_close(struct sim_disk *disk)
{
    if (!disk)
        return;
    sqlite3_vfs_unregister(&disk->vfs);
    for (int i = 0; i < DISK_FILES; i++)
        disk_file_free(&disk->files[i]);
    free(disk);
}

void sim_disk_plan(struct sim_disk *disk, enum sim_disk_fault fault, long at)
{
    disk->fault = fault;
    disk->fault_at = at;
    disk->is_full = false;
}

void sim_disk_cut(struct sim_disk *disk)
{
    disk->is_off = true;
    disk->fault = SIM_DISK_NO_FAULT;
    for (int i = 0; i < DISK_FILES; i++) {
        bool is_open = disk->files[i].is_open; // its handle lives until the store is closed
        if (disk->files[i].name[0])
            disk_file_cut(disk, &disk->files[i]);
        if (disk->files[i].name[0])
            disk->files[i].is_open = is_open;
    }
}

void sim_disk_kill(struct sim_disk *disk)
{
    disk->is_off = true;
    disk->fault = SIM_DISK_NO_FAULT;
}

bool sim_disk_is_off(const struct sim_disk *disk)
{
    return disk->is_off;
}

void sim_disk_power_on(struct sim_disk *disk)
{
    disk->is_off = false;
    for (int i = 0; i < DISK_FILES; i++)
        disk->files[i].is_open = false;
}

enum err sim_disk_save(const struct sim_disk *disk, struct sim_disk_image **out, struct fail *why)
{
    struct sim_disk_image *image = calloc(1, sizeof *image);
    enum err err = image ? ERR_OK : fail_set(why, ERR_RETRY, "no memory for a backup");
    for (int i = 0; !err && i < DISK_FILES; i++)
        err = disk_file_copy(&disk->files[i], &image->files[i], why);
    if (err) {
        sim_disk_image_free(image);
        image = NULL;
    }
    *out = image;
    return err;
}

enum err sim_disk_restore(struct sim_disk *disk, const struct sim_disk_image *image,
                          struct fail *why)
{
    enum err err = ERR_OK;
    for (int i = 0; i < DISK_FILES; i++)
        disk_file_free(&disk->files[i]);
    for (int i = 0; !err && i < DISK_FILES; i++)
        err = disk_file_copy(&image->files[i], &disk->files[i], why);
    return err;
}

void sim_disk_image_free(struct sim_disk_image *image)
{
    if (!image)
        return;
    for (int i = 0; i < DISK_FILES; i++)
        disk_file_free(&image->files[i]);
    free(image);
}

struct sim_disk *sim_disk_find(const char *vfs)
{
    const sqlite3_vfs *found = vfs ? sqlite3_vfs_find(vfs) : NULL;
    return found ? found->pAppData : NULL;
}

void sim_disk_space(const struct sim_disk *disk, int64_t *free_bytes, int64_t *total_bytes)
{
    int64_t left = disk->is_full ? 0 : disk->capacity - disk_used(disk);
    *free_bytes = left > 0 ? left : 0;
    *total_bytes = disk->capacity;
}

bool sim_disk_set_reserve(struct sim_disk *disk, int64_t bytes)
{
    int64_t free_bytes, total;
    sim_disk_space(disk, &free_bytes, &total);
    if (disk->is_off || bytes > free_bytes + disk->reserve)
        return false;
    if (bytes < disk->reserve) // what was given up is room, also on a disk that is full
        disk->is_full = false;
    disk->reserve = bytes;
    return true;
}
