// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, and why: WAL + synchronous=FULL keep what was acknowledged; psow=0 because WAL frames
// are not sector aligned, and a torn sector could otherwise take an acknowledged row with it;
// page_size 8192 and auto_vacuum=INCREMENTAL are fixed when the file is made; secure_delete because
// pruned cases must be gone; DEFENSIVE, TRUSTED_SCHEMA=0 and no double-quoted strings because the
// file may have been written by somebody else.
#include "checkpointer.h"
#include "database.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 5000, TURN_MS = 10, PATH_MAXIMUM = 4096, VALUE_MAXIMUM = 64 << 20 };

enum err database_reaction(int code)
{
    switch (code & 0xFF) {
    case SQLITE_FULL: return ERR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return ERR_RETRY;
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_TOOBIG: return ERR_INPUT;
    default: return ERR_TECHNICIAN;
    }
}

enum err database_fail(struct database *database, struct fail *why, const char *task)
{
    int code = sqlite3_extended_errcode(database->handle);
    database_notice(database, code);
    return fail_set(why, database_reaction(code), "%s: %s (%d)", task,
                    sqlite3_errmsg(database->handle), code);
}

enum err database_execute(struct database *database, const char *sql, struct fail *why)
{
    if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return database_fail(database, why, "database");
    return ERR_OK;
}

// A path as a URI: what has a meaning there is escaped.
static enum err make_uri(const char *path, bool read_only, struct strbuf *uri, struct fail *why)
{
    strbuf_init(uri, PATH_MAXIMUM);
    strbuf_adds(uri, "file:");
    for (const char *at = path; *at; at++) {
        if (*at == '%' || *at == '?' || *at == '#')
            strbuf_addf(uri, "%%%02X", (unsigned)*at);
        else
            strbuf_addc(uri, *at);
    }
    strbuf_adds(uri, read_only ? "?psow=0&mode=ro" : "?psow=0");
    return strbuf_result(uri, why);
}

// Made here and not by SQLite, so that nobody else may read it. One that is there is not touched:
// closing it would drop the locks of this process's other connections to it, and the next process
// to leave would then take the write-ahead log away under them.
static enum err make_private_file(const char *path, struct fail *why)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return ERR_OK;
    if (file < 0)
        return fail_set(why, errno == ENOSPC ? ERR_FULL : ERR_TECHNICIAN, "opening %s: %s", path,
                        strerror(errno));
    close(file);
    return ERR_OK;
}

static enum err harden(struct database *database, struct fail *why)
{
    sqlite3 *handle = database->handle;
    sqlite3_busy_timeout(handle, BUSY_MS);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_MAXIMUM);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    if (sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) != SQLITE_OK)
        return database_fail(database, why, "database settings");
    return ERR_OK;
}

// The number that a query answers with.
static enum err read_number(struct database *database, const char *query, int *out,
                            struct fail *why)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database->handle, query, -1, &statement, NULL) ||
        sqlite3_step(statement) != SQLITE_ROW) {
        enum err err = database_fail(database, why, query);
        sqlite3_finalize(statement);
        return err;
    }
    *out = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return ERR_OK;
}

static enum err read_version(struct database *database, int *version, struct fail *why)
{
    return read_number(database, "PRAGMA user_version", version, why);
}

// A setting that SQLite does not take is not an error of the statement that says it: it is asked.
static enum err insist(struct database *database, const char *query, int wanted, struct fail *why)
{
    int is = 0;
    enum err err = read_number(database, query, &is, why);
    if (!err && is != wanted)
        return fail_set(why, ERR_TECHNICIAN, "%s is %d and not %d", query, is, wanted);
    return err;
}

enum err database_set_synchronous(struct database *database, enum database_synchronous level,
                                  struct fail *why)
{
    enum err err = database_execute(database,
                                    level == SYNCHRONOUS_FULL ? "PRAGMA synchronous = FULL"
                                                              : "PRAGMA synchronous = NORMAL",
                                    why);
    return err ? err : insist(database, "PRAGMA synchronous", (int)level, why);
}

// What is fixed when the file is made. Saying it again would be a write, which a full disk refuses.
static enum err set_up_new(struct database *database, struct fail *why)
{
    int version = 0;
    enum err err = read_version(database, &version, why);
    if (err || version > 0)
        return err;
    return database_execute(database,
                            "PRAGMA page_size = 8192;"
                            "PRAGMA auto_vacuum = INCREMENTAL;",
                            why);
}

// Two that change a new file's mode at once would wait for each other: SQLite refuses one of them
// without asking its busy handler. It waits here as long as for any other lock.
static enum err enter_wal(struct database *database, struct fail *why)
{
    enum err err = database_execute(database, "PRAGMA journal_mode = WAL", why);
    for (int waited_ms = 0; err == ERR_RETRY && waited_ms < BUSY_MS; waited_ms += TURN_MS) {
        (void)sqlite3_sleep(TURN_MS);
        err = database_execute(database, "PRAGMA journal_mode = WAL", why);
    }
    return err ? err
               : insist(database,
                        "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", 1,
                        why);
}

static enum err set_up(struct database *database, bool read_only, struct fail *why)
{
    enum err err = harden(database, why);
    if (err || read_only)
        return err;
    err = set_up_new(database, why);
    if (err)
        return err;
    err = enter_wal(database, why);
    if (!err)
        err = database_execute(database,
                               "PRAGMA secure_delete = ON;"
                               "PRAGMA journal_size_limit = 16777216;"
                               "PRAGMA cell_size_check = ON;",
                               why);
    if (!err)
        err = insist(database, "PRAGMA secure_delete", 1, why);
    return err ? err : database_set_synchronous(database, SYNCHRONOUS_FULL, why);
}

