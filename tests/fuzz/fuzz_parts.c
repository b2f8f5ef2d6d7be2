// SPDX-License-Identifier: GPL-3.0-or-later
// Any requests for parts from a registered device, one a line: what is asked (H, P, or C for a PUT
// that was cut), then the path below /v1/parts/, the offset, the size and the bytes, with blanks
// between. A path of "=" is the digest of the bytes of the whole line. What the district calls
// complete must be what its digest says.
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/district/district.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite_district.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { LINE = 4096 };

static int64_t now_ms = 1795398000000;
static struct crypto crypto;
static char path[64];

struct asked {
    char kind, path[300], offset[32], size[32];
    const char *body;
    size_t length;
};

static struct when fuzz_now(void *self)
{
    (void)self;
    now_ms += 1000; // so that the device always has its share
    return (struct when){.utc_ms = now_ms, .monotonic_ms = now_ms};
}

static const char *query(const struct http_exchange *exchange, const char *name)
{
    const struct asked *asked = exchange->driver;
    return text_equal(name, "size") && asked->size[0] ? asked->size : NULL;
}

static const char *header(const struct http_exchange *exchange, const char *name)
{
    const struct asked *asked = exchange->driver;
    return text_equal(name, "Upload-Offset") && asked->offset[0] ? asked->offset : NULL;
}

static void remove_database(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static struct district *open_district(struct district_store *store)
{
    static const struct clock_ops clock_ops = {fuzz_now};
    static const struct clock clock = {&clock_ops, NULL};
    static const struct district_device device = {
        .id = "kiosk-1", .counter = "001", .key_id = "key-1", .fingerprint = "print-1"};
    static const uint8_t code[CRYPTO_HASH] = {1};
    struct district *district = NULL;
    snprintf(path, sizeof path, "/tmp/yimen-fuzz-parts-%d.db", (int)getpid());
    log_set_level(LOG_NONE);
    if (sodium_crypto_open(&crypto, NULL) != ERR_OK ||
        sqlite_district_open(path, store, NULL) != ERR_OK ||
        store->ops->code_put(store->self, code, "001", now_ms + 1, NULL) != ERR_OK ||
        store->ops->device_add(store->self, code, &device, NULL) != ERR_OK ||
        district_open(
            &(struct district_options){.store = store, .crypto = &crypto, .clock = &clock},
            &district, NULL) != ERR_OK)
        abort();
    atexit(remove_database);
    return district;
}

static void take(void *context, const void *data, size_t length)
{
    crypto.ops->sha256_add(crypto.self, context, data, length);
}

// What is complete is what its name says.
static void check(const struct district_store *store, const char *name)
{
    struct district_upload upload;
    struct crypto_sha256 running;
    uint8_t digest[CRYPTO_HASH], found[CRYPTO_HASH];
    struct strbuf bytes;
    struct fail why;
    strbuf_init(&bytes, CRYPTO_HASH);
    if (crypto.ops->hex_decode(crypto.self, name, strlen(name), &bytes) == ERR_OK &&
        bytes.length == CRYPTO_HASH) {
        memcpy(digest, bytes.data, sizeof digest);
        crypto.ops->sha256_begin(crypto.self, &running);
        if (store->ops->upload_get(store->self, "kiosk-1", digest, &upload, &why) == ERR_OK &&
            upload.complete) {
            if (store->ops->upload_read(store->self, "kiosk-1", digest, take, &running, NULL) !=
                ERR_OK)
                abort();
            crypto.ops->sha256_end(crypto.self, &running, found);
            if (upload.there != upload.size || memcmp(found, digest, sizeof found) != 0)
                abort();
        }
    }
    strbuf_free(&bytes);
}

static void ask(struct district *district, const struct district_store *store, struct asked *asked)
{
    char whole[400];
    snprintf(whole, sizeof whole, "/v1/parts/%s", asked->path);
    struct http_exchange exchange = {.method = asked->kind == 'H' ? "HEAD" : "PUT",
                                     .path = whole,
                                     .peer_device = "kiosk-1",
                                     .peer_fingerprint = "print-1",
                                     .peer_address = "127.0.0.1",
                                     .body = asked->body,
                                     .length = asked->kind == 'H' ? 0 : asked->length,
                                     .is_cut = asked->kind == 'C',
                                     .query = query,
                                     .header = header,
                                     .driver = asked};
    strbuf_init(&exchange.reply, 1 << 20);
    district_handle_device(district, &exchange);
    if (exchange.status < 200 || exchange.status == 503)
        abort();
    check(store, asked->path);
    strbuf_free(&exchange.reply);
}

static void name_by_bytes(struct asked *asked)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    crypto.ops->digest(crypto.self, DIGEST_SHA256, asked->body, asked->length, digest);
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        snprintf(asked->path + 2 * i, 3, "%02x", digest[i]);
}

// The next word and the blank behind it.
static const char *take_word(const char *from, char *out, size_t room)
{
    from += strspn(from, " ");
    size_t length = strcspn(from, " ");
    size_t kept = length < room - 1 ? length : room - 1;
    memcpy(out, from, kept);
    out[kept] = '\0';
    from += length;
    return *from ? from + 1 : from;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct district_store store;
    static struct district *district;
    if (!district)
        district = open_district(&store);
    for (int i = 0; i < 12 && length > 0; i++) {
        const uint8_t *end = memchr(bytes, '\n', length);
        size_t used = end ? (size_t)(end - bytes) : length;
        char line[LINE];
        struct asked asked = {0};
        snprintf(line, sizeof line, "%.*s", (int)(used < LINE ? used : LINE - 1),
                 (const char *)bytes);
        if (line[0]) {
            const char *at = line + 1;
            asked.kind = line[0];
            at = take_word(at, asked.path, sizeof asked.path);
            at = take_word(at, asked.offset, sizeof asked.offset);
            at = take_word(at, asked.size, sizeof asked.size);
            asked.body = at;
            asked.length = strlen(at);
            if (text_equal(asked.path, "="))
                name_by_bytes(&asked);
            ask(district, &store, &asked);
        }
        bytes += end ? used + 1 : used;
        length -= end ? used + 1 : used;
    }
    return 0;
}
