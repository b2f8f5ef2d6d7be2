// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/widgets.h"

void put_qr_code(struct build *b, const char *caption)
{
    if (!b->qr || b->qr->side <= 0) {
        return;
    }
    int wanted = to_px(b, 1.3), room = b->flow->view.h / 2, most = room / (b->qr->side + 8);
    int module = wanted < most ? wanted : most;
    int side = (module < 2 ? 2 : module) * (b->qr->side + 8);
    struct box box = flow_take(b, side);
    struct node *node =
        tree_add(b->tree, ROLE_IMAGE, (struct box){box.x + (box.w - side) / 2, box.y, side, side},
                 "qr", caption);
    tree_part(b->tree, node, PART_QR, node->box, COLOUR_INK)->qr = b->qr;
    flow_keep(b);
    box = flow_take(b, text_height(b, STYLE_SMALL, caption, flow_width(b)));
    text_at(b, ROLE_TEXT, "", STYLE_SMALL, COLOUR_INK_SOFT, caption, box, ALIGN_CENTRE);
}
