// SPDX-License-Identifier: GPL-3.0-or-later
// 补正 at the district: asked once and completely, answered by a submission of its own, and nothing
// that comes in answer is ever lost or turned away.
#include "office_bench.h"

#include "yimen/base/text.h"
#include "yimen/district/correction.h"
#include "yimen/weave/subset.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define CASE "uuid:11111111-2222-4333-8444-555555555555"
#define ANSWER "uuid:22222222-2222-4333-8444-555555555555"
#define SECOND "uuid:33333333-2222-4333-8444-555555555555"
#define NUMBER "370212001251123170019"
#define ANSWER_NUMBER "370212001251123170027"
#define SECOND_NUMBER "370212001251123570031"

static const int64_t day_ms = 86400000;

static const char form[] =
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\" xmlns:jr=\"http://openrosa.org/javarosa\">"
    "<h:head><h:title>表</h:title><model><instance><data id=\"help\" version=\"3\"><visit/>"
    "<contact><phone/></contact><member><name/></member><total/>"
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/contact/phone\" type=\"string\" constraint=\"regex(., "
    "'^1[0-9]{10}$')\"/>"
    "<bind nodeset=\"/data/total\" type=\"int\" "
    "calculate=\"count(/data/member)\"/></model></h:head>"
    "<h:body><group><label>联系</label><input ref=\"/data/contact/phone\"><label>电话号码</label>"
    "</input></group><group><label>家人</label><repeat nodeset=\"/data/member\">"
    "<input "
    "ref=\"/data/member/name\"><label>姓名</label></input></repeat></group></h:body></h:html>";

static const struct district_wanted usual[] = {
    {CORRECTION_FIELD, "/data/contact/phone", "这个号码打不通，请再写一遍。"},
    {CORRECTION_PAPER, "medical-proof", "请带住院的单据。"},
    {CORRECTION_FIELD, "/data/member[2]/name", "和户口簿上的名字不一样。"},
};

static void post(struct bench *bench, const struct bench_record *record, int status)
{
    struct bench_submission *submission = calloc(1, sizeof *submission);
    bench_submission(bench, record, submission);
    assert_int_equal(bench_post(bench, submission, 0, 2)->status, status);
    bench_submission_free(submission);
    free(submission);
}

static void open_all(struct bench *bench, int expected)
{
    int opened = -1;
    assert_int_equal(district_open_waiting(bench->district, &opened, NULL), ERR_OK);
    assert_int_equal(opened, expected);
}

static int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    const struct bench_record first = {
        .form_id = "help", .version = "3", .service = "expenditure-relief"};
    bench_open(bench);
    assert_int_equal(district_publish_form(bench->district, form, sizeof form - 1, NULL), ERR_OK);
    post(bench, &first, 201);
    open_all(bench, 1);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static struct district_correction_order an_order(void)
{
    return (struct district_correction_order){.receipt = NUMBER,
                                              .actor = "1001",
                                              .wanted = usual,
                                              .count = 3,
                                              .replaces_why = "",
                                              .days = 10};
}

static void ask(struct bench *bench, const struct district_correction_order *order,
                char id[CORRECTION_ID])
{
    struct fail why = {0};
    if (district_correct(bench->district, order, id, &why))
        fail_msg("%s", why.text);
}

static const char *status_of(struct bench *bench, const char *instance)
{
    static struct district_case at;
    assert_int_equal(bench->store.ops->case_get(bench->store.self, instance, &at, NULL), ERR_OK);
    return at.status;
}

static const char *flag_of(struct bench *bench, const char *instance)
{
    static struct district_case at;
    assert_int_equal(bench->store.ops->case_get(bench->store.self, instance, &at, NULL), ERR_OK);
    return at.submission.flag;
}

static json_t *shown(struct bench *bench, const char *receipt)
{
    struct strbuf text;
    strbuf_init(&text, 1 << 20);
    assert_int_equal(district_show(bench->district, receipt, "1001", "test", &text, NULL), ERR_OK);
    json_t *json = json_loads(strbuf_text(&text), 0, NULL);
    assert_non_null(json);
    strbuf_free(&text);
    return json;
}

static struct bench_record an_answer(const char *list)
{
    return (struct bench_record){
        .instance = ANSWER,
        .receipt = ANSWER_NUMBER,
        .form_id = "help" FORM_CORRECTION_SUFFIX,
        .version = list,
        .service = "correction",
        .of_instance = CASE,
        .papers = "medical-proof:clerk",
        .answers = "<answer><a1>13900000002</a1><a2>乙</a2></answer>",
    };
}

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    assert_non_null(text);
    return text;
}

// ------------------------------------------------------------------ asking

