// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes from a registered device to the district's own listener: a manifest, a heartbeat, a
// comparison, a cursor. First byte: which. Nothing that nobody signed becomes a case.
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

static int64_t now_ms = 1795398000000;

static struct when fuzz_now(void *self)
{
    (void)self;
    now_ms += 1000; // so that the device always has its share
    return (struct when){.utc_ms = now_ms, .monotonic_ms = now_ms};
}

static const char *no_query(const struct http_exchange *exchange, const char *name)
{
    return text_equal(name, "since") ? exchange->driver : NULL;
}

static const char *header(const struct http_exchange *exchange, const char *name)
{
    (void)exchange;
    return text_equal(name, "X-OpenRosa-Version") ? "1.0" : NULL;
}

static char path[64];

// Of the form that ships; seeds name it as "@VERSION@", so that they go on meaning it.
static char form_version[64];

static void read_version(void)
{
    static const char before[] = "id=\"urgent-relief\" version=\"";
    static char text[1 << 16];
    FILE *file = fopen("assets/forms/urgent_relief.xml", "rb");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    const char *at = strstr(text, before);
    if (!at)
        abort();
    at += strlen(before);
    snprintf(form_version, sizeof form_version, "%.*s", (int)strcspn(at, "\""), at);
    (void)fclose(file);
}

// A copy of the input, ended, in which the version stands where it is asked for.
static char *filled(const uint8_t *bytes, size_t *length)
{
    static const char mark[] = "@VERSION@";
    size_t used = 0, there = strlen(form_version), left = *length;
    char *out = calloc(1, *length / strlen(mark) * there + *length + 1);
    if (!out)
        abort();
    while (left > 0) {
        bool marked = left >= strlen(mark) && memcmp(bytes, mark, strlen(mark)) == 0;
        size_t taken = marked ? strlen(mark) : 1;
        memcpy(out + used, marked ? (const void *)form_version : bytes, marked ? there : 1);
        used += marked ? there : 1;
        bytes += taken;
        left -= taken;
    }
    *length = used;
    return out;
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
    static struct crypto crypto;
    static const struct district_device device = {
        .id = "kiosk-1", .counter = "001", .key_id = "key-1", .fingerprint = "print-1"};
    static const uint8_t code[CRYPTO_HASH] = {1};
    struct district_form form = {.id = "urgent-relief"};
    struct district *district = NULL;
    snprintf(path, sizeof path, "/tmp/yimen-fuzz-district-%d.db", (int)getpid());
    static const uint8_t lookup_key[CRYPTO_KEY] = {1};
    log_set_level(LOG_NONE);
    read_version();
    text_copy(form.version, sizeof form.version, form_version);
    if (sodium_crypto_open(&crypto, NULL) != ERR_OK ||
        sqlite_district_open(path, store, NULL) != ERR_OK ||
        store->ops->code_put(store->self, code, "001", now_ms + 1, NULL) != ERR_OK ||
        store->ops->form_put(store->self, &form, "<x/>", 4, now_ms, NULL) != ERR_OK ||
        store->ops->device_add(store->self, code, &device, NULL) != ERR_OK ||
        district_open(
            &(struct district_options){
                .store = store, .crypto = &crypto, .clock = &clock, .lookup_key = lookup_key},
            &district, NULL) != ERR_OK)
        abort();
    atexit(remove_database);
    return district;
}

static void never(void *context, const struct district_case *row)
{
    (void)context;
    (void)row;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct district_store store;
    static struct district *district;
    static const struct {
        const char *method, *path;
    } asked[] = {{"POST", "/submission"}, {"POST", "/v1/heartbeat"}, {"POST", "/v1/reconcile"},
                 {"GET", "/v1/status"},   {"GET", "/forms/"},        {"POST", "/v1/lookup"},
                 {"POST", "/v1/reprint"}, {"POST", "/v1/token"}};
    if (!district)
        district = open_district(&store);
    if (length == 0)
        return 0;
    size_t which = bytes[0] % (sizeof asked / sizeof asked[0]);
    char asked_path[1024];
    length--;
    char *text = filled(bytes + 1, &length);
    snprintf(asked_path, sizeof asked_path, "%s%.900s", asked[which].path, which == 4 ? text : "");
    struct http_server_part part = {
        .name = "xml_submission_file", .type = "text/xml", .data = text, .length = length};
    struct http_exchange exchange = {.method = asked[which].method,
                                     .path = asked_path,
                                     .peer_device = "kiosk-1",
                                     .peer_fingerprint = "print-1",
                                     .peer_address = "127.0.0.1",
                                     .body = text,
                                     .length = length,
                                     .parts = &part,
                                     .part_count = which == 0,
                                     .query = no_query,
                                     .header = header,
                                     .driver = text};
    strbuf_init(&exchange.reply, 20 << 20);
    district_handle_device(district, &exchange);
    if (exchange.status < 200 || exchange.status == 503 || (which == 0 && exchange.status < 400))
        abort();
    if (store.ops->case_each(store.self, never, NULL, NULL) != ERR_OK)
        abort();
    strbuf_free(&exchange.reply);
    free(text);
    return 0;
}
