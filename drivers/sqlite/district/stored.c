// SPDX-License-Identifier: GPL-3.0-or-later
// What a device may store here on a day.
#include "statements.h"

bool stored_take(struct district_db *db, const char *device_id, const struct district_share *share,
                 int64_t bytes)
{
    int64_t stored = 0;
    if (share->bytes_a_day <= 0 || bytes <= 0)
        return true;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_STORED_ADD, "sii", device_id, (int64_t)share->day, bytes);
    while (sql_next(db, statement))
        stored = sqlite3_column_int64(statement, 0);
    if (stored == bytes) // the first of a day
        sql_run(db, sql_bind(db, SQL_STORED_FORGET, "i", (int64_t)share->kept_from));
    return stored <= share->bytes_a_day;
}

enum err stored_refuse(struct district_db *db, const char *device_id,
                       const struct district_share *share, struct fail *why)
{
    sql_run(db, sql_bind(db, SQL_STORED_REFUSE, "si", device_id, (int64_t)share->day));
    enum err err = sql_result(db, why);
    return err ? err
               : fail_set(why, ERR_FULL, "%s has stored its %lld bytes of today", device_id,
                          (long long)share->bytes_a_day);
}

enum err district_stored_each(void *self, int day,
                              void (*each)(void *context, const struct district_device *device,
                                           const struct district_stored *stored),
                              void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *row = sql_bind(db, SQL_DEVICE_EACH, "i", (int64_t)day);
    while (sql_next(db, row)) {
        struct district_device device;
        const struct district_stored stored = {
            .bytes = sqlite3_column_int64(row, DEVICE_COLUMN_COUNT),
            .refused = sqlite3_column_int(row, DEVICE_COLUMN_COUNT + 1) != 0,
        };
        device_read(row, &device);
        each(context, &device, &stored);
    }
    return sql_result(db, why);
}
