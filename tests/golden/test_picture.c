// SPDX-License-Identifier: GPL-3.0-or-later
// The comparison itself: of a real screen every single label is taken away, every single colour is
// changed, one after the other, and each time the picture must count as another.
#include "golden/picture.h"
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

enum { WIDTH = 1080, HEIGHT = 1920 };

struct desk {
    struct files assets;
    struct text_entry entry;
    struct texts *texts;
    struct catalogue *catalogue;
    struct stage *stage;
    struct theme theme;
    struct icons *icons;
    struct canvas *canvas;
    struct view view;
    uint32_t *pixels;
    cairo_surface_t *golden;
};

static int open_desk(void **state)
{
    static struct desk desk;
    struct fail why;
    desk.assets = sample_assets();
    desk.entry = sample_text_entry();
    desk.pixels = calloc((size_t)WIDTH * HEIGHT, sizeof *desk.pixels);
    if (!desk.pixels || texts_load(&desk.assets, &desk.texts, &why) ||
        catalogue_load(&desk.assets, &desk.catalogue, &why) ||
        theme_load(&desk.assets, 0.248, &desk.theme, &why) ||
        icons_load(&desk.assets, &desk.icons, &why)) {
        return -1;
    }
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &desk.assets, .texts = desk.texts, .text_entry = &desk.entry};
    desk.canvas = canvas_new();
    canvas_target(desk.canvas, desk.pixels, WIDTH, HEIGHT, WIDTH * 4);
    *state = &desk;
    return stage_open(&options, WIDTH, HEIGHT, &desk.stage, &why) ? -1 : 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    stage_close(desk->stage);
    canvas_free(desk->canvas);
    icons_free(desk->icons);
    texts_free(desk->texts);
    catalogue_free(desk->catalogue);
    free(desk->pixels);
    return 0;
}

static cairo_surface_t *draw(struct desk *desk)
{
    struct box changed[CANVAS_RECTS];
    (void)canvas_draw(desk->canvas, stage_tree(desk->stage), &desk->theme, desk->icons, changed);
    return picture_halve(desk->pixels, WIDTH, HEIGHT);
}

static bool looks_different(struct desk *desk)
{
    cairo_surface_t *now = draw(desk);
    struct picture_difference found = picture_compare(desk->golden, now);
    cairo_surface_destroy(now);
    return picture_differs(&found);
}

static void show(struct desk *desk, const char *name)
{
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, name)) {
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, desk->catalogue, &desk->view);
        }
    }
    theme_set(&desk->theme, TEXT_SIZE_M, CONTRAST_DEFAULT);
    stage_show(desk->stage, &desk->view);
    canvas_forget(desk->canvas);
    desk->golden = draw(desk);
}

// Another colour, drawn for real; a colour may have two names, so the values are compared.
static enum colour another(const struct desk *desk, enum colour colour)
{
    for (int i = COLOUR_BACKGROUND; i < COLOUR_SCRIM; i++) {
        uint32_t now = theme_colour(&desk->theme, colour);
        uint32_t then = theme_colour(&desk->theme, (enum colour)i);
        int apart = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            apart += abs((int)(now >> shift & 255) - (int)(then >> shift & 255));
        }
        if (apart > 60) {
            return (enum colour)i;
        }
    }
    fail_msg("no other colour than %s", theme_colour_name(colour));
    return colour;
}

// A part that is gone for one picture.
static void without(struct desk *desk, struct node *node, struct part **link)
{
    struct part *part = *link;
    *link = part->next;
    if (!looks_different(desk)) {
        fail_msg("%s \"%s\": a lost label passes", node->id, node->name);
    }
    *link = part;
}

static void in_another_colour(struct desk *desk, const struct node *node, enum colour *colour)
{
    enum colour own = *colour;
    *colour = another(desk, own);
    if (!looks_different(desk)) {
        fail_msg("%s \"%s\": a wrong colour passes", node->id, node->name);
    }
    *colour = own;
}

static int spoil(struct desk *desk, struct node *node)
{
    int spoilt = 0;
    for (struct part **link = &node->first; *link; link = &(*link)->next) {
        if ((*link)->kind == PART_TEXT && !text_equal(node->name, "")) {
            without(desk, node, link);
            in_another_colour(desk, node, &(*link)->colour);
            spoilt++;
        }
    }
    if (node->fill != COLOUR_NONE && node->fill != COLOUR_SCRIM) {
        in_another_colour(desk, node, &node->fill);
        spoilt++;
    }
    return spoilt;
}

static void each_label_and_each_colour_counts(void **state)
{
    struct desk *desk = *state;
    static const char *const samples[] = {"notice", "problem"};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        show(desk, samples[i]);
        const struct tree *tree = stage_tree(desk->stage);
        int spoilt = 0;
        for (size_t k = 0; k < tree->count; k++) {
            if (!(tree->nodes[k]->state & STATE_AWAY)) {
                spoilt += spoil(desk, tree->nodes[k]);
            }
        }
        assert_true(spoilt > 8);
        assert_false(looks_different(desk)); // and all as it was is the same
        cairo_surface_destroy(desk->golden);
    }
}

static void fill(uint32_t *pixels, uint32_t colour)
{
    for (int i = 0; i < 160 * 160; i++) {
        pixels[i] = colour;
    }
}

static void a_shade_counts_when_it_is_everywhere_and_rounding_does_not(void **state)
{
    (void)state;
    static uint32_t pixels[160 * 160];
    fill(pixels, 0xF6F4EE);
    cairo_surface_t *first = picture_halve(pixels, 160, 160);
    pixels[0] = 0xF6F4E0; // one pixel of a hundred and more
    cairo_surface_t *rounded = picture_halve(pixels, 160, 160);
    fill(pixels, 0xF6F2EE);
    cairo_surface_t *shade = picture_halve(pixels, 160, 160);
    cairo_surface_t *small = picture_halve(pixels, 160, 80);
    struct picture_difference by_rounding = picture_compare(first, rounded);
    struct picture_difference by_shade = picture_compare(first, shade);
    struct picture_difference by_size = picture_compare(first, small);
    assert_false(picture_differs(&by_rounding));
    assert_true(picture_differs(&by_shade));
    assert_true(picture_differs(&by_size));
    cairo_surface_destroy(first);
    cairo_surface_destroy(rounded);
    cairo_surface_destroy(shade);
    cairo_surface_destroy(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_label_and_each_colour_counts),
        cmocka_unit_test(a_shade_counts_when_it_is_everywhere_and_rounding_does_not),
    };
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
