// SPDX-License-Identifier: GPL-3.0-or-later
// The tracking page: what it says to whoever holds a receipt, and to whom it says nothing.
#include "district_scene.h"

#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER_B "370212001251123170027"
#define NUMBER_NEXT_DAY "370212001251124170042"

static struct bench_answer *look(struct bench *bench, const struct bench_submission *submission,
                                 bool with_signature, const char *language)
{
    char path[64];
    snprintf(path, sizeof path, "/t/%s", submission->tracking.token);
    const char *query[] = {"n", submission->manifest.seal.receipt, "s",
                           submission->tracking.signature, NULL};
    return bench_look(bench, path, with_signature ? query : NULL, language);
}

static void the_page_says_received_and_nothing_personal(void **state)
{
    static const char *const personal[] = {
        "张三", "370212195406070029", "13800000001", "urgent-relief", "uuid:", "kiosk-001"};
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    open_all(bench, 1);
    const struct bench_answer *answer = look(bench, one, false, "zh-CN,zh;q=0.9");
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<h1>已收件</h1>"));
    assert_non_null(strstr(answer->body, "lang=\"zh\""));
    assert_null(strstr(answer->body, "<script"));
    assert_null(strstr(answer->body, "{{"));
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        assert_null(strstr(answer->body, personal[i]));
    drop(one);
}

static void a_signed_token_that_has_not_arrived_is_safe_at_its_counter(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    const struct bench_answer *answer = look(bench, one, true, "en-GB");
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<h1>Safe, not yet at the district</h1>"));
    assert_non_null(strstr(answer->body, "counter 001"));
    answer = look(bench, one, false, "en-GB");
    assert_int_equal(answer->status, 404);
    one->tracking.signature[5] = one->tracking.signature[5] == 'A' ? 'B' : 'A';
    assert_int_equal(look(bench, one, true, "en-GB")->status, 404);
    drop(one);
}

// Whoever has the key of a stolen kiosk prints receipts that nobody will ever receive.
static void a_receipt_from_after_a_device_s_end_is_not_safe_anywhere(void **state)
{
    static const struct {
        const char *number;
        bool announced;
        int status;
    } table[] = {{NUMBER_A, true, 200}, {NUMBER_B, false, 404}, {NUMBER_NEXT_DAY, false, 404}};
    struct bench *bench = *state;
    announce(bench, NUMBER_A, NUMBER_A);
    assert_int_equal(district_revoke(bench->district, bench->device.id, "2001", "stolen", NULL),
                     ERR_OK);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench_submission *one =
            make(bench, &(struct bench_record){.receipt = table[i].number});
        const struct bench_answer *answer = look(bench, one, true, "en-GB");
        assert_int_equal(answer->status, table[i].status);
        drop(one);
    }
}

static void the_page_says_when_something_is_wanted(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "14"), ERR_OK);
    assert_non_null(strstr(look(bench, one, false, "ko")->body, "class=\"wanted\""));
    drop(one);
}

static void the_page_speaks_the_language_asked_for(void **state)
{
    static const struct {
        const char *accept, *asked, *spoken;
    } table[] = {{NULL, NULL, "zh"},     {"fr, en;q=0.8", NULL, "en"},
                 {"ko-KR", NULL, "ko"},  {"en", "ko", "ko"},
                 {"xx", NULL, "zh"},     {"en", "xx", "en"},
                 {",,;;,-", NULL, "zh"}, {"EN", NULL, "en"}};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *query[] = {"lang", table[i].asked, NULL};
        char html[40];
        snprintf(html, sizeof html, "<html lang=\"%s\">", table[i].spoken);
        assert_non_null(strstr(
            bench_look(bench, "/t/x", table[i].asked ? query : NULL, table[i].accept)->body, html));
    }
}

static void nothing_of_the_address_comes_back_as_markup(void **state)
{
    const char *query[] = {"n", "<b>1", "s", "\"><script>", "lang", "<i>", NULL};
    struct bench *bench = *state;
    const struct bench_answer *answer =
        bench_look(bench, "/t/<script>alert(1)</script>", query, "<u>");
    assert_int_equal(answer->status, 404);
    assert_null(strstr(answer->body, "<script"));
    assert_null(strstr(answer->body, "<b>1"));
}

static bool has_header(const struct bench_answer *answer, const char *line)
{
    for (size_t i = 0; i < sizeof answer->headers / sizeof answer->headers[0]; i++)
        if (text_equal(answer->headers[i], line))
            return true;
    return false;
}

