// SPDX-License-Identifier: GPL-3.0-or-later
// Published forms, every version of them.
#include "statements.h"

#include "yimen/base/text.h"

enum err district_forms_put(void *self, const struct district_form *form, const char *xml,
                            size_t length, int64_t now_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    struct district_form known = {0};
    enum err err = district_forms_get(self, form->id, form->version, &known, why);
    if (!err && text_equal(known.md5, form->md5))
        return ERR_OK;
    if (!err)
        return fail_set(why, ERR_CONFLICT, "form %s %s is published with other text", form->id,
                        form->version);
    if (err != ERR_NOT_FOUND)
        return err;
    sql_run(db, sql_bind(db, SQL_FORM_PUT, "ssssbi", form->id, form->version, form->title,
                         form->md5, xml, length, now_utc_ms));
    return sql_result(db, why);
}

static void read_form(sqlite3_stmt *row, struct district_form *out)
{
    sql_text(row, 0, out->id, sizeof out->id);
    sql_text(row, 1, out->version, sizeof out->version);
    sql_text(row, 2, out->title, sizeof out->title);
    sql_text(row, 3, out->md5, sizeof out->md5);
}

enum err district_forms_get(void *self, const char *id, const char *version,
                            struct district_form *out, struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_FORM_GET, "ss", id, version);
    while (sql_next(db, statement)) {
        read_form(statement, out);
        if (out->xml)
            strbuf_add(out->xml, sqlite3_column_blob(statement, 4),
                       (size_t)sqlite3_column_bytes(statement, 4));
        found = true;
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "form %s %s is not published here", id, version);
    return err;
}

enum err district_forms_each(void *self,
                             void (*each)(void *context, const struct district_form *form),
                             void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_FORM_EACH, "");
    while (sql_next(db, statement)) {
        struct district_form form = {0};
        read_form(statement, &form);
        each(context, &form);
    }
    return sql_result(db, why);
}
