// SPDX-License-Identifier: GPL-3.0-or-later
// Kiosks at the back office: enrolled, revoked, held to their share, compared day by day.
#include "district_scene.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER_B "370212001251123170027"
#define NUMBER_C "370212001251123170035"

static void an_unknown_device_gets_nothing(void **state)
{
    static const char *const paths[][2] = {{"HEAD", "/submission"},
                                           {"POST", "/submission"},
                                           {"GET", "/formList"},
                                           {"GET", "/v1/status"},
                                           {"POST", "/v1/heartbeat"}};
    struct bench *bench = *state;
    bench->device.fingerprint[0] = 'b';
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(bench_ask(bench, paths[i][0], paths[i][1], NULL, NULL)->status, 403);
}

static void a_revoked_device_is_refused_and_its_later_cases_are_flagged(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *before = make(bench, &ordinary);
    struct bench_submission *after =
        make(bench, &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B});
    struct district_device revoked = bench->device, other = bench->device;
    struct district_case at;
    const uint8_t code[CRYPTO_HASH] = {2};
    struct bench_submission *backdated =
        make(bench, &(struct bench_record){.instance = "uuid:3", .receipt = NUMBER_C});
    announce(bench, NUMBER_A, NUMBER_B);
    fake_clock_pass(&bench->clock, 1000);
    assert_int_equal(district_revoke(bench->district, revoked.id, "2001", "stolen", NULL), ERR_OK);
    assert_int_equal(district_revoke(bench->district, "nobody", "2001", "", NULL), ERR_NOT_FOUND);
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 403);

    // what it sealed comes with the counter's next device
    memset(other.fingerprint, 'c', 64);
    text_copy(other.id, sizeof other.id, "kiosk-001-8-test");
    text_copy(other.key_id, sizeof other.key_id, "device-key-2");
    assert_int_equal(bench->store.ops->code_put(bench->store.self, code, "001",
                                                bench->clock.now.utc_ms + 1, NULL),
                     ERR_OK);
    assert_int_equal(bench->store.ops->device_add(bench->store.self, code, &other, NULL), ERR_OK);
    after->manifest.seal.saved_utc_ms = bench->clock.now.utc_ms;
    bench_rewrite(bench, after, true);
    bench->device = other;
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, after, 0, 2)->status, 201);
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_A, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "");
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_B, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "revoked-device");
    // dated before, and not among what the device had told that it still had
    assert_int_equal(bench_post(bench, backdated, 0, 2)->status, 201);
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_C, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "revoked-device");
    drop(before);
    drop(after);
    drop(backdated);
}

static struct district_device second_device(struct bench *bench)
{
    struct district_device good = bench->device;
    const uint8_t code[CRYPTO_HASH] = {3};
    memset(good.fingerprint, 'd', 64);
    text_copy(good.id, sizeof good.id, "kiosk-001-9-test");
    text_copy(good.key_id, sizeof good.key_id, "device-key-3");
    assert_int_equal(bench->store.ops->code_put(bench->store.self, code, "001",
                                                bench->clock.now.utc_ms + 1, NULL),
                     ERR_OK);
    assert_int_equal(bench->store.ops->device_add(bench->store.self, code, &good, NULL), ERR_OK);
    return good;
}

// A store in which listing the forms takes the listener two seconds, or this long.
static int64_t slow_ms = 2000;
static struct district_store_ops slow_ops;
static struct bench *slow_bench;

static enum err slow_forms(void *self,
                           void (*each)(void *context, const struct district_form *form),
                           void *context, struct fail *why)
{
    (void)self, (void)each, (void)context, (void)why;
    fake_clock_pass(&slow_bench->clock, slow_ms);
    return ERR_OK;
}

static int ask_as(struct bench *bench, const struct district_device *device, const char *method,
                  const char *path)
{
    bench->device = *device;
    return bench_ask(bench, method, path, NULL, NULL)->status;
}

static void dear_requests_are_paid_for_while_others_are_there(void **state)
{
    struct bench *bench = *state;
    struct district_device dear = bench->device, good = second_device(bench);
    const struct district_store_ops *real = bench->store.ops;
    slow_bench = bench;
    slow_ops = *real;
    slow_ops.form_each = slow_forms;
    bench->store.ops = &slow_ops;
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 200);
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 200); // alone it may
    assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 429);
    assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
    for (int i = 0; i < 20; i++) { // both ask on, and what is owed is paid off
        fake_clock_pass(&bench->clock, 500);
        assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
        (void)ask_as(bench, &dear, "HEAD", "/submission");
    }
    assert_int_equal(ask_as(bench, &dear, "HEAD", "/submission"), 204);
    bench->store.ops = real;
}

