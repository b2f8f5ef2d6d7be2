// SPDX-License-Identifier: GPL-3.0-or-later
// Cases at the back office: opened, shown, linked, moved from state to state.
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

static void a_case_is_shown_as_it_was_answered(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &(struct bench_record){.name = "李 𠮷 &lt;四&amp;"});
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    struct fail why = {0};
    if (district_show(bench->district, NUMBER_A, "2001", "test", &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *shown = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *record = json_object_get(shown, "record");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(record, "applicant"), "name")),
        "李 𠮷 <四&");
    assert_int_equal(json_array_size(json_object_get(record, "member")), 2);
    assert_string_equal(json_string_value(json_object_get(shown, "status")), "10");
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(shown, "files"), 0), "name")),
                        "signature.svg");
    json_decref(shown);
    strbuf_clear(&out);
    assert_int_equal(
        district_show_file(bench->district, NUMBER_A, "signature.svg", "2001", &out, NULL), ERR_OK);
    assert_true(text_starts(strbuf_text(&out), "<svg"));
    int64_t entries = 0;
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 2);
    strbuf_free(&out);
    drop(one);
}

static void a_reading_of_nothing_is_logged_too(void **state)
{
    struct bench *bench = *state;
    struct strbuf out;
    int64_t entries = 0;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "curious", &out, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 1);
    strbuf_free(&out);
}

static void no_answer_is_in_clear_in_the_database(void **state)
{
    static const char *const answers[] = {"张三", "370212195406070029", "13800000001",
                                          "<id_number>"};
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    open_all(bench, 1);
    bench_restart(bench);
    static char bytes[4 << 20];
    for (int wal = 0; wal < 2; wal++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", bench->database, wal ? "-wal" : "");
        FILE *file = fopen(path, "rb");
        size_t length = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        if (file)
            fclose(file);
        for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
            if (memmem(bytes, length, answers[i], strlen(answers[i])))
                fail_msg("%s is in %s", answers[i], path);
    }
    drop(one);
}

static enum district_opened opened_state(struct bench *bench, const char *receipt)
{
    struct district_case at;
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, receipt, &at, NULL),
                     ERR_OK);
    return at.opened;
}

static void a_record_that_is_not_what_its_seal_says_is_quarantined(void **state)
{
    static const struct bench_record wrong[] = {
        {.record_receipt = NUMBER_B},
        {.record_key_id = "another-key", .instance = "uuid:2", .receipt = NUMBER_B}};
    struct bench *bench = *state;
    for (size_t i = 0; i < 2; i++) {
        struct bench_submission *one = make(bench, &wrong[i]);
        assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
        open_all(bench, 0);
        assert_int_equal(opened_state(bench, one->manifest.seal.receipt), DISTRICT_QUARANTINED);
        drop(one);
    }
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "why", &out, NULL),
                     ERR_CORRUPT);
    strbuf_free(&out);
}

static void a_quarantined_case_opens_when_its_key_is_there(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct strbuf other, unused, right = bench->sealing_private, out;
    strbuf_init(&other, 65536);
    strbuf_init(&unused, 65536);
    strbuf_init(&out, 1 << 20);
    assert_int_equal(certificate_make_sealing_key(2048, &other, &unused, NULL), ERR_OK);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench->sealing_private = other;
    bench_restart(bench);
    open_all(bench, 0);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_QUARANTINED);
    bench->sealing_private = right;
    bench_restart(bench);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "look", &out, NULL), ERR_OK);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_OPENED);
    strbuf_free(&other);
    strbuf_free(&unused);
    strbuf_free(&out);
    drop(one);
}

static void what_was_sealed_to_an_older_key_opens_after_a_rotation(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *before = make(bench, &ordinary);
    struct strbuf fresh, public, old = bench->sealing_private, old_public = bench->sealing_public;
    strbuf_init(&fresh, 65536);
    strbuf_init(&public, 65536);
    assert_int_equal(certificate_make_sealing_key(2048, &fresh, &public, NULL), ERR_OK);
    strbuf_add(&fresh, old.data, old.length);
    bench->sealing_private = fresh;
    bench->sealing_public = public;
    bench_restart(bench);
    struct bench_submission *after =
        make(bench, &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B});
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, after, 0, 2)->status, 201);
    open_all(bench, 2);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_OPENED);
    assert_int_equal(opened_state(bench, NUMBER_B), DISTRICT_OPENED);
    strbuf_free(&old);
    strbuf_free(&old_public);
    drop(before);
    drop(after);
}

static void people_who_applied_twice_are_linked_and_not_refused(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct bench_submission *two = make(
        bench,
        &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B, .phone = "13900000002"});
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, two, 0, 2)->status, 201);
    open_all(bench, 2);
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_B, "2001", "test", &out, NULL), ERR_OK);
    json_t *shown = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *alike = json_object_get(shown, "alike");
    assert_int_equal(json_array_size(alike), 2); // whole number, last four; not the phone
    assert_string_equal(json_string_value(json_object_get(json_array_get(alike, 0), "receipt")),
                        NUMBER_A);
    json_decref(shown);
    strbuf_free(&out);
    drop(one);
    drop(two);
}

static void a_repeated_receipt_number_is_taken_and_flagged(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct bench_submission *two = make(bench, &(struct bench_record){.instance = "uuid:2"});
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, two, 0, 2)->status, 201);
    struct district_case at;
    assert_int_equal(bench->store.ops->case_get(bench->store.self, "uuid:2", &at, NULL), ERR_OK);
    assert_string_equal(at.submission.flag, "repeated-number");
    drop(one);
    drop(two);
}

static void states_move_only_where_they_may(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(move(bench, "20"), ERR_NOT_FOUND);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "70"), ERR_INPUT);
    assert_int_equal(move(bench, "nonsense"), ERR_INPUT);
    assert_int_equal(move(bench, "20"), ERR_OK);
    assert_int_equal(move(bench, "20"), ERR_INPUT);
    assert_int_equal(move(bench, "22"), ERR_OK);
    drop(one);
}

static void a_kiosk_reads_the_states_of_its_cases_by_cursor(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "14"), ERR_OK);
    struct bench_answer *answer =
        bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", "0", NULL});
    json_t *told = json_loads(answer->body, 0, NULL);
    const json_t *events = json_object_get(told, "events");
    assert_int_equal(json_array_size(events), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(events, 1), "status")),
                        "14");
    char since[24];
    snprintf(since, sizeof since, "%lld",
             (long long)json_integer_value(json_object_get(told, "next")));
    json_decref(told);
    answer =
        bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", since, NULL});
    assert_non_null(strstr(answer->body, "\"events\":[]"));
    answer = bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", "x", NULL});
    assert_int_equal(answer->status, 400);
    drop(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_case_is_shown_as_it_was_answered),
        TEST(a_reading_of_nothing_is_logged_too),
        TEST(no_answer_is_in_clear_in_the_database),
        TEST(a_record_that_is_not_what_its_seal_says_is_quarantined),
        TEST(a_quarantined_case_opens_when_its_key_is_there),
        TEST(what_was_sealed_to_an_older_key_opens_after_a_rotation),
        TEST(people_who_applied_twice_are_linked_and_not_refused),
        TEST(a_repeated_receipt_number_is_taken_and_flagged),
        TEST(states_move_only_where_they_may),
        TEST(a_kiosk_reads_the_states_of_its_cases_by_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
