// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed files of a case, in pieces, each file with its hash.
#include "kiosk_store_internal.h"

#include "yimen/base/text.h"

#include <string.h>

enum { PIECE_BYTES = 512 << 10 };

static void part_digest(const struct kiosk_database *store, const void *data, size_t length,
                        uint8_t out[STORE_HASH])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    store->crypto->ops->digest(store->crypto->self, DIGEST_SHA256, data, length, digest);
    memcpy(out, digest, STORE_HASH);
}

static enum err write_head(struct kiosk_database *store, int64_t submission, int position,
                           const struct store_part *part, struct fail *why)
{
    uint8_t digest[STORE_HASH];
    part_digest(store, part->data, part->length, digest);
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PART_INSERT);
    sqlite3_bind_int64(statement, 1, submission);
    sqlite3_bind_int(statement, 2, position);
    bind_text(statement, 3, part->name);
    bind_text(statement, 4, part->type);
    sqlite3_bind_int64(statement, 5, (int64_t)part->length);
    bind_blob(statement, 6, digest, sizeof digest);
    return database_run(&store->database, statement, why, "writing a part");
}

enum err kiosk_part_insert(struct kiosk_database *store, int64_t submission, int position,
                           const struct store_part *part, struct fail *why)
{
    enum err err = write_head(store, submission, position, part, why);
    const char *data = part->data;
    for (size_t at = 0; !err && at < part->length; at += PIECE_BYTES) {
        size_t length = part->length - at < PIECE_BYTES ? part->length - at : PIECE_BYTES;
        sqlite3_stmt *statement = database_statement(&store->database, SQL_PIECE_INSERT);
        sqlite3_bind_int64(statement, 1, submission);
        sqlite3_bind_int(statement, 2, position);
        sqlite3_bind_int64(statement, 3, (int64_t)(at / PIECE_BYTES));
        bind_blob(statement, 4, data + at, length);
        err = database_run(&store->database, statement, why, "writing a part");
    }
    return err;
}

struct part_head {
    int64_t submission, length;
    uint8_t digest[STORE_HASH];
};

static enum err read_head(struct kiosk_database *store, const char *instance, size_t index,
                          struct store_part *about, struct part_head *head, struct fail *why)
{
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PART);
    bind_text(statement, 1, instance);
    sqlite3_bind_int64(statement, 2, (int64_t)index);
    enum err err = database_row(&store->database, statement, why, "reading a part");
    *about = (struct store_part){0};
    if (!err)
        err = column_text(statement, 1, about->name, sizeof about->name, why);
    if (!err)
        err = column_text(statement, 2, about->type, sizeof about->type, why);
    if (!err)
        err = column_bytes(statement, 4, head->digest, sizeof head->digest, why);
    if (!err) {
        head->submission = sqlite3_column_int64(statement, 0);
        head->length = sqlite3_column_int64(statement, 3);
        about->length = (size_t)head->length;
    }
    database_done(statement);
    return err;
}

enum err kiosk_part_get(void *self, const char *instance, size_t index, struct store_part *about,
                        struct strbuf *out, struct fail *why)
{
    struct kiosk_database *store = self;
    struct part_head head;
    enum err err = read_head(store, instance, index, about, &head, why);
    if (err)
        return err;
    size_t before = out->length;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_PIECES);
    sqlite3_bind_int64(statement, 1, head.submission);
    sqlite3_bind_int64(statement, 2, (int64_t)index);
    while (!(err = database_row(&store->database, statement, why, "reading a part")))
        column_append(statement, 0, out);
    database_done(statement);
    if (err != ERR_NOT_FOUND)
        return err;
    err = strbuf_result(out, why);
    if (err)
        return err;
    uint8_t digest[STORE_HASH];
    part_digest(store, strbuf_text(out) + before, out->length - before, digest);
    if (!memory_equal(digest, head.digest, sizeof digest))
        return fail_set(why, ERR_CORRUPT, "part %zu of a case: its hash does not fit", index);
    return ERR_OK;
}
