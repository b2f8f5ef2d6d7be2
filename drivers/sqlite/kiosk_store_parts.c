// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed files of a case, in pieces, each file with its hash.
#include "kiosk_store_internal.h"

#include "yimen/base/text.h"

#include <string.h>

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
    for (size_t at = 0; !err && at < part->length; at += KIOSK_PIECE_BYTES) {
        size_t length =
            part->length - at < KIOSK_PIECE_BYTES ? part->length - at : KIOSK_PIECE_BYTES;
        sqlite3_stmt *statement = database_statement(&store->database, SQL_PIECE_INSERT);
        sqlite3_bind_int64(statement, 1, submission);
        sqlite3_bind_int(statement, 2, position);
        sqlite3_bind_int64(statement, 3, (int64_t)(at / KIOSK_PIECE_BYTES));
        bind_blob(statement, 4, data + at, length);
        err = database_run(&store->database, statement, why, "writing a part");
    }
    return err;
}

struct part_head {
    int64_t submission;
    int64_t page; ///< 0: the bytes are the part's own pieces
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
        err = column_bytes(statement, 4, about->digest, sizeof about->digest, why);
    if (!err) {
        head->submission = sqlite3_column_int64(statement, 0);
        head->page = sqlite3_column_int64(statement, 5);
        about->length = (size_t)sqlite3_column_int64(statement, 3);
        memcpy(head->digest, about->digest, sizeof head->digest);
    }
    database_done(statement);
    return err;
}

// The part's pieces from the one that holds `offset` on.
static sqlite3_stmt *pieces_from(struct kiosk_database *store, const struct part_head *head,
                                 size_t index, int64_t offset)
{
    int first = head->page ? 2 : 3;
    sqlite3_stmt *statement =
        database_statement(&store->database, head->page ? SQL_PAGE_PIECES : SQL_PIECES);
    sqlite3_bind_int64(statement, 1, head->page ? head->page : head->submission);
    if (!head->page)
        sqlite3_bind_int64(statement, 2, (int64_t)index);
    sqlite3_bind_int64(statement, first, offset / KIOSK_PIECE_BYTES);
    return statement;
}

enum err kiosk_pieces_read(struct kiosk_database *store, sqlite3_stmt *statement,
                           const struct store_range *range, struct strbuf *out, struct fail *why)
{
    size_t skip = (size_t)(range->offset % KIOSK_PIECE_BYTES), left = range->length;
    enum err err = ERR_OK;
    while (left > 0 && !(err = database_row(&store->database, statement, why, "reading a part"))) {
        const char *data = sqlite3_column_blob(statement, 0);
        size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        if (!data || length <= skip)
            break;
        length -= skip;
        length = length < left ? length : left;
        strbuf_add(out, data + skip, length);
        left -= length;
        skip = 0;
    }
    database_done(statement);
    return err && err != ERR_NOT_FOUND ? err : strbuf_result(out, why);
}

enum err kiosk_part_about(void *self, const char *instance, size_t index, struct store_part *about,
                          struct fail *why)
{
    struct part_head head;
    return read_head(self, instance, index, about, &head, why);
}

enum err kiosk_part_read(void *self, const char *instance, size_t index,
                         const struct store_range *range, struct strbuf *out, struct fail *why)
{
    struct kiosk_database *store = self;
    struct part_head head;
    struct store_part about;
    enum err err = read_head(store, instance, index, &about, &head, why);
    if (!err && (range->offset < 0 || range->offset > (int64_t)about.length))
        err = fail_set(why, ERR_INPUT, "part %zu ends before that", index);
    if (err)
        return err;
    size_t before = out->length, rest = about.length - (size_t)range->offset;
    size_t wanted = range->length < rest ? range->length : rest;
    struct store_range bounded = {range->offset, wanted};
    err = kiosk_pieces_read(store, pieces_from(store, &head, index, range->offset), &bounded, out,
                            why);
    if (!err && out->length - before != wanted)
        err = fail_set(why, ERR_CORRUPT, "part %zu of a case: bytes are missing", index);
    return err;
}

enum err kiosk_part_check(void *self, const char *instance, size_t index, struct fail *why)
{
    struct kiosk_database *store = self;
    const struct crypto *crypto = store->crypto;
    struct part_head head;
    struct store_part about;
    struct crypto_sha256 running;
    uint8_t digest[CRYPTO_HASH];
    enum err err = read_head(store, instance, index, &about, &head, why);
    if (err)
        return err;
    crypto->ops->sha256_begin(crypto->self, &running);
    sqlite3_stmt *statement = pieces_from(store, &head, index, 0);
    while (!(err = database_row(&store->database, statement, why, "reading a part"))) {
        const void *data = sqlite3_column_blob(statement, 0);
        crypto->ops->sha256_add(crypto->self, &running, data ? data : "",
                                (size_t)sqlite3_column_bytes(statement, 0));
    }
    database_done(statement);
    crypto->ops->sha256_end(crypto->self, &running, digest);
    if (err != ERR_NOT_FOUND)
        return err;
    if (!memory_equal(digest, head.digest, sizeof digest))
        return fail_set(why, ERR_CORRUPT, "part %zu of a case: its hash does not fit", index);
    return ERR_OK;
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
    uint8_t digest[STORE_HASH];
    struct store_range all = {0, about->length};
    err = kiosk_pieces_read(store, pieces_from(store, &head, index, 0), &all, out, why);
    if (err)
        return err;
    part_digest(store, strbuf_text(out) + before, out->length - before, digest);
    if (!memory_equal(digest, head.digest, sizeof digest))
        return fail_set(why, ERR_CORRUPT, "part %zu of a case: its hash does not fit", index);
    return ERR_OK;
}
