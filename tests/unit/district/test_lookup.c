// SPDX-License-Identifier: GPL-3.0-or-later
// Owners ask for their cases.
#include "lookup_scene.h"

#include "yimen/base/text.h"
#include "yimen/sync/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_MS = 3600000 };

static void its_owner_is_told_how_far_it_is(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){.papers = "id-card:clerk medical-proof:later"});
    open_all(line);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_int_equal(told->question, 4);
    assert_string_equal(told->instance, OF_FIRST);
    assert_string_equal(told->service, "urgent-relief");
    assert_string_equal(told->status, "10");
    assert_string_equal(told->masked_name, "张**");
    assert_string_equal(told->masked_id, "370212************");
    assert_true(told->from_district && told->may_add && told->may_withdraw && told->may_reprint);
    assert_int_equal(told->prints, 1);
    track_case_free(told);
}

static void nobody_is_told_whether_the_number_or_the_factor_is_wrong(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    struct track_case *wrong = ask(line, FIRST, "0028");
    struct track_case *unknown = ask(line, "370212001251123170027", "0029");
    assert_int_equal(wrong->result, TRACK_NO_FIT);
    assert_int_equal(unknown->result, TRACK_NO_FIT);
    assert_int_equal(wrong->tries_left, 4);
    assert_int_equal(unknown->tries_left, 4);
    assert_string_equal(wrong->service, "");
    track_case_free(wrong);
    track_case_free(unknown);
}

static void five_wrong_tries_lock_a_number_known_or_not_for_a_day(void **state)
{
    static const char *const numbers[] = {FIRST, "370212001251123170027"};
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    for (size_t n = 0; n < 2; n++) {
        for (int i = 0; i < 4; i++)
            assert_int_equal(result_of(ask(line, numbers[n], "1111")), TRACK_NO_FIT);
        struct track_case *fifth = ask(line, numbers[n], "1111");
        assert_int_equal(fifth->result, TRACK_LOCKED);
        assert_int_equal(fifth->wait_ms, track_lock_ms);
        track_case_free(fifth);
        assert_int_equal(result_of(ask(line, numbers[n], "0029")), TRACK_LOCKED);
        bench_restart(line->bench);
        assert_int_equal(result_of(ask(line, numbers[n], "0029")), TRACK_LOCKED);
    }
    fake_clock_pass(&line->bench->clock, 24LL * HOUR_MS + 1);
    assert_int_equal(result_of(ask(line, FIRST, "0029")), TRACK_FOUND);
    int64_t entries;
    assert_int_equal(district_audit_verify(line->bench->district, &entries, NULL), ERR_OK);
    assert_true(entries > 10); // every question is in the chain
}

static void what_has_just_arrived_is_being_opened(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    for (int i = 0; i < 9; i++) // nobody can be wrong yet
        assert_int_equal(result_of(ask(line, FIRST, "1111")), TRACK_OPENING);
    open_all(line);
    assert_int_equal(result_of(ask(line, FIRST, "0029")), TRACK_FOUND);
}

static void who_left_no_number_is_opened_by_nothing(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){.id_number = "", .phone = ""});
    open_all(line);
    assert_int_equal(result_of(ask(line, FIRST, "0000")), TRACK_NO_FIT);
}

static void without_a_number_the_telephone_opens_it(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){.id_number = "", .chosen_code = "2580"});
    open_all(line);
    assert_int_equal(result_of(ask(line, FIRST, "2580")), TRACK_NO_FIT);
    assert_int_equal(result_of(ask(line, FIRST, "0001")), TRACK_FOUND);
}

static void with_neither_the_digits_of_the_owner_open_it_and_no_clerk_sees_them(void **state)
{
    struct line *line = *state;
    struct strbuf shown;
    arrive(line, &(struct bench_record){.id_number = "", .phone = "", .chosen_code = "2580"});
    open_all(line);
    struct track_case *told = ask(line, FIRST, "2580");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_string_equal(told->masked_id, "");
    track_case_free(told);
    strbuf_init(&shown, 1 << 20);
    assert_int_equal(
        district_show(line->bench->district, FIRST, "clerk", "a question", &shown, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&shown), "chosen_code"));
    assert_null(strstr(strbuf_text(&shown), "2580"));
    strbuf_free(&shown);
}

static void an_x_is_an_x(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){.id_number = "82000020000229003x"});
    open_all(line);
    assert_int_equal(result_of(ask(line, FIRST, "003X")), TRACK_FOUND);
}