// Two who do the same, as fast as they can: together they have all of the time, and each its part.
static void who_has_its_part_is_not_refused_however_slow_the_disk_is(void **state)
{
    struct bench *bench = *state;
    struct district_device devices[2] = {bench->device, second_device(bench)};
    const struct district_store_ops *real = bench->store.ops;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ask_as(bench, &devices[i % 2], "HEAD", "/submission"), 204);
        fake_clock_pass(&bench->clock, 100);
    }
    slow_bench = bench;
    slow_ops = *real;
    slow_ops.form_each = slow_forms;
    bench->store.ops = &slow_ops;
    for (int i = 0; i < 200; i++) {
        slow_ms = 40 + i * 37 % 100; // now this much, now that
        assert_int_equal(ask_as(bench, &devices[i % 2], "GET", "/formList"), 200);
    }
    slow_ms = 2000;
    bench->store.ops = real;
}

static void who_was_quiet_is_not_refused_for_a_disk_that_stood_still_once(void **state)
{
    struct bench *bench = *state;
    struct district_device one = bench->device, other = second_device(bench);
    const struct district_store_ops *real = bench->store.ops;
    for (int i = 0; i < 10; i++) {
        fake_clock_pass(&bench->clock, 500);
        assert_int_equal(ask_as(bench, &one, "HEAD", "/submission"), 204);
        assert_int_equal(ask_as(bench, &other, "HEAD", "/submission"), 204);
    }
    slow_bench = bench;
    slow_ms = 600;
    slow_ops = *real;
    slow_ops.form_each = slow_forms;
    bench->store.ops = &slow_ops;
    assert_int_equal(ask_as(bench, &one, "GET", "/formList"), 200);
    bench->store.ops = real;
    slow_ms = 2000;
    assert_int_equal(ask_as(bench, &other, "HEAD", "/submission"), 204);
    assert_int_equal(ask_as(bench, &one, "HEAD", "/submission"), 204);
}

static void one_device_gone_mad_does_not_hinder_the_others(void **state)
{
    struct bench *bench = *state;
    struct district_device mad = bench->device, good = second_device(bench);
    int refused = 0;
    while (bench_ask(bench, "POST", "/submission", "rubbish", NULL)->status == 400)
        assert_true(++refused < 500);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 429);
    bench->device = good;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 204);
    text_copy(one->manifest.seal.key_id, sizeof one->manifest.seal.key_id, mad.key_id);
    bench_rewrite(bench, one, true);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench->device = mad;
    fake_clock_pass(&bench->clock, 1000);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 204);
    drop(one);
}

static void lists_of_cases_are_compared_so_often_in_a_minute(void **state)
{
    static const char body[] = "{\"day\":20415,\"instances\":[]}";
    struct bench *bench = *state;
    for (int minute = 0; minute < 2; minute++) {
        for (int i = 0; i < 120; i++)
            assert_int_equal(bench_ask(bench, "POST", "/v1/reconcile", body, NULL)->status, 200);
        const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/reconcile", body, NULL);
        assert_int_equal(answer->status, 429);
        assert_string_equal(answer->headers[0], "Retry-After: 60");
        fake_clock_pass(&bench->clock, 60000);
    }
}

