// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/ui/hand.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

struct hand hand;
static struct files assets;
static struct texts *texts;

void remember(void *self, const struct intent *intent)
{
    (void)self;
    if (intent->kind == INTENT_ACTIVITY) {
        hand.activity_count++;
        return;
    }
    if (intent->kind == INTENT_CONTACT_STUCK) {
        hand.stuck_count++;
        hand.stuck = intent->number;
        return;
    }
    hand.got = *intent;
    hand.got_count++;
    if (intent->kind == INTENT_SIGN && intent->stroke_count) {
        hand.first_point = intent->strokes[0];
    }
}

void show(const char *sample)
{
    struct view before = {.language = "zh", .screen = SCREEN_SAVING, .clock_text = ""};
    stage_show(hand.stage, &before);
    stage_device_lost(hand.stage, 0, hand.now, remember, NULL);
    for (size_t i = 0; i < sample_count(); i++) {
        if (text_equal(sample_at(i)->name, sample)) {
            sample_view(sample_at(i), "zh", TEXT_SIZE_M, hand.catalogue, &hand.view);
            stage_show(hand.stage, &hand.view);
        }
    }
    hand.now += 10000;
    hand.got_count = hand.activity_count = hand.stuck_count = 0;
    memset(&hand.got, 0, sizeof(hand.got));
}

const struct node *find(const char *id)
{
    const struct node *node = tree_find(stage_tree(hand.stage), id);
    if (!node) {
        fail_msg("there is no %s", id);
    }
    return node;
}

void finger(enum finger what, int64_t which, int x, int y)
{
    struct touch touch = {
        .what = what, .finger = which, .x = x, .y = y, .at_ms = hand.now, .since_ms = hand.now};
    stage_finger(hand.stage, &touch, remember, NULL);
}

void touch(const char *id)
{
    const struct box box = find(id)->box;
    hand.now += 600;
    finger(FINGER_DOWN, 1, box.x + box.w / 2, box.y + box.h / 2);
    finger(FINGER_UP, 1, box.x + box.w / 2, box.y + box.h / 2);
}

void type(const char *keys)
{
    for (; *keys; keys++) {
        char id[8] = "key.";
        id[4] = *keys;
        touch(id);
    }
}

int hand_open(void **state)
{
    (void)state;
    struct fail why;
    assets = sample_assets();
    hand.entry = hand.entry.ops ? hand.entry : sample_text_entry();
    if (texts_load(&assets, &texts, &why) || catalogue_load(&assets, &hand.catalogue, &why)) {
        return -1;
    }
    const struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .text_entry = &hand.entry};
    static unsigned char pixels[HAND_WIDTH * HAND_HEIGHT * 4];
    if (stage_open(&options, HAND_WIDTH, HAND_HEIGHT, &hand.stage, &why)) {
        return -1;
    }
    canvas_target(stage_canvas(hand.stage), pixels, HAND_WIDTH, HAND_HEIGHT, HAND_WIDTH * 4);
    return 0;
}

int hand_close(void **state)
{
    (void)state;
    stage_close(hand.stage);
    texts_free(texts);
    catalogue_free(hand.catalogue);
    return 0;
}
