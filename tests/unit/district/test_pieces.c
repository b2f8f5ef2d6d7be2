// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that come in pieces: each costs the listener as little as any other, the last one too, and
// one kiosk's leave time for the others' cases.
#include "office_bench.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PIECES = 30 };

// of "abcdef"
static const char abcdef[] =
    "/v1/parts/bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

struct piece {
    const char *path, *size, *offset, *bytes;
    size_t length;
};

static int open_all(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    log_set_level(LOG_ERROR);
    *state = bench;
    bench_open(bench);
    return 0;
}

static int close_all(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static const char *query(const struct http_exchange *exchange, const char *name)
{
    const struct piece *piece = exchange->driver;
    return text_equal(name, "size") ? piece->size : NULL;
}

static const char *header(const struct http_exchange *exchange, const char *name)
{
    const struct piece *piece = exchange->driver;
    return text_equal(name, "Upload-Offset") ? piece->offset : NULL;
}

static struct http_exchange ask(struct bench *bench, const char *method, const struct piece *piece)
{
    struct http_exchange exchange = {.method = method,
                                     .path = piece->path,
                                     .peer_device = bench->device.id,
                                     .peer_fingerprint = bench->device.fingerprint,
                                     .body = piece->bytes,
                                     .length = piece->length,
                                     .query = query,
                                     .header = header,
                                     .driver = (void *)(uintptr_t)piece};
    strbuf_init(&exchange.reply, 1 << 16);
    district_handle_device(bench->district, &exchange);
    strbuf_free(&exchange.reply);
    return exchange;
}

static int put(struct bench *bench, const char *offset, const char *bytes)
{
    const struct piece piece = {abcdef, "6", offset, bytes, strlen(bytes)};
    return ask(bench, "PUT", &piece).status;
}

static struct district_store_ops counting_ops;
static enum err (*really_read)(void *, const char *, const uint8_t *,
                               void (*)(void *, const void *, size_t), void *, struct fail *);
static int readings;

static enum err count_reading(void *self, const char *device, const uint8_t *digest,
                              void (*each)(void *, const void *, size_t), void *context,
                              struct fail *why)
{
    readings++;
    return really_read(self, device, digest, each, context, why);
}

static void count_readings(struct bench *bench)
{
    readings = 0;
    counting_ops = *bench->store.ops;
    really_read = counting_ops.upload_read;
    counting_ops.upload_read = count_reading;
    bench->store.ops = &counting_ops;
}

static bool is_complete(struct bench *bench)
{
    struct district_upload upload;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    bench->crypto.ops->digest(bench->crypto.self, DIGEST_SHA256, "abcdef", 6, digest);
    return bench->store.ops->upload_get(bench->store.self, bench->device.id, digest, &upload,
                                        NULL) == ERR_OK &&
           upload.complete;
}

static void the_last_piece_is_not_dearer_than_the_first(void **state)
{
    struct bench *bench = *state;
    const struct district_store_ops *real = bench->store.ops;
    assert_int_equal(put(bench, "0", "ab"), 200);
    bench_restart(bench); // what is known of its digest is in the store
    count_readings(bench);
    assert_int_equal(put(bench, "2", "c"), 200);
    assert_int_equal(put(bench, "3", "def"), 200);
    assert_true(is_complete(bench));
    assert_int_equal(readings, 0);
    bench->store.ops = real;
}

static void what_was_begun_before_digests_went_along_is_read_once(void **state)
{
    struct bench *bench = *state;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct district_upload upload;
    bench->crypto.ops->digest(bench->crypto.self, DIGEST_SHA256, "abcdef", 6, digest);
    const struct district_piece old = {.device_id = bench->device.id,
                                       .digest = digest,
                                       .size = 6,
                                       .data = "abc",
                                       .length = 3,
                                       .now_utc_ms = bench->clock.now.utc_ms,
                                       .quota = 1 << 20};
    const struct district_store_ops *real = bench->store.ops;
    assert_int_equal(real->upload_add(bench->store.self, &old, &upload, NULL), ERR_OK);
    count_readings(bench);
    assert_int_equal(put(bench, "3", "d"), 200);
    assert_int_equal(put(bench, "4", "ef"), 200);
    assert_true(is_complete(bench));
    assert_int_equal(readings, 1);
    bench->store.ops = real;
}

static void other_bytes_are_thrown_away_with_the_last_piece(void **state)
{
    struct bench *bench = *state;
    const struct piece none = {abcdef, "6", "0", "", 0};
    assert_int_equal(put(bench, "0", "abX"), 200);
    assert_int_equal(put(bench, "2", "cdef"), 409); // and does not spoil the digest
    assert_int_equal(put(bench, "3", "def"), 422);
    assert_int_equal(ask(bench, "HEAD", &none).status, 404);
    assert_int_equal(put(bench, "0", "abc"), 200);
    assert_int_equal(put(bench, "3", "def"), 200);
    assert_true(is_complete(bench));
}

static void another_asks(struct bench *bench)
{
    const struct district_device own = bench->device;
    memset(bench->device.fingerprint, 'd', 64);
    (void)bench_ask(bench, "HEAD", "/submission", NULL, NULL);
    bench->device = own;
}

// The next of many pieces of one part, each as large as they are taken.
static struct http_exchange put_large(struct bench *bench, int at)
{
    static char bytes[DISTRICT_PIECE_MAXIMUM];
    char path[96], size[24], offset[24];
    snprintf(path, sizeof path, "/v1/parts/%064x", 7);
    snprintf(size, sizeof size, "%d", (PIECES + 1) * DISTRICT_PIECE_MAXIMUM);
    snprintf(offset, sizeof offset, "%d", at * DISTRICT_PIECE_MAXIMUM);
    const struct piece piece = {path, size, offset, bytes, sizeof bytes};
    return ask(bench, "PUT", &piece);
}

static void alone_a_kiosk_sends_its_parts_as_fast_as_it_can(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < PIECES; i++) {
        struct http_exchange exchange = put_large(bench, i);
        assert_int_equal(exchange.status, 200);
        assert_int_equal(exchange.answer_after_ms, 0);
    }
}

