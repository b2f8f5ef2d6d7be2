// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed with a pad of its own: a second factor, a PIN. Dots, which are nowhere anything
// else.
#include "ui/widgets/widgets.h"

const char *secret_dots(const struct build *b, int count, int length)
{
    struct strbuf out;
    strbuf_init(&out, 256);
    for (int i = 0; i < length; i++) {
        strbuf_adds(&out, say(b, i < count ? "staff.dot-full" : "staff.dot-empty"));
    }
    const char *text = arena_strdup(b->tree->arena, strbuf_text(&out));
    strbuf_free(&out);
    return text;
}

void put_secret(struct build *b, const char *id, const char *name, const char *shown)
{
    int pad = ui_measure(b, MEASURE_PAD), w, h;
    PangoLayout *layout = set_text(b, STYLE_NUMBER, shown, flow_width(b) - 2 * pad, ALIGN_CENTRE);
    layout_size(layout, &w, &h);
    struct box box = flow_take(b, h + pad * 2);
    struct node *node = tree_add(b->tree, ROLE_FIELD, box, id, name);
    node->fill = COLOUR_SURFACE;
    node->line = COLOUR_ACCENT;
    node->line_px = to_px(b, 0.9);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    tree_text(b->tree, node, layout, (struct box){box.x + pad, box.y + pad, box.w - 2 * pad, h},
              COLOUR_INK);
}
