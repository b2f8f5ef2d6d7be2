// SPDX-License-Identifier: GPL-3.0-or-later
// Submissions: the unchanging part with its hash, the state beside it.
#include "kiosk_store_internal.h"

#include "yimen/base/text.h"

#include <string.h>

// Everything of a record that never changes, each field with its end, then the manifest.
static enum err record_digest(const struct kiosk_database *store,
                              const struct store_submission *row, const void *manifest,
                              size_t length, uint8_t out[STORE_HASH], struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_MANIFEST + 4096);
    strbuf_addf(&text, "%s%c%s%c%s%c%s%c%s%c", row->instance, 0, row->number, 0, row->service, 0,
                row->form_id, 0, row->sealing_key_id, 0);
    strbuf_addf(&text, "%d%c%lld%c%lld%c%s%c%d%c", row->urgent, 0, (long long)row->saved.utc_ms, 0,
                (long long)row->saved.monotonic_ms, 0, row->saved.boot_id, 0,
                (int)row->saved.quality, 0);
    strbuf_add(&text, manifest ? manifest : "", length);
    enum err err = strbuf_result(&text, why);
    if (!err) {
        uint8_t digest[CRYPTO_DIGEST_MAX];
        store->crypto->ops->digest(store->crypto->self, DIGEST_SHA256, text.data, text.length,
                                   digest);
        memcpy(out, digest, STORE_HASH);
    }
    strbuf_free(&text);
    return err;
}

#define COLUMN_STRUCT struct store_submission
static const struct row_column columns[] = {SUBMISSION_ALL(COLUMN_ENTRY, COLUMN_ENTRY)},
                               state_columns[] = {SUBMISSION_STATE(COLUMN_ENTRY, COLUMN_ENTRY)};
enum {
    WRITTEN = 0 SUBMISSION_WRITTEN(COLUMN_ONE_MORE, COLUMN_ONE_MORE),
    STATE = 0 SUBMISSION_STATE(COLUMN_ONE_MORE, COLUMN_ONE_MORE)
};

enum err kiosk_submission_insert(void *self, const struct store_submission *row,
                                 const struct strbuf *manifest, const struct strbuf *receipt,
                                 const struct store_part *parts, size_t part_count,
                                 struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t digest[STORE_HASH];
    struct store_submission written = *row;
    written.total_bytes = 0;
    for (size_t at = 0; at < part_count; at++)
        written.total_bytes += (int64_t)parts[at].length;
    enum err err = record_digest(store, row, manifest->data, manifest->length, digest, why);
    if (err)
        return err;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_INSERT);
    int next = row_bind(statement, 1, columns, WRITTEN, &written);
    bind_blob(statement, next, manifest->data, manifest->length);
    bind_blob(statement, next + 1, digest, sizeof digest);
    bind_blob(statement, next + 2, receipt->data, receipt->length);
    err = database_run(&store->database, statement, why, "writing the case");
    int64_t submission = sqlite3_last_insert_rowid(store->database.handle);
    for (size_t at = 0; !err && at < part_count; at++)
        err = parts[at].data
                  ? kiosk_part_insert(store, submission, (int)at, &parts[at], why)
                  : kiosk_page_take(store, submission, (int)at, &parts[at], row->instance, why);
    return err;
}

enum err kiosk_submission_update(void *self, const struct store_submission *row, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_UPDATE);
    bind_text(statement, row_bind(statement, 1, state_columns, STATE, row), row->instance);
    enum err err = database_run(&store->database, statement, why, "changing a case's state");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such case");
    return err;
}

enum err kiosk_read_submission(sqlite3_stmt *statement, struct store_submission *out,
                               struct fail *why)
{
    *out = (struct store_submission){0};
    return row_load(statement, 0, columns, SUBMISSION_COLUMN_COUNT, out, why);
}

static enum err get_one(struct kiosk_database *store, sqlite3_stmt *statement,
                        struct store_submission *out, struct fail *why)
{
    enum err err = database_row(&store->database, statement, why, "finding the case");
    if (!err)
        err = kiosk_read_submission(statement, out, why);
    database_done(statement);
    return err;
}

enum err kiosk_submission_get(void *self, const char *key, bool by_number,
                              struct store_submission *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(
        &store->database, by_number ? SQL_SUBMISSION_BY_NUMBER : SQL_SUBMISSION_BY_INSTANCE);
    bind_text(statement, 1, key);
    return get_one(store, statement, out, why);
}

enum err kiosk_submission_last(void *self, struct store_submission *out, struct fail *why)
{
    struct kiosk_database *store = self;
    return get_one(store, database_statement(&store->database, SQL_SUBMISSION_LAST), out, why);
}

static enum err check_manifest(const struct kiosk_database *store, sqlite3_stmt *statement,
                               struct fail *why)
{
    struct store_submission row;
    uint8_t stored[STORE_HASH], computed[STORE_HASH];
    enum err err = kiosk_read_submission(statement, &row, why);
    if (!err)
        err = column_bytes(statement, SUBMISSION_COLUMN_COUNT + 1, stored, sizeof stored, why);
    if (!err)
        err = record_digest(store, &row, sqlite3_column_blob(statement, SUBMISSION_COLUMN_COUNT),
                            (size_t)sqlite3_column_bytes(statement, SUBMISSION_COLUMN_COUNT),
                            computed, why);
    if (!err && !memory_equal(stored, computed, sizeof stored))
        err = fail_set(why, ERR_CORRUPT, "case %s: its hash does not fit", row.number);
    return err;
}

enum err kiosk_manifest_get(void *self, const char *instance, struct strbuf *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_MANIFEST);
    bind_text(statement, 1, instance);
    enum err err = database_row(&store->database, statement, why, "reading the manifest");
    if (!err)
        err = check_manifest(store, statement, why);
    if (!err)
        column_append(statement, SUBMISSION_COLUMN_COUNT, out);
    database_done(statement);
    return err ? err : strbuf_result(out, why);
}

enum err kiosk_receipt_get(void *self, const char *instance, struct strbuf *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_RECEIPT);
    bind_text(statement, 1, instance);
    enum err err = database_row(&store->database, statement, why, "reading the receipt");
    if (!err)
        column_append(statement, 0, out);
    database_done(statement);
    return err ? err : strbuf_result(out, why);
}
