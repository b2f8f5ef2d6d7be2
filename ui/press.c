// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/press.h"
#include "yimen/base/text.h"
#include <stdlib.h>

// "11" in a telephone number is two presses, and quick ones; only a trembling finger is quicker.
enum { AGAIN_MS = 500, KEY_AGAIN_MS = 150 };

bool press_follows(const struct press *press, int64_t finger)
{
    return press->down && press->finger == finger;
}

static bool is_repeat(const struct press *press, const struct node *node, int x, int y,
                      uint64_t now_ms)
{
    uint64_t again_ms = node->role == ROLE_KEY ? KEY_AGAIN_MS : AGAIN_MS;
    if (!press->accepted_ms || now_ms - press->accepted_ms >= again_ms) {
        return false;
    }
    int dx = abs(x - press->accepted_x), dy = abs(y - press->accepted_y);
    return text_equal(press->accepted_id, node->id) || (dx < press->slack_px && dy < press->slack_px);
}

const struct node *press_down(struct press *press, const struct tree *tree, int64_t finger, int x,
                              int y, uint64_t now_ms)
{
    if (press->down) {
        return NULL;
    }
    const struct node *node = tree_hit(tree, x, y);
    if (!node || is_repeat(press, node, x, y, now_ms)) {
        return NULL;
    }
    press->down = true;
    press->finger = finger;
    press->box = node->box;
    text_copy(press->id, sizeof(press->id), node->id);
    return node;
}

const struct node *press_up(struct press *press, const struct tree *tree, int64_t finger, int x,
                            int y, uint64_t now_ms)
{
    if (!press_follows(press, finger)) {
        return NULL;
    }
    press->down = false;
    const struct node *other = tree_hit(tree, x, y), *node = tree_find(tree, press->id);
    if (!node || !node_is_target(node) ||
        !box_contains(box_grow(press->box, press->slack_px), x, y)) {
        return NULL;
    }
    if (other && other != node && other->fill != COLOUR_SCRIM) {
        return NULL;
    }
    press->accepted_ms = now_ms ? now_ms : 1;
    press->accepted_x = x;
    press->accepted_y = y;
    text_copy(press->accepted_id, sizeof(press->accepted_id), press->id);
    return node;
}
