// SPDX-License-Identifier: GPL-3.0-or-later
// What takes the finger: the signing area, the square for one character. Strokes are kept in tenths
// of a mm from its top left corner, so that they mean the same on any screen and on paper.
#include "ui/widgets/widgets.h"

static void guide(struct build *b, struct node *node, struct box box)
{
    tree_part(b->tree, node, PART_FILL, box, COLOUR_LINE);
}

static void put_hint(struct build *b, struct node *node, struct box box, const char *hint)
{
    PangoLayout *layout = set_text(b, STYLE_BODY, hint, box.w, ALIGN_CENTRE);
    int w, h;
    layout_size(layout, &w, &h);
    tree_text(b->tree, node, layout, (struct box){box.x, box.y + (box.h - h) / 2, box.w, h},
              COLOUR_INK_SOFT);
}

static void put_strokes(struct build *b, struct node *node, struct box box)
{
    struct part *part = tree_part(b->tree, node, PART_STROKES, box, COLOUR_INK);
    part->strokes = b->local->strokes;
    part->stroke_count = b->local->stroke_count;
    part->px_per_unit = b->local->unit_px;
}

static struct node *put_pad(struct build *b, struct box box, const char *label)
{
    struct node *node = tree_add(b->tree, ROLE_PAD, box, "pad", label);
    node->fill = COLOUR_SURFACE;
    node->line = COLOUR_LINE;
    node->line_px = to_px(b, 0.6);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->action = (struct action){.act = ACT_DRAW};
    b->local->unit_px = 0.1 / b->theme->mm_per_px;
    return node;
}

void put_signature_pad(struct build *b, int height)
{
    struct box box = flow_take(b, height);
    const char *label = say(b, "signature.pad");
    struct node *node = put_pad(b, box, label);
    int inset = ui_measure(b, MEASURE_PAD);
    guide(b, node,
          (struct box){box.x + inset, box.y + box.h * 3 / 4, box.w - 2 * inset, to_px(b, 0.3)});
    if (b->local->stroke_count == 0) {
        put_hint(b, node, box, label);
    }
    put_strokes(b, node, box);
}

// The cross of the squares that characters are learned in. No words stand on it: those above say
// what to write, and the cross where.
void put_character_pad(struct build *b, int side)
{
    struct box box = flow_take(b, side);
    side = side < box.w ? side : box.w;
    box = (struct box){box.x + (box.w - side) / 2, box.y, side, side};
    struct node *node = put_pad(b, box, say(b, "character.pad"));
    int inset = ui_measure(b, MEASURE_PAD), thin = to_px(b, 0.3), middle = side / 2;
    guide(b, node, (struct box){box.x + middle, box.y + inset, thin, side - 2 * inset});
    guide(b, node, (struct box){box.x + inset, box.y + middle, side - 2 * inset, thin});
    put_strokes(b, node, box);
}
