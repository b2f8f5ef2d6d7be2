// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen and overlay, in every language and text size, upright and lying, page by page: large
// enough to touch, far enough apart, large enough to read, nothing clipped, nothing over another.
#include "golden/views.h"
#include "ui/stage.h"
#include "unit/ui/figures.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

struct world {
    struct files assets;
    struct text_entry entry;
    struct texts *texts;
    struct catalogue *catalogue;
};

static int open_world(void **state)
{
    static struct world world;
    struct fail why;
    world.assets = sample_assets();
    world.entry = sample_text_entry();
    assert_int_equal(texts_load(&world.assets, &world.texts, &why), ERR_OK);
    assert_int_equal(catalogue_load(&world.assets, &world.catalogue, &why), ERR_OK);
    *state = &world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    texts_free(world->texts);
    catalogue_free(world->catalogue);
    return 0;
}

static void check_sample(struct stage *stage, const struct sample *sample, struct place place,
                         const struct catalogue *catalogue, struct box window)
{
    struct view view;
    // The visit stays open between two views: its end closes the fonts, and opening them takes
    // longer than everything else here.
    struct view before = {
        .language = place.language, .screen = SCREEN_SAVING, .visit_open = true, .clock_text = ""};
    stage_show(stage, &before);
    sample_view(sample, place.language, (enum text_size)place.size, catalogue, &view);
    stage_show(stage, &view);
    sample_touch(sample, stage);
    figures_check(stage, place, window);
}

static const char *const languages[] = {"zh", "en", "ko"};

static struct stage *open_stage(struct world *world, bool landscape)
{
    const struct ui_options options = {.mm_per_px = FIGURES_MM_PER_PX,
                                       .pack = &world->assets,
                                       .texts = world->texts,
                                       .text_entry = &world->entry,
                                       .has_scanner = true,
                                       .qr = figures_qr};
    struct stage *stage;
    struct fail why;
    assert_int_equal(
        stage_open(&options, landscape ? 1920 : 1080, landscape ? 1080 : 1920, &stage, &why),
        ERR_OK);
    return stage;
}

static void check_all(void **state, bool landscape)
{
    struct world *world = *state;
    struct box window = {0, 0, landscape ? 1920 : 1080, landscape ? 1080 : 1920};
    struct stage *stage = open_stage(world, landscape);
    figures_begin();
    for (size_t i = 0; i < sample_count(); i++) {
        for (int language = 0; language < 3; language++) {
            for (int size = 0; size < 4; size++) {
                struct place place = {sample_at(i)->name, languages[language], size, 0, landscape};
                check_sample(stage, sample_at(i), place, world->catalogue, window);
            }
        }
    }
    stage_close(stage);
    assert_int_equal(figures_faults(), 0);
}

static void every_screen_keeps_the_figures_upright(void **state)
{
    check_all(state, false);
}

static void every_screen_keeps_the_figures_lying(void **state)
{
    check_all(state, true);
}

static void colours_keep_the_contrast_of_their_mode(void **state)
{
    struct world *world = *state;
    static const double least[4] = {10, 20, 20, 4.5};
    static const enum colour pairs[][2] = {
        {COLOUR_INK, COLOUR_BACKGROUND},     {COLOUR_INK, COLOUR_SURFACE},
        {COLOUR_INK, COLOUR_TINT},           {COLOUR_INK, COLOUR_KEY},
        {COLOUR_INK, COLOUR_BOARD},          {COLOUR_INK_SOFT, COLOUR_BACKGROUND},
        {COLOUR_INK_SOFT, COLOUR_SURFACE},   {COLOUR_INK_SOFT, COLOUR_TINT},
        {COLOUR_ON_ACCENT, COLOUR_ACCENT},   {COLOUR_ACCENT_INK, COLOUR_BACKGROUND},
        {COLOUR_ACCENT_INK, COLOUR_SURFACE}, {COLOUR_ACCENT_INK, COLOUR_TINT},
        {COLOUR_ON_URGENT, COLOUR_URGENT},   {COLOUR_ON_NOTICE, COLOUR_NOTICE},
    };
    struct theme theme;
    struct fail why;
    assert_int_equal(theme_load(&world->assets, FIGURES_MM_PER_PX, &theme, &why), ERR_OK);
    for (int mode = 0; mode < 4; mode++) {
        for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
            double ratio =
                theme_contrast(theme.colours[mode][pairs[i][0]], theme.colours[mode][pairs[i][1]]);
            if (ratio < least[mode]) {
                fail_msg("mode %d: %s on %s is %.1f:1", mode, theme_colour_name(pairs[i][0]),
                         theme_colour_name(pairs[i][1]), ratio);
            }
        }
    }
}

static const struct sample *sample_named(const char *name)
{
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, name)) {
            return sample_at(i);
        }
    }
    fail_msg("no sample %s", name);
    return NULL;
}

// A finger is no pen: the larger the text somebody needs, the more room to write. And nothing
// stands where the character goes.
static void check_pad(struct stage *stage, struct place place, const struct catalogue *catalogue)
{
    struct view view;
    sample_view(sample_named("character"), place.language, (enum text_size)place.size, catalogue,
                &view);
    stage_show(stage, &view);
    const struct tree *tree = stage_tree(stage);
    const struct node *pad = tree_find(tree, "pad");
    assert_non_null(pad);
    assert_true(tree->pages <= 1);
    if (pad->box.w * 100 < 1080 * (place.landscape ? 40 : 60)) {
        fail_msg("%s %d %d: %d px", place.language, place.size, place.landscape, pad->box.w);
    }
    for (const struct part *part = pad->first; part; part = part->next) {
        assert_int_not_equal(part->kind, PART_TEXT);
    }
}

static bool is_said(const struct tree *tree, const char *text)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (text_equal(tree->nodes[i]->name, text)) {
            return true;
        }
    }
    return false;
}

// Who only looked for what may fit has nothing to hand in: leaving and the list itself say that
// nothing is kept.
static void leaving_advice_says_that_nothing_is_kept(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *sample, *says, *says_not;
    } screens[] = {{"leave-advice", "leave.text.advice", "leave.text"},
                   {"leave", "leave.text", "leave.text.advice"},
                   {"fit", "fit.kept", "leave.text"}};
    struct stage *stage = open_stage(world, false);
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        struct view view;
        sample_view(sample_named(screens[i].sample), "zh", TEXT_SIZE_M, world->catalogue, &view);
        stage_show(stage, &view);
        assert_true(is_said(stage_tree(stage), texts_get(world->texts, "zh", screens[i].says)));
        assert_false(
            is_said(stage_tree(stage), texts_get(world->texts, "zh", screens[i].says_not)));
    }
    stage_close(stage);
}

static void a_character_has_room_at_every_size(void **state)
{
    struct world *world = *state;
    for (int landscape = 0; landscape < 2; landscape++) {
        struct stage *stage = open_stage(world, landscape);
        for (int i = 0; i < 12; i++) {
            struct place place = {"character", languages[i % 3], i / 3, 0, landscape};
            check_pad(stage, place, world->catalogue);
        }
        stage_close(stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_screen_keeps_the_figures_upright),
        cmocka_unit_test(every_screen_keeps_the_figures_lying),
        cmocka_unit_test(colours_keep_the_contrast_of_their_mode),
        cmocka_unit_test(leaving_advice_says_that_nothing_is_kept),
        cmocka_unit_test(a_character_has_room_at_every_size),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
