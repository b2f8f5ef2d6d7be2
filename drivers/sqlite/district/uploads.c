// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that come in pieces: each piece is durable before it is answered.
#include "statements.h"

#include "yimen/base/text.h"

#include <string.h>

// The row's id; 0: nothing of it is here.
static int64_t look(struct district_db *db, const char *device_id, const uint8_t *digest,
                    struct district_upload *out)
{
    int64_t id = 0;
    *out = (struct district_upload){0};
    sqlite3_stmt *statement =
        sql_bind(db, SQL_UPLOAD_GET, "sb", device_id, digest, (size_t)CRYPTO_HASH);
    while (sql_next(db, statement)) {
        id = sqlite3_column_int64(statement, 0);
        out->size = sqlite3_column_int64(statement, 1);
        out->there = sqlite3_column_int64(statement, 2);
        out->complete = sqlite3_column_int(statement, 3) != 0;
        out->is_digested = sqlite3_column_bytes(statement, 4) == sizeof out->digested;
        if (out->is_digested)
            memcpy(&out->digested, sqlite3_column_blob(statement, 4), sizeof out->digested);
    }
    return id;
}

enum err district_uploads_get(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                              struct district_upload *out, struct fail *why)
{
    struct district_db *db = self;
    int64_t id = look(db, device_id, digest, out);
    enum err err = sql_result(db, why);
    if (!err && id == 0)
        return fail_set(why, ERR_NOT_FOUND, "nothing of this part is here");
    return err;
}

enum err district_uploads_is_urgent(void *self, const char *device_id,
                                    const uint8_t digest[CRYPTO_HASH], bool *urgent,
                                    struct fail *why)
{
    struct district_db *db = self;
    *urgent = false;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_UPLOAD_URGENT, "sb", device_id, digest, (size_t)CRYPTO_HASH);
    while (sql_next(db, statement))
        *urgent = true;
    return sql_result(db, why);
}

static enum err within_quota(struct district_db *db, const struct district_piece *piece,
                             struct fail *why)
{
    int64_t held = 0;
    sqlite3_stmt *statement = sql_bind(db, SQL_UPLOAD_HELD, "s", piece->device_id);
    while (sql_next(db, statement))
        held = sqlite3_column_int64(statement, 0);
    if (held + piece->size > piece->quota)
        return fail_set(why, ERR_FULL, "%lld bytes of this device wait for their cases",
                        (long long)held);
    return ERR_OK;
}

static enum err add(struct district_db *db, const struct district_piece *piece,
                    struct district_upload *out, struct fail *why)
{
    int64_t id = look(db, piece->device_id, piece->digest, out);
    if (piece->offset != out->there || (id && piece->size != out->size) ||
        (int64_t)piece->length > piece->size - piece->offset)
        return fail_set(why, ERR_CONFLICT, "not the next bytes of this part");
    if (!id) {
        enum err err = within_quota(db, piece, why);
        if (err)
            return err;
        sql_run(db, sql_bind(db, SQL_UPLOAD_BEGIN, "sbii", piece->device_id, piece->digest,
                             (size_t)CRYPTO_HASH, piece->size, piece->now_utc_ms));
        id = sqlite3_last_insert_rowid(db->database.handle);
        out->size = piece->size;
    }
    if (piece->length == 0)
        return ERR_OK;
    out->over_share = !stored_take(db, piece->device_id, &piece->share, (int64_t)piece->length);
    if (out->over_share)
        return ERR_FULL; // the words are stored_refuse's
    out->there += (int64_t)piece->length;
    sql_run(db,
            sql_bind(db, SQL_UPLOAD_PIECE, "iib", id, piece->offset, piece->data, piece->length));
    const void *digested = piece->digested ? (const void *)piece->digested : "";
    sql_run(db, sql_bind(db, SQL_UPLOAD_MORE, "iibi", out->there, piece->now_utc_ms, digested,
                         piece->digested ? sizeof *piece->digested : (size_t)0, id));
    out->is_digested = piece->digested != NULL;
    if (piece->digested)
        out->digested = *piece->digested;
    return ERR_OK;
}

enum err district_uploads_add(void *self, const struct district_piece *piece,
                              struct district_upload *out, struct fail *why)
{
    struct district_db *db = self;
    sql_begin(db);
    enum err err = sql_finish(db, add(db, piece, out, why), why);
    return out->over_share ? stored_refuse(db, piece->device_id, &piece->share, why) : err;
}

enum err district_uploads_read(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                               void (*each)(void *context, const void *data, size_t length),
                               void *context, struct fail *why)
{
    struct district_db *db = self;
    struct district_upload about;
    int64_t id = look(db, device_id, digest, &about);
    sqlite3_stmt *statement = sql_bind(db, SQL_UPLOAD_PIECES, "i", id);
    while (sql_next(db, statement)) {
        const void *bytes = sqlite3_column_blob(statement, 0);
        each(context, bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement, 0));
    }
    return sql_result(db, why);
}

enum err district_uploads_finish(void *self, const char *device_id,
                                 const uint8_t digest[CRYPTO_HASH], bool is_good, struct fail *why)
{
    struct district_db *db = self;
    size_t length = CRYPTO_HASH;
    sql_begin(db);
    if (is_good) {
        sql_run(db, sql_bind(db, SQL_UPLOAD_COMPLETE, "sb", device_id, digest, length));
    } else {
        sql_run(db, sql_bind(db, SQL_UPLOAD_DROP_PIECES, "sb", device_id, digest, length));
        sql_run(db, sql_bind(db, SQL_UPLOAD_DROP, "sb", device_id, digest, length));
    }
    return sql_finish(db, ERR_OK, why);
}

enum err district_uploads_expire(void *self, int64_t before_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    sql_begin(db);
    sql_run(db, sql_bind(db, SQL_UPLOADS_EXPIRE_PIECES, "i", before_utc_ms));
    sql_run(db, sql_bind(db, SQL_UPLOADS_EXPIRE, "i", before_utc_ms));
    return sql_finish(db, ERR_OK, why);
}
