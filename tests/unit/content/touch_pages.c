// SPDX-License-Identifier: GPL-3.0-or-later
#include "touch_pages.h"
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/port/text_entry.h"

enum { WIDTH = 1080, HEIGHT = 1920 };
#define MM_PER_PX 0.248

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct stage *stage;

int touch_pages_open(void)
{
    assets = sample_assets();
    entry = sample_text_entry();
    if (texts_load(&assets, &texts, NULL))
        return -1;
    const struct ui_options options = {
        .mm_per_px = MM_PER_PX, .pack = &assets, .texts = texts, .text_entry = &entry};
    return stage_open(&options, WIDTH, HEIGHT, &stage, NULL) ? -1 : 0;
}

void touch_pages_close(void)
{
    stage_close(stage);
    texts_free(texts);
}

size_t touch_pages(const struct form_screen *screen)
{
    const struct view before = {.language = "zh", .screen = SCREEN_SAVING, .clock_text = ""};
    const struct view view = {.screen = SCREEN_QUESTION,
                              .language = "zh",
                              .size = TEXT_SIZE_M,
                              .visit_open = true,
                              .can_go_back = true,
                              .clock_text = "10:05",
                              .progress = {3, 7, 10, 12},
                              .form_screen = screen};
    stage_show(stage, &before); // nothing of the screen before is left
    stage_show(stage, &view);
    int pages = stage_tree(stage)->pages;
    return pages > 1 ? (size_t)pages : 1;
}
