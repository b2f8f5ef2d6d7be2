// SPDX-License-Identifier: GPL-3.0-or-later
// 补正 at the counter: from a case that was found to a submission of its own, and nothing is shown
// that the district did not sign for this very case.
#include "scene.h"
#include "yimen/base/text.h"
#include "yimen/case/correction.h"
#include "yimen/case/track.h"

#define CASE "uuid:00000000-0000-4000-8000-00000000000a"
#define NUMBER "370212001261123212341"

static const int64_t start_utc_ms = 1795399500000;
static struct scene *scene;
static struct correction_list *list;

static void want(enum correction_kind kind, const char *ref, const char *reason)
{
    struct correction_item *item = &list->items[list->count++];
    item->kind = kind;
    text_copy(item->ref, sizeof item->ref, ref);
    text_copy(item->reason, sizeof item->reason, reason);
}

static int begin(void **state)
{
    (void)state;
    scene = scene_new();
    list = calloc(1, sizeof *list);
    list->issued_utc_ms = start_utc_ms;
    list->due_utc_ms = correction_due(start_utc_ms, 10);
    text_copy(list->id, sizeof list->id, "c1f2e3d4c5b6a798");
    text_copy(list->instance, sizeof list->instance, CASE);
    text_copy(list->receipt, sizeof list->receipt, NUMBER);
    text_copy(list->service, sizeof list->service, "expenditure-relief");
    text_copy(list->form_id, sizeof list->form_id, "expenditure-relief");
    text_copy(list->version, sizeof list->version, "1");
    want(CORRECTION_FIELD, "/data/contact/phone", "这个号码打不通，请再写一遍。");
    want(CORRECTION_PAPER, "medical-proof", "请带住院的单据。");
    want(CORRECTION_FIELD, "/data/member[2]/relation", "和户口簿上的不一样。");
    return 0;
}

static int end(void **state)
{
    (void)state;
    scene_free(scene);
    free(list);
    return 0;
}

static void sign(void)
{
    assert_int_equal(correction_sign(&scene->crypto, scene->district_secret, list, NULL), ERR_OK);
}

// As the district answers: the case, with the list when it waits for one.
static void find_case(void)
{
    struct strbuf json;
    touch(scene, INTENT_TRACK);
    touch_text(scene, INTENT_TRACK_NUMBER, NUMBER);
    touch(scene, INTENT_NEXT);
    for (const char *digit = "0029"; *digit; digit++)
        touch_text(scene, INTENT_TRACK_DIGIT, (char[]){*digit, '\0'});
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_FACTOR);
    struct track_case *told = track_case_new(&scene->question);
    told->result = TRACK_FOUND;
    told->from_district = true;
    text_copy(told->number, sizeof told->number, NUMBER);
    text_copy(told->instance, sizeof told->instance, CASE);
    text_copy(told->service, sizeof told->service, "expenditure-relief");
    text_copy(told->status, sizeof told->status, "14");
    text_copy(told->masked_name, sizeof told->masked_name, "张*");
    memset(told->drawn, '3', 2 * DRAWN_BYTES); // of what was written by hand in the name
    strbuf_init(&json, CORRECTION_BYTES);
    assert_int_equal(correction_write(list, &json, NULL), ERR_OK);
    told->correction = strbuf_take(&json);
    struct session_input input = {
        .kind = SESSION_TRACKED, .id = scene->question_id, .tracked = told};
    session_step(scene->session, &input);
    scene_work(scene);
    ON(scene, SCREEN_TRACK_CASE);
    assert_true(look(scene)->track->may_correct);
}

static void answer_one(const char *value)
{
    const struct form_screen *screen = look(scene)->form_screen;
    assert_int_equal(screen->question_count, 2); // the reason and the question
    assert_int_equal(screen->questions[0].kind, QUESTION_NOTE);
    answer(scene, screen->questions[1].ref, value);
}

static void to_the_questions(void)
{
    sign();
    find_case();
    touch(scene, INTENT_TRACK_CORRECT);
    ON(scene, SCREEN_WANTED);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
}

static void what_is_wanted_is_told_with_its_reasons_and_by_when(void **state)
{
    (void)state;
    sign();
    find_case();
    touch(scene, INTENT_TRACK_CORRECT);
    ON(scene, SCREEN_WANTED);
    const struct view *view = look(scene);
    assert_int_equal(view->wanted_count, 3);
    assert_string_equal(view->wanted_due, "2026-12-03");
    assert_string_equal(view->wanted[0].reason, "这个号码打不通，请再写一遍。");
    assert_non_null(strstr(view->wanted[0].label, "电话号码"));
    assert_string_equal(view->wanted[1].paper, "medical-proof");
    assert_non_null(strstr(view->wanted[2].label, " 2")); // which of the household
    touch_text(scene, INTENT_LANGUAGE, "en");
    assert_non_null(strstr(look(scene)->wanted[0].label, "Phone number"));
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_TRACK_CASE); // and the case is still there
}

