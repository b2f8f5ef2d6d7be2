// SPDX-License-Identifier: GPL-3.0-or-later
// Calling a person: only what was reached is said, nothing that is typed is covered, and a burst of
// presses hides nobody's emergency.
#include "scene.h"
#include "yimen/base/text.h"

static int setup(void **state)
{
    struct scene *scene = scene_new();
    *state = scene;
    scene->call_reaches = CALL_REACHED_LAMP | CALL_REACHED_SOUND;
    scene_work(scene);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

static void line_is(struct scene *scene, const char *key)
{
    const char *line = look(scene)->call_line_key;
    if (!key)
        assert_null(line);
    else
        assert_string_equal(line, key);
}

static void what_was_reached_is_said_and_no_more(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_CALL);
    assert_int_equal(look(scene)->overlay, OVERLAY_CALL);
    assert_int_equal(look(scene)->call_reached, CALL_REACHED_LAMP | CALL_REACHED_SOUND);
    assert_string_equal(look(scene)->counter_phone, ""); // not set in the content: not invented
    touch(scene, INTENT_CLOSE_OVERLAY);
    scene->call_reaches = 0;
    touch(scene, INTENT_CALL);
    assert_int_equal(look(scene)->call_reached, 0);
}

static void nothing_that_is_typed_is_covered(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    touch(scene, INTENT_CALL);
    touch(scene, INTENT_CLOSE_OVERLAY);
    line_is(scene, NULL);
    scene_wait(scene, 59000);
    touch(scene, INTENT_ACTIVITY);
    scene_wait(scene, 2000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    ON(scene, SCREEN_QUESTION);
    line_is(scene, "call.line.unanswered");
    touch(scene, INTENT_CALL);
    assert_int_equal(look(scene)->overlay, OVERLAY_CALL);
    scene_wait(scene, 61000); // the sheet of the call itself says it too
    assert_int_equal(look(scene)->overlay, OVERLAY_CALL);
    assert_true(look(scene)->call_unanswered);
}

static void who_pressed_urgent_reads_a_line_and_the_next_person_nothing(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    scene_wait(scene, 61000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    line_is(scene, "call.line.unanswered");
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    assert_true(scene->calling); // until somebody comes
    begin_expenditure(scene);
    line_is(scene, NULL);
    scene_wait(scene, 61000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    line_is(scene, NULL);
}

static void where_nobody_is_reached_the_line_says_so_at_once(void **state)
{
    struct scene *scene = *state;
    scene->call_reaches = 0;
    touch(scene, INTENT_URGENT);
    line_is(scene, "call.line.nobody");
}

static void hiding_silences_what_can_be_heard(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    assert_true(scene->calling && !scene->silent_call);
    touch(scene, INTENT_HIDE);
    assert_true(scene->calling && scene->silent_call);
    touch(scene, INTENT_CALL);
    assert_false(scene->silent_call);
}

static void answer_call(struct scene *scene, const char *answer)
{
    touch(scene, INTENT_STAFF_ANSWER_CALL);
    assert_int_equal(look(scene)->overlay, OVERLAY_ANSWER);
    touch_text(scene, INTENT_STAFF_ANSWER_CALL, answer);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void log_in(struct scene *scene)
{
    touch(scene, INTENT_STAFF);
    for (const char *at = "1001"; *at; at++)
        touch_text(scene, INTENT_STAFF_DIGIT, (char[]){*at, '\0'});
    touch(scene, INTENT_STAFF_ENTER);
    for (const char *at = "314159"; *at; at++)
        touch_text(scene, INTENT_STAFF_DIGIT, (char[]){*at, '\0'});
    touch(scene, INTENT_STAFF_ENTER);
    ON(scene, SCREEN_STAFF_QUEUE);
}

static void a_clerk_answers_inside_a_visit_and_harms_nothing(void **state)
{
    struct scene *scene = *state;
    char screen[LIMIT_REF];
    begin_expenditure(scene);
    text_copy(screen, sizeof screen, look(scene)->form_screen->ref);
    touch(scene, INTENT_CALL);
    log_in(scene);
    answer_call(scene, "came");
    touch(scene, INTENT_STAFF_EXIT);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->ref, screen);
    assert_false(scene->calling);
    line_is(scene, "call.line.answered");
}

static void press_and_hide(struct scene *scene, int times)
{
    for (int i = 0; i < times; i++) {
        touch(scene, INTENT_URGENT);
        touch(scene, INTENT_HIDE);
    }
}

static size_t count_in(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

static void a_burst_of_presses_is_one_open_record(void **state)
{
    struct scene *scene = *state;
    press_and_hide(scene, 6);
    assert_int_equal(scene->urgent_opened, 1);
    assert_int_equal(count_in(scene->notes, "urgent.pressed-again"), 2); // at 2 and 4
    log_in(scene);
    assert_int_equal(look(scene)->joined_presses, 6);
    answer_call(scene, "came");
    assert_int_equal(look(scene)->joined_presses, 0);
    touch(scene, INTENT_STAFF_EXIT);
    press_and_hide(scene, 1); // that one was closed
    assert_int_equal(scene->urgent_opened, 2);
}

static void a_burst_goes_on_over_a_restart_in_the_record_it_had(void **state)
{
    struct scene *scene = *state;
    struct outbox_reply ready = {.kind = OUTBOX_READY, .open_calls = 1, .newest_call_ms = 90000};
    scene_outbox(scene, &ready);
    press_and_hide(scene, 5);
    assert_int_equal(scene->urgent_opened, 0);
    touch(scene, INTENT_URGENT);
    answer(scene, "/data/event/type", "fire");
    assert_int_equal(scene->urgent_opened, 1); // and whoever answers has one of their own
}

static void a_record_of_long_ago_takes_nobody_in_after_a_restart(void **state)
{
    struct scene *scene = *state;
    struct outbox_reply ready = {.kind = OUTBOX_READY, .open_calls = 1, .newest_call_ms = 660000};
    scene_outbox(scene, &ready);
    ready.newest_call_ms = -1; // or nobody can say
    scene_outbox(scene, &ready);
    press_and_hide(scene, 1);
    assert_int_equal(scene->urgent_opened, 1);
}

static void a_burst_never_hides_a_real_emergency(void **state)
{
    struct scene *scene = *state;
    press_and_hide(scene, 3);
    touch(scene, INTENT_URGENT);
    answer(scene, "/data/event/type", "fire");
    assert_int_equal(scene->urgent_opened, 2); // a record of its own
    answer(scene, "/data/event/type", "accident");
    touch(scene, INTENT_URGENT); // the same person again
    assert_int_equal(scene->urgent_opened, 2);
    touch(scene, INTENT_HIDE);
    press_and_hide(scene, 3);
    assert_int_equal(scene->urgent_opened, 2);
    scene_wait(scene, 11 * 60000); // long after: somebody else
    press_and_hide(scene, 1);
    assert_int_equal(scene->urgent_opened, 3);
}

static void who_pressed_first_and_answers_keeps_that_record(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    answer(scene, "/data/event/type", "fire");
    assert_int_equal(scene->urgent_opened, 1);
    touch(scene, INTENT_HIDE);
    press_and_hide(scene, 2); // not on it: somebody else's
    assert_int_equal(scene->urgent_opened, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_reached_is_said_and_no_more),
        TEST(nothing_that_is_typed_is_covered),
        TEST(who_pressed_urgent_reads_a_line_and_the_next_person_nothing),
        TEST(where_nobody_is_reached_the_line_says_so_at_once),
        TEST(hiding_silences_what_can_be_heard),
        TEST(a_clerk_answers_inside_a_visit_and_harms_nothing),
        TEST(a_burst_of_presses_is_one_open_record),
        TEST(a_burst_goes_on_over_a_restart_in_the_record_it_had),
        TEST(a_record_of_long_ago_takes_nobody_in_after_a_restart),
        TEST(a_burst_never_hides_a_real_emergency),
        TEST(who_pressed_first_and_answers_keeps_that_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
