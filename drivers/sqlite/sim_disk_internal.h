// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/sim_disk.h"

#include <sqlite3.h>
#include <stddef.h>

/// sim_disk.c keeps files and faults, sim_disk_file.c the bytes of one file and what a power cut
/// leaves of them, sim_disk_vfs.c is SQLite's view.

enum { DISK_SECTOR = 512, DISK_FILES = 8, DISK_NAME = 80 };

/// A sector as it was at the last sync, before it was written again.
struct disk_undo {
    uint32_t sector;
    bool is_lost; ///< a sync of it failed: a later one does not write it
    uint8_t before[DISK_SECTOR];
};

struct disk_file {
    char name[DISK_NAME];      ///< "": free
    bool is_there, is_lasting; ///< lasting: a sync has put its name on the disk
    bool is_open;
    uint8_t *data, *is_dirty; ///< is_dirty: a byte a sector, 1 = there is an undo of it
    size_t length, room, lasting_length;
    struct disk_undo *undo;
    size_t undo_count, undo_room;
    /// As it was before the first truncation since the last sync; NULL: there was none. File
    /// systems with a journal (ext4 on the kiosk) cut a file in one transaction, and what is
    /// written into it afterwards lasts only if that does.
    struct disk_file *whole;
};

struct sim_disk {
    sqlite3_vfs vfs; ///< first; pAppData is the disk
    char name[DISK_NAME];
    struct disk_file files[DISK_FILES];
    int64_t capacity, reserve;
    uint64_t random;
    long fault_at;
    enum sim_disk_fault fault;
    bool is_off, is_full;
};

uint64_t disk_random(struct sim_disk *disk);
/// NULL when there is none; `make` takes a free place.
struct disk_file *disk_file_find(struct sim_disk *disk, const char *name, bool make);
/// Bytes of all files and the reserve.
int64_t disk_used(const struct sim_disk *disk);

/// What was deleted cannot come back any more.
void disk_sync_folder(struct sim_disk *disk);

/// What a change meets: SQLITE_OK, or the fault. *late: the fault comes after the change.
int disk_meet(struct sim_disk *disk, int io_code, bool *late);
/// Ends the change: the fault that comes after it.
int disk_met(struct sim_disk *disk, bool late);

/// SQLITE_FULL, SQLITE_NOMEM.
int disk_file_write(struct sim_disk *disk, struct disk_file *file, const void *data, size_t length,
                    size_t at);
int disk_file_truncate(struct disk_file *file, size_t length);
/// `good`: everything but what an earlier failed sync left is on the disk now.
void disk_file_sync(struct disk_file *file, bool good);
/// What is left of it after a power cut.
void disk_file_cut(struct sim_disk *disk, struct disk_file *file);
void disk_file_free(struct disk_file *file);
/// ERR_RETRY: no memory. Content and what of it is on the disk.
enum err disk_file_copy(const struct disk_file *from, struct disk_file *to, struct fail *why);

/// Fills in disk->vfs.
void disk_vfs_begin(struct sim_disk *disk);

/// For the store's own file on the disk, the reserve: NULL when `vfs` is not the name of one.
struct sim_disk *sim_disk_find(const char *vfs);
void sim_disk_space(const struct sim_disk *disk, int64_t *free_bytes, int64_t *total_bytes);
/// 0 gives it up. False when there is no room for it.
bool sim_disk_set_reserve(struct sim_disk *disk, int64_t bytes);
