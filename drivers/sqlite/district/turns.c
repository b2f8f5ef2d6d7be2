// SPDX-License-Identifier: GPL-3.0-or-later
// Whose turn it is to open. The lock is on the store's folder: on a file of its own it would belong
// to whoever made that first, and one on the database would, with its descriptor, take SQLite's own
// locks away.
#include "statements.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int open_folder(const struct district_db *db)
{
    char path[4096];
    const char *file = sqlite3_db_filename(db->database.handle, "main");
    const char *slash = file ? strrchr(file, '/') : NULL;
    size_t length = slash && slash > file ? (size_t)(slash - file) : 1;
    if (length >= sizeof path)
        return -1;
    memcpy(path, slash ? (slash > file ? file : "/") : ".", length);
    path[length] = '\0';
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum err district_turns_begin(void *self, struct fail *why)
{
    struct district_db *db = self;
    if (db->is_simulated)
        return ERR_OK; // all of its programs are steps of one thread
    db->turn = open_folder(db);
    while (db->turn >= 0 && flock(db->turn, LOCK_EX) != 0)
        if (errno != EINTR) {
            close(db->turn);
            db->turn = -1;
        }
    return db->turn >= 0 ? ERR_OK
                         : fail_set(why, ERR_RETRY, "waiting to open: %s", strerror(errno));
}

void district_turns_end(void *self)
{
    struct district_db *db = self;
    if (db->turn >= 0)
        close(db->turn);
    db->turn = -1;
}
