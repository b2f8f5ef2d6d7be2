// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that is pressed looks the same everywhere: an icon, a label, maybe a second line.
#include "ui/build.h"
#include "yimen/base/text.h"

struct look {
    enum colour fill, line, ink;
    double line_mm;
};

static const struct look looks[] = {
    [VARIANT_PRIMARY] = {COLOUR_ACCENT, COLOUR_NONE, COLOUR_ON_ACCENT, 0},
    [VARIANT_SECONDARY] = {COLOUR_SURFACE, COLOUR_LINE, COLOUR_ACCENT_INK, 0.45},
    [VARIANT_URGENT] = {COLOUR_URGENT, COLOUR_NONE, COLOUR_ON_URGENT, 0},
    [VARIANT_CHOICE] = {COLOUR_SURFACE, COLOUR_LINE, COLOUR_INK, 0.45},
    [VARIANT_TOOL] = {COLOUR_SURFACE, COLOUR_HAIRLINE, COLOUR_ACCENT_INK, 0.3},
};

// Where the pieces of a button come to lie, from its top left corner.
struct plan {
    PangoLayout *label, *sub;
    int label_h, sub_h, label_w, icon, trailing, pad, gap, text_x, text_w, height;
};

static enum text_style label_style(const struct button *button)
{
    return button->variant == VARIANT_TOOL || button->icon_above ? STYLE_SMALL
           : button->style                                       ? button->style
                                                                 : STYLE_STRONG;
}

static struct plan plan_button(const struct build *b, const struct button *button, int width)
{
    struct plan plan = {.pad = ui_measure(b, MEASURE_PAD),
                        .gap = ui_measure(b, MEASURE_PAD) * 3 / 4};
    bool tool = button->variant == VARIANT_TOOL || button->icon_above;
    plan.pad = tool ? plan.pad / 3 : plan.pad;
    plan.icon = !button->icon     ? 0
                : button->icon_mm ? to_px(b, button->icon_mm)
                                  : ui_measure(b, MEASURE_ICON);
    plan.icon = button->badge ? plan.icon * 7 / 4 : plan.icon;
    plan.trailing = button->trailing ? ui_measure(b, MEASURE_ICON) : 0;
    plan.text_w = width - 2 * plan.pad - (plan.trailing ? plan.trailing + plan.gap : 0);
    if (plan.icon && !button->icon_above) {
        plan.text_w -= plan.icon + plan.gap;
    }
    enum type_align align =
        button->at_start || (plan.icon && !button->icon_above) ? ALIGN_START : ALIGN_CENTRE;
    plan.label = set_text(b, label_style(button), button->label, plan.text_w, align);
    layout_size(plan.label, &plan.label_w, &plan.label_h);
    plan.height = plan.label_h;
    if (button->sub && button->sub[0]) {
        int w;
        plan.sub = set_text(b, STYLE_SMALL, button->sub, plan.text_w, align);
        layout_size(plan.sub, &w, &plan.sub_h);
        plan.label_w = w > plan.label_w ? w : plan.label_w;
        plan.height += plan.sub_h;
    }
    if (button->icon_above && plan.icon) {
        plan.height += plan.icon + (tool ? 0 : plan.gap / 2);
    } else if (plan.icon > plan.height) {
        plan.height = plan.icon;
    }
    return plan;
}

int button_height(const struct build *b, const struct button *button, int width)
{
    struct plan plan = plan_button(b, button, width);
    g_object_unref(plan.label);
    if (plan.sub) {
        g_object_unref(plan.sub);
    }
    int least = ui_measure(b, MEASURE_TARGET),
        height = plan.height + ui_measure(b, MEASURE_PAD) * 4 / 3;
    return height > least ? height : least;
}

static enum colour ink_of(const struct button *button)
{
    return button->chosen && button->variant != VARIANT_PRIMARY ? COLOUR_ACCENT_INK
                                                                : looks[button->variant].ink;
}

static void place_texts(struct build *b, struct node *node, const struct plan *plan, int x, int y,
                        enum colour ink)
{
    int room = node->box.x + node->box.w - plan->pad - x;
    int w = plan->text_w < room ? plan->text_w : room;
    tree_text(b->tree, node, plan->label, (struct box){x, y, w, plan->label_h}, ink);
    if (plan->sub) {
        tree_text(b->tree, node, plan->sub, (struct box){x, y + plan->label_h, w, plan->sub_h},
                  ink == COLOUR_INK ? COLOUR_INK_SOFT : ink);
    }
}