static void a_day_that_differs_is_named_and_what_is_missing_listed(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    long long day = one->manifest.seal.saved_utc_ms / 86400000;
    char line[160], body[400];
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf hex;
    strbuf_init(&hex, 64);
    snprintf(line, sizeof line, "%s %s\n", one->manifest.instance_id, NUMBER_A);
    bench->crypto.ops->digest(bench->crypto.self, DIGEST_SHA256, line, strlen(line), digest);
    bench->crypto.ops->hex_encode(bench->crypto.self, digest, CRYPTO_HASH, &hex);
    static const struct {
        int count;
        bool other_digest, differs;
    } table[] = {{1, false, false}, {2, false, true}, {1, true, true}, {0, false, true}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char expected[64];
        snprintf(body, sizeof body, "{\"days\":[{\"day\":%lld,\"count\":%d,\"digest\":\"%s\"}]}",
                 day, table[i].count, table[i].other_digest ? "00" : strbuf_text(&hex));
        snprintf(expected, sizeof expected,
                 table[i].differs ? "{\"differ\":[%lld]}" : "{\"differ\":[]}", day);
        const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/reconcile", body, NULL);
        assert_int_equal(answer->status, 200);
        assert_string_equal(answer->body, expected);
    }
    strbuf_free(&hex);
    snprintf(body, sizeof body, "{\"day\":%lld,\"instances\":[\"uuid:lost\"]}", day);
    assert_string_equal(bench_ask(bench, "POST", "/v1/reconcile", body, NULL)->body,
                        "{\"missing\":[\"uuid:lost\"],\"others\":1}");
    snprintf(body, sizeof body, "{\"day\":%lld,\"instances\":[\"%s\"]}", day,
             one->manifest.instance_id);
    assert_string_equal(bench_ask(bench, "POST", "/v1/reconcile", body, NULL)->body,
                        "{\"missing\":[],\"others\":0}");
    static const char *const bad[] = {"", "[]", "{\"days\":[{\"day\":\"x\"}]}",
                                      "{\"day\":-1,\"instances\":[]}", "{\"days\":7}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(bench_ask(bench, "POST", "/v1/reconcile", bad[i], NULL)->status, 400);
    drop(one);
}

static void invented_cases_are_compared_quickly_and_leave_one_entry(void **state)
{
    struct bench *bench = *state;
    int64_t before = 0, after = 0;
    uint8_t hash[CRYPTO_HASH];
    struct strbuf body;
    strbuf_init(&body, 1 << 20);
    for (int count = 1000; count <= 1001; count++) {
        strbuf_clear(&body);
        strbuf_adds(&body, "{\"day\":20415,\"instances\":[");
        for (int i = 0; i < count; i++)
            strbuf_addf(&body, "%s\"uuid:invented-%d\"", i ? "," : "", i);
        strbuf_adds(&body, "]}");
        assert_int_equal(bench->store.ops->audit_head(bench->store.self, &before, hash, NULL),
                         ERR_OK);
        int status = bench_ask(bench, "POST", "/v1/reconcile", strbuf_text(&body), NULL)->status;
        assert_int_equal(bench->store.ops->audit_head(bench->store.self, &after, hash, NULL),
                         ERR_OK);
        assert_int_equal(status, count == 1000 ? 200 : 400); // a counter's numbers of a day
        assert_int_equal(after - before, count == 1000 ? 1 : 0);
    }
    strbuf_free(&body);
}

static void a_store_that_went_back_is_frozen_for_good(void **state)
{
    static const struct {
        const char *beat;
        int status;
        bool frozen;
    } table[] = {
        {"{\"saves\": 5, \"audit_head\": \"ab\", \"incarnation\": 7, \"unsent\": [\"" NUMBER_A
         "\"]}",
         200, false},
        {"{\"saves\": 5, \"audit_head\": \"ab\", \"incarnation\": 7}", 200, false},
        {"{\"saves\": \"many\"}", 400, false},
        {"not json", 400, false},
        {"{\"saves\": 4, \"audit_head\": \"aa\", \"incarnation\": 7}", 200, true},
        {"{\"saves\": 9, \"audit_head\": \"ac\", \"incarnation\": 7}", 200, true},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct bench_answer *answer =
            bench_ask(bench, "POST", "/v1/heartbeat", table[i].beat, NULL);
        assert_int_equal(answer->status, table[i].status);
        if (table[i].status == 200)
            assert_string_equal(answer->body, table[i].frozen
                                                  ? "{\"frozen\":true,\"backup_utc_ms\":0,"
                                                    "\"audit_sequence\":0}"
                                                  : "{\"frozen\":false,\"backup_utc_ms\":0,"
                                                    "\"audit_sequence\":0}");
    }
}

static void grades_told_twice_count_once(void **state)
{
    struct bench *bench = *state;
    struct strbuf out;
    static const char beat[] =
        "{\"saves\":0,\"audit_head\":\"\",\"ratings\":\"251123 nappies 5 2\\n251123 nappies 2 1\\n"
        "nonsense\"}";
    for (int i = 0; i < 3; i++)
        assert_int_equal(bench_ask(bench, "POST", "/v1/heartbeat", beat, NULL)->status, 200);
    strbuf_init(&out, 4096);
    assert_int_equal(district_ratings(bench->district, &out, NULL), ERR_OK);
    json_t *list = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *counter = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(counter, "counter")), "001");
    assert_int_equal(json_integer_value(json_object_get(counter, "count")), 3);
    assert_float_equal(json_real_value(json_object_get(counter, "mean")), 4.0, 0.001);
    const json_t *service = json_array_get(json_object_get(counter, "services"), 0);
    assert_string_equal(json_string_value(json_object_get(service, "service")), "nappies");
    assert_int_equal(json_integer_value(json_array_get(json_object_get(service, "grades"), 4)), 2);
    json_decref(list);
    strbuf_free(&out);
}

