// SPDX-License-Identifier: GPL-3.0-or-later
// The list of every answer: what is changed from there, and what that makes necessary.
#include "scene.h"
#include "yimen/base/text.h"

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

static const struct question *on_screen(const struct scene *scene, const char *ref)
{
    const struct view *view = look(scene);
    for (size_t i = 0; view->screen == SCREEN_QUESTION && i < view->form_screen->question_count;
         i++)
        if (text_equal(view->form_screen->questions[i].ref, ref))
            return &view->form_screen->questions[i];
    return NULL;
}

// From the review to the screen of one question.
static void change(struct scene *scene, const char *ref, const char *value)
{
    for (size_t i = 0; i < look(scene)->answer_count; i++) {
        char screen[LIMIT_REF];
        text_copy(screen, sizeof screen, look(scene)->answers[i].screen_ref);
        touch_ref(scene, INTENT_JUMP, screen);
        if (on_screen(scene, ref)) {
            answer(scene, ref, value);
            return;
        }
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_REVIEW);
    }
    fail_msg("the review leads to no %s", ref);
}

static void change_identity(struct scene *scene, const char *number)
{
    for (size_t i = 0; i < look(scene)->answer_count; i++) {
        char screen[LIMIT_REF];
        text_copy(screen, sizeof screen, look(scene)->answers[i].screen_ref);
        touch_ref(scene, INTENT_JUMP, screen);
        if (look(scene)->screen == SCREEN_IDENTITY) {
            touch_text(scene, INTENT_ID_NUMBER, number);
            return;
        }
        touch(scene, INTENT_BACK);
    }
    fail_msg("the review leads to no identity");
}

// The table of the scene, and nothing of what is counted.
static void fill_screen(struct scene *scene)
{
    answer_screen(scene, false);
    for (size_t i = 0; i < look(scene)->form_screen->question_count; i++) {
        const struct question *question = &look(scene)->form_screen->questions[i];
        char ref[LIMIT_REF];
        text_copy(ref, sizeof ref, question->ref);
        if (question->violation == VIOLATION_REQUIRED &&
            (question->kind == QUESTION_INTEGER || question->kind == QUESTION_DECIMAL))
            answer(scene, ref, "0");
    }
}

// A healthy adult applies for support as a person in special hardship.
static void reach_review(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, "destitute");
    ON(scene, SCREEN_NOTICE);
    for (int i = 0; i < 100 && look(scene)->screen != SCREEN_REVIEW; i++) {
        if (look(scene)->screen == SCREEN_WHO)
            touch_text(scene, INTENT_WHO, "self");
        if (look(scene)->screen == SCREEN_IDENTITY) {
            touch_text(scene, INTENT_NAME, "张三");
            touch_text(scene, INTENT_ID_NUMBER, "370212198802291011");
        }
        if (on_screen(scene, "/data/self/occupation"))
            answer(scene, "/data/self/occupation", "employed");
        if (on_screen(scene, "/data/daily/cannot"))
            answer(scene, "/data/daily/cannot", "");
        if (look(scene)->screen == SCREEN_QUESTION)
            fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    if (look(scene)->screen == SCREEN_QUESTION)
        fail_msg("stays at %s", look(scene)->form_screen->ref);
    ON(scene, SCREEN_REVIEW);
}

// On from the screen of the change until the review is there; whether a question was shown.
static bool is_asked_before_the_review(struct scene *scene, const char *ref, const char *value)
{
    bool asked = false;
    touch(scene, INTENT_NEXT);
    for (int i = 0; i < 20 && look(scene)->screen != SCREEN_REVIEW; i++) {
        if (on_screen(scene, ref)) {
            asked = true;
            answer(scene, ref, value);
        }
        if (look(scene)->screen == SCREEN_QUESTION)
            fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
    return asked;
}

static void hand_in(struct scene *scene)
{
    for (int i = 0; i < 20 && look(scene)->screen != SCREEN_SAVED; i++) {
        if (look(scene)->screen == SCREEN_CONSENT || look(scene)->screen == SCREEN_COMMITMENT)
            touch_number(scene, INTENT_CONSENT, 1);
        if (look(scene)->screen == SCREEN_SIGNATURE)
            draw_signature(scene);
        touch(scene, look(scene)->screen == SCREEN_SIGNATURE ? INTENT_SUBMIT : INTENT_NEXT);
    }
    ON(scene, SCREEN_SAVED);
}

static void what_a_change_makes_necessary_is_asked_before_the_review(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/occupation", "unable");
    assert_true(is_asked_before_the_review(scene, "/data/self/care/cannot", "eat dress"));
    hand_in(scene);
    assert_non_null(strstr(scene->record, "<lost>2</lost>"));
    assert_non_null(strstr(scene->record, "<level>partial</level>"));
}

static void an_older_person_at_the_identity_screen_is_a_change_too(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change_identity(scene, "370212195406070029");
    assert_true(is_asked_before_the_review(scene, "/data/self/care/cannot", "eat"));
    hand_in(scene);
    assert_non_null(strstr(scene->record, "<lost>1</lost>"));
}

static void back_from_a_change_leads_to_the_same_questions(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/occupation", "unable");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION);
    assert_non_null(on_screen(scene, "/data/self/care/cannot"));
    touch(scene, INTENT_BACK); // to what was changed, where it can be taken back
    assert_non_null(on_screen(scene, "/data/self/occupation"));
    answer(scene, "/data/self/occupation", "employed");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REVIEW);
}

