// SPDX-License-Identifier: GPL-3.0-or-later
// Which case is next, the list for the clerk, the counts.
#include "kiosk_store_internal.h"

static enum err next_time(struct kiosk_database *store, const struct when *now, int64_t *next_ms,
                          struct fail *why)
{
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_NEXT_TIME);
    bind_text(statement, 1, now->boot_id);
    enum err err = database_row(&store->database, statement, why, "looking for the next time");
    if (!err)
        *next_ms = sqlite3_column_type(statement, 0) == SQLITE_NULL
                       ? -1
                       : sqlite3_column_int64(statement, 0);
    database_done(statement);
    return err;
}

enum err kiosk_submission_next(void *self, const struct when *now, struct store_submission *out,
                               int64_t *next_ms, struct fail *why)
{
    struct kiosk_database *store = self;
    *next_ms = -1;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_DUE);
    bind_text(statement, 1, now->boot_id);
    sqlite3_bind_int64(statement, 2, now->monotonic_ms);
    enum err err = database_row(&store->database, statement, why, "looking for a case to send");
    enum err read = err ? err : kiosk_read_submission(statement, out, why);
    database_done(statement);
    if (err != ERR_NOT_FOUND)
        return read;
    err = next_time(store, now, next_ms, why);
    return err ? err : ERR_NOT_FOUND;
}

enum err kiosk_submission_list(void *self, size_t limit,
                               void (*each)(void *context, const struct store_submission *row,
                                            int print_state),
                               void *context, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_LIST);
    sqlite3_bind_int64(statement, 1, (int64_t)limit);
    enum err err;
    while (!(err = database_row(&store->database, statement, why, "listing the cases"))) {
        struct store_submission row;
        err = kiosk_read_submission(statement, &row, why);
        if (err)
            break;
        bool printed = sqlite3_column_type(statement, SUBMISSION_COLUMN_COUNT) != SQLITE_NULL;
        each(context, &row, printed ? sqlite3_column_int(statement, SUBMISSION_COLUMN_COUNT) : -1);
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err kiosk_submission_recover(void *self, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_RECOVER);
    return database_run(&store->database, statement, why, "recovering the queue");
}

enum err kiosk_counts(void *self, struct store_counts *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_COUNTS);
    enum err err = database_row(&store->database, statement, why, "counting");
    if (!err)
        *out = (struct store_counts){
            .unsent = sqlite3_column_int64(statement, 0),
            .received = sqlite3_column_int64(statement, 1),
            .open_calls = sqlite3_column_int64(statement, 2),
            .oldest_unsent_utc_ms = sqlite3_column_int64(statement, 3),
            .oldest_call = sqlite3_column_int64(statement, 8),
            .oldest_call_utc_ms = sqlite3_column_int64(statement, 9),
            .newest_call = {.utc_ms = sqlite3_column_int64(statement, 4),
                            .monotonic_ms = sqlite3_column_int64(statement, 5),
                            .quality = (enum time_quality)sqlite3_column_int(statement, 6)}};
    if (!err)
        err = column_text(statement, 7, out->newest_call.boot_id, sizeof out->newest_call.boot_id,
                          why);
    database_done(statement);
    return err;
}
