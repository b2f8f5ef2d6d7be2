// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed and is not taken yet: letters that are no characters, dates that are none, a lone
// minus. It stays, it is said, and nothing that must be within reach is hidden by it.
#include "unit/ui/hand.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

// ------------------------------------------------------------------ what is not taken yet

static bool is_there(const char *id)
{
    return tree_find(stage_tree(hand.stage), id) != NULL;
}

static const char *drawn(const char *id)
{
    const struct node *node = find(id);
    assert_non_null(node->first->layout);
    return pango_layout_get_text(node->first->layout);
}

static void letters_that_are_no_characters_yet_are_asked_about(void **state)
{
    (void)state;
    static const char *const leaving[] = {"field.id-number", "next", "back", "key.done",
                                          "key.layer.letters"};
    show("identity");
    type("zhang");
    touch("candidate.0");
    for (size_t i = 0; i < sizeof(leaving) / sizeof(*leaving); i++) {
        type("san");
        assert_string_equal(drawn("field.name"), "张san");
        hand.got_count = 0;
        touch(leaving[i]);
        assert_int_equal(hand.got_count, 0);
        assert_non_null(strstr(find("letters.ask")->name, "san"));
        assert_true(find("field.name")->state & STATE_ACTIVE);
        touch("letters.go-on");
        assert_string_equal(find("preedit")->name, "san");
        touch("next");
        touch("letters.drop");
        assert_false(is_there("letters.ask"));
        assert_string_equal(drawn("field.name"), "张");
    }
    touch("next");
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void letters_become_what_was_meant_or_stay_letters(void **state)
{
    (void)state;
    show("identity");
    type("zhang");
    touch("next");
    touch("letters.choose");
    assert_int_equal(hand.got.kind, INTENT_NAME);
    assert_string_equal(hand.got.text, "张");
    type("li");
    touch("key.done");
    touch("letters.take");
    assert_string_equal(hand.got.text, "张li");
    touch("key.done");
    assert_true(find("field.id-number")->state & STATE_ACTIVE);
    touch("key.done");
    assert_false(is_there("key.done"));
}

static void the_key_that_ends_a_field_leads_to_the_next(void **state)
{
    (void)state;
    show("address");
    assert_true(find("field.first")->state & STATE_ACTIVE);
    assert_string_equal(find("key.done")->name, "下一个");
    type("3");
    touch("key.号");
    assert_string_equal(hand.got.text, "3号");
    type("wan"); // the candidates take the place of the words of an address
    assert_false(is_there("key.号"));
    touch("candidate.0");
    touch("key.done");
    assert_true(find("field.second")->state & STATE_ACTIVE);
    assert_false(find("field.first")->state & STATE_ACTIVE);
    assert_string_equal(find("key.done")->name, "完成"); // nothing to type comes behind
    type("138");
    assert_string_equal(hand.got.ref, "/data/contact/second");
    touch("key.done");
    assert_false(is_there("key.done"));
}

static void what_is_no_date_yet_is_not_left_by_that_key(void **state)
{
    (void)state;
    show("costs");
    touch("field.first");
    type("202602");
    touch("key.done");
    assert_false(find("field.second")->state & STATE_ACTIVE);
    assert_true(is_there("problem"));
}

static void what_is_urgent_never_waits_for_letters(void **state)
{
    (void)state;
    static const char *const ids[] = {"urgent", "call", "help", "leave"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        show("identity");
        type("san");
        touch(ids[i]);
        assert_int_equal(hand.got_count, 1);
    }
}

static void a_digit_chooses_the_candidate_at_its_place(void **state)
{
    (void)state;
    show("identity");
    type("zhang");
    touch("key.2");
    assert_string_equal(hand.got.text, "章");
    type("zhang");
    touch("key.0"); // none has that place, and no 0 comes before what is not chosen
    assert_true(is_there("letters.ask"));
    touch("letters.drop");
    touch("key.2");
    assert_string_equal(hand.got.text, "章2");
}

static void a_date_that_is_none_stays_to_be_mended(void **state)
{
    (void)state;
    static const char *const typed[] = {"20260230", "202602"};
    for (size_t i = 0; i < 2; i++) {
        show("costs");
        touch("field.first");
        type(typed[i]);
        touch("key.done");
        assert_true(is_there("problem"));
        assert_true(find("field.first")->state & STATE_INVALID);
        assert_non_null(strstr(find("field.first")->value, "2026"));
        touch("field.second");
        type("5");
        assert_non_null(strstr(find("field.first")->value, "2026")); // also while another is typed
        touch("next");                                               // brings one back to it
        assert_int_not_equal(hand.got.kind, INTENT_NEXT);
        assert_true(find("field.first")->state & STATE_ACTIVE);
        assert_true(is_there("problem"));
        touch("key.backspace");
        touch("key.backspace");
        type(i ? "1122" : "28");
        assert_string_equal(hand.got.text, i ? "2026-11-22" : "2026-02-28");
        touch("next");
        assert_int_equal(hand.got.kind, INTENT_NEXT);
    }
}

static void an_unfinished_date_can_be_emptied(void **state)
{
    (void)state;
    show("costs");
    touch("field.first");
    type("2026");
    touch("next");
    touch("key.clear");
    touch("next");
    assert_int_equal(hand.got.kind, INTENT_NEXT);
}

static void a_number_has_a_sign_where_it_may_be_negative(void **state)
{
    (void)state;
    show("number");
    assert_false(is_there("key.sign"));
    struct question question = hand.view.form_screen->questions[0];
    question.may_be_negative = true;
    question.value = "";
    struct form_screen screen = *hand.view.form_screen;
    screen.questions = &question;
    show("saved");
    sample_view(sample_at(0), "zh", TEXT_SIZE_M, hand.catalogue, &hand.view);
    hand.view.screen = SCREEN_QUESTION;
    hand.view.form_screen = &screen;
    stage_show(hand.stage, &hand.view);
    touch("key.sign");
    assert_string_equal(hand.got.text, ""); // a minus alone is no number
    type("18");
    assert_string_equal(hand.got.text, "-18");
    touch("key.sign");
    assert_string_equal(hand.got.text, "18");
    show("saved");
}

// Turns pages until it can be touched; false: it is on none.
static bool turn_to(const char *id)
{
    for (int i = 0; i < 9 && is_there("page.up"); i++) {
        touch("page.up");
    }
    for (int i = 0; i < 9; i++) {
        const struct node *node = tree_find(stage_tree(hand.stage), id);
        if (node && node_is_target(node)) {
            return true;
        }
        if (!is_there("page.down")) {
            return false;
        }
        touch("page.down");
    }
    return false;
}

static void an_open_keyboard_leaves_the_rest_within_reach(void **state)
{
    (void)state;
    for (int lying = 0; lying < 2; lying++) {
        show("costs");
        hand.view.size = TEXT_SIZE_XL;
        stage_resize(hand.stage, lying ? HAND_HEIGHT : HAND_WIDTH,
                     lying ? HAND_WIDTH : HAND_HEIGHT);
        stage_show(hand.stage, &hand.view);
        assert_true(find("field.first")->state & STATE_ACTIVE);
        assert_true(turn_to("field.second"));
        touch("field.second");
        assert_true(find("field.second")->state & STATE_ACTIVE);
    }
    stage_resize(hand.stage, HAND_WIDTH, HAND_HEIGHT);
}

static void whoever_has_no_such_number_gets_away_from_its_keys(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        bool lying = i % 2;
        show("identity-wrong");
        hand.view.size = (enum text_size)(i / 2);
        stage_resize(hand.stage, lying ? HAND_HEIGHT : HAND_WIDTH,
                     lying ? HAND_WIDTH : HAND_HEIGHT);
        stage_show(hand.stage, &hand.view);
        assert_true(find("field.id-number")->state & STATE_ACTIVE);
        assert_string_equal(find("problem")->name, hand.view.id_problem); // beside the keys
        assert_true(node_is_target(find("key.5")));
        assert_true(turn_to("document"));
        touch("document");
        assert_int_equal(hand.got.kind, INTENT_DOCUMENT);
    }
    stage_resize(hand.stage, HAND_WIDTH, HAND_HEIGHT);
}

