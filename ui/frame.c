// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on every screen: leave, help, text size, staff, 急难; where in the visit one is; back
// and on.
#include "ui/build.h"
#include "yimen/base/text.h"

enum { TOOLS = 6 };

static size_t visit_tools(const struct build *b, struct button *tools)
{
    size_t count = 0;
    const struct view *view = b->view;
    bool over = view->screen == SCREEN_SAVING || view->screen == SCREEN_SAVED ||
                view->screen == SCREEN_RATING || view->screen == SCREEN_DONE;
    if (view->visit_open && !b->page.plain_header && !over) {
        tools[count++] = (struct button){.id = "leave",
                                         .label = say(b, "common.leave"),
                                         .icon = "leave",
                                         .action = act_send(INTENT_LEAVE)};
    }
    // On every visit alike: who needs it must not stand out by having it.
    if (view->visit_open && !b->page.plain_header) {
        tools[count++] = (struct button){.id = "hide",
                                         .label = say(b, "common.hide"),
                                         .icon = "hide",
                                         .action = act_send(INTENT_HIDE)};
    }
    tools[count++] = (struct button){.id = "help",
                                     .label = say(b, "common.help"),
                                     .icon = "help",
                                     .action = act_send(INTENT_HELP)};
    tools[count++] = (struct button){.id = "comfort",
                                     .label = say(b, "common.comfort"),
                                     .icon = "comfort",
                                     .action = act_send(INTENT_COMFORT)};
    tools[count++] = (struct button){.id = "call",
                                     .label = say(b, "common.call"),
                                     .icon = "call",
                                     .action = act_send(INTENT_CALL)};
    tools[count++] = (struct button){.id = "urgent",
                                     .label = say(b, "common.urgent"),
                                     .icon = "urgent",
                                     .variant = VARIANT_URGENT,
                                     .action = act_send(INTENT_URGENT)};
    for (size_t i = 0; i < count; i++) {
        tools[i].icon_above = true;
        tools[i].style = STYLE_SMALL;
        tools[i].variant = tools[i].variant == VARIANT_URGENT ? VARIANT_URGENT : VARIANT_TOOL;
    }
    return count;
}

static int put_tools(struct build *b, struct box row)
{
    struct button tools[TOOLS] = {0};
    size_t count = visit_tools(b, tools);
    int gap = ui_measure(b, MEASURE_GAP), width = (row.w - ((int)count - 1) * gap) / (int)count;
    int height = 0;
    for (size_t i = 0; i < count; i++) {
        int high = button_height(b, &tools[i], width);
        height = high > height ? high : height;
    }
    for (size_t i = 0; i < count; i++) {
        button_at(b, (struct box){row.x + (int)i * (width + gap), row.y, width, height}, &tools[i]);
    }
    return height;
}

// What is to be said about this person's call stands here, where it moves and covers nothing.
static const char *progress_text(const struct build *b)
{
    const struct view_progress *at = &b->view->progress;
    if (b->view->call_line_key) {
        return say(b, b->view->call_line_key);
    }
    if (at->parts > 0) {
        const char *const pairs[] = {
            "step", number_text(b, at->step), "steps", number_text(b, at->steps),
            "part", number_text(b, at->part), "parts", number_text(b, at->parts),
            NULL};
        return say_with(b, "common.progress-part", pairs);
    }
    const char *const pairs[] = {"step", number_text(b, at->step), "steps",
                                 number_text(b, at->steps), NULL};
    return say_with(b, "common.progress", pairs);
}

// One segment a step; the ones done and the present one are filled.
static int put_progress(struct build *b, struct box row)
{
    const struct view_progress *at = &b->view->progress;
    if (at->steps <= 0) {
        return 0;
    }
    const char *text = progress_text(b);
    PangoLayout *layout = set_text(b, STYLE_STRONG, text, row.w, ALIGN_START);
    int w, h, gap = to_px(b, 1.2), bar = to_px(b, 2.2);
    layout_size(layout, &w, &h);
    struct node *node = tree_add(
        b->tree, ROLE_PROGRESS, (struct box){row.x, row.y, row.w, h + gap + bar}, "progress", text);
    tree_text(b->tree, node, layout, (struct box){row.x, row.y, row.w, h}, COLOUR_ACCENT_INK);
    double step = (double)(row.w + gap) / at->steps;
    for (int i = 0; i < at->steps; i++) {
        struct box box = {row.x + (int)(i * step), row.y + h + gap, (int)step - gap, bar};
        tree_part(b->tree, node, PART_FILL, box, i < at->step ? COLOUR_ACCENT : COLOUR_TRACK)
            ->radius = bar / 2;
    }
    return node->box.h;
}

