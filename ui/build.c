// SPDX-License-Identifier: GPL-3.0-or-later
// Small words that every screen is written in.
#include "ui/build.h"
#include "yimen/base/text.h"
#include <string.h>

enum { TEXT_ROOM = 8192 };

const char *say(const struct build *b, const char *key)
{
    return key && key[0] ? texts_get(b->options->texts, b->view->language, key) : "";
}

const char *say_with(const struct build *b, const char *key, const char *const *pairs)
{
    char filled[TEXT_ROOM];
    texts_fill(filled, sizeof(filled), say(b, key), pairs);
    return arena_strdup(b->tree->arena, filled);
}

const char *number_text(const struct build *b, long long number)
{
    return tree_format(b->tree, "%lld", number);
}

struct action act_send(enum intent_kind intent)
{
    return (struct action){.act = ACT_INTENT, .intent = intent};
}

struct action act_text(enum intent_kind intent, const char *ref, const char *text)
{
    return (struct action){.act = ACT_INTENT, .intent = intent, .ref = ref, .text = text};
}

struct action act_number(enum intent_kind intent, const char *text, int number)
{
    return (struct action){.act = ACT_INTENT, .intent = intent, .text = text, .number = number};
}

bool is_typing(const struct build *b)
{
    return b->local->typing.kind != FIELD_NONE && !b->local->typing.put_away;
}

int to_px(const struct build *b, double mm)
{
    return theme_px(b->theme, mm);
}

int ui_measure(const struct build *b, enum measure what)
{
    return theme_measure(b->theme, what);
}

PangoLayout *set_text(const struct build *b, enum text_style style, const char *text, int width,
                      enum type_align align)
{
    const struct type_style set = {theme_em(b->theme, style), theme_is_bold(style), width, align};
    return type_layout(b->type, text, &set);
}

void layout_size(PangoLayout *layout, int *w, int *h)
{
    pango_layout_get_pixel_size(layout, w, h);
}

int text_height(const struct build *b, enum text_style style, const char *text, int width)
{
    PangoLayout *layout = set_text(b, style, text, width, ALIGN_START);
    int w, h;
    layout_size(layout, &w, &h);
    g_object_unref(layout);
    return h;
}

int text_at(struct build *b, enum role role, const char *id, enum text_style style,
            enum colour colour, const char *text, struct box box, enum type_align align)
{
    PangoLayout *layout = set_text(b, style, text, box.w, align);
    int w;
    layout_size(layout, &w, &box.h);
    struct node *node = tree_add(b->tree, role, box, id, text);
    tree_text(b->tree, node, layout, box, colour);
    return box.h;
}

struct node *panel_at(struct build *b, struct box box, enum colour fill, enum colour line)
{
    struct node *node = tree_add(b->tree, ROLE_PANEL, box, "", "");
    node->fill = fill;
    node->line = line;
    node->line_px = line == COLOUR_NONE ? 0 : to_px(b, 0.3);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    return node;
}

void icon_part(struct build *b, struct node *node, const char *icon, struct box box,
               enum colour colour)
{
    tree_part(b->tree, node, PART_ICON, box, colour)->icon = icon;
}

// ------------------------------------------------------------------ texts that flow

void put_heading(struct build *b, const char *text)
{
    int h = text_height(b, STYLE_TITLE, text, flow_width(b));
    struct box box = flow_take(b, h);
    text_at(b, ROLE_HEADING, "title", STYLE_TITLE, COLOUR_INK, text, box, ALIGN_START);
    flow_keep(b);
    flow_skip(b, ui_measure(b, MEASURE_GAP) / 2);
}