static void a_keyboard_does_not_open_over_choices_by_itself(void **state)
{
    (void)state;
    struct question questions[2] = {{.ref = "/data/said",
                                     .kind = QUESTION_TEXT,
                                     .appearance = "",
                                     .label = "说一说",
                                     .hint = "",
                                     .value = "",
                                     .shown = ""},
                                    {.ref = "/data/agreed",
                                     .kind = QUESTION_TRIGGER,
                                     .appearance = "",
                                     .label = "知道了",
                                     .hint = "",
                                     .value = "",
                                     .shown = ""}};
    struct form_screen screen = {
        .ref = "/data/said", .group_label = "", .questions = questions, .question_count = 2};
    show("saved");
    hand.view.screen = SCREEN_QUESTION;
    hand.view.form_screen = &screen;
    stage_show(hand.stage, &hand.view);
    assert_false(is_there("key.q"));
    assert_true(node_is_target(find("trigger.agreed")));
    screen.question_count = 1;
    show("saved");
    hand.view.screen = SCREEN_QUESTION;
    hand.view.form_screen = &screen;
    stage_show(hand.stage, &hand.view);
    assert_true(is_there("key.q"));
    show("saved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_that_are_no_characters_yet_are_asked_about),
        cmocka_unit_test(letters_become_what_was_meant_or_stay_letters),
        cmocka_unit_test(the_key_that_ends_a_field_leads_to_the_next),
        cmocka_unit_test(what_is_no_date_yet_is_not_left_by_that_key),
        cmocka_unit_test(what_is_urgent_never_waits_for_letters),
        cmocka_unit_test(a_digit_chooses_the_candidate_at_its_place),
        cmocka_unit_test(a_date_that_is_none_stays_to_be_mended),
        cmocka_unit_test(an_unfinished_date_can_be_emptied),
        cmocka_unit_test(a_number_has_a_sign_where_it_may_be_negative),
        cmocka_unit_test(an_open_keyboard_leaves_the_rest_within_reach),
        cmocka_unit_test(whoever_has_no_such_number_gets_away_from_its_keys),
        cmocka_unit_test(a_keyboard_does_not_open_over_choices_by_itself),
    };
    return cmocka_run_group_tests(tests, hand_open, hand_close);
}
