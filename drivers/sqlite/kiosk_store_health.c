// SPDX-License-Identifier: GPL-3.0-or-later
// The disk: how much is left, the reserve that is given up when it is full, and whether what is on
// it is still sound.
#include "kiosk_store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    RESERVE_STEP = 64 << 10,
    RESERVE_WANTS_FREE = 4 * LIMIT_STORE_BALLAST,
    WORTH_FOLDING = 256 << 10,
    LOW = 5, ///< a fifth of the disk
};

static bool reserve_is_there(const struct kiosk_database *store)
{
    struct stat about;
    if (store->disk)
        return store->disk->reserve >= LIMIT_STORE_BALLAST;
    return stat(store->reserve_path, &about) == 0 && about.st_size >= LIMIT_STORE_BALLAST;
}

static enum err read_space(const struct kiosk_database *store, struct store_health *out,
                           struct fail *why)
{
    struct statvfs about;
    out->reserve = reserve_is_there(store);
    if (store->disk) {
        sim_disk_space(store->disk, &out->disk_free, &out->disk_total);
        return ERR_OK;
    }
    if (statvfs(store->path, &about) != 0)
        return fail_set(why, ERR_TECHNICIAN, "asking for space: %s", strerror(errno));
    out->disk_free = (int64_t)(about.f_bavail * about.f_frsize);
    out->disk_total = (int64_t)(about.f_blocks * about.f_frsize);
    return ERR_OK;
}

// Written, not only allocated: a file system that compresses or thins must really hold it.
static bool write_reserve(int file)
{
    static const char step[RESERVE_STEP];
    for (int done = 0; done < LIMIT_STORE_BALLAST; done += RESERVE_STEP)
        if (write(file, step, sizeof step) != (ssize_t)sizeof step)
            return false;
    return fsync(file) == 0;
}

void kiosk_make_reserve(struct kiosk_database *store)
{
    struct store_health health;
    if (reserve_is_there(store) || read_space(store, &health, NULL) ||
        health.disk_free < RESERVE_WANTS_FREE)
        return;
    if (store->disk) {
        (void)sim_disk_set_reserve(store->disk, LIMIT_STORE_BALLAST);
        return;
    }
    int file = open(store->reserve_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    bool done = write_reserve(file);
    close(file);
    if (!done)
        unlink(store->reserve_path);
}

// Bytes that the database and its log take, not what the disk says is free: others write there too.
static int64_t taken(const struct kiosk_database *store)
{
    static const int whose[] = {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER};
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof whose / sizeof whose[0]; i++) {
        sqlite3_file *file = NULL;
        sqlite3_int64 size = 0;
        if (sqlite3_file_control(store->database.handle, NULL, whose[i], &file) == SQLITE_OK &&
            file && file->pMethods && file->pMethods->xFileSize(file, &size) == SQLITE_OK)
            sum += size;
    }
    return sum;
}

// What stands in the log is put into the database, and the log is cut to nothing: on a small disk
// it is most of what we take. True: that gave room worth the name.
static bool fold_log(struct kiosk_database *store)
{
    int64_t before = taken(store);
    int code = sqlite3_wal_checkpoint_v2(store->database.handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                         NULL, NULL);
    if (code != SQLITE_OK) {
        database_notice(&store->database, code);
        return false;
    }
    return before - taken(store) >= WORTH_FOLDING;
}

enum err kiosk_health(void *self, struct store_health *out, struct fail *why)
{
    struct kiosk_database *store = self;
    kiosk_make_reserve(store); // room may have come back since it was given up
    enum err err = read_space(store, out, why);
    if (!err && out->disk_free < out->disk_total / LOW && fold_log(store))
        err = read_space(store, out, why);
    return err;
}

enum err kiosk_make_room(void *self, struct fail *why)
{
    struct kiosk_database *store = self;
    if (fold_log(store))
        return ERR_OK;
    bool given_up = store->disk ? store->disk->reserve > 0 && sim_disk_set_reserve(store->disk, 0)
                                : unlink(store->reserve_path) == 0;
    if (!given_up)
        return fail_set(why, ERR_FULL, "disk full, and the reserve is used up");
    (void)fold_log(store); // which may not have fitted before
    return ERR_OK;
}

enum err kiosk_integrity(void *self, struct fail *why)
{
    struct kiosk_database *store = self;
    int code = SQLITE_OK;
    enum err err = database_integrity(store->database.handle, &code, why);
    database_notice(&store->database, code);
    return err;
}