static void a_receipt_printed_elsewhere_retires_the_old_one(void **state)
{
    struct line *line = *state;
    struct track_question question = {.id = 1, .reprint = true, .print = 1};
    struct tracking first =
        arrive(line, &(struct bench_record){.papers = "id-card:clerk medical-proof:later"});
    char path[64];
    open_all(line);
    text_copy(question.token, sizeof question.token, first.token);
    text_copy(question.number, sizeof question.number, FIRST);
    text_copy(question.factor, sizeof question.factor, "0029");
    text_copy(question.instance, sizeof question.instance, OF_FIRST);
    struct track_case *told = put(line, &question);
    assert_int_equal(told->result, TRACK_FOUND);
    assert_non_null(told->facts);
    assert_string_equal(told->facts->number, FIRST);
    assert_int_equal(told->facts->print_count, 2);
    assert_int_equal(told->facts->paper_count, 2);
    assert_string_equal(told->facts->papers[1].id, "medical-proof");
    assert_string_equal(told->facts->masked_name, "张**");
    struct tracking fresh;
    char number[LIMIT_RECEIPT_NUMBER];
    assert_int_equal(tracking_parse(told->facts->qr_text, &fresh, number, NULL), ERR_OK);
    track_case_free(told);
    snprintf(path, sizeof path, "/t/%s", first.token);
    assert_non_null(strstr(bench_look(line->bench, path, NULL, "zh")->body, "后来打过新的回执"));
    snprintf(path, sizeof path, "/t/%s", fresh.token);
    assert_null(strstr(bench_look(line->bench, path, NULL, "zh")->body, "后来打过新的回执"));
    question.reprint = false;
    told = put(line, &question);
    assert_true(told->newer_receipt);
    assert_false(told->owner || told->may_reprint || told->may_withdraw); // retired
    track_case_free(told);
    text_copy(question.token, sizeof question.token, fresh.token);
    told = put(line, &question);
    assert_true(told->owner && !told->newer_receipt);
    assert_int_equal(told->prints, 2);
    track_case_free(told);
    question.reprint = true; // the second print again: somebody was faster
    told = put(line, &question);
    assert_int_equal(line->status, 409);
    assert_int_equal(told->result, TRACK_NO_ANSWER);
    assert_null(told->facts);
    track_case_free(told);
}

static void a_kiosk_tells_the_new_token_of_its_own_case_once_or_often(void **state)
{
    struct line *line = *state;
    struct bench *bench = line->bench;
    struct tracking first = arrive(line, &(struct bench_record){0}), fresh;
    struct renewal renewal = {.receipt = FIRST, .instance = OF_FIRST, .print = 2, .utc_ms = 5};
    struct strbuf message;
    char path[64];
    strbuf_init(&message, RENEWAL_BYTES);
    assert_int_equal(
        tracking_make(&bench->crypto, bench->device_secret, "localhost:8444", FIRST, &fresh, NULL),
        ERR_OK);
    text_copy(renewal.token_hash, sizeof renewal.token_hash, fresh.token_hash);
    text_copy(renewal.key_id, sizeof renewal.key_id, bench->device.key_id);
    assert_int_equal(renewal_sign(&bench->crypto, bench->device_secret, &renewal, NULL), ERR_OK);
    assert_int_equal(renewal_write(&renewal, &message, NULL), ERR_OK);
    const char *body = strbuf_text(&message);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bench_ask(bench, "POST", "/v1/token", body, NULL)->status, 200);
    snprintf(path, sizeof path, "/t/%s", first.token);
    assert_non_null(strstr(bench_look(bench, path, NULL, "zh")->body, "后来打过新的回执"));
    char *forged = strstr(message.data, "\"print\":2");
    forged[8] = '9';
    assert_int_equal(bench_ask(bench, "POST", "/v1/token", body, NULL)->status, 409);
    assert_int_equal(bench_ask(bench, "POST", "/v1/token", "{}", NULL)->status, 400);
    strbuf_free(&message);
}

static int tell_token(struct line *line, const char *receipt, const char *instance, int print)
{
    struct tracking fresh = fresh_token(line, receipt);
    return tell_token_of(line, receipt, instance, print, &fresh);
}

static void a_new_token_is_of_the_case_that_its_receipt_names(void **state)
{
    struct line *line = *state;
    assert_int_equal(tell_token(line, FIRST, OF_FIRST, 2), 503); // the case is on its way
    arrive(line, &(struct bench_record){0});
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE, .receipt = SECOND});
    assert_int_equal(tell_token(line, SECOND, OF_FIRST, 2), 409); // another's case
    assert_int_equal(tell_token(line, FIRST, OF_FIRST, 100), 409);
    assert_int_equal(tell_token(line, FIRST, OF_FIRST, 2), 200);
    assert_int_equal(tell_token(line, FIRST, OF_FIRST, 3), 200);
}

static void a_number_with_the_factor_tells_how_far_it_is_and_gives_no_rights(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    struct track_case *told = ask_with(line, FIRST, "", "0029");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_string_equal(told->status, "10");
    assert_string_equal(told->masked_name, "");
    assert_false(told->owner || told->may_add || told->may_withdraw || told->may_reprint);
    track_case_free(told);
    struct track_question question = {.id = 1, .reprint = true, .print = 1};
    text_copy(question.number, sizeof question.number, FIRST);
    text_copy(question.factor, sizeof question.factor, "0029");
    text_copy(question.instance, sizeof question.instance, OF_FIRST);
    told = put(line, &question);
    assert_int_equal(line->status, 409);
    assert_null(told->facts);
    track_case_free(told);
}