static char *enrol_body(struct bench *bench, const char *code)
{
    struct strbuf key, request, public_key;
    uint8_t public[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    char alone[64];
    strbuf_init(&key, 65536);
    strbuf_init(&request, 65536);
    strbuf_init(&public_key, 64);
    bench->crypto.ops->sign_keypair(bench->crypto.self, public, secret);
    bench->crypto.ops->base64_encode(bench->crypto.self, public, sizeof public, true, &public_key);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes key_bytes = {key.data, key.length};
    assert_int_equal(certificate_make_request(&key_bytes, "whoever", &request, NULL), ERR_OK);
    text_copy(alone, sizeof alone, code);
    if (strchr(alone, '.'))
        *strchr(alone, '.') = '\0';
    json_t *body = json_pack("{s:s, s:s, s:s}", "code", alone, "csr", strbuf_text(&request),
                             "public_key", strbuf_text(&public_key));
    char *text = json_dumps(body, 0);
    json_decref(body);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&public_key);
    return text;
}

static int enrol(struct bench *bench, const char *code, int *incarnation)
{
    char *body = enrol_body(bench, code);
    const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/enroll", body, NULL);
    if (answer->status == 200) {
        json_t *told = json_loads(answer->body, 0, NULL);
        *incarnation = (int)json_integer_value(json_object_get(told, "incarnation"));
        assert_string_equal(json_string_value(json_object_get(told, "counter")), "001");
        assert_non_null(
            strstr(json_string_value(json_object_get(told, "certificate")), "BEGIN CERTIFICATE"));
        json_decref(told);
    }
    free(body);
    return answer->status;
}

static void a_code_enrolls_once_and_only_in_time(void **state)
{
    struct bench *bench = *state;
    char code[DISTRICT_CODE], late[DISTRICT_CODE];
    int incarnation = -1;
    assert_int_equal(district_make_code(bench->district, "001", 10, code, NULL), ERR_OK);
    assert_int_equal(district_make_code(bench->district, "001", 10, late, NULL), ERR_OK);
    assert_int_equal(enrol(bench, "guessed-code", &incarnation), 403);
    assert_int_equal(enrol(bench, code, &incarnation), 200);
    assert_int_equal(enrol(bench, code, &incarnation), 403);
    fake_clock_pass(&bench->clock, 11 * 60 * 1000);
    assert_int_equal(enrol(bench, late, &incarnation), 403);
    assert_int_equal(district_make_code(bench->district, "1", 10, late, NULL), ERR_INPUT);
}

static void ten_enrolments_have_ten_digits(void **state)
{
    struct bench *bench = *state;
    bool seen[10] = {false};
    seen[bench->device.incarnation] = true;
    for (int i = 0; i < 9; i++) {
        char code[DISTRICT_CODE];
        int incarnation = -1;
        fake_clock_pass(&bench->clock, 61000); // tries are limited by the minute
        assert_int_equal(district_make_code(bench->district, "001", 10, code, NULL), ERR_OK);
        assert_int_equal(enrol(bench, code, &incarnation), 200);
        assert_in_range(incarnation, 0, 9);
        assert_false(seen[incarnation]);
        seen[incarnation] = true;
    }
}

static void guessing_codes_is_slowed_down(void **state)
{
    struct bench *bench = *state;
    int status = 0;
    for (int i = 0; i < 11; i++)
        status = bench_ask(bench, "POST", "/v1/enroll", "{\"code\": \"x\"}", NULL)->status;
    assert_int_equal(status, 429);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(grades_told_twice_count_once),
        TEST(an_unknown_device_gets_nothing),
        TEST(a_revoked_device_is_refused_and_its_later_cases_are_flagged),
        TEST(one_device_gone_mad_does_not_hinder_the_others),
        TEST(who_has_its_part_is_not_refused_however_slow_the_disk_is),
        TEST(who_was_quiet_is_not_refused_for_a_disk_that_stood_still_once),
        TEST(dear_requests_are_paid_for_while_others_are_there),
        TEST(lists_of_cases_are_compared_so_often_in_a_minute),
        TEST(invented_cases_are_compared_quickly_and_leave_one_entry),
        TEST(a_day_that_differs_is_named_and_what_is_missing_listed),
        TEST(a_store_that_went_back_is_frozen_for_good),
        TEST(a_code_enrolls_once_and_only_in_time),
        TEST(ten_enrolments_have_ten_digits),
        TEST(guessing_codes_is_slowed_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
