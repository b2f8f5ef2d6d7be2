// SPDX-License-Identifier: GPL-3.0-or-later
// Manifests and sealed parts as received: once each, whatever is sent again.
#include "statements.h"

#include "yimen/base/text.h"

// *known: the instance is here already, with this very manifest.
static enum err look(struct district_db *db, const struct district_submission *submission,
                     bool *known, bool *complete, struct fail *why)
{
    uint8_t digest[CRYPTO_HASH];
    char status[DISTRICT_STATUS];
    bool differs = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_SUBMISSION_DIGEST, "s", submission->instance);
    while (sql_next(db, statement)) {
        sql_bytes(statement, 0, digest, sizeof digest);
        sql_text(statement, 1, status, sizeof status);
        *known = true;
        *complete = status[0] != '\0';
        differs = !memory_equal(digest, submission->manifest_digest, sizeof digest);
    }
    if (differs)
        return fail_set(why, ERR_CONFLICT, "this instance is here with another manifest");
    return ERR_OK;
}

static void insert(struct district_db *db, const struct district_submission *s)
{
    sql_run(db, sql_bind(db, SQL_SUBMISSION_PUT, "sssssssssbbiiiiibs", s->instance, s->form_id,
                         s->version, s->receipt, s->counter, s->device_id, s->key_id, s->service,
                         s->of_instance, s->token_hash, (size_t)CRYPTO_HASH, s->manifest_digest,
                         (size_t)CRYPTO_HASH, (int64_t)s->urgent, s->first_touch_utc_ms,
                         s->saved_utc_ms, s->received_utc_ms, (int64_t)s->saved_quality,
                         s->manifest.data, s->manifest.length, s->flag));
}

static void insert_parts(struct district_db *db, const char *instance,
                         const struct district_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sql_run(db, sql_bind(db, SQL_PART_PUT, "sisibb", instance, (int64_t)i, parts[i].name,
                             (int64_t)parts[i].size, parts[i].digest, (size_t)CRYPTO_HASH,
                             parts[i].data, parts[i].size));
}

// How many bytes it stored.
static int64_t fill_parts(struct district_db *db, const char *instance,
                          const struct district_part *parts, size_t count)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].data && sql_run(db, sql_bind(db, SQL_PART_FILL, "bsi", parts[i].data,
                                                  parts[i].size, instance, (int64_t)i)) > 0)
            bytes += (int64_t)parts[i].size;
    return bytes;
}

static int64_t bytes_of(const struct district_submission *submission,
                        const struct district_part *parts, size_t count)
{
    int64_t bytes = (int64_t)submission->manifest.length;
    for (size_t i = 0; i < count; i++)
        bytes += parts[i].data ? (int64_t)parts[i].size : 0;
    return bytes;
}

// What the sender uploaded becomes the case's where it lies, once all of the case is here.
static int missing(struct district_db *db, const struct district_submission *submission)
{
    int count = 0;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_PARTS_LACKING, "ss", submission->instance, submission->device_id);
    while (sql_next(db, statement))
        count++;
    if (count > 0)
        return count;
    sql_run(db, sql_bind(db, SQL_PARTS_CLAIM, "ss", submission->instance, submission->device_id));
    sql_run(db, sql_bind(db, SQL_UPLOADS_CLAIM, "s", submission->instance));
    return 0;
}

enum err district_submissions_parts_missing(void *self, const char *instance, const char *device_id,
                                            void (*each)(void *context,
                                                         const uint8_t digest[CRYPTO_HASH]),
                                            void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_PARTS_LACKING, "ss", instance, device_id);
    while (sql_next(db, statement)) {
        uint8_t digest[CRYPTO_HASH];
        sql_bytes(statement, 0, digest, sizeof digest);
        each(context, digest);
    }
    return sql_result(db, why);
}

static void open_case(struct district_db *db, const struct district_submission *submission)
{
    int64_t now = submission->received_utc_ms;
    sql_run(db, sql_bind(db, SQL_CASE_BEGIN, "iis", now, now, submission->instance));
    sql_run(db, sql_bind(db, SQL_EVENT_PUT, "sssssi", submission->instance, "", "10", "", "ingest",
                         now));
}

enum err district_submissions_put(void *self, const struct district_submission *submission,
                                  const struct district_part *parts, size_t count,
                                  struct district_put *out, struct fail *why)
{
    struct district_db *db = self;
    bool known = false, complete = false;
    int64_t bytes = 0;
    *out = (struct district_put){0};
    sql_begin(db);
    enum err err = look(db, submission, &known, &complete, why);
    if (!err && !known) {
        bytes = bytes_of(submission, parts, count);
        insert(db, submission);
        insert_parts(db, submission->instance, parts, count);
    } else if (!err && !complete) {
        bytes = fill_parts(db, submission->instance, parts, count);
    }
    if (!err && !stored_take(db, submission->device_id, &submission->share, bytes)) {
        out->over_share = true;
        (void)!sql_finish(db, ERR_FULL, NULL);
        return stored_refuse(db, submission->device_id, &submission->share, why);
    }
    if (!err && !complete) {
        out->missing = missing(db, submission);
        out->became_complete = out->missing == 0;
        if (out->became_complete)
            open_case(db, submission);
    }
    out->is_new = !known;
    return sql_finish(db, err, why);
}

// An uploaded part from its pieces.
static void give_upload(struct district_db *db, int64_t upload, const char *name,
                        district_each_part *each, void *context)
{
    struct strbuf whole;
    strbuf_init(&whole, LIMIT_PART_BYTES + 64);
    sqlite3_stmt *statement = sql_bind(db, SQL_UPLOAD_PIECES, "i", upload);
    while (sql_next(db, statement))
        column_append(statement, 0, &whole);
    if (whole.failed)
        db->failure = SQLITE_NOMEM;
    else
        each(context, name, strbuf_text(&whole), whole.length);
    strbuf_free(&whole);
}

static void each_sealed(struct district_db *db, sqlite3_stmt *statement, district_each_part *each,
                        void *context)
{
    while (sql_next(db, statement)) {
        char name[128];
        sql_text(statement, 0, name, sizeof name);
        const void *bytes = sqlite3_column_blob(statement, 1);
        if (sqlite3_column_type(statement, 2) == SQLITE_INTEGER)
            give_upload(db, sqlite3_column_int64(statement, 2), name, each, context);
        else
            each(context, name, bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement, 1));
    }
}

enum err district_submissions_sealed_read(void *self, const char *instance, struct strbuf *manifest,
                                          district_each_part *each, void *context, struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_MANIFEST, "s", instance);
    while (sql_next(db, statement)) {
        strbuf_add(manifest, sqlite3_column_blob(statement, 0),
                   (size_t)sqlite3_column_bytes(statement, 0));
        found = true;
    }
    each_sealed(db, sql_bind(db, SQL_PARTS, "s", instance), each, context);
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "no such submission");
    return err;
}

enum err district_submissions_next_sealed(void *self, int64_t *cursor, int64_t now_utc_ms,
                                          char instance[LIMIT_INSTANCE_ID], struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_NEXT_SEALED, "ii", *cursor, now_utc_ms);
    while (sql_next(db, statement)) {
        *cursor = sqlite3_column_int64(statement, 0);
        sql_text(statement, 1, instance, LIMIT_INSTANCE_ID);
        found = true;
    }
    enum err err = sql_result(db, why);
    return err ? err : found ? ERR_OK : ERR_NOT_FOUND;
}
