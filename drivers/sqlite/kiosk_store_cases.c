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

static void bind_row(sqlite3_stmt *statement, const struct store_submission *row)
{
    bind_text(statement, 1, row->instance);
    bind_text(statement, 2, row->number);
    bind_text(statement, 3, row->service);
    bind_text(statement, 4, row->form_id);
    bind_text(statement, 5, row->sealing_key_id);
    sqlite3_bind_int(statement, 6, row->urgent);
    sqlite3_bind_int64(statement, 7, row->saved.utc_ms);
    sqlite3_bind_int64(statement, 8, row->saved.monotonic_ms);
    bind_text(statement, 9, row->saved.boot_id);
    sqlite3_bind_int(statement, 10, (int)row->saved.quality);
}

// The changing columns, in the order of the insert and of the update.
static void bind_state(sqlite3_stmt *statement, int first, const struct store_submission *row)
{
    sqlite3_bind_int(statement, first, (int)row->state);
    sqlite3_bind_int(statement, first + 1, row->attempts);
    sqlite3_bind_int(statement, first + 2, row->strikes);
    sqlite3_bind_int64(statement, first + 3, row->received_at_failure);
    sqlite3_bind_int64(statement, first + 4, row->next_try_utc_ms);
    sqlite3_bind_int64(statement, first + 5, row->next_try_monotonic_ms);
    bind_text(statement, first + 6, row->next_try_boot);
    sqlite3_bind_int64(statement, first + 7, row->received_utc_ms);
    sqlite3_bind_int(statement, first + 8, row->print_count);
    bind_text(statement, first + 9, row->reason);
    sqlite3_bind_int64(statement, first + 10, row->sent_bytes);
    sqlite3_bind_int(statement, first + 11, row->unverified);
}

enum err kiosk_submission_insert(void *self, const struct store_submission *row,
                                 const struct strbuf *manifest, const struct strbuf *receipt,
                                 const struct store_part *parts, size_t part_count,
                                 struct fail *why)
{
    struct kiosk_database *store = self;
    uint8_t digest[STORE_HASH];
    int64_t total = 0;
    for (size_t at = 0; at < part_count; at++)
        total += (int64_t)parts[at].length;
    enum err err = record_digest(store, row, manifest->data, manifest->length, digest, why);
    if (err)
        return err;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SUBMISSION_INSERT);
    bind_row(statement, row);
    bind_state(statement, 11, row);
    bind_blob(statement, 23, manifest->data, manifest->length);
    bind_blob(statement, 24, digest, sizeof digest);
    bind_blob(statement, 25, receipt->data, receipt->length);
    sqlite3_bind_int64(statement, 26, total);
    sqlite3_bind_int(statement, 27, row->not_asked);
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
    bind_text(statement, 1, row->instance);
    bind_state(statement, 2, row);
    enum err err = database_run(&store->database, statement, why, "changing a case's state");
    if (!err && sqlite3_changes(store->database.handle) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such case");
    return err;
}

static enum err read_texts(sqlite3_stmt *statement, struct store_submission *out, struct fail *why)
{
    const struct {
        char *text;
        size_t room;
        int column;
    } texts[] = {
        {out->instance, sizeof out->instance, 0},
        {out->number, sizeof out->number, 1},
        {out->service, sizeof out->service, 2},
        {out->form_id, sizeof out->form_id, 3},
        {out->sealing_key_id, sizeof out->sealing_key_id, 4},
        {out->saved.boot_id, sizeof out->saved.boot_id, 8},
        {out->next_try_boot, sizeof out->next_try_boot, 16},
        {out->reason, sizeof out->reason, 19},
        {out->status, sizeof out->status, 20},
    };
    for (size_t at = 0; at < sizeof texts / sizeof texts[0]; at++) {
        enum err err =
            column_text(statement, texts[at].column, texts[at].text, texts[at].room, why);
        if (err)
            return err;
    }
    return ERR_OK;
}

enum err kiosk_read_submission(sqlite3_stmt *statement, struct store_submission *out,
                               struct fail *why)
{
    *out = (struct store_submission){
        .urgent = sqlite3_column_int(statement, 5) != 0,
        .saved = {.utc_ms = sqlite3_column_int64(statement, 6),
                  .monotonic_ms = sqlite3_column_int64(statement, 7),
                  .quality = (enum time_quality)sqlite3_column_int(statement, 9)},
        .state = (enum store_state)sqlite3_column_int(statement, 10),
        .attempts = sqlite3_column_int(statement, 11),
        .strikes = sqlite3_column_int(statement, 12),
        .received_at_failure = sqlite3_column_int64(statement, 13),
        .next_try_utc_ms = sqlite3_column_int64(statement, 14),
        .next_try_monotonic_ms = sqlite3_column_int64(statement, 15),
        .received_utc_ms = sqlite3_column_int64(statement, 17),
        .print_count = sqlite3_column_int(statement, 18),
        .status_utc_ms = sqlite3_column_int64(statement, 21),
        .total_bytes = sqlite3_column_int64(statement, 22),
        .sent_bytes = sqlite3_column_int64(statement, 23),
        .unverified = sqlite3_column_int(statement, 24) != 0,
        .not_asked = sqlite3_column_int(statement, 25),
    };
    return read_texts(statement, out, why);
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
