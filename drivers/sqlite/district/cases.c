// SPDX-License-Identifier: GPL-3.0-or-later
// Cases and their states.
#include "statements.h"

#include "yimen/base/text.h"

static void read_case(sqlite3_stmt *row, struct district_case *out)
{
    struct district_submission *s = &out->submission;
    *out = (struct district_case){0};
    sql_text(row, 0, s->instance, sizeof s->instance);
    sql_text(row, 1, s->form_id, sizeof s->form_id);
    sql_text(row, 2, s->version, sizeof s->version);
    sql_text(row, 3, s->receipt, sizeof s->receipt);
    sql_text(row, 4, s->counter, sizeof s->counter);
    sql_text(row, 5, s->device_id, sizeof s->device_id);
    sql_text(row, 6, s->key_id, sizeof s->key_id);
    sql_text(row, 7, s->service, sizeof s->service);
    sql_text(row, 8, s->of_instance, sizeof s->of_instance);
    sql_bytes(row, 9, s->token_hash, sizeof s->token_hash);
    sql_bytes(row, 10, s->manifest_digest, sizeof s->manifest_digest);
    s->urgent = sqlite3_column_int(row, 11) != 0;
    s->first_touch_utc_ms = sqlite3_column_int64(row, 12);
    s->saved_utc_ms = sqlite3_column_int64(row, 13);
    s->received_utc_ms = sqlite3_column_int64(row, 14);
    s->saved_quality = (enum time_quality)sqlite3_column_int(row, 15);
    sql_text(row, 16, s->flag, sizeof s->flag);
    sql_text(row, 17, out->status, sizeof out->status);
    out->status_utc_ms = sqlite3_column_int64(row, 18);
    out->opened = (enum district_opened)sqlite3_column_int(row, 19);
    sql_text(row, 20, out->reason, sizeof out->reason);
    out->tries = sqlite3_column_int(row, 21);
    out->due_utc_ms = sqlite3_column_int64(row, 22);
}

static enum err find(struct district_db *db, enum statement which, const char *key,
                     struct district_case *out, struct fail *why)
{
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, which, "s", key);
    while (sql_next(db, statement)) {
        read_case(statement, out);
        found = true;
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "no such case");
    return err;
}

enum err district_cases_get(void *self, const char *instance, struct district_case *out,
                            struct fail *why)
{
    return find(self, SQL_CASE_GET, instance, out, why);
}

enum err district_cases_by_receipt(void *self, const char *receipt, struct district_case *out,
                                   struct fail *why)
{
    return find(self, SQL_CASE_BY_RECEIPT, receipt, out, why);
}

enum err district_cases_by_token(void *self, const uint8_t token_hash[CRYPTO_HASH],
                                 struct district_case *out, struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_CASE_BY_TOKEN, "b", token_hash, (size_t)CRYPTO_HASH);
    while (sql_next(db, statement)) {
        read_case(statement, out);
        found = true;
    }
    enum err err = sql_result(db, why);
    return !err && !found ? fail_set(why, ERR_NOT_FOUND, "no such token") : err;
}

enum err district_cases_linked_each(void *self, const char *of_instance,
                                    void (*each)(void *context, const struct district_case *row),
                                    void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_LINKED_EACH, "s", of_instance);
    while (sql_next(db, statement)) {
        struct district_case row;
        read_case(statement, &row);
        each(context, &row);
    }
    return sql_result(db, why);
}

enum err district_cases_each(void *self,
                             void (*each)(void *context, const struct district_case *row),
                             void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_CASE_EACH, "");
    while (sql_next(db, statement)) {
        struct district_case row;
        read_case(statement, &row);
        each(context, &row);
    }
    return sql_result(db, why);
}

enum err district_cases_status_set(void *self, const struct district_event *event, struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (sql_run(db, sql_bind(db, SQL_STATUS_SET, "siss", event->status, event->utc_ms,
                             event->instance, event->from)) == 0)
        err = fail_set(why, ERR_CONFLICT, "the case is no longer at %s", event->from);
    if (!err)
        sql_run(db, sql_bind(db, SQL_EVENT_PUT, "sssssi", event->instance, event->from,
                             event->status, event->reason, event->actor, event->utc_ms));
    return sql_finish(db, err, why);
}

enum err district_cases_status_since(void *self, const char *counter, int64_t sequence, int limit,
                                     void (*each)(void *context,
                                                  const struct district_event *event),
                                     void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_STATUS_SINCE, "sii", counter, sequence, (int64_t)limit);
    while (sql_next(db, statement)) {
        struct district_event event = {.sequence = sqlite3_column_int64(statement, 0),
                                       .utc_ms = sqlite3_column_int64(statement, 8)};
        sql_text(statement, 1, event.instance, sizeof event.instance);
        sql_text(statement, 2, event.receipt, sizeof event.receipt);
        sql_text(statement, 3, event.counter, sizeof event.counter);
        sql_text(statement, 4, event.from, sizeof event.from);
        sql_text(statement, 5, event.status, sizeof event.status);
        sql_text(statement, 6, event.reason, sizeof event.reason);
        sql_text(statement, 7, event.actor, sizeof event.actor);
        each(context, &event);
    }
    return sql_result(db, why);
}

enum err district_cases_track(void *self, const uint8_t token_hash[CRYPTO_HASH],
                              char status[DISTRICT_STATUS], char receipt[LIMIT_RECEIPT_NUMBER],
                              struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_TRACK, "b", token_hash, (size_t)CRYPTO_HASH);
    while (sql_next(db, statement)) {
        sql_text(statement, 0, status, DISTRICT_STATUS);
        sql_text(statement, 1, receipt, LIMIT_RECEIPT_NUMBER);
        found = true;
    }
    enum err err = sql_result(db, why);
    return err ? err : found ? ERR_OK : ERR_NOT_FOUND;
}
