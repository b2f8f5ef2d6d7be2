// SPDX-License-Identifier: GPL-3.0-or-later
// Hidden, timed out, or somebody was let go first: sealed in memory, opened by a code, gone after
// 15 minutes; and nobody learns whether anything lies there.
#include "scene.h"

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

static void type_code(struct scene *scene, const char *code)
{
    for (size_t i = 0; code[i]; i++) {
        char digit[2] = {code[i], '\0'};
        touch_text(scene, INTENT_CODE_DIGIT, digit);
    }
}

static void park(struct scene *scene, const char *code)
{
    touch(scene, INTENT_LEAVE);
    assert_true(look(scene)->may_park);
    touch(scene, INTENT_PARK);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_PARK_CHOOSE);
    type_code(scene, code);
    assert_true(look(scene)->code.again);
    type_code(scene, code);
    ON(scene, SCREEN_ATTRACT);
}

static void come_back(struct scene *scene, const char *code, enum screen wanted)
{
    touch(scene, INTENT_CONTINUE);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_PARK_OPEN);
    type_code(scene, code);
    ON(scene, wanted);
}

static void assert_nothing_lies_here(struct scene *scene)
{
    assert_false(session_keeps_visit(scene->session));
}

// Chosen beforehand: the first thing that the help screen offers.
static void choose_hiding(struct scene *scene, const char *code)
{
    touch(scene, INTENT_HIDE_CODE);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_HIDE_CHOOSE);
    type_code(scene, code);
    type_code(scene, code);
    assert_true(look(scene)->has_hide_code);
}

static void somebody_goes_first_and_the_visit_comes_back_as_it_was(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch_text(scene, INTENT_LANGUAGE, "ko");
    park(scene, "2468");
    assert_true(session_keeps_visit(scene->session));
    assert_false(look(scene)->visit_open);
    assert_string_equal(look(scene)->language, "zh"); // nothing of it stays on the screen
    assert_null(look(scene)->service);
    assert_int_equal(scene->wipes, 1);
    fill_urgent(scene); // the other one
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    touch(scene, INTENT_HIDE);
    come_back(scene, "2468", SCREEN_PAPERS);
    assert_string_equal(look(scene)->language, "ko");
    assert_nothing_lies_here(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_non_null(strstr(scene->record, "<name>王五</name>"));
}

static void hiding_is_one_touch_and_the_id_number_brings_it_back(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_null(look(scene)->service);
    come_back(scene, "0029", SCREEN_PAPERS);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    assert_non_null(strstr(scene->record, "<name>王五</name>"));
}

// To the review, with a telephone to be reached at.
static void urgent_for(struct scene *scene, const char *event)
{
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    answer(scene, "/data/event/type", event);
    for (int i = 0; i < 10 && look(scene)->screen == SCREEN_QUESTION; i++) {
        if (strcmp(look(scene)->form_screen->questions[0].ref, "/data/contact/how") == 0) {
            answer(scene, "/data/contact/how", "phone");
            answer(scene, "/data/contact/phone", "13812345678");
        }
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
}

static void the_telephone_opens_it_too(void **state)
{
    struct scene *scene = *state;
    urgent_for(scene, "fire");
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    come_back(scene, "5678", SCREEN_REVIEW);
    assert_string_equal(look(scene)->service->id, "urgent-relief");
    touch(scene, INTENT_URGENT); // the same person's: no second record
    assert_int_equal(scene->urgent_opened, 1);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
}

static void what_opens_nothing_is_wiped_at_once(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_nothing_lies_here(scene);
}

// Whoever stands behind knows the telephone.
static void a_restricted_visit_is_opened_only_by_what_was_chosen_beforehand(void **state)
{
    struct scene *scene = *state;
    urgent_for(scene, "violence");
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_nothing_lies_here(scene);
    urgent_for(scene, "violence");
    choose_hiding(scene, "7531");
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_HIDE);
    touch(scene, INTENT_CONTINUE);
    type_code(scene, "5678");
    ON(scene, SCREEN_CODE);
    type_code(scene, "7531");
    ON(scene, SCREEN_REVIEW);
    assert_true(look(scene)->has_hide_code);
}

static void an_application_left_for_urgent_help_is_hidden_with_it(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    urgent_for(scene, "fire");
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    come_back(scene, "5678", SCREEN_REVIEW);
    touch(scene, INTENT_HIDE);
    come_back(scene, "0029", SCREEN_PAPERS);
    assert_true(session_keeps_visit(scene->session)); // the urgent one, for its owner
}

// Same screen, same words, the same slow look, whether anything lies here or not.
static void nobody_learns_whether_anything_lies_here(void **state)
{
    struct scene *scene = *state;
    struct view empty, full;
    for (int with = 0; with < 2; with++) {
        struct view *view = with ? &full : &empty;
        if (with) {
            begin_expenditure(scene);
            touch(scene, INTENT_HIDE);
            assert_true(session_keeps_visit(scene->session));
        }
        touch(scene, INTENT_CONTINUE);
        scene->never_derives = true;
        type_code(scene, "8642");
        assert_true(look(scene)->code.busy);
        assert_int_equal(scene->key_count, 1); // derived, whatever lies here
        scene->never_derives = false;
        scene_work(scene);
        *view = *look(scene);
        type_code(scene, "8643");
        type_code(scene, "8644");
        ON(scene, SCREEN_PROBLEM);
        assert_string_equal(look(scene)->problem_what_key, "problem.parked-gone.what");
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_ATTRACT);
        assert_nothing_lies_here(scene);
    }
    full.change = empty.change;
    assert_memory_equal(&empty, &full, sizeof empty);
}

