// SPDX-License-Identifier: GPL-3.0-or-later
// The chain of readings and decisions.
#include "statements.h"

#include <string.h>

enum err district_audit_head(void *self, int64_t *sequence, uint8_t hash[CRYPTO_HASH],
                             struct fail *why)
{
    struct district_db *db = self;
    *sequence = 0;
    memset(hash, 0, CRYPTO_HASH);
    sqlite3_stmt *statement = sql_bind(db, SQL_AUDIT_HEAD, "");
    while (sql_next(db, statement)) {
        *sequence = sqlite3_column_int64(statement, 0);
        sql_bytes(statement, 1, hash, CRYPTO_HASH);
    }
    return sql_result(db, why);
}

enum err district_audit_put(void *self, int64_t sequence, const char *line,
                            const uint8_t hash[CRYPTO_HASH], struct fail *why)
{
    struct district_db *db = self;
    sql_run(db, sql_bind(db, SQL_AUDIT_PUT, "isb", sequence, line, hash, (size_t)CRYPTO_HASH));
    return sql_result(db, why);
}

enum err district_audit_each(void *self,
                             enum err (*each)(void *context, int64_t sequence, const char *line,
                                              const uint8_t hash[CRYPTO_HASH]),
                             void *context, struct fail *why)
{
    struct district_db *db = self;
    enum err stopped = ERR_OK;
    sqlite3_stmt *statement = sql_bind(db, SQL_AUDIT_EACH, "");
    while (!stopped && sql_next(db, statement)) {
        uint8_t hash[CRYPTO_HASH];
        sql_bytes(statement, 2, hash, sizeof hash);
        stopped = each(context, sqlite3_column_int64(statement, 0),
                       (const char *)sqlite3_column_text(statement, 1), hash);
    }
    sqlite3_reset(statement);
    enum err err = sql_result(db, why);
    return err ? err : stopped;
}