static void looking_too_often_is_slowed_down(void **state)
{
    struct bench *bench = *state;
    const struct bench_answer *answer = NULL;
    for (int i = 0; i < 61; i++)
        answer = bench_look(bench, "/t/AAAAAAAAAAAAAAAAAAAAAA", NULL, NULL);
    assert_int_equal(answer->status, 429);
    assert_true(has_header(answer, "Retry-After: 60"));
    fake_clock_pass(&bench->clock, 60000);
    assert_int_equal(bench_look(bench, "/t/AAAAAAAAAAAAAAAAAAAAAA", NULL, NULL)->status, 404);
}

static void everybody_has_an_allowance_of_their_own(void **state)
{
    static const char *const visitors[] = {"192.0.2.1", "192.0.2.2", "2001:db8::1",
                                           "2001:db8:0:1::1"};
    struct bench *bench = *state;
    for (size_t who = 0; who < sizeof visitors / sizeof visitors[0]; who++) {
        bench->visitor = visitors[who];
        for (int i = 0; i < 60; i++)
            assert_int_equal(bench_look(bench, "/t/x", NULL, NULL)->status, 404);
        assert_int_equal(bench_look(bench, "/t/x", NULL, NULL)->status, 429);
    }
    bench->visitor = "2001:db8::ffff"; // one network, one visitor
    assert_int_equal(bench_look(bench, "/t/x", NULL, NULL)->status, 429);
}

// Whoever looks at a store that can only be read, and who floods it, writes nothing.
static void the_page_is_answered_without_a_row(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    char path[64];
    snprintf(path, sizeof path, "/t/%s", one->tracking.token);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench->is_read_only = true;
    bench_restart(bench);
    assert_int_equal(bench_look(bench, path, NULL, NULL)->status, 200);
    for (int who = 0; who < 2; who++) {
        bench->visitor = who ? "192.0.2.1" : "192.0.2.2";
        for (int i = 0; i < 1000; i++) {
            int status = bench_look(bench, i % 2 ? "/t/x" : path, NULL, NULL)->status;
            assert_int_equal(status, i >= 60 ? 429 : i % 2 ? 404 : 200);
        }
    }
    bench->visitor = "192.0.2.3";
    assert_int_equal(bench_look(bench, path, NULL, NULL)->status, 200);
    bench->is_read_only = false;
    bench_restart(bench);
    drop(one);
}

// A store that is busy for once: it is no word about a code.
static struct district_store_ops busy_ops;

static enum err no_track(void *self, const uint8_t token_hash[CRYPTO_HASH],
                         char status[DISTRICT_STATUS], char receipt[LIMIT_RECEIPT_NUMBER],
                         struct fail *why)
{
    (void)self, (void)token_hash, (void)status, (void)receipt;
    return fail_set(why, ERR_RETRY, "busy");
}

static enum err no_keys(void *self, const char *counter,
                        void (*each)(void *context, const struct district_key *key), void *context,
                        struct fail *why)
{
    (void)self, (void)counter, (void)each, (void)context;
    return fail_set(why, ERR_RETRY, "busy");
}

static void a_store_that_is_busy_says_nothing_of_a_code(void **state)
{
    struct bench *bench = *state;
    const struct district_store_ops *real = bench->store.ops;
    struct bench_submission *one = make(bench, &ordinary);
    char path[64];
    const char *const query[] = {"n", one->manifest.seal.receipt, "s", one->tracking.signature,
                                 NULL};
    snprintf(path, sizeof path, "/t/%s", one->tracking.token);
    for (int which = 0; which < 2; which++) {
        busy_ops = *real;
        if (which)
            busy_ops.counter_keys = no_keys;
        else
            busy_ops.track = no_track;
        bench->store.ops = &busy_ops;
        const struct bench_answer *answer = bench_look(bench, path, query, "en");
        assert_int_equal(answer->status, 503);
        assert_true(has_header(answer, "Retry-After: 60"));
        assert_non_null(strstr(answer->body, "your application is not affected"));
        bench->store.ops = real;
        assert_int_equal(bench_look(bench, path, query, "en")->status, 200);
    }
    drop(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_says_received_and_nothing_personal),
        TEST(a_signed_token_that_has_not_arrived_is_safe_at_its_counter),
        TEST(a_receipt_from_after_a_device_s_end_is_not_safe_anywhere),
        TEST(the_page_says_when_something_is_wanted),
        TEST(the_page_speaks_the_language_asked_for),
        TEST(nothing_of_the_address_comes_back_as_markup),
        TEST(looking_too_often_is_slowed_down),
        TEST(everybody_has_an_allowance_of_their_own),
        TEST(the_page_is_answered_without_a_row),
        TEST(a_store_that_is_busy_says_nothing_of_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
