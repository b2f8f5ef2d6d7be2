// SPDX-License-Identifier: GPL-3.0-or-later
// Screens against pictures of themselves, in colour at half size: one lost label or one wrong
// colour is found (test_picture.c shows it). After a wanted change: UPDATE_GOLDEN=1, look, commit.
#include "golden/picture.h"
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *sample, *language;
    bool landscape;
    enum text_size size;
    enum contrast contrast;
} pictures[] = {
    {"attract", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"attract", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"attract", "ko", false, TEXT_SIZE_XL, CONTRAST_DEFAULT},
    {"notice", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"identity", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"identity", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"identity-none", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"document", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"character", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"identity-drawn", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"code-factor", "ko", true, TEXT_SIZE_L, CONTRAST_DEFAULT},
    {"code-typed", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"code-typed-wrong", "en", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"date", "en", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"one", "zh", false, TEXT_SIZE_M, CONTRAST_ON_BLACK},
    {"community", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"address", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"papers", "en", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"review", "zh", false, TEXT_SIZE_XL, CONTRAST_DEFAULT},
    {"signature", "zh", false, TEXT_SIZE_M, CONTRAST_ON_WHITE},
    {"saved-failed", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"problem", "zh", false, TEXT_SIZE_M, CONTRAST_LOW},
    {"staff-queue", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"staff-answer", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"letters", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"candidates", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"date-none", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"closed", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"closed-urgent", "en", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"not-ready", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"staff-clock", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"comfort", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"policies", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"policy-search", "en", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"policy", "ko", false, TEXT_SIZE_XL, CONTRAST_DEFAULT},
    {"fit", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"track-factor", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"track-case", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"track-by-number", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"wanted", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"ticket-offer", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"ticket-failed", "ko", false, TEXT_SIZE_XL, CONTRAST_DEFAULT},
    {"code-open", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"leave-ticket", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"saved-urgent", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"saved-enquiry", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"done-afterwards", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"done-urgent", "ko", false, TEXT_SIZE_L, CONTRAST_DEFAULT},
    {"call-nobody", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"outage", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"outage-failed", "en", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"comfort-attract", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"call-line", "zh", true, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"code-go-on", "zh", false, TEXT_SIZE_M, CONTRAST_DEFAULT},
    {"code-hide-choose", "en", false, TEXT_SIZE_L, CONTRAST_DEFAULT},
};

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct catalogue *catalogue;

static void compare(const char *path, cairo_surface_t *now)
{
    cairo_surface_t *golden = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(golden) != CAIRO_STATUS_SUCCESS) {
        fail_msg("%s: %s", path, cairo_status_to_string(cairo_surface_status(golden)));
    }
    if (cairo_image_surface_get_format(golden) != CAIRO_FORMAT_RGB24) {
        fail_msg("%s is no picture in colour", path);
    }
    struct picture_difference found = picture_compare(now, golden);
    cairo_surface_destroy(golden);
    if (found.is_another_size) {
        fail_msg("%s has another size", path);
    }
    if (picture_differs(&found)) {
        fail_msg("%s: %d of %d places have another colour, %d a shade of it; the first at %d, %d",
                 path, found.far_cells, found.cells, found.faint_cells, found.first_x,
                 found.first_y);
    }
}

static void draw(size_t index)
{
    int width = pictures[index].landscape ? 1920 : 1080;
    int height = pictures[index].landscape ? 1080 : 1920;
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry};
    struct stage *stage;
    struct fail why;
    struct view view;
    struct box changed[CANVAS_RECTS];
    char path[256];
    const struct sample *sample = NULL;
    assert_int_equal(stage_open(&options, width, height, &stage, &why), ERR_OK);
    uint32_t *pixels = calloc((size_t)width * (size_t)height, 4);
    assert_non_null(pixels);
    canvas_target(stage_canvas(stage), pixels, width, height, width * 4);
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, pictures[index].sample)) {
            sample = sample_at(i);
        }
    }
    assert_non_null(sample);
    sample_view(sample, pictures[index].language, pictures[index].size, catalogue, &view);
    view.contrast = pictures[index].contrast;
    stage_show(stage, &view);
    sample_touch(sample, stage);
    (void)stage_draw(stage, changed);
    cairo_surface_t *now = picture_halve(pixels, width, height);
    (void)snprintf(path, sizeof(path), "tests/golden/pictures/%02zu-%s.png", index + 1,
                   pictures[index].sample);
    if (getenv("UPDATE_GOLDEN")) {
        assert_int_equal(cairo_surface_write_to_png(now, path), CAIRO_STATUS_SUCCESS);
    } else {
        compare(path, now);
    }
    cairo_surface_destroy(now);
    stage_close(stage);
    free(pixels);
}

static void screens_look_like_their_pictures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pictures) / sizeof(*pictures); i++) {
        draw(i);
    }
}

static int open_all(void **state)
{
    (void)state;
    struct fail why;
    assets = sample_assets();
    entry = sample_text_entry();
    return texts_load(&assets, &texts, &why) || catalogue_load(&assets, &catalogue, &why) ? -1 : 0;
}

static int close_all(void **state)
{
    (void)state;
    texts_free(texts);
    catalogue_free(catalogue);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(screens_look_like_their_pictures)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
