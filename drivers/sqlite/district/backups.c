// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosks may let go of, and what they compare with.
#include "statements.h"

enum err district_backups_put(void *self, int64_t verified_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    sql_run(db, sql_bind(db, SQL_BACKUP_PUT, "i", verified_utc_ms));
    return sql_result(db, why);
}

enum err district_backups_last(void *self, int64_t *verified_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    *verified_utc_ms = 0;
    sqlite3_stmt *statement = sql_bind(db, SQL_BACKUP_LAST, "");
    while (sql_next(db, statement))
        *verified_utc_ms = sqlite3_column_int64(statement, 0);
    return sql_result(db, why);
}

enum err district_backups_counter_each(void *self, const char *counter, int64_t from_utc_ms,
                                       int64_t to_utc_ms,
                                       void (*each)(void *context, const char *instance,
                                                    const char *receipt),
                                       void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_COUNTER_EACH, "sii", counter, from_utc_ms, to_utc_ms);
    while (sql_next(db, statement)) {
        char instance[LIMIT_INSTANCE_ID], receipt[LIMIT_RECEIPT_NUMBER];
        sql_text(statement, 0, instance, sizeof instance);
        sql_text(statement, 1, receipt, sizeof receipt);
        each(context, instance, receipt);
    }
    return sql_result(db, why);
}
