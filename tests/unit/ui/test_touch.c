// SPDX-License-Identifier: GPL-3.0-or-later
// Fingers, keys and the keypad against whole screens: what is sent, and what is not.
#include "golden/views.h"
#include "ui/widgets/widgets.h"
#include "unit/ui/hand.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

// ------------------------------------------------------------------ typing

static void a_date_is_sent_when_it_is_whole_and_real(void **state)
{
    (void)state;
    show("date");
    touch("key.clear");
    type("2026022");
    assert_int_equal(hand.got.kind, INTENT_ANSWER);
    assert_string_equal(hand.got.text, "");
    type("8");
    assert_string_equal(hand.got.text, "2026-02-28");
    assert_string_equal(hand.got.ref, "/data/contact/first");
    touch("key.backspace");
    type("9");
    assert_string_equal(hand.got.text, "");
    assert_non_null(find("problem"));
}

static void what_is_missing_is_gone_to(void **state)
{
    (void)state;
    show("costs");
    assert_true(find("field.first")->state & STATE_ACTIVE);
    hand.view.show_violations = true;
    stage_show(hand.stage, &hand.view);
    assert_true(find("field.second")->state & STATE_ACTIVE);
    assert_true(find("field.second")->state & STATE_INVALID);
    touch("key.done");
    assert_null(tree_find(stage_tree(hand.stage), "key.1"));
    assert_true(node_is_target(find("field.first")));
}

static void an_id_number_takes_an_x_only_at_its_end(void **state)
{
    (void)state;
    show("identity-wrong");
    touch("field.id-number");
    touch("key.backspace");
    touch("key.X");
    assert_int_equal(hand.got.kind, INTENT_ID_NUMBER);
    assert_string_equal(hand.got.text, "37021219900101123X");
    touch("key.backspace");
    touch("key.backspace");
    size_t before = hand.got_count;
    touch("key.X");
    assert_int_equal(hand.got_count, before);
}

static size_t places_seen(void)
{
    size_t seen = 0;
    const struct tree *tree = stage_tree(hand.stage);
    for (size_t i = 0; i < tree->count; i++) {
        seen += text_starts(tree->nodes[i]->id, "choice.first.");
    }
    return seen;
}

static void a_long_list_of_places_is_searched(void **state)
{
    (void)state;
    show("places");
    assert_string_equal(find("choice.first.370212003200")->name, "港西村");
    size_t all = places_seen();
    touch("search.first");
    type("gd");
    assert_string_equal(find("choice.first.370212003201")->name, "港东村");
    assert_int_equal(places_seen(), 1);
    touch("key.backspace");
    touch("key.backspace");
    type("qinjia");
    assert_int_equal(places_seen(), 1);
    type("zz");
    assert_int_equal(places_seen(), 0);
    touch("key.done");
    assert_int_equal(places_seen(), all);
    assert_true(choice_is_found("秦家土寨村 Qinjiatuzhai", "土寨"));
    assert_true(choice_is_found("马鞍子村 Ma'anzi", "maanzi"));
    assert_true(choice_is_found("港东村 Gangdong", "dong"));
    assert_false(choice_is_found("港东村 Gangdong", "xd"));
}

static void a_place_is_called_by_the_name_that_can_be_read(void **state)
{
    (void)state;
    struct view english;
    show("places");
    english = hand.view;
    english.language = "en";
    stage_show(hand.stage, &english);
    assert_string_equal(find("choice.first.370212003200")->name, "Gangxi 港西村");
}

static void the_review_calls_a_place_as_its_question_did(void **state)
{
    (void)state;
    static const struct view_answer answer = {
        .label = "1", .shown = "港西村 Gangxi", .place = true};
    show("review");
    struct view view = hand.view;
    view.answers = &answer;
    view.answer_count = 1;
    stage_show(hand.stage, &view);
    assert_string_equal(find("review.0")->value, "港西村");
    view.language = "en";
    view.change++;
    stage_show(hand.stage, &view);
    assert_string_equal(find("review.0")->value, "Gangxi 港西村");
}

static void pinyin_becomes_characters(void **state)
{
    (void)state;
    show("identity");
    type("zhang");
    assert_int_equal(hand.got_count, 0);
    assert_string_equal(find("preedit")->name, "zhang");
    touch("candidate.0");
    assert_int_equal(hand.got.kind, INTENT_NAME);
    assert_string_equal(hand.got.text, "张");
    touch("key.backspace");
    assert_string_equal(hand.got.text, "");
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
    assert_string_equal(hand.got.text, "kM ，");
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
    assert_string_equal(hand.got.text, "food shelter cash");
    touch("choice.food");
    assert_string_equal(hand.got.text, "shelter");
}

