// SPDX-License-Identifier: GPL-3.0-or-later
// Fingers, keys and the keypad against whole screens: what is sent, and what is not.
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1080, HEIGHT = 1920, MM_10 = 41, MM_12 = 49 };

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct catalogue *catalogue;
static struct stage *stage;
static struct view view;
static struct intent got;
static size_t got_count;
static struct stroke_point first_point;
static uint64_t now;

static void remember(void *self, const struct intent *intent)
{
    (void)self;
    if (intent->kind == INTENT_ACTIVITY) {
        return;
    }
    got = *intent;
    got_count++;
    if (intent->kind == INTENT_SIGN && intent->stroke_count) {
        first_point = intent->strokes[0];
    }
}

static void show(const char *name)
{
    struct view before = {.language = "zh", .screen = SCREEN_SAVING, .clock_text = ""};
    stage_show(stage, &before);
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, name)) {
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, catalogue, &view);
            stage_show(stage, &view);
        }
    }
    now += 10000;
    got_count = 0;
    memset(&got, 0, sizeof(got));
}

static const struct node *find(const char *id)
{
    const struct node *node = tree_find(stage_tree(stage), id);
    if (!node) {
        fail_msg("there is no %s", id);
    }
    return node;
}

static void finger(enum finger what, int64_t which, int x, int y)
{
    stage_finger(stage, what, which, x, y, now, remember, NULL);
}

static void touch(const char *id)
{
    const struct box box = find(id)->box;
    now += 600;
    finger(FINGER_DOWN, 1, box.x + box.w / 2, box.y + box.h / 2);
    finger(FINGER_UP, 1, box.x + box.w / 2, box.y + box.h / 2);
}

// ------------------------------------------------------------------ the touch rules

static void a_press_sends_what_the_button_means(void **state)
{
    (void)state;
    show("attract");
    touch("urgent");
    assert_int_equal(got.kind, INTENT_URGENT);
    touch("language.ko");
    assert_int_equal(got.kind, INTENT_LANGUAGE);
    assert_string_equal(got.text, "ko");
    touch("service.expenditure-relief");
    assert_int_equal(got.kind, INTENT_SERVICE);
    assert_string_equal(got.text, "expenditure-relief");
}

static void a_press_may_end_a_little_beside_its_button(void **state)
{
    (void)state;
    show("notice");
    const struct box box = find("next")->box;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y - MM_10 + 4);
    assert_int_equal(got.kind, INTENT_NEXT);
}

static void a_press_that_ends_far_away_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box box = find("next")->box;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y - MM_12);
    assert_int_equal(got_count, 0);
}

static void a_press_that_ends_in_another_button_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box, back = find("back")->box;
    finger(FINGER_DOWN, 1, next.x + 5, next.y + 20);
    finger(FINGER_UP, 1, back.x + back.w - 5, back.y + 20);
    assert_int_equal(got_count, 0);
}

static void a_press_that_starts_beside_is_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y - 6);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(got_count, 0);
}

static void a_second_press_within_half_a_second_is_ignored(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box;
    for (int i = 0; i < 2; i++) {
        finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
        finger(FINGER_UP, 1, next.x + 50, next.y + 20);
        now += 400;
    }
    assert_int_equal(got_count, 1);
    now += 150;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(got_count, 2);
}

static void a_digit_pressed_twice_quickly_is_two_digits_but_a_tremble_is_one(void **state)
{
    (void)state;
    show("number");
    touch("key.clear");
    const struct box key = find("key.1")->box;
    const unsigned gaps_ms[] = {600, 250, 60};
    for (size_t i = 0; i < 3; i++) {
        now += gaps_ms[i];
        finger(FINGER_DOWN, 1, key.x + 20, key.y + 20);
        finger(FINGER_UP, 1, key.x + 20, key.y + 20);
    }
    assert_string_equal(got.text, "11");
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
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, catalogue, &after);
        }
    }
    stage_show(stage, &after);
    got_count = 0;
    const struct node *there = tree_hit(stage_tree(stage), box.x + 50, box.y + 20);
    assert_non_null(there);
    now += 200;
    finger(FINGER_DOWN, 1, box.x + 50, box.y + 20);
    finger(FINGER_UP, 1, box.x + 50, box.y + 20);
    assert_int_equal(got_count, 0);
}

