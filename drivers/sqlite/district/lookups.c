// SPDX-License-Identifier: GPL-3.0-or-later
// Cases that their owners ask for: the blind factor, wrong tries, tokens of receipts printed again.
#include "statements.h"

#include "yimen/base/text.h"

#include <string.h>

enum err district_lookups_get(void *self, const char *instance, bool *has_factor,
                              uint8_t factor[CRYPTO_HASH], struct strbuf *facts, struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_LOOKUP_GET, "s", instance);
    while (sql_next(db, statement)) {
        found = true;
        *has_factor = sqlite3_column_bytes(statement, 0) == CRYPTO_HASH;
        sql_bytes(statement, 0, factor, CRYPTO_HASH);
        strbuf_add(facts, sqlite3_column_blob(statement, 1),
                   (size_t)sqlite3_column_bytes(statement, 1));
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        err = fail_set(why, ERR_NOT_FOUND, "nothing is told of this case");
    return err ? err : strbuf_result(facts, why);
}

enum err district_lookups_try(void *self, const char *number, int64_t now_utc_ms, int maximum,
                              int64_t lock_ms, struct district_try *out, struct fail *why)
{
    struct district_db *db = self;
    *out = (struct district_try){0};
    sql_begin(db);
    sql_run(db, sql_bind(db, SQL_TRY_FORGET, "i", now_utc_ms - lock_ms));
    sqlite3_stmt *statement = sql_bind(db, SQL_TRY_GET, "s", number);
    while (sql_next(db, statement)) {
        out->wrong = sqlite3_column_int(statement, 0);
        out->until_utc_ms = sqlite3_column_int64(statement, 1);
    }
    if (out->until_utc_ms > now_utc_ms)
        return sql_finish(db, fail_set(why, ERR_DENIED, "too many wrong tries"), why);
    out->wrong++;
    // The last try locks before it is judged: two at once cannot both be the last.
    out->until_utc_ms = out->wrong >= maximum ? now_utc_ms + lock_ms : 0;
    sql_run(db, sql_bind(db, SQL_TRY_PUT, "siii", number, (int64_t)out->wrong, now_utc_ms,
                         out->until_utc_ms));
    return sql_finish(db, ERR_OK, why);
}

enum err district_lookups_try_clear(void *self, const char *number, struct fail *why)
{
    struct district_db *db = self;
    sql_run(db, sql_bind(db, SQL_TRY_CLEAR, "s", number));
    return sql_result(db, why);
}

enum err district_lookups_token_put(void *self, const struct district_token *token,
                                    struct fail *why)
{
    struct district_db *db = self;
    sql_run(db, sql_bind(db, SQL_TOKEN_PUT, "bssisi", token->hash, (size_t)CRYPTO_HASH,
                         token->instance, token->receipt, (int64_t)token->print, token->device_id,
                         token->renewed_utc_ms));
    return sql_result(db, why);
}

enum err district_lookups_token_newest(void *self, const char *instance, int *print,
                                       struct fail *why)
{
    struct district_db *db = self;
    *print = 1;
    sqlite3_stmt *statement = sql_bind(db, SQL_TOKEN_NEWEST, "s", instance);
    while (sql_next(db, statement))
        *print = sqlite3_column_int(statement, 0);
    return sql_result(db, why);
}

enum err district_lookups_token_renewed(void *self, const uint8_t hash[CRYPTO_HASH], bool *renewed,
                                        struct fail *why)
{
    struct district_db *db = self;
    *renewed = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_TOKEN_RENEWED, "b", hash, (size_t)CRYPTO_HASH);
    while (sql_next(db, statement))
        *renewed = sqlite3_column_int(statement, 0) != 0;
    return sql_result(db, why);
}
