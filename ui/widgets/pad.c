// SPDX-License-Identifier: GPL-3.0-or-later
// The signing area. Strokes are kept in tenths of a mm from its top left corner, so that they mean
// the same on any screen and on paper.
#include "ui/widgets/widgets.h"

void put_signature_pad(struct build *b, int height)
{
    struct box box = flow_take(b, height);
    struct node *node = tree_add(b->tree, ROLE_PAD, box, "pad", say(b, "signature.pad"));
    node->fill = COLOUR_SURFACE;
    node->line = COLOUR_LINE;
    node->line_px = to_px(b, 0.6);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->action = (struct action){.act = ACT_DRAW};
    b->local->unit_px = 0.1 / b->theme->mm_per_px;
    int inset = ui_measure(b, MEASURE_PAD);
    tree_part(b->tree, node, PART_FILL,
              (struct box){box.x + inset, box.y + box.h * 3 / 4, box.w - 2 * inset, to_px(b, 0.3)},
              COLOUR_LINE);
    if (b->local->stroke_count == 0) {
        PangoLayout *layout = set_text(b, STYLE_BODY, say(b, "signature.pad"), box.w, ALIGN_CENTRE);
        int w, h;
        layout_size(layout, &w, &h);
        tree_text(b->tree, node, layout, (struct box){box.x, box.y + (box.h - h) / 2, box.w, h},
                  COLOUR_INK_SOFT);
    }
    struct part *part = tree_part(b->tree, node, PART_STROKES, box, COLOUR_INK);
    part->strokes = b->local->strokes;
    part->stroke_count = b->local->stroke_count;
    part->px_per_unit = b->local->unit_px;
}