static void a_second_finger_does_nothing(void **state)
{
    (void)state;
    show("notice");
    const struct box next = find("next")->box, back = find("back")->box;
    finger(FINGER_DOWN, 1, next.x + 50, next.y + 20);
    finger(FINGER_DOWN, 2, back.x + 50, back.y + 20);
    finger(FINGER_UP, 2, back.x + 50, back.y + 20);
    assert_int_equal(got_count, 0);
    finger(FINGER_UP, 1, next.x + 50, next.y + 20);
    assert_int_equal(got.kind, INTENT_NEXT);
}

static void what_lies_behind_an_overlay_cannot_be_touched(void **state)
{
    (void)state;
    show("leave");
    touch("next");
    assert_int_equal(got_count, 0);
    touch("leave-sure");
    assert_int_equal(got.kind, INTENT_LEAVE_SURE);
    show("leave");
    touch("urgent");
    assert_int_equal(got.kind, INTENT_URGENT);
}

static void any_touch_says_still_here_under_the_countdown(void **state)
{
    (void)state;
    show("idle");
    finger(FINGER_DOWN, 1, 40, HEIGHT - 300);
    finger(FINGER_UP, 1, 40, HEIGHT - 300);
    assert_int_equal(got.kind, INTENT_CLOSE_OVERLAY);
}

static void five_touches_of_the_brand_call_the_staff_screen(void **state)
{
    (void)state;
    show("attract");
    for (int i = 0; i < 4; i++) {
        touch("brand");
    }
    assert_int_equal(got_count, 0);
    touch("brand");
    assert_int_equal(got.kind, INTENT_STAFF);
    show("attract");
    for (int i = 0; i < 8; i++) {
        touch("brand");
        now += 3000;
    }
    assert_int_equal(got_count, 0);
}

// ------------------------------------------------------------------ typing

static void type(const char *keys)
{
    for (; *keys; keys++) {
        char id[8] = "key.";
        id[4] = *keys;
        touch(id);
    }
}

static void a_date_is_sent_when_it_is_whole_and_real(void **state)
{
    (void)state;
    show("date");
    touch("key.clear");
    type("2026022");
    assert_int_equal(got.kind, INTENT_ANSWER);
    assert_string_equal(got.text, "");
    type("8");
    assert_string_equal(got.text, "2026-02-28");
    assert_string_equal(got.ref, "/data/contact/first");
    touch("key.backspace");
    type("9");
    assert_string_equal(got.text, "");
    assert_non_null(find("problem"));
}

static void what_is_missing_is_gone_to(void **state)
{
    (void)state;
    show("costs");
    assert_true(find("field.first")->state & STATE_ACTIVE);
    view.show_violations = true;
    stage_show(stage, &view);
    assert_true(find("field.second")->state & STATE_ACTIVE);
    assert_true(find("field.second")->state & STATE_INVALID);
    touch("key.done");
    assert_null(tree_find(stage_tree(stage), "key.1"));
    assert_true(node_is_target(find("field.first")));
}

static void an_id_number_takes_an_x_only_at_its_end(void **state)
{
    (void)state;
    show("identity-wrong");
    touch("field.id-number");
    touch("key.backspace");
    touch("key.X");
    assert_int_equal(got.kind, INTENT_ID_NUMBER);
    assert_string_equal(got.text, "37021219900101123X");
    touch("key.backspace");
    touch("key.backspace");
    size_t before = got_count;
    touch("key.X");
    assert_int_equal(got_count, before);
}

