// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every sample into PNG files, for people to look at:
//   gallery FOLDER [portrait|landscape] [zh|en|ko] [s|m|l|xl] [contrast 0..3] [name]
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <stdio.h>
#include <stdlib.h>

static bool checkers(void *self, const char *text, struct ui_qr *out)
{
    (void)self;
    (void)text;
    out->side = 45;
    for (int i = 0; i < 45 * 45; i++) {
        out->modules[i] = (uint8_t)((i * 7 + i / 45 * 3) % 5 < 2);
    }
    return true;
}

static void draw(struct stage *stage, const struct sample *sample, const struct view *view,
                 const char *folder)
{
    char path[512];
    struct box changed[CANVAS_RECTS];
    struct fail why;
    struct view before = {.language = view->language, .screen = SCREEN_SAVING, .clock_text = ""};
    stage_show(stage, &before); // nothing typed in the sample before is left
    stage_show(stage, view);
    sample_touch(sample, stage);
    (void)stage_draw(stage, changed);
    const struct tree *tree = stage_tree(stage);
    (void)snprintf(path, sizeof(path), "%s/%s.png", folder, sample->name);
    if (canvas_png(stage_canvas(stage), path, &why)) {
        (void)fprintf(stderr, "%s\n", why.text);
    }
    if (tree->pages > 1) {
        (void)printf("%s: %d pages\n", sample->name, tree->pages);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        (void)fprintf(stderr,
                      "gallery FOLDER portrait|landscape zh|en|ko s|m|l|xl [contrast] [name]\n");
        return 2;
    }
    bool tall = text_equal(argv[2], "portrait");
    int width = tall ? 1080 : 1920, height = tall ? 1920 : 1080;
    enum text_size size = text_equal(argv[4], "s")   ? TEXT_SIZE_S
                          : text_equal(argv[4], "m") ? TEXT_SIZE_M
                          : text_equal(argv[4], "l") ? TEXT_SIZE_L
                                                     : TEXT_SIZE_XL;
    struct files assets = sample_assets();
    struct text_entry entry = sample_text_entry();
    struct texts *texts;
    struct catalogue *catalogue = NULL;
    struct fail why;
    if (texts_load(&assets, &texts, &why) || catalogue_load(&assets, &catalogue, &why)) {
        (void)fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry, .qr = checkers};
    struct stage *stage;
    if (stage_open(&options, width, height, &stage, &why)) {
        (void)fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    void *pixels = calloc((size_t)width * (size_t)height, 4);
    canvas_target(stage_canvas(stage), pixels, width, height, width * 4);
    for (size_t i = 0; i < sample_count(); i++) {
        const struct sample *sample = sample_at(i);
        struct view view;
        if (argc > 6 && !text_equal(argv[6], sample->name)) {
            continue;
        }
        sample_view(sample, argv[3], size, catalogue, &view);
        view.contrast = argc > 5 ? (enum contrast)(argv[5][0] - '0') : CONTRAST_DEFAULT;
        view.change = i;
        draw(stage, sample, &view, argv[1]);
    }
    stage_close(stage);
    free(pixels);
    catalogue_free(catalogue);
    texts_free(texts);
    return 0;
}
