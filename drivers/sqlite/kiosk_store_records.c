// SPDX-License-Identifier: GPL-3.0-or-later
// Print jobs, audit, staff, calls.
#include "kiosk_store_internal.h"

#include <string.h>

enum {
    PRINT_JOB_COLUMNS = 0 PRINT_JOB_ALL(COLUMN_ONE_MORE, COLUMN_ONE_MORE),
    STAFF_COLUMNS = 0 STAFF_ALL(COLUMN_ONE_MORE, COLUMN_ONE_MORE)
};
#define COLUMN_STRUCT struct store_print_job
static const struct row_column print_job_columns[] = {PRINT_JOB_ALL(COLUMN_ENTRY, COLUMN_ENTRY)};
#undef COLUMN_STRUCT
#define COLUMN_STRUCT struct store_staff
static const struct row_column staff_columns[] = {STAFF_ALL(COLUMN_ENTRY, COLUMN_ENTRY)};

enum err kiosk_print_job_insert(void *self, const struct store_print_job *job, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRINT_INSERT);
    (void)row_bind(statement, 1, print_job_columns, PRINT_JOB_COLUMNS, job);
    return database_run(&store->database, statement, why, "writing a print job");
}

static enum err changed_some(struct kiosk_database *store, enum err err, const char *what,
                             struct fail *why)
{
    if (!err && sqlite3_changes(store->database.handle) == 0)
        return fail_set(why, ERR_NOT_FOUND, "no such %s", what);
    return err;
}

enum err kiosk_print_job_update(void *self, const struct store_print_job *job, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRINT_UPDATE);
    bind_text(statement, 1, job->name);
    sqlite3_bind_int(statement, 2, job->state);
    bind_text(statement, 3, job->detail);
    sqlite3_bind_int64(statement, 4, job->changed_utc_ms);
    enum err err = database_run(&store->database, statement, why, "changing a print job");
    return changed_some(store, err, "print job", why);
}

enum err kiosk_print_job_get(void *self, const char *name, struct store_print_job *out,
                             struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRINT_GET);
    bind_text(statement, 1, name);
    *out = (struct store_print_job){0};
    enum err err = database_row(&store->database, statement, why, "finding a print job");
    if (!err)
        err = row_load(statement, 0, print_job_columns, PRINT_JOB_COLUMNS, out, why);
    database_done(statement);
    return err;
}

enum err kiosk_print_jobs_move(void *self, const char *instance, unsigned from, int to,
                               int64_t utc_ms, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRINT_MOVE);
    if (instance)
        bind_text(statement, 1, instance);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int(statement, 3, to);
    sqlite3_bind_int64(statement, 4, utc_ms);
    return database_run(&store->database, statement, why, "changing print jobs");
}

enum err kiosk_audit_append(void *self, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_AUDIT_APPEND);
    sqlite3_bind_int64(statement, 1, sequence);
    sqlite3_bind_text64(statement, 2, line, length, SQLITE_STATIC, SQLITE_UTF8);
    bind_blob(statement, 3, hash, STORE_HASH);
    return database_run(&store->database, statement, why, "writing the audit");
}

enum err kiosk_audit_head(void *self, int64_t *sequence, uint8_t hash[STORE_HASH], struct fail *why)
{
    struct kiosk_database *store = self;
    *sequence = 0;
    memset(hash, 0, STORE_HASH);
    sqlite3_stmt *statement = database_statement(&store->database, SQL_AUDIT_HEAD);
    enum err err = database_row(&store->database, statement, why, "reading the audit");
    if (!err) {
        *sequence = sqlite3_column_int64(statement, 0);
        err = column_bytes(statement, 1, hash, STORE_HASH, why);
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err walk(struct kiosk_database *store, sqlite3_stmt *statement,
                     enum err (*each)(void *context, int64_t sequence, const char *line,
                                      size_t length, const uint8_t hash[STORE_HASH],
                                      struct fail *why),
                     void *context, struct fail *why)
{
    enum err err;
    while (!(err = database_row(&store->database, statement, why, "reading the audit"))) {
        uint8_t hash[STORE_HASH];
        err = column_bytes(statement, 2, hash, sizeof hash, why);
        if (!err)
            err = each(context, sqlite3_column_int64(statement, 0),
                       (const char *)sqlite3_column_text(statement, 1),
                       (size_t)sqlite3_column_bytes(statement, 1), hash, why);
        if (err) {
            database_done(statement);
            return err;
        }
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err kiosk_audit_walk(void *self,
                          enum err (*each)(void *context, int64_t sequence, const char *line,
                                           size_t length, const uint8_t hash[STORE_HASH],
                                           struct fail *why),
                          void *context, struct fail *why)
{
    struct kiosk_database *store = self;
    return walk(store, database_statement(&store->database, SQL_AUDIT_WALK), each, context, why);
}

enum err kiosk_audit_after(void *self, int64_t after, int limit,
                           enum err (*each)(void *context, int64_t sequence, const char *line,
                                            size_t length, const uint8_t hash[STORE_HASH],
                                            struct fail *why),
                           void *context, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_AUDIT_AFTER);
    sqlite3_bind_int64(statement, 1, after);
    sqlite3_bind_int(statement, 2, limit);
    return walk(store, statement, each, context, why);
}

enum err kiosk_staff_get(void *self, const char *number, struct store_staff *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_STAFF_GET);
    bind_text(statement, 1, number);
    enum err err = database_row(&store->database, statement, why, "finding the account");
    *out = (struct store_staff){0};
    if (!err)
        err = row_load(statement, 0, staff_columns, STAFF_COLUMNS, out, why);
    database_done(statement);
    return err;
}

enum err kiosk_staff_put(void *self, const struct store_staff *account, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_STAFF_PUT);
    (void)row_bind(statement, 1, staff_columns, STAFF_COLUMNS, account);
    return database_run(&store->database, statement, why, "writing the account");
}

enum err kiosk_call_open(void *self, struct store_call *call, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_CALL_OPEN);
    sqlite3_bind_int64(statement, 1, call->opened.utc_ms);
    sqlite3_bind_int64(statement, 2, call->opened.monotonic_ms);
    bind_text(statement, 3, call->opened.boot_id);
    sqlite3_bind_int(statement, 4, (int)call->opened.quality);
    bind_text(statement, 5, call->place);
    enum err err = database_run(&store->database, statement, why, "writing the call");
    call->id = sqlite3_last_insert_rowid(store->database.handle);
    return err;
}

enum err kiosk_call_close(void *self, const struct store_call *call, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_CALL_CLOSE);
    sqlite3_bind_int64(statement, 1, call->id);
    sqlite3_bind_int64(statement, 2, call->closed_utc_ms);
    bind_text(statement, 3, call->closed_by);
    bind_text(statement, 4, call->reason);
    enum err err = database_run(&store->database, statement, why, "closing the call");
    return changed_some(store, err, "open call", why);
}
