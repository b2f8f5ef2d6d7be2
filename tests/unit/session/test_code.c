// SPDX-License-Identifier: GPL-3.0-or-later
// What is held up to the code reader, and what the screen says to it.
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

static void a_foreign_code_is_answered_calmly_and_leaves_the_screen(void **state)
{
    struct scene *scene = *state;
    scan(scene, "https://shop.example/t-shirt");
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->overlay, OVERLAY_CODE);
    assert_string_equal(look(scene)->code_message_key, "code.not-ours");
    touch(scene, INTENT_CLOSE_OVERLAY);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    scan(scene, NULL);
    assert_string_equal(look(scene)->code_message_key, "code.unreadable");
    scene_wait(scene, 200000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void a_code_during_a_visit_leaves_the_visit_as_it_is(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    scan(scene, "anything");
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->code_message_key, "code.in-visit");
    touch(scene, INTENT_CLOSE_OVERLAY);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void staff_at_work_are_not_disturbed_by_codes(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_STAFF);
    scan(scene, "anything");
    ON(scene, SCREEN_STAFF_PIN);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_foreign_code_is_answered_calmly_and_leaves_the_screen),
        TEST(a_code_during_a_visit_leaves_the_visit_as_it_is),
        TEST(staff_at_work_are_not_disturbed_by_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
