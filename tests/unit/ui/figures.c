// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/ui/figures.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int faults; // of the run, for the caller to read

void figures_begin(void)
{
    faults = 0;
}

int figures_faults(void)
{
    return faults;
}

static const double mm_per_px = FIGURES_MM_PER_PX;

static void fault(const struct place *place, const struct node *node, const char *what,
                  const struct node *other)
{
    if (faults++ < 60) {
        print_error("%s %s size %d %s page %d: %s \"%s\" %s%s%s (%d %d %d %d)\n", place->sample,
                    place->language, place->size, place->landscape ? "lying" : "upright",
                    place->page + 1, node->id, node->name, what, other ? " " : "",
                    other ? (other->id[0] ? other->id : other->name) : "", node->box.x, node->box.y,
                    node->box.w, node->box.h);
    }
}

static void check_size(const struct place *place, const struct node *node)
{
    double least = node->role == ROLE_KEY ? 12.7 : 20;
    if (node->fill == COLOUR_SCRIM) {
        return;
    }
    if (node->box.w * mm_per_px < least || node->box.h * mm_per_px < least) {
        fault(place, node, "is too small to touch", NULL);
    }
}

static int apart(int a, int a_size, int b, int b_size)
{
    return a + a_size <= b ? b - a - a_size : b + b_size <= a ? a - b - b_size : -1;
}

static void check_gap(const struct place *place, const struct node *a, const struct node *b)
{
    if (a->fill == COLOUR_SCRIM || b->fill == COLOUR_SCRIM) {
        return;
    }
    int dx = apart(a->box.x, a->box.w, b->box.x, b->box.w);
    int dy = apart(a->box.y, a->box.h, b->box.y, b->box.h);
    int gap = dx > dy ? dx : dy;
    if (gap < 0) {
        fault(place, a, "overlaps", b);
    } else if (gap * mm_per_px < 2.54) {
        fault(place, a, "is too near to", b);
    }
}

static void check_parts(const struct place *place, const struct node *node)
{
    for (const struct part *part = node->first; part; part = part->next) {
        if (part->kind == PART_ICON && text_equal(part->icon, "landscape")) {
            continue;
        }
        if (!box_holds(box_grow(node->box, 1), part->box)) {
            fault(place, node, "has something outside itself", NULL);
        }
        if (part->kind != PART_TEXT) {
            continue;
        }
        PangoRectangle ink;
        pango_layout_get_pixel_extents(part->layout, &ink, NULL);
        struct box drawn = {part->box.x + ink.x, part->box.y + ink.y, ink.width, ink.height};
        if (!box_holds(box_grow(node->box, 1), drawn)) {
            fault(place, node, "has clipped text", NULL);
        }
        if (part->em_px * mm_per_px < 5) {
            fault(place, node, "has text below 5 mm", NULL);
        }
        for (const struct part *other = part->next; other; other = other->next) {
            PangoRectangle second = {0};
            if (other->kind == PART_TEXT) {
                pango_layout_get_pixel_extents(other->layout, &second, NULL);
                struct box next = {other->box.x + second.x, other->box.y + second.y, second.width,
                                   second.height};
                if (box_overlaps(drawn, next)) {
                    fault(place, node, "has text over text", NULL);
                }
            } else if (other->kind == PART_ICON && box_overlaps(drawn, other->box)) {
                fault(place, node, "has an icon over text", NULL);
            }
        }
    }
}

static bool speaks(const struct node *node)
{
    return node->role != ROLE_PANEL && !(node->state & STATE_AWAY);
}

static void check_tree(const struct place *place, const struct tree *tree, struct box window)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        if (node->state & STATE_AWAY) {
            continue;
        }
        if (!box_is_empty(node->box) && !box_holds(window, node->box)) {
            fault(place, node, "is outside the window", NULL);
        }
        check_parts(place, node);
        if (node_is_target(node)) {
            check_size(place, node);
        }
        for (size_t k = i + 1; k < tree->count; k++) {
            const struct node *other = tree->nodes[k];
            bool same_layer = (i < tree->overlay_first) == (k < tree->overlay_first);
            if (!same_layer || !speaks(node) || !speaks(other)) {
                continue;
            }
            if (node_is_target(node) && node_is_target(other)) {
                check_gap(place, node, other);
            } else if (box_overlaps(node->box, other->box)) {
                fault(place, node, "lies over", other);
            }
        }
    }
}

static void check_ids(const struct place *place, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        if (node->action.act == ACT_NONE || node->state & STATE_INERT ||
            node->fill == COLOUR_SCRIM) {
            continue;
        }
        if (!node->id[0] || !node->name[0]) {
            fault(place, node, "has no id or no name", NULL);
        }
        for (size_t k = i + 1; k < tree->count; k++) {
            const struct node *other = tree->nodes[k];
            if (text_equal(node->id, other->id) && !(other->state & STATE_INERT)) {
                fault(place, node, "shares its id with", other);
            }
        }
    }
}

static void ignore(void *self, const struct intent *intent)
{
    (void)self;
    (void)intent;
}

static bool turn_page(struct stage *stage, uint64_t *now)
{
    const struct node *node = tree_find(stage_tree(stage), "page.down");
    if (!node || !node_is_target(node)) {
        return false;
    }
    int x = node->box.x + node->box.w / 2, y = node->box.y + node->box.h / 2;
    *now += 1000;
    struct touch touch = {
        .what = FINGER_DOWN, .finger = 1, .x = x, .y = y, .at_ms = *now, .since_ms = *now};
    stage_finger(stage, &touch, ignore, NULL);
    touch.what = FINGER_UP;
    stage_finger(stage, &touch, ignore, NULL);
    return true;
}

bool figures_qr(void *self, const char *text, struct ui_qr *out)
{
    (void)self;
    (void)text;
    out->side = 65;
    return true;
}

void figures_check(struct stage *stage, struct place place, struct box window)
{
    static uint64_t now = 1000;
    for (place.page = 0; place.page < 40; place.page++) {
        check_tree(&place, stage_tree(stage), window);
        check_ids(&place, stage_tree(stage));
        if (!turn_page(stage, &now)) {
            break;
        }
    }
}