static bool says(struct line *line, const char *token, const char *factor, const char *part)
{
    char body[512];
    snprintf(body, sizeof body, "{\"number\":\"" FIRST "\",\"factor\":\"%s\",\"token\":\"%s\"}",
             factor, token);
    fake_clock_pass(&line->bench->clock, 60000); // no faster than a kiosk may ask
    return strstr(bench_ask(line->bench, "POST", "/v1/lookup", body, NULL)->body, part) != NULL;
}

static void a_stolen_kiosk_guesses_five_times_a_day_and_a_hash_is_no_code(void **state)
{
    struct line *line = *state;
    struct tracking first = arrive(line, &(struct bench_record){0});
    open_all(line);
    assert_true(says(line, first.token_hash, "0029", "\"owner\":false")); // as for the number alone
    assert_true(says(line, first.token, "0029", "\"owner\":true"));
    int no_fit = 0, locked = 0;
    for (int code = 1000; code < 1040; code++) {
        char factor[TRACK_FACTOR];
        snprintf(factor, sizeof factor, "%04d", code);
        bool fits_not = says(line, first.token_hash, factor, "\"no-fit\"");
        no_fit += fits_not;
        locked += !fits_not && says(line, first.token_hash, factor, "\"locked\"");
    }
    assert_int_equal(no_fit, TRACK_TRIES - 1);
    assert_int_equal(locked, 40 - (TRACK_TRIES - 1));
}

static void a_linked_receipt_gives_no_further_tries(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    arrive(line, &(struct bench_record){
                     .instance = SECOND_INSTANCE, .receipt = SECOND, .of_instance = OF_FIRST});
    open_all(line);
    for (int i = 0; i < 3; i++)
        assert_int_equal(result_of(ask(line, FIRST, "9999")), TRACK_NO_FIT);
    assert_int_equal(result_of(ask(line, SECOND, "9999")), TRACK_NO_FIT);
    (void)result_of(ask(line, SECOND, "9999")); // the fifth of both together
    assert_int_equal(result_of(ask(line, SECOND, "0029")), TRACK_LOCKED);
    assert_int_equal(result_of(ask(line, FIRST, "0029")), TRACK_LOCKED);
}

static void rubbish_is_no_question(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"number\":1,\"factor\":\"0029\"}",
        "{\"number\":\"" FIRST "\",\"factor\":\"29\"}",
        "{\"number\":\"" FIRST "\",\"factor\":\"00X9\"}",
        "{\"number\":\"370212001251123170018\",\"factor\":\"0029\"}",
        "{\"number\":\"" FIRST "\",\"factor\":\"0029\",\"token\":\"zz\"}",
        "{\"number\":\"" FIRST "\",\"factor\":\"0029\",\"renewal\":{}}",
    };
    struct line *line = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        if (bench_ask(line->bench, "POST", "/v1/lookup", bodies[i], NULL)->status != 400)
            fail_msg("taken: %s", bodies[i]);
    assert_int_equal(bench_ask(line->bench, "GET", "/v1/lookup", "", NULL)->status, 405);
}

static void one_kiosk_may_ask_so_often_a_minute(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    int told = 0;
    for (int i = 0; i < 70; i++)
        told += result_of(ask(line, FIRST, "0029")) == TRACK_FOUND;
    assert_int_equal(told, 60);
    assert_int_equal(line->status, 429);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(its_owner_is_told_how_far_it_is),
        TEST(nobody_is_told_whether_the_number_or_the_factor_is_wrong),
        TEST(five_wrong_tries_lock_a_number_known_or_not_for_a_day),
        TEST(what_has_just_arrived_is_being_opened),
        TEST(who_left_no_number_is_opened_by_nothing),
        TEST(without_a_number_the_telephone_opens_it),
        TEST(with_neither_the_digits_of_the_owner_open_it_and_no_clerk_sees_them),
        TEST(an_x_is_an_x),
        TEST(a_receipt_printed_elsewhere_retires_the_old_one),
        TEST(a_kiosk_tells_the_new_token_of_its_own_case_once_or_often),
        TEST(a_new_token_is_of_the_case_that_its_receipt_names),
        TEST(a_number_with_the_factor_tells_how_far_it_is_and_gives_no_rights),
        TEST(a_stolen_kiosk_guesses_five_times_a_day_and_a_hash_is_no_code),
        TEST(a_linked_receipt_gives_no_further_tries),
        TEST(rubbish_is_no_question),
        TEST(one_kiosk_may_ask_so_often_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
