// SPDX-License-Identifier: GPL-3.0-or-later
// HEAD and PUT /v1/parts/<sha256>: a part of a large case comes in pieces, each durable before it
// is answered, and goes on where it was cut. Its digest goes along, so that the last piece costs no
// more than any other: it is what its digest says, or it is thrown away. A device has a quota and,
// while others are there, a pace; what no case claims goes.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    SEALED_MAXIMUM = LIMIT_PART_BYTES + 16,
    QUOTA_BYTES = 128 << 20, ///< of one device: four of the largest cases on their way at once
    KEPT_DAYS = 7,
};

static const char folder[] = "/v1/parts/";

static bool read_digest(struct district *district, const struct http_exchange *exchange,
                        uint8_t out[CRYPTO_HASH])
{
    const struct crypto *crypto = district->options.crypto;
    const char *text = exchange->path + strlen(folder);
    struct strbuf bytes;
    size_t length = strlen(text);
    strbuf_init(&bytes, CRYPTO_HASH);
    bool good = length == 2 * (size_t)CRYPTO_HASH && strspn(text, "0123456789abcdef") == length &&
                crypto->ops->hex_decode(crypto->self, text, length, &bytes) == ERR_OK;
    if (good)
        memcpy(out, bytes.data, CRYPTO_HASH);
    strbuf_free(&bytes);
    return good;
}

static void answer(struct http_exchange *exchange, int status, int64_t there)
{
    char line[48];
    snprintf(line, sizeof line, "Upload-Offset: %lld", (long long)there);
    openrosa_headers(exchange);
    if (there >= 0)
        answer_header(exchange, line);
    exchange->status = status;
}

struct reading {
    const struct crypto *crypto;
    struct crypto_sha256 running;
};

static void read_on(void *context, const void *data, size_t length)
{
    struct reading *reading = context;
    reading->crypto->ops->sha256_add(reading->crypto->self, &reading->running, data, length);
}

// All its bytes are here. ERR_CORRUPT: they were another part's, and are gone.
static enum err settle(struct district *district, const char *device, const uint8_t *digest,
                       const struct district_upload *upload, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct reading reading = {.crypto = district->options.crypto, .running = upload->digested};
    uint8_t found[CRYPTO_HASH];
    enum err err = ERR_OK;
    if (!upload->is_digested) { // begun by an older program
        reading.crypto->ops->sha256_begin(reading.crypto->self, &reading.running);
        err = store->ops->upload_read(store->self, device, digest, read_on, &reading, why);
    }
    if (err)
        return err;
    reading.crypto->ops->sha256_end(reading.crypto->self, &reading.running, found);
    bool is_good = memory_equal(found, digest, sizeof found);
    err = store->ops->upload_finish(store->self, device, digest, is_good, why);
    if (!err && !is_good)
        err = fail_set(why, ERR_CORRUPT, "a part is not what its digest says");
    return err;
}

static void fail_answer(struct http_exchange *exchange, enum err err, const struct fail *why)
{
    if (err == ERR_CORRUPT || err == ERR_FULL)
        log_fail(LOG_WARNING, "district", "part-refused", why);
    else
        log_fail(LOG_ERROR, "district", "part-not-filed", why);
    answer(exchange, err == ERR_CORRUPT ? 422 : err == ERR_FULL ? 507 : 503, -1);
}

void parts_head(struct district *district, const struct district_device *device,
                struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    struct district_upload upload;
    uint8_t digest[CRYPTO_HASH];
    struct fail why = {0};
    if (!read_digest(district, exchange, digest)) {
        answer(exchange, 400, -1);
        return;
    }
    enum err err = store->ops->upload_get(store->self, device->id, digest, &upload, &why);
    // The power may have gone between the last piece and the look at all of it.
    if (!err && !upload.complete && upload.there == upload.size)
        err = settle(district, device->id, digest, &upload, &why);
    if (!err)
        answer(exchange, 200, upload.there);
    else if (err == ERR_NOT_FOUND || err == ERR_CORRUPT)
        answer(exchange, 404, -1);
    else
        fail_answer(exchange, err, &why);
}

