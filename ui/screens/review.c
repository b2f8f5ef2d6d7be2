// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer; touching one goes back to it.
#include "ui/screens/screens.h"

static void put_answer(struct build *b, const struct view_answer *answer, size_t index)
{
    const char *shown = answer->shown[0] ? answer->shown : say(b, "review.empty");
    int pad = ui_measure(b, MEASURE_PAD), icon = ui_measure(b, MEASURE_ICON);
    int width = flow_width(b) - 3 * pad - icon;
    PangoLayout *label = set_text(b, STYLE_SMALL, answer->label, width, ALIGN_START);
    PangoLayout *value = set_text(
        b, STYLE_STRONG, answer->missing ? say(b, "review.missing") : shown, width, ALIGN_START);
    int w, label_h, value_h, least = ui_measure(b, MEASURE_TARGET);
    layout_size(label, &w, &label_h);
    layout_size(value, &w, &value_h);
    int inner = label_h + value_h, height = inner + pad > least ? inner + pad : least;
    struct box box = flow_take(b, height);
    struct node *node = tree_add(b->tree, ROLE_BUTTON, box,
                                 tree_format(b->tree, "review.%zu", index), answer->label);
    node->value = arena_strdup(b->tree->arena, shown);
    node->fill = answer->missing ? COLOUR_NOTICE : COLOUR_SURFACE;
    node->line = answer->missing ? COLOUR_ON_NOTICE : COLOUR_HAIRLINE;
    node->line_px = to_px(b, 0.4);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->state |= answer->missing ? STATE_INVALID : 0u;
    node->action = act_text(INTENT_JUMP, answer->screen_ref, NULL);
    int y = box.y + (height - inner) / 2;
    tree_text(b->tree, node, label, (struct box){box.x + pad, y, width, label_h},
              answer->missing ? COLOUR_ON_NOTICE : COLOUR_INK_SOFT);
    tree_text(b->tree, node, value, (struct box){box.x + pad, y + label_h, width, value_h},
              answer->missing ? COLOUR_ON_NOTICE : COLOUR_INK);
    icon_part(b, node, "change",
              (struct box){box.x + box.w - pad - icon, box.y + (height - icon) / 2, icon, icon},
              COLOUR_ACCENT_INK);
}

void screen_review(struct build *b)
{
    const struct view *view = b->view;
    const struct service *service = view->service;
    bool last = service && !service->needs_signature && service->consent_count == 0;
    page_open(b, &(struct page){.next_key = last ? "common.submit" : "review.right",
                                .next = last ? INTENT_SUBMIT : INTENT_NEXT,
                                .back = INTENT_BACK});
    put_heading(b, say(b, "review.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "review.text"));
    for (size_t i = 0; i < view->answer_count; i++) {
        put_answer(b, &view->answers[i], i);
    }
    page_close(b);
}
