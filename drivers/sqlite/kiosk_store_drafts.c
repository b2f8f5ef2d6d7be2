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

static void bind_row(sqlite3_stmt *statement, const struct store_draft *row)
{
    bind_text(statement, 1, row->id);
    bind_text(statement, 2, row->instance);
    sqlite3_bind_int64(statement, 3, row->revision);
    sqlite3_bind_int64(statement, 4, row->sent_revision);
    sqlite3_bind_int64(statement, 5, row->created_utc_ms);
    sqlite3_bind_int64(statement, 6, row->expires_utc_ms);
    sqlite3_bind_int(statement, 7, row->spent);
    sqlite3_bind_int(statement, 8, row->wrong);
    sqlite3_bind_int64(statement, 9, row->wait_ms);
    sqlite3_bind_int64(statement, 10, row->wait_from_ms);
    bind_text(statement, 11, row->wait_boot);
}

enum err kiosk_draft_put(void *self, const struct store_draft *row, const struct bytes *sealed,
                         struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t digest[STORE_HASH];
    sqlite3_stmt *statement =
        database_statement(&store->database, sealed ? SQL_DRAFT_PUT : SQL_DRAFT_CHANGE);
    bind_row(statement, row);
    if (sealed) {
        digest_of(store, sealed->data, sealed->length, digest);
        bind_blob(statement, 12, sealed->data, sealed->length);
        bind_blob(statement, 13, digest, sizeof digest);
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
    enum err err = column_bytes(statement, 12, said, sizeof said, why);
    if (err)
        return err;
    strbuf_clear(out);
    column_append(statement, 11, out);
    err = strbuf_result(out, why);
    if (err)
        return err;
    digest_of(store, strbuf_text(out), out->length, digest);
    if (!memory_equal(said, digest, sizeof digest))
        return fail_set(why, ERR_CORRUPT, "a draft is not as it was written");
    return ERR_OK;
}

static enum err read_row(sqlite3_stmt *statement, struct store_draft *out, struct fail *why)
{
    *out = (struct store_draft){
        .revision = sqlite3_column_int64(statement, 2),
        .sent_revision = sqlite3_column_int64(statement, 3),
        .created_utc_ms = sqlite3_column_int64(statement, 4),
        .expires_utc_ms = sqlite3_column_int64(statement, 5),
        .spent = sqlite3_column_int(statement, 6) != 0,
        .wrong = sqlite3_column_int(statement, 7),
        .wait_ms = sqlite3_column_int64(statement, 8),
        .wait_from_ms = sqlite3_column_int64(statement, 9),
    };
    enum err err = column_text(statement, 0, out->id, sizeof out->id, why);
    if (!err)
        err = column_text(statement, 1, out->instance, sizeof out->instance, why);
    return err ? err : column_text(statement, 10, out->wait_boot, sizeof out->wait_boot, why);
}

static enum err read_one(struct kiosk_database *store, sqlite3_stmt *statement,
                         struct store_draft *out, struct strbuf *sealed, struct fail *why)
{
    enum err err = database_row(&store->database, statement, why, "reading a draft");
    if (!err)
        err = read_row(statement, out, why);
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
