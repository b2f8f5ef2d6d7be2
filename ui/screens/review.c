// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer under the heading of its person or group; touching one goes back to it. What the
// neighbour must not read is masked until it is touched.
#include "ui/screens/screens.h"
#include "ui/widgets/widgets.h"

struct row {
    PangoLayout *label, *value;
    int label_h, value_h, width, height;
};

static const char *shown_text(const struct build *b, const struct view_answer *answer)
{
    if (answer->missing || !answer->shown[0])
        return say(b, answer->missing ? "review.missing" : "review.empty");
    if (answer->phone)
        return grouped_digits(b, FIELD_PHONE, answer->shown);
    return answer->place ? place_label(b, answer->shown) : answer->shown;
}

static struct row plan_row(const struct build *b, const struct view_answer *answer, int width)
{
    int pad = ui_measure(b, MEASURE_PAD), least = ui_measure(b, MEASURE_TARGET), w;
    struct row row = {.width = width - 3 * pad - ui_measure(b, MEASURE_ICON)};
    row.label = set_text(b, STYLE_SMALL, answer->label, row.width, ALIGN_START);
    row.value = set_text(b, STYLE_STRONG, shown_text(b, answer), row.width, ALIGN_START);
    layout_size(row.label, &w, &row.label_h);
    layout_size(row.value, &w, &row.value_h);
    row.height = row.label_h + row.value_h + pad;
    row.height = row.height > least ? row.height : least;
    return row;
}

static void place_row(struct build *b, struct box box, const struct view_answer *answer,
                      const struct row *row, size_t index)
{
    int pad = ui_measure(b, MEASURE_PAD), icon = ui_measure(b, MEASURE_ICON);
    bool missing = answer->missing;
    struct node *node = tree_add(b->tree, ROLE_BUTTON, box,
                                 tree_format(b->tree, "review.%zu", index), answer->label);
    node->value = arena_strdup(b->tree->arena, shown_text(b, answer));
    node->fill = missing ? COLOUR_NOTICE : COLOUR_SURFACE;
    node->line = missing ? COLOUR_ON_NOTICE : COLOUR_HAIRLINE;
    node->line_px = to_px(b, 0.4);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->state |= missing ? STATE_INVALID : 0u;
    node->action = answer->masked ? act_text(INTENT_REVEAL, answer->ref, NULL)
                                  : act_text(INTENT_JUMP, answer->screen_ref, NULL);
    int y = box.y + (box.h - row->label_h - row->value_h) / 2;
    tree_text(b->tree, node, row->label, (struct box){box.x + pad, y, row->width, row->label_h},
              missing ? COLOUR_ON_NOTICE : COLOUR_INK_SOFT);
    tree_text(b->tree, node, row->value,
              (struct box){box.x + pad, y + row->label_h, row->width, row->value_h},
              missing ? COLOUR_ON_NOTICE : COLOUR_INK);
    icon_part(b, node, answer->masked ? "eye" : "change",
              (struct box){box.x + box.w - pad - icon, box.y + (box.h - icon) / 2, icon, icon},
              COLOUR_ACCENT_INK);
}

static void put_answers(struct build *b, const struct view_answer *answers, size_t count,
                        size_t first)
{
    size_t columns = b->landscape ? 2 : 1;
    int gap = ui_measure(b, MEASURE_GAP), height = 0;
    int width = (flow_width(b) - ((int)columns - 1) * gap) / (int)columns;
    struct row rows[2];
    size_t taken = count - first < columns ? count - first : columns;
    for (size_t i = 0; i < taken; i++) {
        rows[i] = plan_row(b, &answers[first + i], width);
        height = rows[i].height > height ? rows[i].height : height;
    }
    struct box box = flow_take(b, height);
    for (size_t i = 0; i < taken; i++) {
        place_row(b, (struct box){box.x + (int)i * (width + gap), box.y, width, height},
                  &answers[first + i], &rows[i], first + i);
    }
}

// Of a visit of several services: whose answers follow.
static void put_item_heading(struct build *b, const struct service *item)
{
    flow_skip(b, ui_measure(b, MEASURE_PAD));
    put_text(b, STYLE_STRONG, COLOUR_ACCENT_INK,
             item ? say(b, tree_format(b->tree, "service.%s.name", item->id))
                  : say(b, "items.shared"));
    flow_keep(b);
}

// A person who was added can be taken away where all that was said of them stands.
static void put_section(struct build *b, const struct view_answer *answer, size_t index)
{
    int gap = ui_measure(b, MEASURE_GAP), width = flow_width(b);
    struct button remove = {.id = tree_format(b->tree, "review.remove.%zu", index),
                            .label = say(b, "repeat.remove"),
                            .icon = "remove",
                            .style = STYLE_SMALL,
                            .variant = VARIANT_TOOL,
                            .action = act_text(INTENT_REMOVE, answer->instance, NULL)};
    int side = answer->instance[0] ? width / 4 : 0, wide = width - (side ? side + gap : 0);
    int high = text_height(b, STYLE_LEAD, answer->heading, wide);
    int other = side ? button_height(b, &remove, side) : 0;
    flow_skip(b, ui_measure(b, MEASURE_PAD));
    struct box row = flow_take(b, high > other ? high : other);
    text_at(b, ROLE_HEADING, tree_format(b->tree, "review.section.%zu", index), STYLE_LEAD,
            COLOUR_ACCENT_INK, answer->heading,
            (struct box){row.x, row.y + (row.h - high) / 2, wide, high}, ALIGN_START);
    if (side) {
        button_at(b, (struct box){row.x + wide + gap, row.y, side, row.h}, &remove);
    }
    flow_keep(b);
}

// Answers that stand side by side are of the same item and section.
static size_t row_end(const struct view *view, size_t first, size_t columns)
{
    size_t end = first + 1;
    while (end < view->answer_count && end < first + columns && !view->answers[end].heading[0] &&
           view->answers[end].item == view->answers[first].item) {
        end++;
    }
    return end;
}

static void put_rows(struct build *b)
{
    const struct view *view = b->view;
    for (size_t i = 0, end; i < view->answer_count; i = end) {
        bool begins = i == 0 || view->answers[i].item != view->answers[i - 1].item;
        if (view->item_count > 0 && begins) {
            put_item_heading(b, view->answers[i].item);
        }
        if (view->answers[i].heading[0]) {
            put_section(b, &view->answers[i], i);
        }
        end = row_end(view, i, b->landscape ? 2 : 1);
        put_answers(b, view->answers, end, i);
    }
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
    put_rows(b);
    page_close(b);
}
