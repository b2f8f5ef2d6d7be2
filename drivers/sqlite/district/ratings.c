// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of grades, the highest that each counter told.
#include "statements.h"

#include "yimen/base/text.h"

enum err district_ratings_put(void *self, const char *counter, const struct rating *rows,
                              size_t count, struct fail *why)
{
    struct district_db *db = self;
    sql_begin(db);
    for (size_t i = 0; i < count; i++)
        sql_run(db, sql_bind(db, SQL_RATING_PUT, "sisii", counter, (int64_t)rows[i].day,
                             rows[i].service, (int64_t)rows[i].grade, (int64_t)rows[i].count));
    return sql_finish(db, ERR_OK, why);
}

enum err district_ratings_each(void *self,
                               void (*each)(void *context, const char *counter,
                                            const struct rating *row),
                               void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_RATING_EACH, "");
    while (sql_next(db, statement)) {
        struct rating row = {.day = sqlite3_column_int(statement, 1),
                             .grade = sqlite3_column_int(statement, 3),
                             .count = sqlite3_column_int(statement, 4)};
        char counter[4];
        sql_text(statement, 0, counter, sizeof counter);
        sql_text(statement, 2, row.service, sizeof row.service);
        each(context, counter, &row);
    }
    return sql_result(db, why);
}