static void put_in_order_keeps_the_order_of_touching(void **state)
{
    (void)state;
    show("rank");
    touch("choice.food");
    assert_string_equal(hand.got.text, "rent food");
    touch("choice.rent");
    assert_string_equal(hand.got.text, "");
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
    assert_int_equal(hand.got.kind, INTENT_SIGN);
    assert_int_equal(hand.got.number, SIGNATURE_DRAWN);
    assert_int_equal(hand.got.stroke_count, 22);
    assert_in_range(hand.first_point.x, 247, 249);
    assert_in_range(hand.got.stroke_width, pad.w * 2.47, pad.w * 2.49);
    assert_false(find("pad")->state & STATE_PRESSED);
    touch("sign.clear");
    assert_int_equal(hand.got.stroke_count, 0);
}

// ------------------------------------------------------------------ pages, keypad, drawing

static void the_keypad_reaches_everything_on_every_screen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_count(); i++) {
        show(sample_at(i)->name);
        const struct tree *tree = stage_tree(hand.stage);
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
    stage_walk(hand.stage, WALK_FORWARD, remember, NULL);
    assert_true(find("choice.fire")->state & STATE_FOCUSED);
    stage_walk(hand.stage, WALK_DOWN, remember, NULL);
    assert_true(find("choice.traffic")->state & STATE_FOCUSED);
    stage_select(hand.stage, remember, NULL);
    assert_int_equal(hand.got.kind, INTENT_ANSWER);
    assert_string_equal(hand.got.text, "traffic");
    stage_help(hand.stage, remember, NULL);
    assert_int_equal(hand.got.kind, INTENT_HELP);
}

static void nothing_is_drawn_when_nothing_changed(void **state)
{
    (void)state;
    struct box changed[CANVAS_RECTS];
    show("one");
    (void)stage_draw(hand.stage, changed);
    stage_show(hand.stage, &hand.view);
    assert_int_equal(stage_draw(hand.stage, changed), 0);
}

static void drawing_what_changed_gives_the_same_picture_as_drawing_all(void **state)
{
    (void)state;
    size_t bytes = (size_t)HAND_WIDTH * HAND_HEIGHT * 4;
    unsigned char *partly = calloc(1, bytes), *whole = calloc(1, bytes);
    struct box changed[CANVAS_RECTS];
    assert_non_null(partly);
    assert_non_null(whole);
    canvas_target(stage_canvas(hand.stage), partly, HAND_WIDTH, HAND_HEIGHT, HAND_WIDTH * 4);
    for (size_t i = 0; i < sample_count(); i++) {
        show(sample_at(i)->name);
        (void)stage_draw(hand.stage, changed);
        stage_walk(hand.stage, WALK_FORWARD, remember, NULL);
        (void)stage_draw(hand.stage, changed);
        stage_walk(hand.stage, WALK_FORWARD, remember, NULL);
        (void)stage_draw(hand.stage, changed);
        canvas_target(stage_canvas(hand.stage), whole, HAND_WIDTH, HAND_HEIGHT, HAND_WIDTH * 4);
        (void)stage_draw(hand.stage, changed);
        if (memcmp(partly, whole, bytes)) {
            fail_msg("%s differs", sample_at(i)->name);
        }
        memcpy(partly, whole, bytes);
        canvas_target(stage_canvas(hand.stage), partly, HAND_WIDTH, HAND_HEIGHT, HAND_WIDTH * 4);
        (void)stage_draw(hand.stage, changed);
    }
    canvas_target(stage_canvas(hand.stage), whole, HAND_WIDTH, HAND_HEIGHT, HAND_WIDTH * 4);
    free(partly);
    stage_close(hand.stage);
    free(whole);
    hand.stage = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_sent_when_it_is_whole_and_real),
        cmocka_unit_test(what_is_missing_is_gone_to),
        cmocka_unit_test(an_id_number_takes_an_x_only_at_its_end),
        cmocka_unit_test(pinyin_becomes_characters),
        cmocka_unit_test(a_long_list_of_places_is_searched),
        cmocka_unit_test(a_place_is_called_by_the_name_that_can_be_read),
        cmocka_unit_test(the_review_calls_a_place_as_its_question_did),
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
    return cmocka_run_group_tests(tests, hand_open, hand_close);
}