static void pinyin_becomes_characters(void **state)
{
    (void)state;
    show("identity");
    type("zhang");
    assert_int_equal(got_count, 0);
    assert_string_equal(find("preedit")->name, "zhang");
    touch("candidate.0");
    assert_int_equal(got.kind, INTENT_NAME);
    assert_string_equal(got.text, "张");
    touch("key.backspace");
    assert_string_equal(got.text, "");
}

static void letters_capitals_and_signs_can_be_typed(void **state)
{
    (void)state;
    show("identity");
    touch("key.layer.letters");
    type("k");
    touch("key.shift");
    type("M");
    touch("key.space");
    touch("key.layer.symbols");
    touch("key.，");
    assert_string_equal(got.text, "kM ，");
}

static void nothing_typed_is_left_for_the_next_visitor(void **state)
{
    (void)state;
    show("identity");
    touch("key.layer.letters");
    type("secret");
    show("attract");
    show("identity");
    assert_string_equal(find("field.name")->value, "");
}

static void several_of_keeps_the_order_of_the_choices(void **state)
{
    (void)state;
    show("many");
    touch("choice.cash");
    assert_string_equal(got.text, "food shelter cash");
    touch("choice.food");
    assert_string_equal(got.text, "shelter");
}

static void put_in_order_keeps_the_order_of_touching(void **state)
{
    (void)state;
    show("rank");
    touch("choice.food");
    assert_string_equal(got.text, "rent food");
    touch("choice.rent");
    assert_string_equal(got.text, "");
}

static void a_signature_is_strokes_in_tenths_of_a_millimetre(void **state)
{
    (void)state;
    show("signature");
    const struct box pad = find("pad")->box;
    finger(FINGER_DOWN, 1, pad.x + 100, pad.y + 100);
    for (int i = 1; i <= 20; i++) {
        finger(FINGER_MOVE, 1, pad.x + 100 + 8 * i, pad.y + 100);
    }
    finger(FINGER_UP, 1, pad.x + 260, pad.y + 100);
    assert_int_equal(got.kind, INTENT_SIGN);
    assert_int_equal(got.number, SIGNATURE_DRAWN);
    assert_int_equal(got.stroke_count, 22);
    assert_in_range(first_point.x, 247, 249);
    assert_in_range(got.stroke_width, pad.w * 2.47, pad.w * 2.49);
    assert_false(find("pad")->state & STATE_PRESSED);
    touch("sign.clear");
    assert_int_equal(got.stroke_count, 0);
}

// ------------------------------------------------------------------ pages, keypad, drawing

static void the_keypad_reaches_everything_on_every_screen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_count(); i++) {
        show(sample_at(i)->name);
        const struct tree *tree = stage_tree(stage);
        size_t wanted = 0, reached = 0;
        for (size_t n = 0; n < tree->count; n++) {
            const struct node *node = tree->nodes[n];
            bool walks = node->action.act != ACT_BRAND && node->action.act != ACT_DRAW;
            wanted += node_is_target(node) && walks && node->fill != COLOUR_SCRIM;
        }
        const struct node *start = focus_walk(tree, "", WALK_FORWARD), *at = start;
        if (!wanted) {
            continue;
        }
        do {
            at = focus_walk(tree, at->id, WALK_FORWARD);
            reached++;
        } while (at != start && reached <= wanted);
        if (reached != wanted) {
            fail_msg("%s: %zu of %zu reached", sample_at(i)->name, reached, wanted);
        }
    }
}

static void the_keypad_selects_what_it_shows(void **state)
{
    (void)state;
    show("one");
    stage_walk(stage, WALK_FORWARD, remember, NULL);
    assert_true(find("choice.fire")->state & STATE_FOCUSED);
    stage_walk(stage, WALK_DOWN, remember, NULL);
    assert_true(find("choice.traffic")->state & STATE_FOCUSED);
    stage_select(stage, remember, NULL);
    assert_int_equal(got.kind, INTENT_ANSWER);
    assert_string_equal(got.text, "traffic");
    stage_help(stage, remember, NULL);
    assert_int_equal(got.kind, INTENT_HELP);
}

