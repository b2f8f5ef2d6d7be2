// SPDX-License-Identifier: GPL-3.0-or-later
// The touch rules against whole screens: what counts as a press, and what does not.
#include "unit/ui/hand.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { MM_10 = 41, MM_12 = 49 };

static void a_press_sends_what_the_button_means(void **state)
{
    (void)state;
    show("attract");
    touch("urgent");
    assert_int_equal(hand.got.kind, INTENT_URGENT);
    touch("language.ko");
    assert_int_equal(hand.got.kind, INTENT_LANGUAGE);
    assert_string_equal(hand.got.text, "ko");
    touch("service.expenditure-relief");
    assert_int_equal(hand.got.kind, INTENT_SERVICE);
    assert_string_equal(hand.got.text, "expenditure-relief");
}

static void a_press_may_end_a_little_beside_its_button(void **state)
{
    (void)state;
    show("notice");
    const struct box box = find("next")->box;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y - MM_10 + 4);
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void a_press_that_ends_far_away_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box box = find("next")->box;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y - MM_12);
    assert_int_equal(hand.got_count, 0);
}

static void a_press_that_ends_in_another_button_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box, back = find("back")->box;
    finger(FINGER_DOWN, 1, next.x + 5, next.y + 20);
    finger(FINGER_UP, 1, back.x + back.w - 5, back.y + 20);
    assert_int_equal(hand.got_count, 0);
}

static void a_press_that_starts_beside_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y - 6);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(hand.got_count, 0);
}

static void a_second_press_within_half_a_second_is_ignored(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    for (int i = 0; i < 2; i++) {
        finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
        finger(FINGER_UP, 1, next.x + 50, next.y + 20);
        hand.now += 400;
    }
    assert_int_equal(hand.got_count, 1);
    hand.now += 150;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(hand.got_count, 2);
}

static void a_digit_pressed_twice_quickly_is_two_digits_but_a_tremble_is_one(void **state)
{
    (void)state;
    show("number");
    touch("key.clear");
    const struct box key = find("key.1")->box;
    const unsigned gaps_ms[] = {600, 250, 60};
    for (size_t i = 0; i < 3; i++) {
        hand.now += gaps_ms[i];
        finger(FINGER_DOWN, 1, key.x + 20, key.y + 20);
        finger(FINGER_UP, 1, key.x + 20, key.y + 20);
    }
    assert_string_equal(hand.got.text, "11");
}

static void a_double_tap_does_not_hit_what_the_next_screen_has_there(void **state)
{
    (void)state;
    show("attract");
    const struct box box = find("urgent")->box;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y + 20);
    struct view after;
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, "review")) {
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, hand.catalogue, &after);
        }
    }
    stage_show(hand.stage, &after);
    hand.got_count = 0;
    const struct node *there = tree_hit(stage_tree(hand.stage), box.x + 50, box.y + 20);
    assert_non_null(there);
    hand.now += 200;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y + 20);
    assert_int_equal(hand.got_count, 0);
}

static void a_finger_on_another_target_replaces_the_press(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box, back = find("back")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    finger(FINGER_DOWN, 2, back.x + 50, back.y + 20);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(hand.got_count, 0);
    finger(FINGER_UP, 2, back.x + 50, back.y + 20);
    assert_int_equal(hand.got.kind, INTENT_BACK);
}