static void a_paper_that_a_change_calls_for_is_asked_for_too(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/disability/type", "limbs");
    touch(scene, INTENT_NEXT);
    for (int i = 0; i < 20 && look(scene)->screen == SCREEN_QUESTION; i++) {
        fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_PAPERS);
    bool listed = false;
    for (size_t i = 0; i < look(scene)->paper_count; i++)
        listed |= text_equal(look(scene)->papers[i].paper->id, "disability-certificate");
    assert_true(listed);
    touch(scene, INTENT_NEXT); // papers never block
    ON(scene, SCREEN_REVIEW);
    touch_ref(scene, INTENT_JUMP, look(scene)->answers[look(scene)->answer_count - 1].screen_ref);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW); // and are asked for once
}

static void the_review_is_not_left_while_a_required_answer_is_open(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/contact/how", "");
    touch(scene, INTENT_BACK); // nobody is kept on a screen
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    assert_non_null(on_screen(scene, "/data/contact/how"));
    assert_true(look(scene)->show_violations);
}

static const struct view_answer *line_of(const struct scene *scene, const char *ref)
{
    for (size_t i = 0; i < look(scene)->answer_count; i++)
        if (text_equal(look(scene)->answers[i].ref, ref))
            return &look(scene)->answers[i];
    fail_msg("the review has no %s", ref);
    return NULL;
}

static void what_the_neighbour_must_not_read_is_shown_for_a_touch_and_masked_again(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    static const char first[] = "/data/member[1]/person/id_number";
    static const char second[] = "/data/member[2]/person/id_number";
    assert_true(line_of(scene, first)->masked);
    assert_null(strstr(line_of(scene, first)->shown, "198802291011"));
    touch_ref(scene, INTENT_REVEAL, first);
    assert_string_equal(line_of(scene, first)->shown, "370212198802291011");
    assert_false(line_of(scene, first)->masked);
    touch_ref(scene, INTENT_REVEAL, second); // one at a time
    assert_true(line_of(scene, first)->masked);
    assert_false(line_of(scene, second)->masked);
    touch(scene, INTENT_BACK);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    assert_true(line_of(scene, second)->masked);
    assert_null(strstr(line_of(scene, second)->shown, "201503010018"));
}

static void to_question(struct scene *scene, const char *ref)
{
    for (int i = 0; i < 20 && !on_screen(scene, ref); i++) {
        if (look(scene)->screen == SCREEN_WHO)
            touch_text(scene, INTENT_WHO, "self");
        if (look(scene)->screen == SCREEN_IDENTITY) {
            touch_text(scene, INTENT_NAME, "张三");
            touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
        }
        if (look(scene)->screen == SCREEN_QUESTION)
            answer_screen(scene, false);
        touch(scene, INTENT_NEXT);
    }
    assert_non_null(on_screen(scene, ref));
}

// Who has just said that there is somebody is asked about them, not whether to add one.
static void the_first_of_a_list_that_was_said_to_have_one_opens_by_itself(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "kin-register");
    to_question(scene, "/data/has/any");
    answer(scene, "/data/has/any", "yes");
    touch(scene, INTENT_NEXT);
    assert_non_null(on_screen(scene, "/data/kin[1]/relation"));
    touch(scene, INTENT_BACK); // nobody after all: the list is empty, and may stay so
    ON(scene, SCREEN_REPEAT);
    assert_int_equal(look(scene)->form_screen->instance_count, 0);
    touch(scene, INTENT_BACK);
    assert_non_null(on_screen(scene, "/data/has/any"));
    touch(scene, INTENT_NEXT);
    answer(scene, "/data/kin[1]/relation", "sibling");
    while (look(scene)->screen == SCREEN_QUESTION) {
        if (on_screen(scene, "/data/kin[1]/person/name"))
            answer(scene, "/data/kin[1]/person/name", "李四");
        answer_screen(scene, false);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REPEAT); // once: the next one is asked for
    assert_int_equal(look(scene)->form_screen->instance_count, 1);
}

// Told to the screen, which shows it as it was typed: in groups.
static void a_telephone_is_said_to_be_one(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    assert_true(line_of(scene, "/data/contact/phone")->phone);
    assert_string_equal(line_of(scene, "/data/contact/phone")->shown, "13812345678");
    assert_false(line_of(scene, "/data/address/detail")->phone);
    assert_false(line_of(scene, "/data/member[1]/person/id_number")->phone);
    change(scene, "/data/address/detail", "13900000000"); // in free words too
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    assert_true(line_of(scene, "/data/address/detail")->phone);
}