static void place_beside(struct build *b, struct node *node, const struct button *button,
                         const struct plan *plan)
{
    struct box box = node->box;
    enum colour ink = ink_of(button);
    int x = box.x + plan->pad, texts = plan->label_h + plan->sub_h;
    if (plan->icon && !button->at_start) {
        int used = plan->icon + plan->gap + plan->label_w;
        x = box.x + (box.w - used) / 2;
        x = x < box.x + plan->pad ? box.x + plan->pad : x;
    }
    if (plan->icon) {
        struct box at = {x, box.y + (box.h - plan->icon) / 2, plan->icon, plan->icon};
        if (button->badge) {
            tree_part(b->tree, node, PART_FILL, at, COLOUR_TINT)->radius = plan->icon / 2;
            at = box_grow(at, -plan->icon * 3 / 14);
        }
        icon_part(b, node, button->icon, at, button->badge ? COLOUR_ACCENT_INK : ink);
        x += plan->icon + plan->gap;
    }
    place_texts(b, node, plan, x, box.y + (box.h - texts) / 2, ink);
    if (plan->trailing) {
        icon_part(b, node, button->trailing,
                  (struct box){box.x + box.w - plan->pad - plan->trailing,
                               box.y + (box.h - plan->trailing) / 2, plan->trailing,
                               plan->trailing},
                  ink);
    }
}

static void place_below(struct build *b, struct node *node, const struct button *button,
                        const struct plan *plan)
{
    struct box box = node->box;
    enum colour ink = ink_of(button);
    int y = box.y + (box.h - plan->height) / 2;
    icon_part(b, node, button->icon,
              (struct box){box.x + (box.w - plan->icon) / 2, y, plan->icon, plan->icon}, ink);
    y += plan->height - plan->label_h - plan->sub_h;
    place_texts(b, node, plan, box.x + plan->pad, y, ink);
}

struct node *button_at(struct build *b, struct box box, const struct button *button)
{
    const struct look *look = &looks[button->variant];
    struct node *node = tree_add(b->tree, button->role == ROLE_TEXT ? ROLE_BUTTON : button->role,
                                 box, button->id, button->label);
    node->value = button->sub ? arena_strdup(b->tree->arena, button->sub) : "";
    node->fill = look->fill;
    node->line = look->line;
    node->line_px = look->line_mm > 0 ? to_px(b, look->line_mm) : 0;
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->action = button->action;
    if (button->chosen) {
        node->state |= STATE_CHOSEN;
        node->line = COLOUR_ACCENT;
        node->line_px = to_px(b, 1.1);
        node->fill = COLOUR_TINT;
    }
    struct plan plan = plan_button(b, button, box.w);
    if (button->icon_above && plan.icon) {
        place_below(b, node, button, &plan);
    } else {
        place_beside(b, node, button, &plan);
    }
    if (b->theme->contrast == CONTRAST_ON_BLACK || b->theme->contrast == CONTRAST_ON_WHITE) {
        node->line = node->line == COLOUR_NONE ? COLOUR_INK : node->line;
        node->line_px = node->line_px > 0 ? node->line_px : to_px(b, 0.45);
    }
    return node;
}

void put_button(struct build *b, const struct button *button)
{
    struct box box = flow_take(b, button_height(b, button, flow_width(b)));
    button_at(b, box, button);
}

void put_grid(struct build *b, const struct button *buttons, size_t count, int columns)
{
    int gap = ui_measure(b, MEASURE_GAP), width = (flow_width(b) - (columns - 1) * gap) / columns;
    for (size_t first = 0; first < count; first += (size_t)columns) {
        size_t end = first + (size_t)columns < count ? first + (size_t)columns : count;
        int height = 0;
        for (size_t i = first; i < end; i++) {
            int high = button_height(b, &buttons[i], width);
            height = high > height ? high : height;
        }
        struct box row = flow_take(b, height);
        for (size_t i = first; i < end; i++) {
            int x = row.x + (int)(i - first) * (width + gap);
            button_at(b, (struct box){x, row.y, width, height}, &buttons[i]);
        }
        flow_stretch(b);
    }
}
