// SPDX-License-Identifier: GPL-3.0-or-later
// Characters by their sound, with the pinyin of a kiosk: how many touches a rare one takes, how all
// of them are listed, and the way to one that none of them is.
#include "unit/ui/figures.h"
#include "unit/ui/hand.h"
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct node *at_hand(const char *id)
{
    const struct node *node = tree_find(stage_tree(hand.stage), id);
    return node && node_is_target(node) ? node : NULL;
}

static const struct node *candidate(const char *word)
{
    const struct tree *tree = stage_tree(hand.stage);
    for (size_t i = 0; i < tree->count; i++)
        if (text_starts(tree->nodes[i]->id, "candidate.") && text_equal(tree->nodes[i]->name, word))
            return tree->nodes[i];
    return NULL;
}

static int touches_for(const char *letters, const char *character)
{
    int touches = (int)strlen(letters) + 1;
    show("identity");
    type(letters);
    for (; !candidate(character); touches++) {
        if (!at_hand("candidates.more"))
            fail_msg("%s is not reached by %s", character, letters);
        touch("candidates.more");
    }
    char id[LIMIT_REF];
    text_copy(id, sizeof id, candidate(character)->id);
    touch(id);
    assert_string_equal(hand.got.text, character);
    return touches;
}

// Letters, pages and the character itself.
static void a_rare_character_takes_few_touches(void **state)
{
    (void)state;
    static const struct {
        const char *letters, *character;
        int most;
    } cases[] = {
        {"qi", "綦", 5}, {"qi", "亓", 5}, {"yi", "祎", 5}, {"yan", "䶮", 6}, {"hong", "𬭎", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int touches = touches_for(cases[i].letters, cases[i].character);
        if (touches > cases[i].most)
            fail_msg("%s takes %d touches", cases[i].character, touches);
    }
}

static void all_candidates_stand_in_place_of_the_keys(void **state)
{
    (void)state;
    show("identity");
    type("qi");
    touch("candidates.more");
    assert_null(tree_find(stage_tree(hand.stage), "key.q"));
    assert_non_null(find("candidates.page"));
    assert_null(tree_find(stage_tree(hand.stage), "candidates.back")); // the first page
    touch("candidates.more");
    touch("candidates.back");
    touch("candidates.keys");
    assert_string_equal(find("preedit")->name, "qi"); // nothing is lost
    type("n");
    assert_string_equal(find("preedit")->name, "qin");
    assert_non_null(find("candidate.0"));
    touch("next"); // asks what is to become of the letters
    find("letters.ask");
    touch("candidates.more");
    assert_null(tree_find(stage_tree(hand.stage), "letters.ask"));
    find("candidates.keys");
}

static size_t length_of_first(void)
{
    const struct tree *tree = stage_tree(hand.stage);
    for (size_t i = 0; i < tree->count; i++)
        if (text_starts(tree->nodes[i]->id, "candidate."))
            return text_length(tree->nodes[i]->name);
    return 0;
}

static void of_a_name_single_characters_come_first(void **state)
{
    (void)state;
    show("identity");
    type("zhangwei");
    assert_true(length_of_first() > 1); // in the row the likeliest
    touch("candidates.more");
    assert_int_equal(length_of_first(), 1);
    show("text"); // no name
    type("zhangwei");
    touch("candidates.more");
    assert_true(length_of_first() > 1);
}

static void what_cannot_be_typed_is_written_from_the_first_screen(void **state)
{
    (void)state;
    show("identity");
    touch("character");
    assert_int_equal(hand.got.kind, INTENT_CHARACTER);
    assert_string_equal(hand.got.ref, "name");
    show("identity");
    type("qi");
    touch("candidates.more");
    hand.got_count = 0;
    touch("character"); // the letters were tried for it: nobody is asked about them
    assert_int_equal(hand.got.kind, INTENT_CHARACTER);
    assert_int_equal(hand.got_count, 1);
    show("text");
    assert_null(tree_find(stage_tree(hand.stage), "character")); // a story has no such characters
}

static void what_was_chosen_before_stays(void **state)
{
    (void)state;
    show("identity");
    type("zhangqi");
    touch("candidates.more");
    char id[LIMIT_REF];
    text_copy(id, sizeof id, candidate("张")->id);
    touch(id); // of the two syllables the first
    assert_string_equal(find("preedit")->name, "张qi");
    hand.got_count = 0;
    touch("character");
    assert_int_equal(hand.got_count, 2); // the name so far, and the way to the pad
    assert_int_equal(hand.got.kind, INTENT_CHARACTER);
    assert_non_null(strstr(find("field.name")->value, "张"));
    assert_null(strstr(find("field.name")->value, "qi"));
}

static void where_no_more_may_be_written_staff_help(void **state)
{
    (void)state;
    show("identity");
    hand.view.characters_left = 0;
    stage_show(hand.stage, &hand.view);
    touch("character");
    assert_int_equal(hand.got.kind, INTENT_CALL);
}

// The same key twice, and the next syllable's character that moved under the finger.
static void a_doubled_name_is_typed_as_fast_as_keys(void **state)
{
    (void)state;
    show("identity");
    type("lili");
    touch("candidates.more");
    char id[LIMIT_REF];
    text_copy(id, sizeof id, candidate("莉")->id);
    const struct box box = candidate("莉")->box;
    touch(id);
    assert_string_equal(find("preedit")->name, "莉li");
    hand.now += 90;
    finger(FINGER_DOWN, 1, box.x + box.w / 2, box.y + box.h / 2);
    finger(FINGER_UP, 1, box.x + box.w / 2, box.y + box.h / 2);
    assert_string_equal(hand.got.text, "莉莉");
    hand.now += 60; // a bounce is no third
    hand.got_count = 0;
    finger(FINGER_DOWN, 1, box.x + box.w / 2, box.y + box.h / 2);
    finger(FINGER_UP, 1, box.x + box.w / 2, box.y + box.h / 2);
    assert_int_equal(hand.got_count, 0);
}

static void press_on(struct stage *stage, const char *id)
{
    static uint64_t now = 1000000;
    const struct node *node = tree_find(stage_tree(stage), id);
    if (!node)
        return;
    struct touch touch = {.what = FINGER_DOWN,
                          .finger = 1,
                          .x = node->box.x + node->box.w / 2,
                          .y = node->box.y + node->box.h / 2,
                          .at_ms = now += 1000,
                          .since_ms = now};
    stage_finger(stage, &touch, remember, NULL);
    touch.what = FINGER_UP;
    stage_finger(stage, &touch, remember, NULL);
}

// The row, the list and its last page, in every language and size.
static void figures_of(struct stage *stage, const char *language, int size, bool lying)
{
    static struct view view, before;
    struct box window = {0, 0, lying ? 1920 : 1080, lying ? 1080 : 1920};
    struct place place = {"identity typed", language, size, 0, lying};
    for (size_t i = 0; i < sample_count(); i++)
        if (text_equal(sample_at(i)->name, "identity"))
            sample_view(sample_at(i), language, (enum text_size)size, hand.catalogue, &view);
    before = (struct view){.language = language, .screen = SCREEN_SAVING, .clock_text = ""};
    stage_show(stage, &before);
    stage_show(stage, &view);
    press_on(stage, "key.layer.pinyin");
    for (const char *letter = "zhangyi"; *letter; letter++)
        press_on(stage, (char[]){'k', 'e', 'y', '.', *letter, '\0'});
    figures_check(stage, place, window);
    press_on(stage, "candidates.more");
    figures_check(stage, place, window);
    press_on(stage, "candidates.more");
    figures_check(stage, place, window);
}

static void every_list_keeps_the_figures(void **state)
{
    (void)state;
    static const char *const languages[] = {"zh", "en", "ko"};
    struct files assets = sample_assets();
    struct texts *texts = NULL;
    assert_int_equal(texts_load(&assets, &texts, NULL), ERR_OK);
    const struct ui_options options = {.mm_per_px = FIGURES_MM_PER_PX,
                                       .pack = &assets,
                                       .texts = texts,
                                       .text_entry = &hand.entry,
                                       .qr = figures_qr};
    figures_begin();
    for (int lying = 0; lying < 2; lying++) {
        struct stage *stage = NULL;
        assert_int_equal(
            stage_open(&options, lying ? 1920 : 1080, lying ? 1080 : 1920, &stage, NULL), ERR_OK);
        for (int i = 0; i < 3 * 4; i++)
            figures_of(stage, languages[i / 4], i % 4, lying);
        stage_close(stage);
    }
    texts_free(texts);
    assert_int_equal(figures_faults(), 0);
}

static int open_all(void **state)
{
    struct fail why = {0};
    if (pinyin_open(NULL, &hand.entry, &why) != ERR_OK) {
        print_error("%s\n", why.text);
        return -1;
    }
    return hand_open(state);
}

static int close_all(void **state)
{
    int closed = hand_close(state);
    pinyin_close(&hand.entry);
    return closed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_character_takes_few_touches),
        cmocka_unit_test(all_candidates_stand_in_place_of_the_keys),
        cmocka_unit_test(of_a_name_single_characters_come_first),
        cmocka_unit_test(what_cannot_be_typed_is_written_from_the_first_screen),
        cmocka_unit_test(what_was_chosen_before_stays),
        cmocka_unit_test(where_no_more_may_be_written_staff_help),
        cmocka_unit_test(a_doubled_name_is_typed_as_fast_as_keys),
        cmocka_unit_test(every_list_keeps_the_figures),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
