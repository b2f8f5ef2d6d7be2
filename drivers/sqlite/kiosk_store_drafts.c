// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts: one row a ticket. What is replaced or spent is overwritten (secure_delete).
#include "kiosk_store_internal.h"

#include "yimen/base/text.h"

#include <string.h>

static void digest_of(const struct kiosk_database *store, const void *data, size_t length,
                      uint8_t out[STORE_HASH])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    store->crypto->ops->digest(store->crypto->self, DIGEST_SHA256, data, length, digest);
    memcpy(out, digest, STORE_HASH);
}

#define COLUMN_STRUCT struct store_draft
static const struct row_column columns[] = {DRAFT_ALL(COLUMN_ENTRY, COLUMN_ENTRY)};

enum err kiosk_draft_put(void *self, const struct store_draft *row, const struct bytes *sealed,
                         struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t digest[STORE_HASH];
    sqlite3_stmt *statement =
        database_statement(&store->database, sealed ? SQL_DRAFT_PUT : SQL_DRAFT_CHANGE);
    if (sealed) {
        int next = row_bind(statement, 1, columns, DRAFT_COLUMN_COUNT, row);
        digest_of(store, sealed->data, sealed->length, digest);
        bind_blob(statement, next, sealed->data, sealed->length);
        bind_blob(statement, next + 1, digest, sizeof digest);
    } else { // the key stands last
        int next = row_bind(statement, 1, columns + 1, DRAFT_COLUMN_COUNT - 1, row);
        bind_text(statement, next, row->id);
    }
    enum err err = database_run(&store->database, statement, why, "writing a draft");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such draft");
    return err;
}

static enum err read_sealed(const struct kiosk_database *store, sqlite3_stmt *statement,
                            struct strbuf *out, struct fail *why)
{
    uint8_t said[STORE_HASH], digest[STORE_HASH];
    enum err err = column_bytes(statement, DRAFT_COLUMN_COUNT + 1, said, sizeof said, why);
    if (err)
        return err;
    strbuf_clear(out);
    column_append(statement, DRAFT_COLUMN_COUNT, out);
    err = strbuf_result(out, why);
    if (err)
        return err;
    digest_of(store, strbuf_text(out), out->length, digest);
    if (!memory_equal(said, digest, sizeof digest))
        return fail_set(why, ERR_CORRUPT, "a draft is not as it was written");
    return ERR_OK;
}

static enum err read_one(struct kiosk_database *store, sqlite3_stmt *statement,
                         struct store_draft *out, struct strbuf *sealed, struct fail *why)
{
    enum err err = database_row(&store->database, statement, why, "reading a draft");
    *out = (struct store_draft){0};
    if (!err)
        err = row_load(statement, 0, columns, DRAFT_COLUMN_COUNT, out, why);
    if (!err && sealed)
        err = read_sealed(store, statement, sealed, why);
    database_done(statement);
    return err;
}

enum err kiosk_draft_get(void *self, const char *id, struct store_draft *out, struct strbuf *sealed,
                         struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_DRAFT_GET);
    bind_text(statement, 1, id);
    return read_one(store, statement, out, sealed, why);
}

enum err kiosk_draft_unsent(void *self, struct store_draft *out, struct strbuf *sealed,
                            struct fail *why)
{
    struct kiosk_database *store = self;
    return read_one(store, database_statement(&store->database, SQL_DRAFT_UNSENT), out, sealed,
                    why);
}

enum err kiosk_drafts_spend(void *self, const char *id, const char *instance, struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t digest[STORE_HASH];
    sqlite3_stmt *statement = database_statement(&store->database, SQL_DRAFTS_SPEND);
    digest_of(store, "", 0, digest);
    bind_text(statement, 1, id ? id : "");
    bind_text(statement, 2, instance ? instance : "");
    bind_blob(statement, 3, digest, sizeof digest);
    return database_run(&store->database, statement, why, "spending a draft");
}

enum err kiosk_drafts_expire(void *self, int64_t utc_ms, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_DRAFTS_EXPIRE);
    sqlite3_bind_int64(statement, 1, utc_ms);
    return database_run(&store->database, statement, why, "deleting drafts that have expired");
}
