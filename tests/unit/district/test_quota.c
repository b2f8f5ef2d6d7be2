// SPDX-License-Identifier: GPL-3.0-or-later
// What one kiosk may store on a day: beyond it is said why and until when, nobody else notices, and
// tomorrow it goes on where it was.
#include "office_bench.h"
#include "yimen/base/text.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_MS = 3600000, UNTIL_MIDNIGHT_HOURS = 14 };

static const char *const numbers[] = {"370212001251123170019", "370212001251123170027",
                                      "370212001251123170035"};

static int open_all(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench_open(bench);
    *state = bench;
    return 0;
}

static int close_all(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static struct bench_submission *make(struct bench *bench, int number, bool urgent)
{
    struct bench_submission *made = calloc(1, sizeof *made);
    char instance[64];
    snprintf(instance, sizeof instance, "uuid:%d", number);
    const struct bench_record record = {.instance = instance, .receipt = numbers[number]};
    bench_submission(bench, &record, made);
    made->manifest.seal.urgent = urgent;
    bench_rewrite(bench, made, true);
    return made;
}

static int64_t size_of(const struct bench_submission *submission)
{
    int64_t bytes = (int64_t)submission->xml.length;
    for (size_t i = 0; i < submission->envelope.count; i++)
        bytes += (int64_t)submission->envelope.parts[i].length;
    return bytes;
}

static void discard(struct bench_submission *submission)
{
    bench_submission_free(submission);
    free(submission);
}

static const struct bench_answer *post(struct bench *bench, const struct bench_submission *one)
{
    return bench_post(bench, one, 0, one->envelope.count);
}

static void allow(struct bench *bench, int64_t bytes)
{
    bench->bytes_a_day = bytes;
    bench_restart(bench);
}

static const char *header_of(const struct bench_answer *answer, const char *name)
{
    for (size_t i = 0; i < sizeof answer->headers / sizeof answer->headers[0]; i++)
        if (text_starts(answer->headers[i], name))
            return answer->headers[i] + strlen(name);
    return "";
}

// What staff are shown of the only device.
static bool staff_see(struct bench *bench, int64_t bytes)
{
    struct strbuf out;
    struct fail why = {0};
    strbuf_init(&out, 1 << 20);
    if (district_devices(bench->district, &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *list = json_loads(strbuf_text(&out), 0, NULL), *first = json_array_get(list, 0);
    strbuf_free(&out);
    assert_string_equal(json_string_value(json_object_get(first, "device")), "kiosk-001-7-test");
    assert_int_equal(json_integer_value(json_object_get(first, "bytes_today")), bytes);
    bool over = json_is_true(json_object_get(first, "over_share"));
    json_decref(list);
    return over;
}

static void what_is_over_the_share_waits_in_the_kiosk_until_tomorrow(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, 0, false), *two = make(bench, 1, false);
    allow(bench, size_of(one) + size_of(two) / 2);
    assert_int_equal(post(bench, one)->status, 201);
    assert_false(staff_see(bench, size_of(one)));
    const struct bench_answer *refused = post(bench, two);
    assert_int_equal(refused->status, 429);
    assert_non_null(strstr(refused->body, "safe in the kiosk"));
    int64_t wait_s = 0;
    assert_true(text_to_int64(header_of(refused, "Retry-After: "), &wait_s));
    assert_in_range(wait_s, 1, UNTIL_MIDNIGHT_HOURS * 3600);
    assert_int_equal(bench_rows(bench), 1);
    assert_true(staff_see(bench, size_of(one)));
    assert_int_equal(post(bench, one)->status, 201); // the same again stores nothing
    fake_clock_pass(&bench->clock, wait_s * 1000 - 1);
    assert_int_equal(post(bench, two)->status, 429);
    fake_clock_pass(&bench->clock, 1);
    assert_int_equal(post(bench, two)->status, 201);
    assert_false(staff_see(bench, size_of(two)));
    discard(one);
    discard(two);
}

static void an_urgent_case_gets_through_a_little_longer(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *plain = make(bench, 1, false), *urgent = make(bench, 2, true);
    int64_t tenth = size_of(urgent) + 64;
    allow(bench, 10 * tenth);
    const struct district_share share = {.day = 251123, .bytes_a_day = 10 * tenth};
    char *fill = calloc(1, (size_t)(10 * tenth)); // scans of the same day, up to the brim
    uint8_t digest[CRYPTO_HASH] = {9};
    struct district_upload upload;
    const struct district_piece piece = {.device_id = bench->device.id,
                                         .digest = digest,
                                         .size = 10 * tenth,
                                         .data = fill,
                                         .length = (size_t)(10 * tenth),
                                         .share = share,
                                         .quota = 1 << 30};
    assert_int_equal(bench->store.ops->upload_add(bench->store.self, &piece, &upload, NULL),
                     ERR_OK);
    free(fill);
    assert_int_equal(post(bench, plain)->status, 429);
    assert_int_equal(post(bench, urgent)->status, 201);
    discard(plain);
    discard(urgent);
}

static void another_kiosk_has_its_own_share(void **state)
{
    static const struct district_device other = {
        .id = "kiosk-001-8-test", .counter = "001", .key_id = "device-key-2", .fingerprint = "bb"};
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, 0, false), *two = make(bench, 1, false);
    uint8_t code[CRYPTO_HASH] = {2};
    allow(bench, size_of(one) + 1);
    assert_int_equal(bench->store.ops->code_put(bench->store.self, code, "001", INT64_MAX, NULL),
                     ERR_OK);
    assert_int_equal(bench->store.ops->device_add(bench->store.self, code, &other, NULL), ERR_OK);
    assert_int_equal(post(bench, one)->status, 201);
    assert_int_equal(post(bench, two)->status, 429);
    text_copy(bench->device.id, sizeof bench->device.id, other.id);
    text_copy(bench->device.fingerprint, sizeof bench->device.fingerprint, other.fingerprint);
    assert_int_equal(post(bench, two)->status, 201);
    discard(one);
    discard(two);
}

static const char *no_query(const struct http_exchange *exchange, const char *name)
{
    (void)exchange;
    return text_equal(name, "size") ? "6" : NULL;
}

static const char *offset_header(const struct http_exchange *exchange, const char *name)
{
    return text_equal(name, "Upload-Offset") ? exchange->driver : NULL;
}

static int put(struct bench *bench, const char *offset, const char *bytes)
{
    struct http_exchange exchange = {
        .method = "PUT",
        .path = "/v1/parts/bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721",
        .peer_device = bench->device.id,
        .peer_fingerprint = bench->device.fingerprint,
        .body = bytes,
        .length = strlen(bytes),
        .query = no_query,
        .header = offset_header,
        .driver = (void *)(uintptr_t)offset};
    strbuf_init(&exchange.reply, 1 << 16);
    district_handle_device(bench->district, &exchange);
    strbuf_free(&exchange.reply);
    return exchange.status;
}

static void a_part_goes_on_tomorrow_where_it_was(void **state)
{
    struct bench *bench = *state;
    allow(bench, 5);
    assert_int_equal(put(bench, "0", "abc"), 200);
    assert_int_equal(put(bench, "3", "def"), 429);
    assert_true(staff_see(bench, 3));
    fake_clock_pass(&bench->clock, (int64_t)UNTIL_MIDNIGHT_HOURS * HOUR_MS);
    assert_int_equal(put(bench, "3", "def"), 200);
}

static void parts_of_an_urgent_case_get_through_a_little_longer_too(void **state)
{
    struct bench *bench = *state;
    static const char fill[47];
    const uint8_t other[CRYPTO_HASH] = {9};
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct district_upload upload;
    struct district_put filed;
    allow(bench, 50);
    const struct district_piece piece = {.device_id = bench->device.id,
                                         .digest = other,
                                         .size = sizeof fill,
                                         .data = fill,
                                         .length = sizeof fill,
                                         .share = {.day = 251123, .bytes_a_day = 50},
                                         .quota = 1 << 20};
    const struct district_store_ops *ops = bench->store.ops;
    assert_int_equal(ops->upload_add(bench->store.self, &piece, &upload, NULL), ERR_OK);
    assert_int_equal(put(bench, "0", "abc"), 200);
    assert_int_equal(put(bench, "3", "def"), 429);
    struct district_submission urgent = {
        .instance = "uuid:urgent", .urgent = true, .manifest = {"m", 1}};
    text_copy(urgent.device_id, sizeof urgent.device_id, bench->device.id);
    bench->crypto.ops->digest(bench->crypto.self, DIGEST_SHA256, "abcdef", 6, digest);
    struct district_part lacking = {.name = "page.enc", .size = 6};
    memcpy(lacking.digest, digest, CRYPTO_HASH);
    assert_int_equal(ops->submission_put(bench->store.self, &urgent, &lacking, 1, &filed, NULL),
                     ERR_OK);
    assert_int_equal(put(bench, "3", "def"), 200);
}

static void sum_bytes(void *context, const struct district_device *device,
                      const struct district_stored *stored)
{
    (void)device;
    *(int64_t *)context += stored->bytes;
}

static int64_t stored_on(struct bench *bench, int day)
{
    int64_t bytes = 0;
    assert_int_equal(bench->store.ops->device_each(bench->store.self, day, sum_bytes, &bytes, NULL),
                     ERR_OK);
    return bytes;
}

static void what_was_stored_last_year_is_known_for_a_month(void **state)
{
    enum { DAY_HOURS = 24, TO_NEW_YEARS_EVE = 38 };
    struct bench *bench = *state;
    allow(bench, 100);
    fake_clock_pass(&bench->clock, (int64_t)TO_NEW_YEARS_EVE * DAY_HOURS * HOUR_MS);
    assert_int_equal(put(bench, "0", "abc"), 200);
    assert_int_equal(stored_on(bench, 251231), 3);
    fake_clock_pass(&bench->clock, (int64_t)DAY_HOURS * HOUR_MS);
    assert_int_equal(put(bench, "3", "d"), 200);
    assert_int_equal(stored_on(bench, 260101), 1);
    assert_int_equal(stored_on(bench, 251231), 3);
    fake_clock_pass(&bench->clock, (int64_t)31 * DAY_HOURS * HOUR_MS);
    assert_int_equal(put(bench, "0", "abc"), 200);
    assert_int_equal(stored_on(bench, 251231), 0);
    assert_int_equal(stored_on(bench, 260101), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)
        WITH_BENCH(what_is_over_the_share_waits_in_the_kiosk_until_tomorrow),
        WITH_BENCH(an_urgent_case_gets_through_a_little_longer),
        WITH_BENCH(another_kiosk_has_its_own_share),
        WITH_BENCH(a_part_goes_on_tomorrow_where_it_was),
        WITH_BENCH(parts_of_an_urgent_case_get_through_a_little_longer_too),
        WITH_BENCH(what_was_stored_last_year_is_known_for_a_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
