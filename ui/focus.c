// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/focus.h"
#include "yimen/base/text.h"
#include <stdlib.h>

static bool can_focus(const struct node *node)
{
    return node_is_target(node) && node->id[0] && node->fill != COLOUR_SCRIM &&
           node->action.act != ACT_BRAND && node->action.act != ACT_DRAW;
}

// The header's tools come before the body in reading order; one starts behind them.
static bool is_tool(const struct node *node)
{
    return node->role == ROLE_BUTTON && node->fill == COLOUR_SURFACE &&
           node->line == COLOUR_HAIRLINE;
}

static const struct node *first_target(const struct tree *tree)
{
    const struct node *first = NULL;
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        if (can_focus(node) && !is_tool(node) && node->fill != COLOUR_URGENT) {
            return node;
        }
        first = first || !can_focus(node) ? first : node;
    }
    return first;
}

static const struct node *step(const struct tree *tree, size_t at, bool forward)
{
    for (size_t i = 1; i <= tree->count; i++) {
        size_t next = forward ? (at + i) % tree->count : (at + tree->count - i) % tree->count;
        if (can_focus(tree->nodes[next])) {
            return tree->nodes[next];
        }
    }
    return NULL;
}

static const struct node *nearest(const struct tree *tree, const struct node *from, bool down)
{
    const struct node *best = NULL;
    long best_cost = 0;
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        int dy = down ? node->box.y - (from->box.y + from->box.h)
                      : from->box.y - (node->box.y + node->box.h);
        if (!can_focus(node) || node == from || dy < 0) {
            continue;
        }
        int dx = abs(node->box.x + node->box.w / 2 - from->box.x - from->box.w / 2);
        long cost = 3L * dy + dx;
        if (!best || cost < best_cost) {
            best = node;
            best_cost = cost;
        }
    }
    return best ? best : from;
}

const struct node *focus_walk(const struct tree *tree, const char *from, enum walk walk)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        if (can_focus(node) && text_equal(node->id, from)) {
            switch (walk) {
            case WALK_BACK: return step(tree, i, false);
            case WALK_FORWARD: return step(tree, i, true);
            case WALK_UP: return nearest(tree, node, false);
            case WALK_DOWN: return nearest(tree, node, true);
            }
        }
    }
    return first_target(tree);
}