void header_build(struct build *b, struct box *body)
{
    int margin = ui_measure(b, MEASURE_MARGIN), gap = ui_measure(b, MEASURE_GAP) * 3 / 2,
        used = margin / 2;
    struct box row = {margin, used, b->window.w - 2 * margin, 0};
    size_t ground = b->tree->count;
    tree_add(b->tree, ROLE_PANEL, (struct box){0, 0, b->window.w, 0}, "", "");
    bool beside = b->landscape && b->view->progress.steps > 0;
    if (beside) {
        int tools = row.w * 58 / 100;
        int height = put_tools(b, (struct box){row.x + row.w - tools, row.y, tools, 0});
        int high = text_height(b, STYLE_STRONG, progress_text(b), row.w - tools - margin);
        int top = row.y + (height - high - to_px(b, 3.4)) / 2;
        put_progress(b, (struct box){row.x, top > row.y ? top : row.y, row.w - tools - margin, 0});
        used += height;
    } else {
        used += put_tools(b, row);
        row.y = used + gap;
        int height = put_progress(b, row);
        used += height ? height + gap : 0;
    }
    used += margin / 2;
    struct node *panel = b->tree->nodes[ground];
    panel->box.h = used;
    panel->fill = COLOUR_SURFACE;
    tree_part(b->tree, panel, PART_FILL,
              (struct box){0, used - to_px(b, 0.3), b->window.w, to_px(b, 0.3)}, COLOUR_HAIRLINE);
    body->y = used;
    body->h = b->window.h - used;
}

void preview_build(struct build *b, struct box *body)
{
    if (!b->view->preview) {
        return;
    }
    int margin = ui_measure(b, MEASURE_MARGIN), pad = ui_measure(b, MEASURE_GAP);
    const char *mark = say(b, "preview.mark");
    int high = text_height(b, STYLE_STRONG, mark, body->w - 2 * margin) + 2 * pad;
    struct node *band =
        panel_at(b, (struct box){body->x, body->y, body->w, high}, COLOUR_NOTICE, COLOUR_NONE);
    band->radius = 0;
    text_at(b, ROLE_TEXT, "preview", STYLE_STRONG, COLOUR_ON_NOTICE, mark,
            (struct box){body->x + margin, body->y + pad, body->w - 2 * margin, 0}, ALIGN_CENTRE);
    body->y += high;
    body->h -= high;
}

static struct button back_button(const struct build *b)
{
    const struct page *page = &b->page;
    return (struct button){.id = "back",
                           .label = say(b, page->back_key ? page->back_key : "common.back"),
                           .icon = "back",
                           .variant = VARIANT_SECONDARY,
                           .action = act_send(page->back)};
}

static struct button next_button(const struct build *b)
{
    const struct page *page = &b->page;
    return (struct button){.id = page->next_id ? page->next_id : "next",
                           .label = say(b, page->next_key),
                           .trailing = page->next_quiet ? NULL : "next",
                           .variant = page->next_quiet ? VARIANT_SECONDARY : VARIANT_PRIMARY,
                           .style = STYLE_LEAD,
                           .action = act_number(page->next, page->next_text, page->next_number)};
}

// The one way forward leads over all that there is: what has not come into view yet comes first.
static bool has_more(const struct build *b)
{
    return b->leaves_out || b->tree->page + 1 < b->tree->pages;
}

static struct button more_button(const struct build *b)
{
    return (struct button){.id = "page.down",
                           .label = say(b, "common.page-more"),
                           .trailing = "down",
                           .variant = VARIANT_PRIMARY,
                           .style = STYLE_LEAD,
                           .action = {.act = b->leaves_out ? ACT_TYPED : ACT_PAGE, .number = 1}};
}

static bool has_back(const struct build *b)
{
    return b->page.back != INTENT_NONE && (b->page.back != INTENT_BACK || b->view->can_go_back);
}

// Widths of back and next in the footer.
static void footer_widths(const struct build *b, int *back, int *next)
{
    int margin = ui_measure(b, MEASURE_MARGIN), gap = ui_measure(b, MEASURE_GAP);
    int width = b->window.w - 2 * margin;
    *back = has_back(b) ? (width - gap) * (b->landscape ? 28 : 36) / 100 : 0;
    *next = b->page.next_key ? width - (*back ? *back + gap : 0) : 0;
    if (b->landscape && *next > width / 2) {
        *next = width / 2;
    }
}

void footer_reserve(struct build *b, struct box *body)
{
    int back_w, next_w, margin = ui_measure(b, MEASURE_MARGIN), height = 0;
    footer_widths(b, &back_w, &next_w);
    b->footer = (struct box){0};
    if (back_w) {
        struct button back = back_button(b);
        height = button_height(b, &back, back_w);
    }
    if (next_w) {
        struct button next = next_button(b), more = more_button(b);
        int high = button_height(b, &next, next_w), other = button_height(b, &more, next_w);
        high = (high > other ? high : other) + to_px(b, 2);
        height = high > height ? high : height;
    }
    if (height) {
        b->footer =
            (struct box){margin, b->window.h - margin - height, b->window.w - 2 * margin, height};
        body->h = b->footer.y - ui_measure(b, MEASURE_GAP) * 3 / 2 - body->y;
    } else {
        body->h -= margin;
    }
}

void footer_build(struct build *b)
{
    int back_w, next_w;
    footer_widths(b, &back_w, &next_w);
    struct box box = b->footer;
    if (back_w) {
        struct button back = back_button(b);
        button_at(b, (struct box){box.x, box.y, back_w, box.h}, &back);
    }
    if (next_w) {
        struct button next = next_button(b), more = more_button(b);
        struct box place = {box.x + box.w - next_w, box.y, next_w, box.h};
        struct node *node = button_at(b, place, &next);
        if (has_more(b)) { // it stands on the last page
            node->page = b->leaves_out ? b->tree->pages : b->tree->pages - 1;
            node->state |= STATE_AWAY;
            button_at(b, place, &more);
        }
    }
}