static void nothing_is_drawn_when_nothing_changed(void **state)
{
    (void)state;
    struct box changed[CANVAS_RECTS];
    show("one");
    (void)stage_draw(stage, changed);
    stage_show(stage, &view);
    assert_int_equal(stage_draw(stage, changed), 0);
}

static void drawing_what_changed_gives_the_same_picture_as_drawing_all(void **state)
{
    (void)state;
    size_t bytes = (size_t)WIDTH * HEIGHT * 4;
    unsigned char *partly = calloc(1, bytes), *whole = calloc(1, bytes);
    struct box changed[CANVAS_RECTS];
    assert_non_null(partly);
    assert_non_null(whole);
    canvas_target(stage_canvas(stage), partly, WIDTH, HEIGHT, WIDTH * 4);
    for (size_t i = 0; i < sample_count(); i++) {
        show(sample_at(i)->name);
        (void)stage_draw(stage, changed);
        stage_walk(stage, WALK_FORWARD, remember, NULL);
        (void)stage_draw(stage, changed);
        stage_walk(stage, WALK_FORWARD, remember, NULL);
        (void)stage_draw(stage, changed);
        canvas_target(stage_canvas(stage), whole, WIDTH, HEIGHT, WIDTH * 4);
        (void)stage_draw(stage, changed);
        if (memcmp(partly, whole, bytes)) {
            fail_msg("%s differs", sample_at(i)->name);
        }
        memcpy(partly, whole, bytes);
        canvas_target(stage_canvas(stage), partly, WIDTH, HEIGHT, WIDTH * 4);
        (void)stage_draw(stage, changed);
    }
    canvas_target(stage_canvas(stage), whole, WIDTH, HEIGHT, WIDTH * 4);
    free(partly);
    stage_close(stage);
    free(whole);
    stage = NULL;
}

static int open_stage(void **state)
{
    (void)state;
    struct fail why;
    assets = sample_assets();
    entry = sample_text_entry();
    if (texts_load(&assets, &texts, &why) || catalogue_load(&assets, &catalogue, &why)) {
        return -1;
    }
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry};
    static unsigned char pixels[WIDTH * HEIGHT * 4];
    if (stage_open(&options, WIDTH, HEIGHT, &stage, &why)) {
        return -1;
    }
    canvas_target(stage_canvas(stage), pixels, WIDTH, HEIGHT, WIDTH * 4);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(stage);
    texts_free(texts);
    catalogue_free(catalogue);
    return 0;
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
        cmocka_unit_test(a_second_finger_does_nothing),
        cmocka_unit_test(what_lies_behind_an_overlay_cannot_be_touched),
        cmocka_unit_test(any_touch_says_still_here_under_the_countdown),
        cmocka_unit_test(five_touches_of_the_brand_call_the_staff_screen),
        cmocka_unit_test(a_date_is_sent_when_it_is_whole_and_real),
        cmocka_unit_test(what_is_missing_is_gone_to),
        cmocka_unit_test(an_id_number_takes_an_x_only_at_its_end),
        cmocka_unit_test(pinyin_becomes_characters),
        cmocka_unit_test(letters_capitals_and_signs_can_be_typed),
        cmocka_unit_test(nothing_typed_is_left_for_the_next_visitor),
        cmocka_unit_test(several_of_keeps_the_order_of_the_choices),
        cmocka_unit_test(put_in_order_keeps_the_order_of_touching),
        cmocka_unit_test(a_signature_is_strokes_in_tenths_of_a_millimetre),
        cmocka_unit_test(the_keypad_reaches_everything_on_every_screen),
        cmocka_unit_test(the_keypad_selects_what_it_shows),
        cmocka_unit_test(nothing_is_drawn_when_nothing_changed),
        cmocka_unit_test(drawing_what_changed_gives_the_same_picture_as_drawing_all),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