static void what_is_asked_is_signed_published_and_the_case_waits(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    struct district_correction row;
    struct correction_list *list = calloc(1, sizeof *list);
    struct strbuf json;
    uint8_t keys[1][CRYPTO_PUBLIC];
    struct district_form published = {0};
    const struct district_correction_order order = an_order();
    ask(bench, &order, id);
    assert_string_equal(status_of(bench, CASE), "14");
    strbuf_init(&json, CORRECTION_BYTES);
    assert_int_equal(bench->store.ops->correction_open(bench->store.self, CASE, &row, &json, NULL),
                     ERR_OK);
    memcpy(keys[0], bench->signing_public, CRYPTO_PUBLIC);
    const struct correction_trust trust = {&bench->crypto, keys, 1};
    assert_int_equal(
        correction_open(&trust, strbuf_text(&json), CASE, row.issued_utc_ms, list, NULL), ERR_OK);
    assert_string_equal(list->id, id);
    assert_int_equal(list->count, 3);
    assert_int_equal(list->due_utc_ms, row.due_utc_ms);
    assert_int_equal(
        bench->store.ops->form_get(bench->store.self, "help:correction", id, &published, NULL),
        ERR_OK);
    const char *const since[] = {"since", "0", NULL};
    assert_non_null(strstr(bench_ask(bench, "GET", "/v1/status", "", since)->body, id));
    assert_null(strstr(bench_ask(bench, "GET", "/formList", "", NULL)->body, "correction"));
    strbuf_free(&json);
    free(list);
}

static void what_is_not_of_this_case_cannot_be_asked(void **state)
{
    struct bench *bench = *state;
    static const struct district_wanted bad[] = {
        {CORRECTION_FIELD, "/data/nothing", "为什么"},
        {CORRECTION_FIELD, "/data/total", "为什么"},
        {CORRECTION_FIELD, "/data/member/name", "为什么"},
        {CORRECTION_FIELD, "/data/member[3]/name", "为什么"}, // two live there
        {CORRECTION_PAPER, "moon-certificate", "为什么"},
        {CORRECTION_FIELD, "/data/contact/phone", ""},
        {CORRECTION_FIELD, "/data/contact/phone", "一行\n又一行"},
    };
    char id[CORRECTION_ID];
    struct district_correction_order order = an_order();
    order.count = 1;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        order.wanted = &bad[i];
        assert_int_equal(district_correct(bench->district, &order, id, NULL), ERR_INPUT);
    }
    order.count = 0;
    assert_int_equal(district_correct(bench->district, &order, id, NULL), ERR_INPUT);
    order = an_order();
    order.receipt = "370212001251123170999";
    assert_int_equal(district_correct(bench->district, &order, id, NULL), ERR_NOT_FOUND);
    assert_string_equal(status_of(bench, CASE), "10");
}

static void of_several_services_in_one_visit_any_paper_may_be_wanted(void **state)
{
    struct bench *bench = *state;
    static const char id[] = "one-visit:medical-aid+nappies";
    char xml[sizeof form + sizeof id], list[CORRECTION_ID];
    const char *at = strstr(form, "\"help\"");
    int length = snprintf(xml, sizeof xml, "%.*s\"%s\"%s", (int)(at - form), form, id,
                          at + strlen("\"help\""));
    assert_int_equal(district_publish_form(bench->district, xml, (size_t)length, NULL), ERR_OK);
    const struct bench_record both = {.instance = SECOND,
                                      .receipt = SECOND_NUMBER,
                                      .form_id = id,
                                      .version = "3",
                                      .service = "one-visit"};
    post(bench, &both, 201);
    static const struct district_wanted papers[] = {
        {CORRECTION_PAPER, "medical-proof", "请带来。"}};
    struct district_correction_order order = an_order();
    order.receipt = SECOND_NUMBER;
    order.wanted = papers;
    order.count = 1;
    ask(bench, &order, list);
    assert_string_equal(status_of(bench, SECOND), "14");
}

static void everything_is_asked_at_once(void **state)
{
    struct bench *bench = *state;
    char first[CORRECTION_ID], second[CORRECTION_ID];
    struct district_correction_order order = an_order();
    struct district_correction row;
    order.replaces_why = "nothing to replace";
    assert_int_equal(district_correct(bench->district, &order, first, NULL), ERR_INPUT);
    order.replaces_why = "";
    ask(bench, &order, first);
    assert_int_equal(district_correct(bench->district, &order, second, NULL), ERR_CONFLICT);
    order.replaces_why = "单据写错了";
    order.actor = "1002"; // another desk
    assert_int_equal(district_correct(bench->district, &order, second, NULL), ERR_DENIED);
    order.actor = "1001";
    ask(bench, &order, second);
    assert_int_equal(bench->store.ops->correction_open(bench->store.self, CASE, &row, NULL, NULL),
                     ERR_OK);
    assert_string_equal(row.id, second);
    assert_string_equal(row.replaces, first);
    assert_string_equal(row.came_from, "10");
}

// ------------------------------------------------------------------ answering

