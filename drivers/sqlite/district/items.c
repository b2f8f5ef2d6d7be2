// SPDX-License-Identifier: GPL-3.0-or-later
// Items of a case that holds several.
#include "statements.h"

enum err district_items_put(void *self, const char *instance, const struct district_item *items,
                            size_t count, struct fail *why)
{
    struct district_db *db = self;
    sql_begin(db);
    for (size_t i = 0; i < count; i++)
        sql_run(db, sql_bind(db, SQL_ITEM_PUT, "sissssiii", instance, (int64_t)i, items[i].item,
                             items[i].form_id, items[i].version, items[i].status,
                             items[i].status_utc_ms, (int64_t)items[i].legal_days,
                             (int64_t)items[i].promised_days));
    return sql_finish(db, ERR_OK, why);
}

enum err district_items_each(void *self, const char *instance,
                             void (*each)(void *context, const struct district_item *item),
                             void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *row = sql_bind(db, SQL_ITEM_EACH, "s", instance);
    while (sql_next(db, row)) {
        struct district_item item = {.status_utc_ms = sqlite3_column_int64(row, 4),
                                     .legal_days = sqlite3_column_int(row, 5),
                                     .promised_days = sqlite3_column_int(row, 6)};
        sql_text(row, 0, item.item, sizeof item.item);
        sql_text(row, 1, item.form_id, sizeof item.form_id);
        sql_text(row, 2, item.version, sizeof item.version);
        sql_text(row, 3, item.status, sizeof item.status);
        each(context, &item);
    }
    return sql_result(db, why);
}

// The event of the whole is written also when its state stays: kiosks ask for what is new by it.
enum err district_items_move(void *self, const struct district_item_move *move, struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (sql_run(db, sql_bind(db, SQL_ITEM_MOVE, "sisss", move->status, move->utc_ms, move->instance,
                             move->item, move->from)) == 0)
        err = fail_set(why, ERR_CONFLICT, "%s is no longer at %s", move->item, move->from);
    if (!err && sql_run(db, sql_bind(db, SQL_STATUS_SET, "siss", move->whole_status, move->utc_ms,
                                     move->instance, move->whole_from)) == 0)
        err = fail_set(why, ERR_CONFLICT, "the case is no longer at %s", move->whole_from);
    if (!err) {
        sql_run(db, sql_bind(db, SQL_ITEM_EVENT, "sssssis", move->instance, move->from,
                             move->status, move->reason, move->actor, move->utc_ms, move->item));
        sql_run(db, sql_bind(db, SQL_EVENT_PUT, "sssssi", move->instance, move->whole_from,
                             move->whole_status, move->reason, move->actor, move->utc_ms));
    }
    return sql_finish(db, err, why);
}