static enum err ready_file(const struct database_options *options, struct fail *why)
{
    if (options->vfs)
        return ERR_OK; // made on the simulated disk when it is opened
    if (!options->read_only)
        return make_private_file(options->path, why);
    if (access(options->path, R_OK) != 0)
        return fail_set(why, ERR_NOT_FOUND, "no database %s", options->path);
    return ERR_OK;
}

enum err database_open(struct database *database, const struct database_options *options,
                       struct fail *why)
{
    bool read_only = options->read_only;
    *database = (struct database){.sql = options->sql};
    struct strbuf uri;
    enum err err = make_uri(options->path, read_only, &uri, why);
    if (!err)
        err = ready_file(options, why);
    if (!err) {
        int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
        flags |= read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        flags |= options->vfs ? SQLITE_OPEN_CREATE : 0;
        if (sqlite3_open_v2(uri.data, &database->handle, flags, options->vfs) != SQLITE_OK)
            err = database->handle ? database_fail(database, why, "opening the database")
                                   : fail_set(why, ERR_RETRY, "no memory");
        else
            err = set_up(database, read_only, why);
    }
    strbuf_free(&uri);
    if (err)
        database_close(database);
    else if (!read_only)
        database_watch(database);
    return err;
}

void database_close(struct database *database)
{
    checkpointer_close(database->checkpointer);
    for (int at = 0; at < DATABASE_STATEMENTS; at++)
        sqlite3_finalize(database->statements[at]);
    sqlite3_close(database->handle);
    *database = (struct database){0};
}

// Several processes may open one store at once, as after an update: whoever waited for its turn
// looks again, for the step may have been made meanwhile.
static enum err migrate_step(struct database *database, const struct migration *step,
                             struct fail *why)
{
    char stamp[64];
    int version = 0;
    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d; COMMIT", step->version);
    enum err err = database_execute(database, "BEGIN IMMEDIATE", why);
    if (err)
        return err;
    err = read_version(database, &version, why);
    bool is_made = version >= step->version;
    if (!err && !is_made)
        err = database_execute(database, step->sql, why);
    if (!err && !is_made)
        err = database_execute(database, stamp, why);
    if (err || is_made)
        sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    return err ? fail_prefix(why, err, "migration %d", step->version) : ERR_OK;
}

enum err database_migrate(struct database *database, const struct migration *migrations,
                          bool read_only, struct fail *why)
{
    int version = 0;
    enum err err = read_version(database, &version, why);
    int newest = 0;
    for (const struct migration *step = migrations; !err && step->version; step++) {
        newest = step->version;
        if (step->version > version && !read_only)
            err = migrate_step(database, step, why);
    }
    if (!err && version > newest)
        return fail_set(why, ERR_CORRUPT, "the database has version %d, this program knows %d",
                        version, newest);
    if (!err && read_only && version < newest)
        return fail_set(why, ERR_RETRY,
                        "the database has version %d: a program that writes brings it up to date",
                        version);
    return err;
}

sqlite3_stmt *database_statement(struct database *database, int index)
{
    assert(index >= 0 && index < DATABASE_STATEMENTS);
    if (!database->owned) {
        database->owned = true;
        database->owner = pthread_self();
    }
    assert(pthread_equal(database->owner, pthread_self()));
    if (!database->statements[index])
        sqlite3_prepare_v3(database->handle, database->sql[index], -1, SQLITE_PREPARE_PERSISTENT,
                           &database->statements[index], NULL);
    return database->statements[index];
}

enum err database_row(struct database *database, sqlite3_stmt *statement, struct fail *why,
                      const char *task)
{
    if (!statement)
        return database_fail(database, why, task);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return ERR_OK;
    if (code == SQLITE_DONE)
        return fail_set(why, ERR_NOT_FOUND, "%s: no such row", task);
    return database_fail(database, why, task);
}

enum err database_run(struct database *database, sqlite3_stmt *statement, struct fail *why,
                      const char *task)
{
    enum err err = ERR_OK;
    if (!statement || sqlite3_step(statement) != SQLITE_DONE)
        err = database_fail(database, why, task);
    database_done(statement);
    return err;
}

void database_done(sqlite3_stmt *statement)
{
    if (!statement)
        return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

void bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t length)
{
    if (length == 0)
        sqlite3_bind_zeroblob(statement, index, 0);
    else
        sqlite3_bind_blob64(statement, index, data, length, SQLITE_STATIC);
}

enum err column_text(sqlite3_stmt *statement, int column, char *out, size_t room, struct fail *why)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    if (!text || length >= room || memchr(text, 0, length))
        return fail_set(why, ERR_CORRUPT, "column %s does not fit",
                        sqlite3_column_name(statement, column));
    memcpy(out, text, length + 1);
    return ERR_OK;
}

enum err column_bytes(sqlite3_stmt *statement, int column, void *out, size_t length,
                      struct fail *why)
{
    const void *data = sqlite3_column_blob(statement, column);
    if (!data || (size_t)sqlite3_column_bytes(statement, column) != length)
        return fail_set(why, ERR_CORRUPT, "column %s has the wrong length",
                        sqlite3_column_name(statement, column));
    memcpy(out, data, length);
    return ERR_OK;
}

void column_append(sqlite3_stmt *statement, int column, struct strbuf *out)
{
    const void *data = sqlite3_column_blob(statement, column);
    strbuf_add(out, data ? data : "", (size_t)sqlite3_column_bytes(statement, column));
}
