// SPDX-License-Identifier: GPL-3.0-or-later
// Opened records: ciphertext under a key of each case's own, and blind marks to find them by.
#include "statements.h"

enum err district_openings_put(void *self, const struct district_opening *opening, struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (sql_run(db, sql_bind(db, SQL_OPENING_PUT, "bs", opening->wrapped_key.data,
                             opening->wrapped_key.length, opening->instance)) == 0)
        err = fail_set(why, ERR_CONFLICT, "opened already, or not here");
    for (size_t i = 0; !err && i < opening->file_count; i++)
        sql_run(db, sql_bind(db, SQL_OPENED_FILE_PUT, "sisb", opening->instance, (int64_t)i,
                             opening->files[i].name, opening->files[i].sealed.data,
                             opening->files[i].sealed.length));
    for (size_t i = 0; !err && i < opening->mark_count; i++)
        sql_run(db, sql_bind(db, SQL_MARK_PUT, "ibs", (int64_t)opening->marks[i].kind,
                             opening->marks[i].mac, (size_t)CRYPTO_HASH, opening->instance));
    static const uint8_t none[1] = {0};
    if (!err && opening->facts.length > 0)
        sql_run(db, sql_bind(db, SQL_LOOKUP_PUT, "sbb", opening->instance,
                             opening->factor ? opening->factor : none,
                             opening->factor ? (size_t)CRYPTO_HASH : (size_t)0, opening->facts.data,
                             opening->facts.length));
    return sql_finish(db, err, why);
}

enum err district_openings_wait(void *self, const char *instance, const char *reason,
                                int64_t due_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    int changed = sql_run(db, sql_bind(db, SQL_OPENING_WAIT, "sis", reason, due_utc_ms, instance));
    enum err err = sql_result(db, why);
    if (!err && changed == 0)
        return fail_set(why, ERR_NOT_FOUND, "no such sealed case");
    return err;
}

enum err district_openings_quarantine(void *self, const char *instance, const char *reason,
                                      struct fail *why)
{
    struct district_db *db = self;
    int changed = sql_run(db, sql_bind(db, SQL_QUARANTINE, "ss", reason, instance));
    enum err err = sql_result(db, why);
    if (!err && changed == 0)
        return fail_set(why, ERR_NOT_FOUND, "no such submission");
    return err;
}

enum err district_openings_read(void *self, const char *instance, struct strbuf *wrapped_key,
                                district_each_part *each, void *context, struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_OPENING_KEY, "s", instance);
    while (sql_next(db, statement)) {
        strbuf_add(wrapped_key, sqlite3_column_blob(statement, 0),
                   (size_t)sqlite3_column_bytes(statement, 0));
        found = true;
    }
    statement = sql_bind(db, SQL_OPENED_FILES, "s", instance);
    while (sql_next(db, statement)) {
        char name[128];
        sql_text(statement, 0, name, sizeof name);
        each(context, name, sqlite3_column_blob(statement, 1),
             (size_t)sqlite3_column_bytes(statement, 1));
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "not opened yet");
    return err;
}

enum err district_openings_alike(void *self, const char *instance,
                                 void (*each)(void *context, const char *receipt, int kind),
                                 void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_ALIKE, "s", instance);
    while (sql_next(db, statement)) {
        char receipt[LIMIT_RECEIPT_NUMBER];
        sql_text(statement, 0, receipt, sizeof receipt);
        each(context, receipt, sqlite3_column_int(statement, 1));
    }
    return sql_result(db, why);
}
