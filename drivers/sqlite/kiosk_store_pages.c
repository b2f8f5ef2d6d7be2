// SPDX-License-Identifier: GPL-3.0-or-later
// A visit's pages, sealed and not yet of any case: they lie here so that they need not be in
// memory, and become the case's without being written again.
#include "kiosk_store_internal.h"

#include "yimen/base/text.h"

#include <limits.h>
#include <string.h>

static void page_digest(const struct kiosk_database *store, const void *data, size_t length,
                        uint8_t out[STORE_HASH])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    store->crypto->ops->digest(store->crypto->self, DIGEST_SHA256, data, length, digest);
    memcpy(out, digest, STORE_HASH);
}

static enum err drop(struct kiosk_database *store, const char *instance, int from, int to,
                     struct fail *why)
{
    static const enum kiosk_statement both[] = {SQL_PAGE_PIECES_DROP, SQL_PAGES_DROP};
    enum err err = ERR_OK;
    for (size_t at = 0; !err && at < 2; at++) {
        sqlite3_stmt *statement = database_statement(&store->database, (int)both[at]);
        if (instance)
            bind_text(statement, 1, instance);
        sqlite3_bind_int(statement, 2, from);
        sqlite3_bind_int(statement, 3, to);
        err = database_run(&store->database, statement, why, "dropping pages");
    }
    return err;
}

enum err kiosk_pages_drop(void *self, const char *instance, int from, struct fail *why)
{
    return drop(self, instance, from, INT_MAX, why);
}

static enum err put_head(struct kiosk_database *store, const char *instance, int number,
                         const struct bytes *sealed, struct fail *why)
{
    uint8_t digest[STORE_HASH];
    page_digest(store, sealed->data, sealed->length, digest);
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PAGE_INSERT);
    bind_text(statement, 1, instance);
    sqlite3_bind_int(statement, 2, number);
    sqlite3_bind_int64(statement, 3, (int64_t)sealed->length);
    bind_blob(statement, 4, digest, sizeof digest);
    return database_run(&store->database, statement, why, "holding a page");
}

enum err kiosk_page_put(void *self, const char *instance, int number, const struct bytes *sealed,
                        struct fail *why)
{
    struct kiosk_database *store = self;
    const char *data = sealed->data;
    enum err err = drop(store, instance, number, number, why);
    if (!err)
        err = put_head(store, instance, number, sealed, why);
    int64_t page = sqlite3_last_insert_rowid(store->database.handle);
    for (size_t at = 0; !err && at < sealed->length; at += KIOSK_PIECE_BYTES) {
        size_t rest = sealed->length - at;
        sqlite3_stmt *statement = database_statement(&store->database, SQL_PAGE_PIECE_INSERT);
        sqlite3_bind_int64(statement, 1, page);
        sqlite3_bind_int64(statement, 2, (int64_t)(at / KIOSK_PIECE_BYTES));
        bind_blob(statement, 3, data + at, rest < KIOSK_PIECE_BYTES ? rest : KIOSK_PIECE_BYTES);
        err = database_run(&store->database, statement, why, "holding a page");
    }
    return err;
}

enum err kiosk_page_get(void *self, const char *instance, int number, struct strbuf *out,
                        struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t stored[STORE_HASH], computed[STORE_HASH];
    int64_t page = 0;
    size_t before = out->length;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PAGE_GET);
    bind_text(statement, 1, instance);
    sqlite3_bind_int(statement, 2, number);
    enum err err = database_row(&store->database, statement, why, "finding a page");
    if (!err) {
        page = sqlite3_column_int64(statement, 0);
        err = column_bytes(statement, 1, stored, sizeof stored, why);
    }
    database_done(statement);
    if (err)
        return err;
    statement = database_statement(&store->database, SQL_PAGE_PIECES);
    sqlite3_bind_int64(statement, 1, page);
    sqlite3_bind_int64(statement, 2, 0);
    err = kiosk_pieces_read(store, statement, &(struct store_range){0, SIZE_MAX}, out, why);
    if (err)
        return err;
    page_digest(store, strbuf_text(out) + before, out->length - before, computed);
    if (!memory_equal(stored, computed, sizeof stored))
        return fail_set(why, ERR_CORRUPT, "page %d of a visit: its hash does not fit", number);
    return ERR_OK;
}

enum err kiosk_page_take(struct kiosk_database *store, int64_t submission, int position,
                         const struct store_part *part, const char *instance, struct fail *why)
{
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PART_TAKE);
    sqlite3_bind_int64(statement, 1, submission);
    sqlite3_bind_int(statement, 2, position);
    bind_text(statement, 3, part->name);
    bind_text(statement, 4, part->type);
    bind_text(statement, 5, instance);
    sqlite3_bind_int(statement, 6, part->page);
    sqlite3_bind_int64(statement, 7, (int64_t)part->length);
    enum err err = database_run(&store->database, statement, why, "taking a page into the case");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "page %d of this visit is not there", part->page);
    if (err)
        return err;
    statement = database_statement(&store->database, SQL_PAGE_TAKE);
    bind_text(statement, 1, instance);
    sqlite3_bind_int(statement, 2, part->page);
    return database_run(&store->database, statement, why, "taking a page into the case");
}
