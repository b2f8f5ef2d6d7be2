// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of cases that have arrived: their state at the district, the comparison with it, and
// their pruning. secure_delete overwrites what is deleted, and the log is emptied after it.
#include "kiosk_store_internal.h"

enum err kiosk_status_set(void *self, const char *instance, const char *status, int64_t utc_ms,
                          struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_STATUS_SET);
    bind_text(statement, 1, instance);
    bind_text(statement, 2, status);
    sqlite3_bind_int64(statement, 3, utc_ms);
    enum err err = database_run(&store->database, statement, why, "writing a case's status");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such case");
    return err;
}

enum err kiosk_received_each(void *self, int64_t saved_from_utc_ms,
                             void (*each)(void *context, const struct store_submission *row),
                             void *context, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_RECEIVED_EACH);
    sqlite3_bind_int64(statement, 1, saved_from_utc_ms);
    enum err err;
    while (!(err = database_row(&store->database, statement, why, "reading what was received"))) {
        struct store_submission row;
        err = kiosk_read_submission(statement, &row, why);
        if (err)
            break;
        each(context, &row);
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err kiosk_submission_prunable(void *self, int64_t received_before_utc_ms,
                                   struct store_submission *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PRUNABLE);
    sqlite3_bind_int64(statement, 1, received_before_utc_ms);
    enum err err = database_row(&store->database, statement, why, "looking for what to prune");
    if (!err)
        err = kiosk_read_submission(statement, out, why);
    database_done(statement);
    return err;
}

static enum err run_for(struct kiosk_database *store, enum kiosk_statement which,
                        const char *instance, struct fail *why)
{
    sqlite3_stmt *statement = database_statement(&store->database, (int)which);
    bind_text(statement, 1, instance);
    return database_run(&store->database, statement, why, "pruning a case");
}

enum err kiosk_submission_prune(void *self, const char *instance, struct fail *why)
{
    struct kiosk_database *store = self;
    enum err err = run_for(store, SQL_PRUNE_PIECES, instance, why);
    if (!err)
        err = run_for(store, SQL_PRUNE_PARTS, instance, why);
    if (!err)
        err = run_for(store, SQL_PRUNE_PAGE_PIECES, instance, why);
    if (!err)
        err = run_for(store, SQL_PRUNE_PAGES, instance, why);
    if (!err)
        err = run_for(store, SQL_PRUNE_OWNER, instance, why);
    if (!err)
        err = run_for(store, SQL_PRUNE_CASE, instance, why);
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_CONFLICT, "only a received case is pruned");
    return err;
}

enum err kiosk_tidy(void *self, struct fail *why)
{
    struct kiosk_database *store = self;
    char *text = NULL;
    int code = sqlite3_exec(store->database.handle,
                            "PRAGMA incremental_vacuum(256); PRAGMA wal_checkpoint(TRUNCATE);",
                            NULL, NULL, &text);
    sqlite3_free(text);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return database_fail(&store->database, why, "tidying up after pruning");
    return ERR_OK;
}

enum err kiosk_held_release(void *self, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_HELD_RELEASE);
    return database_run(&store->database, statement, why, "releasing what is held");
}
