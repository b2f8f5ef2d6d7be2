// SPDX-License-Identifier: GPL-3.0-or-later
// Samples of what only a finger makes: letters that are not taken yet.
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { CALM_MS = 600, ID_BYTES = 64 };

// The ids that a finger presses, one after another; in another language some are not there.
static const struct {
    const char *sample, *touches;
} typed[] = {
    {"letters", "key.z key.h key.a key.n key.g candidate.0 key.s key.a key.n next"},
    {"candidates", "key.layer.pinyin key.z key.h key.a key.n key.g candidates.more"},
    {"date-none", "field.first key.2 key.0 key.2 key.6 key.0 key.2 key.3 key.0 key.done"},
};

static const char *touches_of(const struct sample *sample)
{
    for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
        if (text_equal(typed[i].sample, sample->name)) {
            return typed[i].touches;
        }
    }
    return "";
}

static void ignore(void *self, const struct intent *intent)
{
    (void)self, (void)intent;
}

static void press(struct stage *stage, const char *id, uint64_t now)
{
    const struct node *node = tree_find(stage_tree(stage), id);
    if (!node) {
        return;
    }
    struct touch touch = {.what = FINGER_DOWN,
                          .finger = 1,
                          .x = node->box.x + node->box.w / 2,
                          .y = node->box.y + node->box.h / 2,
                          .at_ms = now,
                          .since_ms = now};
    stage_finger(stage, &touch, ignore, NULL);
    touch.what = FINGER_UP;
    stage_finger(stage, &touch, ignore, NULL);
}

void sample_touch(const struct sample *sample, struct stage *stage)
{
    uint64_t now = 100000;
    for (const char *at = touches_of(sample); *at; now += CALM_MS) {
        char id[ID_BYTES];
        size_t length = strcspn(at, " ");
        (void)snprintf(id, sizeof(id), "%.*s", (int)length, at);
        press(stage, id, now);
        at += length + strspn(at + length, " ");
    }
}