// The piece that the request describes. 0, or the status of what is wrong with it.
static int read_piece(struct district *district, const struct district_device *device,
                      const struct http_exchange *exchange, struct district_piece *out)
{
    const char *size = exchange->query(exchange, "size");
    const char *offset = exchange->header(exchange, "Upload-Offset");
    *out = (struct district_piece){.device_id = device->id,
                                   .data = exchange->body,
                                   .length = exchange->length,
                                   .now_utc_ms = clock_now(district->options.clock).utc_ms,
                                   .quota = QUOTA_BYTES};
    if (!size || !offset || !text_to_int64(size, &out->size) ||
        !text_to_int64(offset, &out->offset) || out->size < 1 || out->offset < 0 || out->length < 1)
        return 400;
    return out->size > SEALED_MAXIMUM || out->length > DISTRICT_PIECE_MAXIMUM ? 413 : 0;
}

// The digest of what is there and these bytes. False: of what is there it is not known.
static bool digest_on(const struct district *district, const struct district_piece *piece,
                      const struct district_upload *there, struct crypto_sha256 *out)
{
    const struct crypto *crypto = district->options.crypto;
    if (there->there > 0 && !there->is_digested)
        return false;
    *out = there->digested;
    if (there->there == 0)
        crypto->ops->sha256_begin(crypto->self, out);
    crypto->ops->sha256_add(crypto->self, out, piece->data, piece->length);
    return true;
}

static enum err add(struct district *district, struct district_piece *piece,
                    struct district_upload *upload, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct crypto_sha256 digested;
    bool urgent = false;
    enum err err =
        store->ops->upload_is_urgent(store->self, piece->device_id, piece->digest, &urgent, why);
    piece->share = quota_share(district, urgent);
    if (!err && piece->offset == 0)
        err = store->ops->uploads_expire(store->self,
                                         piece->now_utc_ms - KEPT_DAYS * (int64_t)86400000, why);
    if (!err)
        err = store->ops->upload_get(store->self, piece->device_id, piece->digest, upload, why);
    if (err && err != ERR_NOT_FOUND)
        return err;
    bool is_next = piece->offset == upload->there; // the store refuses any other
    if (is_next && digest_on(district, piece, upload, &digested))
        piece->digested = &digested;
    return store->ops->upload_add(store->self, piece, upload, why);
}

void parts_put(struct district *district, const struct district_device *device,
               struct http_exchange *exchange)
{
    struct district_upload upload = {0};
    struct district_piece piece;
    uint8_t digest[CRYPTO_HASH];
    struct fail why = {0};
    if (!pace_take(district, exchange))
        return;
    int wrong = read_digest(district, exchange, digest)
                    ? read_piece(district, device, exchange, &piece)
                    : 400;
    if (wrong) {
        answer(exchange, wrong, -1);
        return;
    }
    piece.digest = digest;
    enum err err = add(district, &piece, &upload, &why);
    bool is_next = err != ERR_CONFLICT;
    if ((!err || !is_next) && !upload.complete && upload.size > 0 && upload.there == upload.size)
        err = settle(district, device->id, digest, &upload, &why);
    if (!err)
        pace_charge(district, exchange);
    if (err == ERR_FULL && upload.over_share)
        quota_answer(district, device, exchange);
    else if (!err || err == ERR_CONFLICT)
        answer(exchange, is_next ? 200 : 409, upload.there);
    else
        fail_answer(exchange, err, &why);
}

static void add_missing(void *context, const uint8_t digest[CRYPTO_HASH])
{
    char text[2 * CRYPTO_HASH + 1];
    for (size_t at = 0; at < CRYPTO_HASH; at++)
        snprintf(text + 2 * at, 3, "%02x", digest[at]);
    json_array_append_new(context, json_string(text));
}

void parts_answer_missing(struct district *district, const struct district_device *device,
                          const char *instance, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    json_t *missing = json_array();
    struct fail why = {0};
    enum err err = missing ? store->ops->parts_missing(store->self, instance, device->id,
                                                       add_missing, missing, &why)
                           : fail_set(&why, ERR_RETRY, "out of memory");
    if (err) {
        json_decref(missing);
        fail_answer(exchange, err, &why);
        return;
    }
    openrosa_headers(exchange);
    json_answer(exchange, 202, json_pack("{s:o}", "missing", missing));
}
