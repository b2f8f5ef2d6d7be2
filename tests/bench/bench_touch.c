// SPDX-License-Identifier: GPL-3.0-or-later
// From a touch to its frame, without a window: what the finger does and the drawing of what
// changed, on whole screens. Each beside laying out and drawing the same screen anew, which is what
// any touch would take without the tree; and pinyin: how long a letter takes, whether memory grows,
// how many everyday phrases are offered.
#include "contract/text_entry/phrases.h"
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 1080, HEIGHT = 1920, TIMES = 60, ROUNDS = 3 };

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void ignore(void *self, const struct intent *intent)
{
    (void)self;
    (void)intent;
}

static void press(struct stage *stage, const char *id, uint64_t *at)
{
    struct box changed[CANVAS_RECTS];
    const struct node *node = tree_find(stage_tree(stage), id);
    if (!node) {
        return;
    }
    *at += 200;
    struct touch touch = {.what = FINGER_DOWN,
                          .x = node->box.x + node->box.w / 2,
                          .y = node->box.y + node->box.h / 2,
                          .at_ms = *at,
                          .since_ms = *at};
    stage_finger(stage, &touch, ignore, NULL);
    (void)stage_draw(stage, changed);
    touch.what = FINGER_UP;
    touch.at_ms = touch.since_ms = *at + 90;
    stage_finger(stage, &touch, ignore, NULL);
    (void)stage_draw(stage, changed);
}

static double anew(struct stage *stage, const struct view *view)
{
    struct box changed[CANVAS_RECTS];
    double begin = now_ms();
    for (int i = 0; i < TIMES / 4; i++) {
        canvas_forget(stage_canvas(stage));
        stage_show(stage, view);
        (void)stage_draw(stage, changed);
    }
    return (now_ms() - begin) / (TIMES / 4);
}

// The best round of each.
static void measure(struct stage *stage, const struct catalogue *catalogue, const char *sample,
                    const char *first, const char *second)
{
    struct view view, before = {.language = "zh", .screen = SCREEN_SAVING, .clock_text = ""};
    double touch = 1e9, whole = 1e9;
    uint64_t at = 1000000;
    stage_show(stage, &before);
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, sample)) {
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, catalogue, &view);
        }
    }
    stage_show(stage, &view);
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now_ms();
        for (int i = 0; i < TIMES; i++) {
            press(stage, i % 2 ? second : first, &at);
        }
        double took = (now_ms() - begin) / TIMES;
        touch = took < touch ? took : touch;
        took = anew(stage, &view);
        whole = took < whole ? took : whole;
    }
    printf("%-10s down and up, two frames %.2f ms; screen anew %.2f ms; ratio %.2f\n", sample,
           touch, whole, touch / whole);
}

static void type_phrases(const struct text_entry *entry, const char *path)
{
    struct phrases phrases[PHRASES_KINDS];
    static const char *const names[] = {"in sight", "other"};
    (void)phrases_try(entry, path, phrases, NULL);
    size_t before = mallinfo2().uordblks;
    double begin = now_ms();
    if (!phrases_try(entry, path, phrases, NULL)) {
        printf("no %s\n", path);
        return;
    }
    size_t letters = phrases[0].letters + phrases[1].letters;
    printf("pinyin: %.2f ms a letter; growth over %zu letters %zd bytes\n",
           (now_ms() - begin) / (double)letters, letters,
           (ssize_t)mallinfo2().uordblks - (ssize_t)before);
    for (int i = 0; i < PHRASES_KINDS; i++) {
        double all = (double)phrases[i].count / 100;
        printf("phrases %s: %zu; first %.0f %%, among the first five %.0f %%\n", names[i],
               phrases[i].count, (double)phrases[i].first / all, (double)phrases[i].top5 / all);
    }
}

int main(void)
{
    static unsigned char pixels[WIDTH * HEIGHT * 4];
    struct files assets = sample_assets();
    struct text_entry entry = {0};
    struct texts *texts = NULL;
    struct catalogue *catalogue = NULL;
    struct stage *stage = NULL;
    if (texts_load(&assets, &texts, NULL) || catalogue_load(&assets, &catalogue, NULL) ||
        pinyin_open(NULL, &entry, NULL)) {
        return 1;
    }
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry};
    if (stage_open(&options, WIDTH, HEIGHT, &stage, NULL)) {
        return 1;
    }
    canvas_target(stage_canvas(stage), pixels, WIDTH, HEIGHT, WIDTH * 4);
    measure(stage, catalogue, "number", "key.5", "key.backspace");
    measure(stage, catalogue, "identity", "key.y", "key.backspace");
    measure(stage, catalogue, "one", "choice.fire", "choice.traffic");
    type_phrases(&entry, "tests/contract/text_entry/phrases.txt");
    stage_close(stage);
    pinyin_close(&entry);
    texts_free(texts);
    catalogue_free(catalogue);
    return 0;
}