static void beside_others_a_kiosk_that_waits_for_its_answers_gets_through(void **state)
{
    struct bench *bench = *state;
    int64_t begun_ms = bench->clock.now.monotonic_ms;
    for (int i = 0; i < PIECES; i++) {
        another_asks(bench);
        struct http_exchange exchange = put_large(bench, i);
        assert_int_equal(exchange.status, 200);
        assert_in_range(exchange.answer_after_ms, 0, 500); // far from any time-out
        fake_clock_pass(&bench->clock, exchange.answer_after_ms);
    }
    int64_t took_ms = bench->clock.now.monotonic_ms - begun_ms;
    assert_in_range(took_ms, 3200, 4500); // seven and a half megabytes, two a second
}

static void beside_others_who_does_not_wait_is_told_to_come_again(void **state)
{
    struct bench *bench = *state;
    struct http_exchange exchange = {.status = 200};
    int taken = 0;
    another_asks(bench);
    while (exchange.status == 200 && taken < PIECES)
        exchange = put_large(bench, taken++);
    assert_int_equal(exchange.status, 429);
    assert_true(exchange.answer_after_ms > 0); // asking at once again costs nobody anything
    assert_in_range(taken, 8, 25);             // eight connections at once are none too many
    fake_clock_pass(&bench->clock, 1000);
    another_asks(bench);
    assert_int_equal(put_large(bench, taken - 1).status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)
        WITH_BENCH(the_last_piece_is_not_dearer_than_the_first),
        WITH_BENCH(what_was_begun_before_digests_went_along_is_read_once),
        WITH_BENCH(other_bytes_are_thrown_away_with_the_last_piece),
        WITH_BENCH(alone_a_kiosk_sends_its_parts_as_fast_as_it_can),
        WITH_BENCH(beside_others_a_kiosk_that_waits_for_its_answers_gets_through),
        WITH_BENCH(beside_others_who_does_not_wait_is_told_to_come_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
