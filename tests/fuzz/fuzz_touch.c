// SPDX-License-Identifier: GPL-3.0-or-later
// Ten fingers on whole screens: down, move, up, gone without a word, devices that vanish, any time
// between. Nothing breaks, and the next ordinary touch works.
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { WIDTH = 1080, HEIGHT = 1920, STEPS = 160, FINGERS = 10, LONG_MS = 6000 };

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct catalogue *catalogue;
static struct stage *stage;
static struct view view;
static uint64_t now = 1000;
static enum intent_kind last;

static void remember(void *self, const struct intent *intent)
{
    (void)self;
    if (intent->kind != INTENT_ACTIVITY && intent->kind != INTENT_CONTACT_STUCK)
        last = intent->kind;
    if (intent->kind == INTENT_CONTACT_STUCK && (intent->number < 0 || intent->number > FINGERS))
        abort();
}

static void open_stage(void)
{
    assets = sample_assets();
    entry = sample_text_entry();
    if (texts_load(&assets, &texts, NULL) || catalogue_load(&assets, &catalogue, NULL))
        abort();
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &entry};
    if (stage_open(&options, WIDTH, HEIGHT, &stage, NULL))
        abort();
}

static void show(const char *name)
{
    struct view before = {.language = "zh", .screen = SCREEN_SAVING, .clock_text = ""};
    stage_show(stage, &before);
    for (size_t i = 0; i < sample_count(); i++)
        if (text_equal(sample_at(i)->name, name))
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, catalogue, &view);
    stage_show(stage, &view);
}

// Four bytes: what, which finger, where (a target or any place), how much later.
static void step(const uint8_t *bytes)
{
    const struct tree *tree = stage_tree(stage);
    struct touch touch = {.what = (enum finger)(bytes[0] % 4),
                          .device = (bytes[0] >> 2) % 2,
                          .finger = bytes[1] % FINGERS,
                          .x = bytes[2] * WIDTH / 255,
                          .y = bytes[3] * HEIGHT / 255};
    const struct node *node = tree->count ? tree->nodes[bytes[2] % tree->count] : NULL;
    if (node && (bytes[0] & 8) && node_is_target(node)) {
        touch.x = node->box.x + node->box.w / 2;
        touch.y = node->box.y + node->box.h / 2;
    }
    now += (uint64_t)(bytes[1] >> 4) * (bytes[0] & 16 ? 400 : 20);
    touch.at_ms = now;
    touch.since_ms = now - (bytes[0] & 32 ? 300 : 0);
    if (bytes[0] >= 248)
        stage_device_lost(stage, touch.device, now, remember, NULL);
    else
        stage_finger(stage, &touch, remember, NULL);
}

static void touch_next(void)
{
    now += LONG_MS;
    stage_tick(stage, now, remember, NULL);
    show("notice");
    const struct node *next = tree_find(stage_tree(stage), "next");
    if (!next)
        abort();
    struct touch touch = {.what = FINGER_DOWN,
                          .finger = FINGERS + 1,
                          .x = next->box.x + next->box.w / 2,
                          .y = next->box.y + next->box.h / 2,
                          .at_ms = now,
                          .since_ms = now};
    last = INTENT_NONE;
    stage_finger(stage, &touch, remember, NULL);
    touch.what = FINGER_UP;
    stage_finger(stage, &touch, remember, NULL);
    if (last != INTENT_NEXT)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const samples[] = {"identity", "number", "signature", "review", "idle"};
    if (!stage)
        open_stage();
    if (length == 0)
        return 0;
    show(samples[bytes[0] % 5]);
    for (size_t i = 0; 1 + 4 * i + 4 <= length && i < STEPS; i++)
        step(bytes + 1 + 4 * i);
    touch_next();
    return 0;
}
