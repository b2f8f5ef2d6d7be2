// SPDX-License-Identifier: GPL-3.0-or-later
// One way forward: what a screen has more than it can show comes into view before anything is left.
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

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct catalogue *catalogue;
static uint64_t now;
static size_t sent;

static void count(void *self, const struct intent *intent)
{
    (void)self;
    sent += intent->kind != INTENT_ACTIVITY;
}

static void touch(struct stage *stage, const struct node *node, uint64_t later)
{
    now += later;
    struct touch touch = {.what = FINGER_DOWN,
                          .finger = 1,
                          .x = node->box.x + node->box.w / 2,
                          .y = node->box.y + node->box.h / 2,
                          .at_ms = now,
                          .since_ms = now};
    stage_finger(stage, &touch, count, NULL);
    touch.what = FINGER_UP;
    stage_finger(stage, &touch, count, NULL);
}

static struct stage *open_on(const struct sample *sample, enum text_size size, int width,
                             int height)
{
    static struct view view;
    struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry};
    struct stage *stage = NULL;
    struct fail why;
    assert_int_equal(stage_open(&options, width, height, &stage, &why), ERR_OK);
    sample_view(sample, "zh", size, catalogue, &view);
    stage_show(stage, &view);
    return stage;
}

static bool has_way_on(const struct stage *stage)
{
    const struct node *next = tree_find(stage_tree(stage), "next");
    return next && next->role == ROLE_BUTTON && stage_tree(stage)->overlay == OVERLAY_NONE;
}

// Forward with the one button alone, as somebody does who reads no numbers.
static void goes_over_every_page(const struct sample *sample, enum text_size size, int width,
                                 int height)
{
    struct stage *stage = open_on(sample, size, width, height);
    const struct tree *tree = stage_tree(stage);
    if (has_way_on(stage) && tree->pages > 1) {
        while (tree->page > 0) // a screen may open at what is wrong
            touch(stage, tree_find(tree, "page.up"), 1000);
        int pages = tree->pages;
        sent = 0;
        for (int page = 0; page + 1 < pages; page++) {
            const struct node *down = tree_find(tree, "page.down");
            if (tree->page != page || !down || !node_is_target(down) ||
                node_is_target(tree_find(tree, "next")))
                fail_msg("%s: page %d of %d is left at once", sample->name, page + 1, pages);
            touch(stage, down, 1000);
        }
        const struct node *next = tree_find(tree, "next");
        if (tree->page != pages - 1 || !node_is_target(next) || sent)
            fail_msg("%s: the last page has no way on", sample->name);
        touch(stage, next, 100); // an impatient second touch does not leave what was not read
        assert_int_equal(sent, 0);
        next = tree_find(tree, "next"); // a touch lays everything out anew
        touch(stage, next, 1000);
        if (!sent)
            fail_msg("%s: the way on does nothing", sample->name);
    }
    stage_close(stage);
}

// Where there is room for one field beside the keys, the other one comes before what is next.
static bool hides_the_number(const struct sample *sample, enum text_size size, int width,
                             int height)
{
    struct stage *stage = open_on(sample, size, width, height);
    const struct tree *tree = stage_tree(stage);
    const struct node *field = tree_find(tree, "field.name");
    bool hides = field && (field->state & STATE_ACTIVE) && !tree_find(tree, "field.id-number");
    if (hides) {
        const struct node *down = tree_find(tree, "page.down");
        if (!down || (tree_find(tree, "next") && node_is_target(tree_find(tree, "next"))))
            fail_msg("%s: the number is passed by", sample->name);
        sent = 0;
        touch(stage, down, 1000);
        assert_int_equal(sent, 0);
        assert_non_null(tree_find(stage_tree(stage), "field.id-number"));
    }
    stage_close(stage);
    return hides;
}

static void a_number_that_has_no_room_is_not_passed_by(void **state)
{
    (void)state;
    int hidden = 0;
    for (size_t i = 0; i < sample_count(); i++)
        if (text_equal(sample_at(i)->name, "identity") ||
            text_equal(sample_at(i)->name, "identity-wrong"))
            for (int size = TEXT_SIZE_M; size <= TEXT_SIZE_XL; size++)
                for (int height = 1080; height >= 700; height -= 180)
                    hidden += hides_the_number(sample_at(i), (enum text_size)size, 1920, height);
    assert_true(hidden > 0);
}

static void whatever_has_pages_is_gone_through_by_the_one_button(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_count(); i++) {
        goes_over_every_page(sample_at(i), TEXT_SIZE_M, 1080, 1920);
        goes_over_every_page(sample_at(i), TEXT_SIZE_XL, 1920, 1080);
    }
}

static const struct sample *named(const char *name)
{
    for (size_t i = 0; i < sample_count(); i++)
        if (text_equal(sample_at(i)->name, name))
            return sample_at(i);
    fail_msg("no sample %s", name);
    return NULL;
}

static void a_person_who_was_added_can_be_taken_away_on_each_screen(void **state)
{
    (void)state;
    static const char *const places[][2] = {{"list", "remove"}, {"review", "review.remove.5"}};
    for (size_t i = 0; i < 2; i++) {
        struct stage *stage = open_on(named(places[i][0]), TEXT_SIZE_M, 1080, 1920);
        const struct node *remove = tree_find(stage_tree(stage), places[i][1]);
        assert_non_null(remove);
        assert_int_equal(remove->action.intent, INTENT_REMOVE);
        assert_string_equal(remove->action.ref, "/data/member[2]");
        stage_close(stage);
    }
}

static void a_masked_answer_is_shown_before_it_is_changed(void **state)
{
    (void)state;
    struct stage *stage = open_on(named("review"), TEXT_SIZE_M, 1080, 1920);
    assert_int_equal(tree_find(stage_tree(stage), "review.6")->action.intent, INTENT_REVEAL);
    assert_int_equal(tree_find(stage_tree(stage), "review.7")->action.intent, INTENT_JUMP);
    stage_close(stage);
}

static int open_assets(void **state)
{
    struct fail why;
    (void)state;
    assets = sample_assets();
    entry = sample_text_entry();
    return texts_load(&assets, &texts, &why) || catalogue_load(&assets, &catalogue, &why);
}

static int close_assets(void **state)
{
    (void)state;
    catalogue_free(catalogue);
    texts_free(texts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_has_no_room_is_not_passed_by),
        cmocka_unit_test(whatever_has_pages_is_gone_through_by_the_one_button),
        cmocka_unit_test(a_person_who_was_added_can_be_taken_away_on_each_screen),
        cmocka_unit_test(a_masked_answer_is_shown_before_it_is_changed),
    };
    return cmocka_run_group_tests(tests, open_assets, close_assets);
}
