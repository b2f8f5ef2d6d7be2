// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of the whole database while it is in use, believed only after it was read back.
#include "yimen/driver/sqlite_district.h"

#include "statements.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum err copy_into(sqlite3 *source, const char *path, struct fail *why)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(source, "VACUUM INTO ?1", -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum err err = ERR_OK;
    if (code != SQLITE_DONE)
        err = fail_set(why, ERR_TECHNICIAN, "copying the database: %s", sqlite3_errmsg(source));
    sqlite3_finalize(statement);
    return err;
}

static enum err flush(const char *path, struct fail *why)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    bool on_disk = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return on_disk ? ERR_OK : fail_set(why, ERR_TECHNICIAN, "%s is not on the disk", path);
}

static enum err make_private_file(const char *path, struct fail *why)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return fail_set(why, errno == EEXIST ? ERR_CONFLICT : ERR_TECHNICIAN, "%s: %s", path,
                        strerror(errno));
    close(file);
    return ERR_OK;
}

// A connection of its own: the store's may attach nothing, which copying needs.
static enum err write_copy(const struct district_db *db, const char *path, struct fail *why)
{
    sqlite3 *source = NULL;
    enum err err = make_private_file(path, why);
    if (err)
        return err;
    err = sqlite3_open_v2(sqlite3_db_filename(db->database.handle, "main"), &source,
                          SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
              ? copy_into(source, path, why)
              : fail_set(why, ERR_TECHNICIAN, "opening the database to copy it");
    sqlite3_close(source);
    return err ? err : flush(path, why);
}

static enum err read_back(const char *path, struct fail *why)
{
    sqlite3 *copy = NULL;
    int code = SQLITE_OK;
    bool good = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                database_integrity(copy, &code, NULL) == ERR_OK;
    sqlite3_close(copy);
    return good ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s does not read back well", path);
}

enum err sqlite_district_backup(struct district_store *store, const char *path, struct fail *why)
{
    enum err err = write_copy(store->self, path, why);
    return err ? err : read_back(path, why);
}