// How much of a text fits into `room` px; the whole of it, or up to the end of a line.
static size_t fitting(const struct build *b, enum text_style style, const char *text, int room)
{
    PangoLayout *layout = set_text(b, style, text, flow_width(b), ALIGN_START);
    int lines = pango_layout_get_line_count(layout), w, h;
    layout_size(layout, &w, &h);
    size_t length = strlen(text);
    if (h > room && lines > 1) {
        int take = room * lines / h;
        take = take < 1 ? 1 : take;
        length = (size_t)pango_layout_line_get_start_index(
            pango_layout_get_line_readonly(layout, take < lines ? take : lines - 1));
    }
    g_object_unref(layout);
    return length ? length : strlen(text);
}

static void put_paragraph(struct build *b, enum text_style style, enum colour colour,
                          const char *text)
{
    int room = b->flow->view.h - ui_measure(b, MEASURE_TARGET) * 3 / 2;
    room = room < to_px(b, 40) ? to_px(b, 40) : room;
    while (*text) {
        size_t length = fitting(b, style, text, room);
        char *piece = arena_strndup(b->tree->arena, text, length);
        struct box box = flow_take(b, text_height(b, style, piece, flow_width(b)));
        text_at(b, ROLE_TEXT, "", style, colour, piece, box, ALIGN_START);
        text += length;
        if (*text) {
            flow_skip(b, -ui_measure(b, MEASURE_GAP));
        }
    }
}

void put_text(struct build *b, enum text_style style, enum colour colour, const char *text)
{
    while (*text) {
        const char *end = strchr(text, '\n');
        size_t length = end ? (size_t)(end - text) : strlen(text);
        if (length) {
            put_paragraph(b, style, colour, arena_strndup(b->tree->arena, text, length));
        }
        text += length + (end ? 1 : 0);
    }
}

void put_notice(struct build *b, const char *id, const char *icon, enum colour fill,
                enum colour ink, const char *text)
{
    int pad = ui_measure(b, MEASURE_PAD), side = ui_measure(b, MEASURE_ICON);
    int width = flow_width(b) - 3 * pad - side;
    PangoLayout *layout = set_text(b, STYLE_BODY, text, width, ALIGN_START);
    int w, h;
    layout_size(layout, &w, &h);
    int inner = h > side ? h : side;
    struct box box = flow_take(b, inner + 2 * pad);
    struct node *node = tree_add(b->tree, ROLE_TEXT, box, id, text);
    node->fill = fill;
    node->line = ink;
    node->line_px = to_px(b, 0.4);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    icon_part(b, node, icon, (struct box){box.x + pad, box.y + (box.h - side) / 2, side, side},
              ink);
    tree_text(b->tree, node, layout,
              (struct box){box.x + 2 * pad + side, box.y + (box.h - h) / 2, width, h}, ink);
}

void put_fact(struct build *b, const char *label, const char *value)
{
    int pad = ui_measure(b, MEASURE_PAD), width = flow_width(b) - 2 * pad, left = width * 2 / 5;
    PangoLayout *name = set_text(b, STYLE_BODY, label, left - pad, ALIGN_START);
    PangoLayout *says = set_text(b, STYLE_STRONG, value, width - left, ALIGN_START);
    int w, name_h, says_h;
    layout_size(name, &w, &name_h);
    layout_size(says, &w, &says_h);
    struct box box = flow_take(b, (name_h > says_h ? name_h : says_h) + pad);
    struct node *node = tree_add(b->tree, ROLE_TEXT, box, "", label);
    node->value = arena_strdup(b->tree->arena, value);
    tree_text(b->tree, node, name, (struct box){box.x + pad, box.y + pad / 2, left - pad, name_h},
              COLOUR_INK_SOFT);
    tree_text(b->tree, node, says,
              (struct box){box.x + pad + left, box.y + pad / 2, width - left, says_h}, COLOUR_INK);
    tree_part(b->tree, node, PART_FILL,
              (struct box){box.x, box.y + box.h - to_px(b, 0.3), box.w, to_px(b, 0.3)},
              COLOUR_HAIRLINE);
    flow_skip(b, -ui_measure(b, MEASURE_GAP) + to_px(b, 0.5));
}