static void each_visit_bears_three_wrong_tries_of_whoever_it_may_be(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    for (int i = 0; i < 2; i++) {
        touch(scene, INTENT_CONTINUE);
        type_code(scene, "8642");
        ON(scene, SCREEN_CODE);
        assert_int_equal(look(scene)->code.tries_left, -1);
        touch(scene, INTENT_BACK); // going away does not give the tries back
    }
    touch(scene, INTENT_CONTINUE);
    type_code(scene, "8642");
    assert_nothing_lies_here(scene);
    type_code(scene, "2468");
    ON(scene, SCREEN_CODE);
}

static void opening_another_gives_no_tries_back(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    begin_expenditure(scene);
    park(scene, "1357");
    touch(scene, INTENT_CONTINUE);
    type_code(scene, "1111");
    type_code(scene, "1112");
    type_code(scene, "1357");
    ON(scene, SCREEN_QUESTION);
    park(scene, "1357");
    touch(scene, INTENT_CONTINUE);
    type_code(scene, "1113"); // the third about the first visit
    type_code(scene, "2468");
    ON(scene, SCREEN_CODE);
    touch(scene, INTENT_BACK);
    come_back(scene, "1357", SCREEN_QUESTION);
}

static void after_a_quarter_of_an_hour_it_is_gone(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    scene_wait(scene, 14 * 60000 + 59000);
    assert_true(session_keeps_visit(scene->session));
    scene_wait(scene, 2000);
    assert_nothing_lies_here(scene);
    come_back(scene, "2468", SCREEN_CODE);
}

static void a_clock_that_jumps_changes_nothing(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    scene->utc_jump_ms = 400LL * 24 * 3600 * 1000;
    scene_wait(scene, 60000);
    assert_true(session_keeps_visit(scene->session));
    scene->utc_jump_ms = -400LL * 24 * 3600 * 1000;
    scene_wait(scene, 15 * 60000);
    assert_nothing_lies_here(scene); // powered-on time
}

static void a_long_form_that_times_out_is_parked_under_the_id_number(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    scene_wait(scene, 121000);
    assert_int_equal(look(scene)->overlay, OVERLAY_IDLE);
    assert_true(look(scene)->will_park);
    scene_wait(scene, 45000);
    ON(scene, SCREEN_ATTRACT);
    come_back(scene, "0029", SCREEN_QUESTION);
}

