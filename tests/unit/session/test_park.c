// SPDX-License-Identifier: GPL-3.0-or-later
// Letting somebody go first: parked in memory, opened by a code, gone after 15 minutes.
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

static void somebody_goes_first_and_the_visit_comes_back_as_it_was(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch_text(scene, INTENT_LANGUAGE, "ko");
    park(scene, "2468");
    assert_true(look(scene)->parked);
    assert_false(look(scene)->visit_open);
    assert_string_equal(look(scene)->language, "zh"); // nothing of it stays on the screen
    assert_null(look(scene)->service);
    assert_int_equal(scene->wipes, 1);
    fill_urgent(scene); // the other one
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    touch(scene, INTENT_HIDE);
    touch(scene, INTENT_CONTINUE);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_PARK_OPEN);
    assert_false(look(scene)->code.last_four);
    type_code(scene, "2468");
    ON(scene, SCREEN_PAPERS);
    assert_string_equal(look(scene)->language, "ko");
    assert_false(look(scene)->parked);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_non_null(strstr(scene->record, "<name>王五</name>"));
}

static void five_wrong_codes_zero_it(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    touch(scene, INTENT_CONTINUE);
    for (int left = 4; left > 0; left--) {
        type_code(scene, "8642");
        ON(scene, SCREEN_CODE);
        assert_int_equal(look(scene)->code.tries_left, left);
    }
    touch(scene, INTENT_BACK); // going away does not give the tries back
    touch(scene, INTENT_CONTINUE);
    type_code(scene, "8642");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.parked-gone.what");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
    assert_false(look(scene)->parked);
    touch(scene, INTENT_CONTINUE);
    ON(scene, SCREEN_ATTRACT);
}

static void after_a_quarter_of_an_hour_it_is_gone(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    scene_wait(scene, 14 * 60000 + 59000);
    assert_true(look(scene)->parked);
    scene_wait(scene, 2000);
    assert_false(look(scene)->parked);
    touch(scene, INTENT_CONTINUE);
    ON(scene, SCREEN_ATTRACT);
}

static void a_clock_that_jumps_changes_nothing(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    scene->utc_jump_ms = 400LL * 24 * 3600 * 1000;
    scene_wait(scene, 60000);
    assert_true(look(scene)->parked);
    scene->utc_jump_ms = -400LL * 24 * 3600 * 1000;
    scene_wait(scene, 15 * 60000);
    assert_false(look(scene)->parked); // powered-on time
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
    assert_true(look(scene)->parked);
    touch(scene, INTENT_CONTINUE);
    assert_true(look(scene)->code.last_four);
    type_code(scene, "0029");
    ON(scene, SCREEN_QUESTION);
}

static void without_an_id_number_a_time_out_forgets_everything(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "whistle");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    scene_wait(scene, 170000);
    ON(scene, SCREEN_ATTRACT);
    assert_false(look(scene)->parked);
    assert_int_equal(scene->visits_ended, 1);
}

static void one_is_parked_at_a_time(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    park(scene, "2468");
    begin_expenditure(scene);
    touch(scene, INTENT_LEAVE);
    assert_false(look(scene)->may_park);
    touch(scene, INTENT_PARK); // all the same
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_LEAVE_SURE);
    assert_true(look(scene)->parked);
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
    assert_true(look(scene)->parked);
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
    assert_false(look(scene)->parked);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(somebody_goes_first_and_the_visit_comes_back_as_it_was),
        TEST(five_wrong_codes_zero_it),
        TEST(after_a_quarter_of_an_hour_it_is_gone),
        TEST(a_clock_that_jumps_changes_nothing),
        TEST(a_long_form_that_times_out_is_parked_under_the_id_number),
        TEST(without_an_id_number_a_time_out_forgets_everything),
        TEST(one_is_parked_at_a_time),
        TEST(urgent_help_is_always_there),
        TEST(changing_ones_mind_while_choosing_leads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