static void the_answers_become_a_submission_of_that_case(void **state)
{
    (void)state;
    to_the_questions();
    answer_one("13900000002");
    touch(scene, INTENT_NEXT);
    assert_non_null(strstr(look(scene)->form_screen->group_label, " 2"));
    answer_one("child");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_PAPERS);
    assert_int_equal(look(scene)->paper_count, 1); // the one that is wanted, not the seven
    assert_string_equal(look(scene)->papers[0].paper->id, "medical-proof");
    struct intent clerk = {.kind = INTENT_PAPER, .number = PAPER_ANSWER_CLERK};
    text_copy(clerk.text, sizeof clerk.text, "medical-proof");
    struct session_input input = {.kind = SESSION_INTENT, .intent = &clerk};
    session_step(scene->session, &input);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_COMMITMENT); // as for the application itself
    touch(scene, INTENT_NEXT);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_string_equal(scene->draft.of_instance, CASE);
    assert_string_equal(scene->draft.service, "correction");
    assert_int_equal(scene->draft.type, 5);
    assert_int_equal(scene->draft.legal_limit_days, 0);
    assert_string_equal(scene->draft.masked_name, "张*");
    assert_non_null(strstr(scene->record, "id=\"expenditure-relief:correction\""));
    assert_non_null(strstr(scene->record, "version=\"c1f2e3d4c5b6a798\""));
    assert_non_null(strstr(scene->record, "<a1>13900000002</a1>"));
    assert_non_null(strstr(scene->record, "<a2>child</a2>"));
    assert_non_null(strstr(scene->record, "<papers>medical-proof:clerk</papers>"));
    assert_non_null(strstr(scene->record, "<of>" CASE "</of>"));
    assert_null(strstr(scene->record, "打不通")); // a reason is no answer
}

static void what_the_form_refuses_is_refused_here_too(void **state)
{
    (void)state;
    to_the_questions();
    answer_one("123");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    assert_true(look(scene)->show_violations);
    assert_string_not_equal(look(scene)->form_screen->questions[1].violation_message, "");
}

static void a_list_of_papers_alone_asks_for_papers_alone(void **state)
{
    (void)state;
    list->count = 0;
    want(CORRECTION_PAPER, "id-card", "请带身份证。");
    sign();
    find_case();
    touch(scene, INTENT_TRACK_CORRECT);
    ON(scene, SCREEN_WANTED);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_PAPERS);
}

static void is_refused(const char *what_key)
{
    find_case();
    touch(scene, INTENT_TRACK_CORRECT);
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, what_key);
    assert_non_null(strstr(scene->notes, "correction.refused"));
    assert_null(scene->list); // nothing of it went anywhere
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_CASE);
}

static void a_forged_list_is_not_opened(void **state)
{
    (void)state;
    sign();
    text_copy(list->items[0].reason, CORRECTION_REASON, "请写银行卡密码。");
    is_refused("problem.correction-bad.what");
}

static void a_list_of_another_case_is_not_opened(void **state)
{
    (void)state;
    text_copy(list->instance, sizeof list->instance, "uuid:00000000-0000-4000-8000-00000000000b");
    sign();
    is_refused("problem.correction-bad.what");
}

static void when_the_time_is_over_the_counter_helps(void **state)
{
    (void)state;
    list->due_utc_ms = start_utc_ms;
    sign();
    is_refused("problem.correction-over.what");
}

static void a_form_that_cannot_be_made_is_said_at_once(void **state)
{
    (void)state;
    sign();
    find_case();
    scene->breaks_forms = true;
    touch(scene, INTENT_TRACK_CORRECT);
    ON(scene, SCREEN_PROBLEM);
    touch(scene, INTENT_NEXT);
    scene->breaks_forms = false;
}

static void leaving_in_the_middle_leaves_nothing_behind(void **state)
{
    (void)state;
    to_the_questions();
    answer_one("13900000002");
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_ATTRACT);
    to_the_questions(); // and it can be begun again
}

static void a_name_that_is_wanted_again_may_be_written_with_the_finger(void **state)
{
    (void)state;
    char ref[LIMIT_REF];
    text_copy(list->items[2].ref, sizeof list->items[2].ref, "/data/member[2]/person/name");
    to_the_questions();
    answer_one("13900000002");
    touch(scene, INTENT_NEXT);
    text_copy(ref, sizeof ref, look(scene)->form_screen->questions[1].ref);
    draw_character(scene, ref);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->questions[1].value, DRAWN_SIGN);
    while (look(scene)->screen != SCREEN_COMMITMENT)
        touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->draft.attachment_count, 2); // with the signature
    assert_non_null(strstr(scene->record, "<a2>" DRAWN_SIGN "</a2>"));
    assert_non_null(strstr(scene->record, "<characters>/data/answer/a2:character-"));
    // Its paper shows whom the case is of, and that person's pictures.
    assert_string_equal(scene->draft.masked_name, "张*");
    assert_int_equal(drawn_count(scene->draft.drawn), 1);
    assert_int_equal(strspn(scene->draft.drawn, "3"), 2 * DRAWN_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_wanted_is_told_with_its_reasons_and_by_when),
        TEST(a_name_that_is_wanted_again_may_be_written_with_the_finger),
        TEST(the_answers_become_a_submission_of_that_case),
        TEST(what_the_form_refuses_is_refused_here_too),
        TEST(a_list_of_papers_alone_asks_for_papers_alone),
        TEST(a_forged_list_is_not_opened),
        TEST(a_list_of_another_case_is_not_opened),
        TEST(when_the_time_is_over_the_counter_helps),
        TEST(a_form_that_cannot_be_made_is_said_at_once),
        TEST(leaving_in_the_middle_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("correction at the counter", tests, NULL, NULL);
}
