// SPDX-License-Identifier: GPL-3.0-or-later
// Correction lists and what answers them.
#include "statements.h"

#include "yimen/base/text.h"

static void read_row(sqlite3_stmt *row, struct district_correction *out)
{
    *out = (struct district_correction){0};
    sql_text(row, 0, out->id, sizeof out->id);
    sql_text(row, 1, out->instance, sizeof out->instance);
    sql_text(row, 2, out->actor, sizeof out->actor);
    sql_text(row, 3, out->came_from, sizeof out->came_from);
    out->issued_utc_ms = sqlite3_column_int64(row, 4);
    out->due_utc_ms = sqlite3_column_int64(row, 5);
    out->state = (enum district_correction_state)sqlite3_column_int(row, 6);
    sql_text(row, 7, out->replaces, sizeof out->replaces);
    sql_text(row, 8, out->replaced_why, sizeof out->replaced_why);
    sql_text(row, 9, out->answered_by, sizeof out->answered_by);
    out->answered_utc_ms = sqlite3_column_int64(row, 10);
}

static const char *json_of(sqlite3_stmt *row)
{
    const char *text = (const char *)sqlite3_column_text(row, 11);
    return text ? text : "";
}

// The state and what tells of it, inside a transaction.
static enum err move(struct district_db *db, const struct district_event *event, struct fail *why)
{
    if (sql_run(db, sql_bind(db, SQL_STATUS_SET, "siss", event->status, event->utc_ms,
                             event->instance, event->from)) == 0)
        return fail_set(why, ERR_CONFLICT, "the case is no longer at %s", event->from);
    sql_run(db, sql_bind(db, SQL_EVENT_PUT, "sssssi", event->instance, event->from, event->status,
                         event->reason, event->actor, event->utc_ms));
    return ERR_OK;
}

enum err district_corrections_put(void *self, const struct district_correction *row,
                                  const char *json, const struct district_event *event,
                                  struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (row->replaces[0] &&
        sql_run(db, sql_bind(db, SQL_CORRECTION_REPLACE, "ss", row->replaces, row->instance)) == 0)
        err = fail_set(why, ERR_CONFLICT, "the list to be replaced is not open");
    if (!err)
        sql_run(db, sql_bind(db, SQL_CORRECTION_PUT, "ssssiisss", row->id, row->instance,
                             row->actor, row->came_from, row->issued_utc_ms, row->due_utc_ms,
                             row->replaces, row->replaced_why, json));
    if (!err)
        err = move(db, event, why);
    return sql_finish(db, err, why);
}

static enum err find(struct district_db *db, enum statement which, const char *key,
                     struct district_correction *out, struct strbuf *json, struct fail *why)
{
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, which, "s", key);
    while (sql_next(db, statement)) {
        read_row(statement, out);
        if (json)
            strbuf_adds(json, json_of(statement));
        found = true;
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "no such correction list");
    return err;
}

enum err district_corrections_get(void *self, const char *id, struct district_correction *out,
                                  struct strbuf *json, struct fail *why)
{
    return find(self, SQL_CORRECTION_GET, id, out, json, why);
}

enum err district_corrections_open(void *self, const char *instance,
                                   struct district_correction *out, struct strbuf *json,
                                   struct fail *why)
{
    return find(self, SQL_CORRECTION_OPEN, instance, out, json, why);
}

enum err district_corrections_each(void *self, const char *instance,
                                   void (*each)(void *context,
                                                const struct district_correction *row,
                                                const char *json),
                                   void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_CORRECTION_EACH, "s", instance);
    while (sql_next(db, statement)) {
        struct district_correction row;
        read_row(statement, &row);
        each(context, &row, json_of(statement));
    }
    return sql_result(db, why);
}

enum err district_corrections_answer(void *self, const struct district_correction_answer *answer,
                                     const struct district_event *event, struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    bool first = sql_run(db, sql_bind(db, SQL_CORRECTION_ANSWER, "sis", answer->instance,
                                      answer->utc_ms, answer->list)) == 1;
    if (answer->flag[0])
        sql_run(db, sql_bind(db, SQL_SUBMISSION_FLAG, "ss", answer->flag, answer->instance));
    if (first && event)
        err = move(db, event, why);
    return sql_finish(db, err, why);
}