static void a_hand_beside_every_target_takes_nothing_away(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    finger(FINGER_DOWN, 2, 4, next.y - 6);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void a_finger_that_never_lifts_does_not_make_the_glass_deaf(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 10, next.x + 50, next.y + 20);
    for (int64_t which = 11; which < 40; which++) {
        hand.now += 600;
        hand.got_count = 0;
        finger(FINGER_DOWN, which, next.x + 50, next.y + 20);
        if (which % 2) {
            finger(FINGER_UP, which, next.x + 50, next.y + 20);
            assert_int_equal(hand.got_count, 1);
        }
    }
    show("notice");
    touch("next");
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void what_lies_on_the_glass_is_ignored_and_told_and_the_rest_lives(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 10, next.x + 50, next.y + 20);
    hand.now += 4900;
    stage_tick(hand.stage, hand.now, remember, NULL);
    assert_int_equal(hand.stuck_count, 0);
    hand.now += 200;
    stage_tick(hand.stage, hand.now, remember, NULL);
    assert_int_equal(hand.stuck_count, 1);
    assert_int_equal(hand.stuck, 1);
    assert_false(find("next")->state & STATE_PRESSED);
    stage_tick(hand.stage, hand.now, remember, NULL);
    assert_int_equal(hand.stuck_count, 1); // once
    size_t lively = hand.activity_count;
    hand.now += 5000;
    finger(FINGER_MOVE, 10, next.x + 52, next.y + 20);
    assert_int_equal(hand.activity_count, lively); // nobody's touch
    touch("back");
    assert_int_equal(hand.got.kind, INTENT_BACK);
    assert_true(hand.activity_count > lively);
    finger(FINGER_UP, 10, next.x + 52, next.y + 20);
    assert_int_equal(hand.stuck_count, 2);
    assert_int_equal(hand.stuck, 0);
}

static void a_finger_that_moves_says_that_somebody_is_there(void **state)
{
    (void)state;
    show("signature");
    const struct box pad = find("pad")->box;
    finger(FINGER_DOWN, 1, pad.x + 100, pad.y + 100);
    size_t before = hand.activity_count;
    for (int i = 1; i <= 40; i++) {
        hand.now += 100;
        finger(FINGER_MOVE, 1, pad.x + 100 + 8 * i, pad.y + 100);
    }
    assert_in_range(hand.activity_count - before, 3, 5);
    finger(FINGER_UP, 1, pad.x + 420, pad.y + 100);
}