static void an_answer_is_linked_and_the_case_goes_on(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    const struct district_correction_order order = an_order();
    ask(bench, &order, id);
    const struct bench_record record = an_answer(id);
    post(bench, &record, 201);
    assert_string_equal(status_of(bench, CASE), "14"); // not before it was opened
    open_all(bench, 1);
    assert_string_equal(status_of(bench, CASE), "10");
    assert_string_equal(flag_of(bench, ANSWER), "");
    json_t *json = shown(bench, NUMBER), *answer = shown(bench, ANSWER_NUMBER);
    const json_t *list = json_array_get(json_object_get(json, "corrections"), 0);
    const json_t *items = json_object_get(list, "items");
    assert_string_equal(text_at(list, "state"), "answered");
    assert_string_equal(text_at(json_object_get(list, "answered_by"), "receipt"), ANSWER_NUMBER);
    assert_string_equal(text_at(answer, "of_instance"), CASE);
    const json_t *phone = json_array_get(items, 0), *paper = json_array_get(items, 1);
    const json_t *name = json_array_get(items, 2);
    assert_string_equal(text_at(phone, "label"), "电话号码");
    assert_string_equal(text_at(phone, "before"), "13800000001");
    assert_string_equal(text_at(phone, "after"), "13900000002");
    assert_true(json_is_true(json_object_get(phone, "differs")));
    assert_string_equal(text_at(paper, "answer"), "clerk");
    assert_string_equal(text_at(name, "field"), "/data/member[2]/name");
    assert_string_equal(text_at(name, "before"), "乙");
    assert_false(json_is_true(json_object_get(name, "differs")));
    json_decref(json);
    json_decref(answer);
}

static void after_acceptance_it_goes_back_to_where_it_was_accepted(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    static const char *const way[] = {"20", "22"};
    const struct district_correction_order order = an_order();
    for (size_t i = 0; i < 2; i++) {
        const struct district_decision decision = {NUMBER, way[i], "test", "1001", NULL};
        assert_int_equal(district_set_status(bench->district, &decision, NULL), ERR_OK);
    }
    ask(bench, &order, id);
    const struct bench_record record = an_answer(id);
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(status_of(bench, CASE), "20");
}

static void a_late_answer_is_kept_and_flagged(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    const struct district_correction_order order = an_order();
    ask(bench, &order, id);
    struct bench_record record = an_answer(id);
    record.saved_after_ms = 12 * day_ms;
    bench->clock.now.utc_ms += 13 * day_ms;
    const struct district_decision over = {NUMBER, "98", "overdue", "1001", NULL};
    assert_int_equal(district_set_status(bench->district, &over, NULL), ERR_OK);
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(flag_of(bench, ANSWER), "correction-late");
    assert_string_equal(status_of(bench, CASE), "98"); // a person decides what becomes of it
    json_t *json = shown(bench, NUMBER);
    const json_t *list = json_array_get(json_object_get(json, "corrections"), 0);
    assert_true(json_is_true(json_object_get(json_object_get(list, "answered_by"), "late")));
    json_decref(json);
}

static void what_was_saved_in_time_is_not_late_because_the_network_was(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    const struct district_correction_order order = an_order();
    ask(bench, &order, id);
    struct bench_record record = an_answer(id);
    record.saved_after_ms = 9 * day_ms;
    bench->clock.now.utc_ms += 20 * day_ms;
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(flag_of(bench, ANSWER), "");
    assert_string_equal(status_of(bench, CASE), "10");
}

static void answers_to_old_lists_and_second_answers_are_kept_and_flagged(void **state)
{
    struct bench *bench = *state;
    char old[CORRECTION_ID], id[CORRECTION_ID];
    struct district_correction_order order = an_order();
    ask(bench, &order, old);
    order.replaces_why = "单据写错了";
    ask(bench, &order, id);
    struct bench_record record = an_answer(old);
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(flag_of(bench, ANSWER), "correction-of-old-list");
    assert_string_equal(status_of(bench, CASE), "14"); // the list in force is not answered yet
    record = an_answer(old);
    record.instance = SECOND;
    record.receipt = SECOND_NUMBER;
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(flag_of(bench, SECOND), "correction-again");
}

static void an_answer_that_names_another_case_moves_nothing(void **state)
{
    struct bench *bench = *state;
    char id[CORRECTION_ID];
    const struct district_correction_order order = an_order();
    ask(bench, &order, id);
    struct bench_record record = an_answer(id);
    record.of_instance = SECOND;
    post(bench, &record, 201);
    open_all(bench, 1);
    assert_string_equal(flag_of(bench, ANSWER), "correction-not-asked");
    assert_string_equal(status_of(bench, CASE), "14");
}

static void a_list_that_nobody_published_is_not_taken_in(void **state)
{
    const struct bench_record record = an_answer("c0000000000000000");
    post(*state, &record, 404); // held on the kiosk, looked at by staff
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_asked_is_signed_published_and_the_case_waits),
        TEST(what_is_not_of_this_case_cannot_be_asked),
        TEST(of_several_services_in_one_visit_any_paper_may_be_wanted),
        TEST(everything_is_asked_at_once),
        TEST(an_answer_is_linked_and_the_case_goes_on),
        TEST(after_acceptance_it_goes_back_to_where_it_was_accepted),
        TEST(a_late_answer_is_kept_and_flagged),
        TEST(what_was_saved_in_time_is_not_late_because_the_network_was),
        TEST(answers_to_old_lists_and_second_answers_are_kept_and_flagged),
        TEST(an_answer_that_names_another_case_moves_nothing),
        TEST(a_list_that_nobody_published_is_not_taken_in),
    };
    return cmocka_run_group_tests_name("correction at the district", tests, NULL, NULL);
}
