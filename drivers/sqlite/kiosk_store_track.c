// SPDX-License-Identifier: GPL-3.0-or-later
// Whose a case is, wrong tries at its number, and the tokens of receipts that were printed again.
#include "kiosk_store_internal.h"

#include <string.h>

enum err kiosk_owner_put(void *self, const struct store_owner *owner, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_OWNER_PUT);
    bind_text(statement, 1, owner->instance);
    bind_text(statement, 2, owner->of_instance);
    bind_text(statement, 3, owner->salt);
    bind_blob(statement, 4, owner->box, owner->box_length);
    return database_run(&store->database, statement, why, "writing whose a case is");
}

enum err kiosk_owner_get(void *self, const char *instance, struct store_owner *out,
                         struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_OWNER_GET);
    *out = (struct store_owner){0};
    bind_text(statement, 1, instance);
    enum err err = database_row(&store->database, statement, why, "reading whose a case is");
    if (!err)
        err = column_text(statement, 0, out->instance, sizeof out->instance, why);
    if (!err)
        err = column_text(statement, 1, out->of_instance, sizeof out->of_instance, why);
    if (!err)
        err = column_text(statement, 2, out->salt, sizeof out->salt, why);
    size_t length = err ? 0 : (size_t)sqlite3_column_bytes(statement, 3);
    if (length > sizeof out->box)
        err = fail_set(why, ERR_CORRUPT, "whose a case is: %zu bytes", length);
    else if (length > 0)
        memcpy(out->box, sqlite3_column_blob(statement, 3), out->box_length = length);
    database_done(statement);
    return err;
}

enum err kiosk_linked_each(void *self, const char *of_instance,
                           void (*each)(void *context, const struct store_submission *row),
                           void *context, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_LINKED_EACH);
    bind_text(statement, 1, of_instance);
    enum err err;
    while (!(err = database_row(&store->database, statement, why, "reading what belongs to it"))) {
        struct store_submission row;
        err = kiosk_read_submission(statement, &row, why);
        if (err)
            break;
        each(context, &row);
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

#define COLUMN_STRUCT struct store_try
static const struct row_column try_columns[] = {TRY_ALL(COLUMN_ENTRY, COLUMN_ENTRY)};
enum { TRY_COLUMNS = 0 TRY_ALL(COLUMN_ONE_MORE, COLUMN_ONE_MORE) };

enum err kiosk_try_get(void *self, const char *number, struct store_try *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_TRY_GET);
    *out = (struct store_try){0};
    bind_text(statement, 1, number);
    enum err err = database_row(&store->database, statement, why, "reading the wrong tries");
    if (!err)
        err = row_load(statement, 0, try_columns, TRY_COLUMNS, out, why);
    database_done(statement);
    return err;
}

enum err kiosk_try_put(void *self, const struct store_try *tries, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_TRY_PUT);
    (void)row_bind(statement, 1, try_columns, TRY_COLUMNS, tries);
    return database_run(&store->database, statement, why, "counting a wrong try");
}

enum err kiosk_receipt_set(void *self, const char *instance, const struct strbuf *sealed,
                           struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_RECEIPT_SET);
    bind_text(statement, 1, instance);
    bind_blob(statement, 2, sealed->data, sealed->length);
    enum err err = database_run(&store->database, statement, why, "writing a receipt anew");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such receipt");
    return err;
}

enum err kiosk_token_put(void *self, const char *instance, const char *message, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_TOKEN_PUT);
    bind_text(statement, 1, instance);
    bind_text(statement, 2, message);
    return database_run(&store->database, statement, why, "keeping a new token");
}

enum err kiosk_token_next(void *self, int64_t *id, struct strbuf *message, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_TOKEN_NEXT);
    enum err err = database_row(&store->database, statement, why, "looking for new tokens");
    if (!err) {
        *id = sqlite3_column_int64(statement, 0);
        column_append(statement, 1, message);
        err = strbuf_result(message, why);
    }
    database_done(statement);
    return err;
}

enum err kiosk_token_done(void *self, int64_t id, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_TOKEN_DONE);
    sqlite3_bind_int64(statement, 1, id);
    return database_run(&store->database, statement, why, "forgetting a token that was told");
}