static void persons_are_headings_and_can_be_taken_away_there(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    assert_string_equal(look(scene)->answers[0].heading, "申请人");
    size_t persons = 0, sections = 0;
    for (size_t i = 0; i < look(scene)->answer_count; i++) {
        const struct view_answer *line = &look(scene)->answers[i];
        sections += line->heading[0] != '\0';
        persons += line->instance[0] != '\0';
        if (text_equal(line->instance, "/data/member[2]"))
            assert_non_null(strstr(line->heading, "李小四"));
    }
    assert_int_equal(persons, 2);
    assert_true(sections > 5);
    touch_ref(scene, INTENT_REMOVE, "/data/member[2]");
    assert_int_equal(look(scene)->overlay, OVERLAY_REMOVE);
    assert_non_null(strstr(look(scene)->remove_label, "李小四"));
    touch(scene, INTENT_REMOVE_SURE);
    for (int i = 0; i < 10 && look(scene)->screen == SCREEN_QUESTION; i++) {
        fill_screen(scene); // what is asked of somebody who lives with one person alone
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
    for (size_t i = 0; i < look(scene)->answer_count; i++)
        assert_null(strstr(look(scene)->answers[i].ref, "member[2]"));
    touch_ref(scene, INTENT_REMOVE, "/data/member[2]"); // nobody is there any more
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void a_new_person_of_whom_nothing_was_said_is_not_there(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    answer_until(scene, SCREEN_REPEAT);
    touch_ref(scene, INTENT_ADD, look(scene)->form_screen->ref);
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REPEAT);
    assert_int_equal(look(scene)->form_screen->instance_count, 0);
}

static void a_person_is_taken_away_on_the_screen_that_asks_about_them(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    answer_until(scene, SCREEN_REPEAT);
    touch_ref(scene, INTENT_ADD, look(scene)->form_screen->ref);
    answer(scene, "/data/member[1]/person/name", "王五");
    assert_true(look(scene)->form_screen->instance_may_go);
    touch_ref(scene, INTENT_REMOVE, look(scene)->form_screen->instance_ref);
    assert_int_equal(look(scene)->overlay, OVERLAY_REMOVE);
    assert_non_null(strstr(look(scene)->remove_label, "王五"));
    touch(scene, INTENT_REMOVE_SURE);
    ON(scene, SCREEN_REPEAT);
    assert_int_equal(look(scene)->form_screen->instance_count, 0);
}

static void a_number_too_large_is_said_and_no_part_of_it_counts(void **state)
{
    static const char people[] = "/data/people";
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    for (int i = 0; i < 10 && !on_screen(scene, people); i++) {
        if (on_screen(scene, "/data/contact/how"))
            answer(scene, "/data/contact/how", "here");
        touch(scene, INTENT_NEXT);
    }
    assert_non_null(on_screen(scene, people));
    assert_int_equal(on_screen(scene, people)->kind, QUESTION_INTEGER);
    answer(scene, people, "12"); // as it is typed, digit after digit
    answer(scene, people, "13800138000");
    assert_string_equal(look(scene)->refused_ref, people);
    assert_string_equal(look(scene)->refused_text, "13800138000");
    assert_string_equal(on_screen(scene, people)->value, "");
    touch(scene, INTENT_NEXT);
    assert_non_null(on_screen(scene, people)); // it stays to be mended
    answer(scene, people, "2");
    assert_null(look(scene)->refused_ref);
    touch(scene, INTENT_NEXT);
    assert_null(on_screen(scene, people));
}

static void blanks_are_no_answer_and_no_name(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/address/detail", " \u3000\u00a0\u200b");
    assert_int_equal(on_screen(scene, "/data/address/detail")->violation, VIOLATION_REQUIRED);
    touch(scene, INTENT_NEXT);
    assert_non_null(on_screen(scene, "/data/address/detail"));
    answer(scene, "/data/address/detail", "1");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    change_identity(scene, "370212198802291011");
    touch_text(scene, INTENT_NAME, "\u3000 \u200d");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    assert_true(look(scene)->name_problem[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_change_makes_necessary_is_asked_before_the_review,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_older_person_at_the_identity_screen_is_a_change_too,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(back_from_a_change_leads_to_the_same_questions, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_paper_that_a_change_calls_for_is_asked_for_too, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_review_is_not_left_while_a_required_answer_is_open,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_the_neighbour_must_not_read_is_shown_for_a_touch_and_masked_again, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_telephone_is_said_to_be_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_first_of_a_list_that_was_said_to_have_one_opens_by_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(persons_are_headings_and_can_be_taken_away_there, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_new_person_of_whom_nothing_was_said_is_not_there, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_person_is_taken_away_on_the_screen_that_asks_about_them,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_number_too_large_is_said_and_no_part_of_it_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(blanks_are_no_answer_and_no_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