static void a_device_that_is_gone_takes_its_fingers_along(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    assert_true(stage_is_touched(hand.stage));
    stage_device_lost(hand.stage, 0, hand.now, remember, NULL);
    assert_false(stage_is_touched(hand.stage));
    assert_false(find("next")->state & STATE_PRESSED);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(hand.got_count, 0);
    touch("next");
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void press_key(enum finger what, int64_t which, char key)
{
    char id[8] = "key.";
    id[4] = key;
    const struct box box = find(id)->box;
    finger(what, which, box.x + box.w / 2, box.y + box.h / 2);
}

static void digits_at_five_a_second_come_out_whole(void **state)
{
    (void)state;
    show("number");
    touch("key.clear");
    for (const char *digit = "5000"; *digit; digit++) {
        press_key(FINGER_DOWN, 1, *digit);
        hand.now += 90;
        press_key(FINGER_UP, 1, *digit);
        hand.now += 110;
    }
    assert_string_equal(hand.got.text, "5000");
}

static void two_thumbs_that_overlap_come_out_whole_and_in_order(void **state)
{
    (void)state;
    static const char digits[] = "370212";
    show("number");
    touch("key.clear");
    for (int i = 0; digits[i]; i++) {
        press_key(FINGER_DOWN, i % 2, digits[i]);
        hand.now += 30;
        if (i) {
            press_key(FINGER_UP, (i + 1) % 2, digits[i - 1]);
        }
        hand.now += 90;
    }
    press_key(FINGER_UP, 1, digits[5]);
    assert_string_equal(hand.got.text, "370212");
    // and where the thumb that came first is up last
    touch("key.clear");
    press_key(FINGER_DOWN, 0, '3');
    hand.now += 30;
    press_key(FINGER_DOWN, 1, '7');
    press_key(FINGER_UP, 1, '7');
    press_key(FINGER_UP, 0, '3');
    assert_string_equal(hand.got.text, "37");
}

// The program was busy for a second; then all of it comes in at one moment.
static void digits_that_waited_come_out_whole(void **state)
{
    (void)state;
    show("number");
    touch("key.clear");
    uint64_t busy_since = hand.now;
    hand.now += 1000;
    for (const char *digit = "370200"; *digit; digit++) {
        char id[] = {'k', 'e', 'y', '.', *digit, '\0'};
        const struct box box = find(id)->box;
        struct touch touch = {.what = FINGER_DOWN,
                              .x = box.x + 30,
                              .y = box.y + 30,
                              .at_ms = hand.now,
                              .since_ms = busy_since};
        stage_finger(hand.stage, &touch, remember, NULL);
        touch.what = FINGER_UP;
        stage_finger(hand.stage, &touch, remember, NULL);
    }
    assert_string_equal(hand.got.text, "370200");
}

static void strokes_that_follow_each_other_quickly_are_all_there(void **state)
{
    (void)state;
    show("signature");
    const struct box pad = find("pad")->box;
    for (int stroke = 0; stroke < 4; stroke++) {
        finger(FINGER_DOWN, 1, pad.x + 100, pad.y + 100 + 10 * stroke);
        hand.now += 60;
        finger(FINGER_MOVE, 1, pad.x + 200, pad.y + 100 + 10 * stroke);
        hand.now += 60;
        finger(FINGER_UP, 1, pad.x + 200, pad.y + 100 + 10 * stroke);
        hand.now += 60;
    }
    assert_int_equal(hand.got.kind, INTENT_SIGN);
    assert_int_equal(hand.got.stroke_count, 4 * 3);
}

static void a_hand_that_rests_on_the_paper_does_not_end_the_signature(void **state)
{
    (void)state;
    show("signature");
    const struct box pad = find("pad")->box;
    finger(FINGER_DOWN, 1, pad.x + 300, pad.y + 200); // the hand
    hand.now += 300;
    finger(FINGER_DOWN, 2, pad.x + 100, pad.y + 100); // the finger that writes
    for (int i = 1; i <= 10; i++) {
        finger(FINGER_MOVE, 2, pad.x + 100 + 12 * i, pad.y + 100);
    }
    finger(FINGER_DOWN, 3, pad.x + 320, pad.y + 220); // the hand again
    for (int i = 11; i <= 20; i++) {
        finger(FINGER_MOVE, 2, pad.x + 100 + 12 * i, pad.y + 100);
    }
    finger(FINGER_UP, 3, pad.x + 320, pad.y + 220);
    hand.got_count = 0;
    finger(FINGER_UP, 2, pad.x + 340, pad.y + 100);
    assert_int_equal(hand.got.kind, INTENT_SIGN);
    assert_int_equal(hand.got_count, 1);
    assert_int_equal(hand.got.stroke_count, 2 + 1 + 20 + 1); // the hand's dot, the stroke
    finger(FINGER_UP, 1, pad.x + 300, pad.y + 200);
}

static void what_lies_behind_an_overlay_cannot_be_touched(void **state)
{
    (void)state;
    show("leave");
    touch("next");
    assert_int_equal(hand.got_count, 0);
    touch("leave-sure");
    assert_int_equal(hand.got.kind, INTENT_LEAVE_SURE);
    show("leave");
    touch("urgent");
    assert_int_equal(hand.got.kind, INTENT_URGENT);
}

static void any_touch_says_still_here_under_the_countdown(void **state)
{
    (void)state;
    show("idle");
    finger(FINGER_DOWN, 1, 40, HAND_HEIGHT - 300);
    finger(FINGER_UP, 1, 40, HAND_HEIGHT - 300);
    assert_int_equal(hand.got.kind, INTENT_CLOSE_OVERLAY);
}

static void five_touches_of_the_brand_call_the_staff_screen(void **state)
{
    (void)state;
    show("attract");
    for (int i = 0; i < 4; i++) {
        touch("brand");
    }
    assert_int_equal(hand.got_count, 0);
    touch("brand");
    assert_int_equal(hand.got.kind, INTENT_STAFF);
    show("attract");
    for (int i = 0; i < 8; i++) {
        touch("brand");
        hand.now += 3000;
    }
    assert_int_equal(hand.got_count, 0);
}

// For the clerk who comes to a sheet that a visit is open under.
static void five_touches_of_the_bell_call_the_staff_screen(void **state)
{
    (void)state;
    show("call");
    assert_true(find("bell")->name[0]);
    for (int i = 0; i < 4; i++) {
        touch("bell");
    }
    assert_int_equal(hand.got_count, 0);
    touch("bell");
    assert_int_equal(hand.got.kind, INTENT_STAFF);
}

static bool is_said(const char *text)
{
    const struct tree *tree = stage_tree(hand.stage);
    for (size_t i = 0; i < tree->count; i++) {
        if (text_equal(tree->nodes[i]->name, text)) {
            return true;
        }
    }
    return false;
}

static void what_a_call_reached_is_said_in_sentences(void **state)
{
    (void)state;
    show("call");
    assert_true(is_said("窗口的灯亮了。这台机器在响。"));
    hand.view.language = "en";
    stage_show(hand.stage, &hand.view);
    assert_true(is_said("The lamp at the counter is on. This machine is ringing."));
}

static void what_the_district_has_is_not_offered_to_be_sent_again(void **state)
{
    static const struct {
        const char *state_key;
        bool offered;
    } table[] = {{"state.saved", true}, {"state.retry", true},     {"state.quarantined", true},
                 {"state.held", true},  {"state.received", false}, {"state.pruned", false}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        show("staff-case");
        static struct view_case one;
        one = *hand.view.chosen_case;
        text_copy(one.state_key, sizeof one.state_key, table[i].state_key);
        hand.view.chosen_case = &one;
        stage_show(hand.stage, &hand.view);
        if ((tree_find(stage_tree(hand.stage), "case-retry") != NULL) != table[i].offered)
            fail_msg("sending again: %s", table[i].state_key);
        assert_non_null(find("case-reprint"));
    }
}

static void what_is_saved_is_called_what_it_is(void **state)
{
    static const struct {
        int type;
        const char *title;
    } table[] = {{2, "您的申请已保存在本机"},
                 {RECEIPT_TYPE_REPORT, "您说的事已保存在本机"},
                 {RECEIPT_TYPE_CHANGE, "您交的内容已保存在本机"}};
    static struct service one;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        show("saved");
        one = *hand.view.service;
        one.urgent = false;
        one.type = table[i].type;
        hand.view.service = &one;
        stage_show(hand.stage, &hand.view);
        assert_true(is_said(table[i].title));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_press_sends_what_the_button_means),
        cmocka_unit_test(a_press_may_end_a_little_beside_its_button),
        cmocka_unit_test(a_press_that_ends_far_away_is_nothing),
        cmocka_unit_test(a_press_that_ends_in_another_button_is_nothing),
        cmocka_unit_test(a_press_that_starts_beside_is_nothing),
        cmocka_unit_test(a_second_press_within_half_a_second_is_ignored),
        cmocka_unit_test(a_digit_pressed_twice_quickly_is_two_digits_but_a_tremble_is_one),
        cmocka_unit_test(a_double_tap_does_not_hit_what_the_next_screen_has_there),
        cmocka_unit_test(a_finger_on_another_target_replaces_the_press),
        cmocka_unit_test(a_hand_beside_every_target_takes_nothing_away),
        cmocka_unit_test(a_finger_that_never_lifts_does_not_make_the_glass_deaf),
        cmocka_unit_test(what_lies_on_the_glass_is_ignored_and_told_and_the_rest_lives),
        cmocka_unit_test(a_finger_that_moves_says_that_somebody_is_there),
        cmocka_unit_test(a_device_that_is_gone_takes_its_fingers_along),
        cmocka_unit_test(digits_at_five_a_second_come_out_whole),
        cmocka_unit_test(two_thumbs_that_overlap_come_out_whole_and_in_order),
        cmocka_unit_test(digits_that_waited_come_out_whole),
        cmocka_unit_test(strokes_that_follow_each_other_quickly_are_all_there),
        cmocka_unit_test(a_hand_that_rests_on_the_paper_does_not_end_the_signature),
        cmocka_unit_test(what_lies_behind_an_overlay_cannot_be_touched),
        cmocka_unit_test(any_touch_says_still_here_under_the_countdown),
        cmocka_unit_test(five_touches_of_the_brand_call_the_staff_screen),
        cmocka_unit_test(five_touches_of_the_bell_call_the_staff_screen),
        cmocka_unit_test(what_a_call_reached_is_said_in_sentences),
        cmocka_unit_test(what_the_district_has_is_not_offered_to_be_sent_again),
        cmocka_unit_test(what_is_saved_is_called_what_it_is),
    };
    return cmocka_run_group_tests(tests, hand_open, hand_close);
}
