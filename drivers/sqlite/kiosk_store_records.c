// SPDX-License-Identifier: GPL-3.0-or-later
// Print jobs, audit, staff, calls.
#include "kiosk_store_internal.h"

#include <string.h>

enum err kiosk_print_job_insert(void *self, const struct store_print_job *job, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRINT_INSERT);
    bind_text(statement, 1, job->name);
    bind_text(statement, 2, job->instance);
    sqlite3_bind_int(statement, 3, job->state);
    bind_text(statement, 4, job->detail);
    sqlite3_bind_int64(statement, 5, job->changed_utc_ms);
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
        err = column_text(statement, 0, out->name, sizeof out->name, why);
    if (!err)
        err = column_text(statement, 1, out->instance, sizeof out->instance, why);
    if (!err)
        err = column_text(statement, 3, out->detail, sizeof out->detail, why);
    if (!err) {
        out->state = sqlite3_column_int(statement, 2);
        out->changed_utc_ms = sqlite3_column_int64(statement, 4);
    }
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

static enum err read_staff(sqlite3_stmt *statement, struct store_staff *out, struct fail *why)
{
    *out = (struct store_staff){
        .operations = sqlite3_column_int64(statement, 4),
        .memory_bytes = sqlite3_column_int64(statement, 5),
        .wrong = sqlite3_column_int(statement, 6),
        .locked = sqlite3_column_int(statement, 7) != 0,
        .wait_ms = sqlite3_column_int64(statement, 8),
        .wait_from_ms = sqlite3_column_int64(statement, 9),
    };
    enum err err = column_text(statement, 0, out->number, sizeof out->number, why);
    if (!err)
        err = column_text(statement, 1, out->role, sizeof out->role, why);
    if (!err)
        err = column_bytes(statement, 2, out->salt, sizeof out->salt, why);
    if (!err)
        err = column_bytes(statement, 3, out->hash, sizeof out->hash, why);
    if (!err)
        err = column_text(statement, 10, out->wait_boot, sizeof out->wait_boot, why);
    return err;
}

enum err kiosk_staff_get(void *self, const char *number, struct store_staff *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_STAFF_GET);
    bind_text(statement, 1, number);
    enum err err = database_row(&store->database, statement, why, "finding the account");
    if (!err)
        err = read_staff(statement, out, why);
    database_done(statement);
    return err;
}

enum err kiosk_staff_put(void *self, const struct store_staff *account, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_STAFF_PUT);
    bind_text(statement, 1, account->number);
    bind_text(statement, 2, account->role);
    bind_blob(statement, 3, account->salt, sizeof account->salt);
    bind_blob(statement, 4, account->hash, sizeof account->hash);
    sqlite3_bind_int64(statement, 5, account->operations);
    sqlite3_bind_int64(statement, 6, account->memory_bytes);
    sqlite3_bind_int(statement, 7, account->wrong);
    sqlite3_bind_int(statement, 8, account->locked);
    sqlite3_bind_int64(statement, 9, account->wait_ms);
    sqlite3_bind_int64(statement, 10, account->wait_from_ms);
    bind_text(statement, 11, account->wait_boot);
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