static void without_an_id_number_a_time_out_forgets_everything(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "whistle");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    scene_wait(scene, 170000);
    ON(scene, SCREEN_ATTRACT);
    assert_nothing_lies_here(scene);
    assert_int_equal(scene->visits_ended, 1);
}

static void a_fifth_takes_the_place_of_the_one_that_has_waited_longest(void **state)
{
    static const char *const codes[] = {"1111", "2222", "3333", "4444", "5555"};
    struct scene *scene = *state;
    for (size_t i = 0; i < 5; i++) {
        begin_expenditure(scene);
        park(scene, codes[i]);
    }
    come_back(scene, "1111", SCREEN_CODE);
    type_code(scene, "2222");
    ON(scene, SCREEN_QUESTION);
}

static void a_visit_with_a_ticket_keeps_it(void **state)
{
    struct scene *scene = *state;
    scene->takes_ticket = true;
    begin_expenditure(scene);
    size_t drafts = scene->draft_count;
    assert_true(drafts > 0);
    touch(scene, INTENT_HIDE);
    come_back(scene, "0029", SCREEN_QUESTION);
    touch(scene, INTENT_LEAVE);
    assert_true(look(scene)->has_ticket);
    assert_int_equal(scene->draft_count, drafts); // goes on in the same draft
}

static void hidden_while_it_is_saved_it_is_saved_and_the_receipt_waits(void **state)
{
    struct scene *scene = *state;
    fill_urgent(scene);
    scene->never_saves = true;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVING);
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->saves, 0);
    scene->never_saves = false;
    scene_work(scene);
    assert_int_equal(scene->saves, 1);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->unclaimed, 1);
    assert_nothing_lies_here(scene);
}

static void hidden_while_saving_fails_it_is_put_away(void **state)
{
    struct scene *scene = *state;
    urgent_for(scene, "fire");
    scene->never_saves = true;
    scene->save_err = ERR_FULL;
    touch(scene, INTENT_SUBMIT);
    touch(scene, INTENT_HIDE);
    scene->never_saves = false;
    scene_work(scene);
    ON(scene, SCREEN_ATTRACT);
    come_back(scene, "5678", SCREEN_REVIEW);
}

static void urgent_help_is_always_there(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    touch(scene, INTENT_CONTINUE);
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->urgent_opened, 1);
    touch(scene, INTENT_HIDE);
    assert_true(session_keeps_visit(scene->session));
}

static void changing_ones_mind_while_choosing_leads_back(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_PARK);
    type_code(scene, "12");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION);
    assert_nothing_lies_here(scene);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(somebody_goes_first_and_the_visit_comes_back_as_it_was),
        TEST(hiding_is_one_touch_and_the_id_number_brings_it_back),
        TEST(the_telephone_opens_it_too),
        TEST(what_opens_nothing_is_wiped_at_once),
        TEST(a_restricted_visit_is_opened_only_by_what_was_chosen_beforehand),
        TEST(an_application_left_for_urgent_help_is_hidden_with_it),
        TEST(nobody_learns_whether_anything_lies_here),
        TEST(each_visit_bears_three_wrong_tries_of_whoever_it_may_be),
        TEST(opening_another_gives_no_tries_back),
        TEST(after_a_quarter_of_an_hour_it_is_gone),
        TEST(a_clock_that_jumps_changes_nothing),
        TEST(a_long_form_that_times_out_is_parked_under_the_id_number),
        TEST(without_an_id_number_a_time_out_forgets_everything),
        TEST(a_fifth_takes_the_place_of_the_one_that_has_waited_longest),
        TEST(a_visit_with_a_ticket_keeps_it),
        TEST(hidden_while_it_is_saved_it_is_saved_and_the_receipt_waits),
        TEST(hidden_while_saving_fails_it_is_put_away),
        TEST(urgent_help_is_always_there),
        TEST(changing_ones_mind_while_choosing_leads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
