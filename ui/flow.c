// SPDX-License-Identifier: GPL-3.0-or-later
// The body of a page. Blocks are laid out as if the column were endless; page_close then decides
// which page each belongs to and moves it there. So a screen never knows how high the window is.
#include "ui/build.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>

static void close_block(struct build *b, struct flow *flow)
{
    if (flow->open) {
        flow->blocks[flow->count - 1].end = b->tree->count;
    }
    flow->open = false;
}

void flow_stretch(struct build *b)
{
    if (b->flow->count) {
        b->flow->blocks[b->flow->count - 1].stretches = true;
    }
}

void flow_bind(struct build *b, size_t first)
{
    for (size_t i = first; i + 1 < b->flow->count; i++) {
        b->flow->blocks[i].with_next = true;
    }
}

int flow_width(const struct build *b)
{
    return b->flow->view.w;
}

struct box flow_take(struct build *b, int height)
{
    struct flow *flow = b->flow;
    close_block(b, flow);
    if (flow->count == FLOW_BLOCKS) {
        flow->count--; // beyond every limit of a form; shown as part of the last block
    }
    flow->blocks[flow->count++] =
        (struct block){b->tree->count, b->tree->count, flow->y, flow->y + height, false, false};
    flow->open = true;
    struct box box = {flow->view.x, flow->y, flow->view.w, height};
    flow->y += height + ui_measure(b, MEASURE_GAP);
    return box;
}

void flow_skip(struct build *b, int height)
{
    b->flow->y += height;
}

void flow_keep(struct build *b)
{
    if (b->flow->count) {
        b->flow->blocks[b->flow->count - 1].with_next = true;
    }
}

void flow_main(struct build *b)
{
    if (b->flow == &b->side) {
        close_block(b, b->flow);
        b->flow = &b->main;
    }
}

struct box dock_take(struct build *b, int height)
{
    flow_main(b);
    close_block(b, &b->main);
    struct box view = b->main.view;
    int gap = ui_measure(b, MEASURE_GAP);
    if (b->is_split && b->main.count == 0) {
        b->main.view.h = 0;
        return (struct box){view.x, view.y + (view.h - height) / 2, view.w, height};
    }
    b->main.view.h -= height + gap;
    return (struct box){view.x, view.y + view.h - height, view.w, height};
}

// ------------------------------------------------------------------ pages

// Last block that must stay together with `first`.
static size_t group_end(const struct flow *flow, size_t first, int room)
{
    size_t last = first;
    while (last + 1 < flow->count && flow->blocks[last].with_next &&
           flow->blocks[last + 1].bottom - flow->blocks[first].top <= room) {
        last++;
    }
    return last;
}

// Page of each block into `pages`; returns how many pages there are.
static int cut_pages(const struct flow *flow, int room, int *pages)
{
    int page = 0, top = 0;
    for (size_t i = 0; i < flow->count;) {
        size_t last = group_end(flow, i, room);
        if (flow->blocks[last].bottom - top > room && flow->blocks[i].top > top) {
            page++;
            top = flow->blocks[i].top;
        }
        for (; i <= last; i++) {
            pages[i] = page;
        }
    }
    return page + 1;
}

static void place_block(struct build *b, struct flow *flow, size_t index, int page, int top)
{
    const struct block *block = &flow->blocks[index];
    for (size_t i = block->first; i < block->end; i++) {
        struct node *node = b->tree->nodes[i];
        tree_move(node, 0, flow->view.y - top);
        node->page = page;
        if (page >= 0 && page != b->tree->page) {
            node->state |= STATE_AWAY;
        }
    }
}

static int page_of_violation(const struct build *b, const struct flow *flow, const int *pages)
{
    for (size_t i = 0; i < flow->count; i++) {
        for (size_t n = flow->blocks[i].first; n < flow->blocks[i].end; n++) {
            if (b->tree->nodes[n]->state & STATE_INVALID) {
                return pages[i];
            }
        }
    }
    return 0;
}

static int page_of_active(const struct build *b, const struct flow *flow, const int *pages)
{
    for (size_t i = 0; i < flow->count; i++) {
        for (size_t n = flow->blocks[i].first; n < flow->blocks[i].end; n++) {
            if (b->tree->nodes[n]->state & STATE_ACTIVE) {
                return pages[i];
            }
        }
    }
    return -1;
}

static void choose_page(struct build *b, const struct flow *flow, const int *pages, int count)
{
    struct local *local = b->local;
    int *page = b->in_overlay ? &local->overlay_page : &local->page;
    if (!b->in_overlay && b->view->show_violations && !local->shows_violations) {
        *page = page_of_violation(b, flow, pages);
    } else if (*page < 0) {
        *page = page_of_active(b, flow, pages);
    }
    if (!b->in_overlay) {
        local->shows_violations = b->view->show_violations;
    }
    *page = *page >= count ? count - 1 : *page < 0 ? 0 : *page;
    b->tree->page = *page;
    b->tree->pages = count;
}

static void pager_build(struct build *b, struct box bar, int count)
{
    int gap = ui_measure(b, MEASURE_GAP), side = (bar.w - 2 * gap) * 2 / 5;
    char label[32];
    (void)snprintf(label, sizeof(label), "%d / %d", b->tree->page + 1, count);
    struct button up = {.id = "page.up",
                        .label = say(b, "common.page-up"),
                        .icon = "up",
                        .action = {.act = ACT_PAGE, .number = -1},
                        .variant = VARIANT_SECONDARY};
    struct button down = {.id = "page.down",
                          .label = say(b, "common.page-down"),
                          .icon = "down",
                          .action = {.act = ACT_PAGE, .number = 1},
                          .variant = VARIANT_SECONDARY};
    if (b->tree->page > 0) {
        button_at(b, (struct box){bar.x, bar.y, side, bar.h}, &up);
    }
    int h = text_height(b, STYLE_STRONG, label, -1), middle = bar.w - 2 * (side + gap);
    text_at(b, ROLE_TEXT, "page.number", STYLE_STRONG, COLOUR_INK, label,
            (struct box){bar.x + side + gap, bar.y + (bar.h - h) / 2, middle, h}, ALIGN_CENTRE);
    if (b->tree->page + 1 < count && !b->page.next_key) { // else the main button turns the page
        button_at(b, (struct box){bar.x + bar.w - side, bar.y, side, bar.h}, &down);
    }
}

// On a page of its own with room to spare, what is touched becomes higher: easier to hit, and the
// page does not look half empty.
static void stretch(struct build *b, struct flow *flow)
{
    int rows = 0, extra, used = flow->count ? flow->blocks[flow->count - 1].bottom : 0;
    for (size_t i = 0; i < flow->count; i++) {
        rows += flow->blocks[i].stretches;
    }
    if (!rows || used >= flow->view.h) {
        return;
    }
    extra = (flow->view.h - used) * 17 / 20 / rows;
    extra = extra < to_px(b, 18) ? extra : to_px(b, 18);
    for (size_t i = 0, down = 0; i < flow->count; i++) {
        struct block *block = &flow->blocks[i];
        for (size_t n = block->first; n < block->end; n++) {
            tree_move(b->tree->nodes[n], 0, (int)down);
            if (block->stretches) {
                tree_move(b->tree->nodes[n], 0, extra / 2);
                b->tree->nodes[n]->box.y -= extra / 2;
                b->tree->nodes[n]->box.h += extra;
            }
        }
        block->top += (int)down;
        down += block->stretches ? (size_t)extra : 0;
        block->bottom += (int)down;
    }
}

static void place_main(struct build *b)
{
    struct flow *flow = &b->main;
    int pages[FLOW_BLOCKS] = {0};
    int bar = ui_measure(b, MEASURE_TARGET), gap = ui_measure(b, MEASURE_GAP), room = flow->view.h;
    int count = cut_pages(flow, room, pages);
    if (count > 1) {
        struct button up = {.label = say(b, "common.page-up"), .icon = "up"};
        struct button down = {.label = say(b, "common.page-down"), .icon = "down"};
        int width = (flow->view.w - 2 * gap) * 2 / 5, high = button_height(b, &up, width);
        int other = button_height(b, &down, width);
        bar = high > bar ? high : bar;
        bar = other > bar ? other : bar;
        room -= bar + gap;
        count = cut_pages(flow, room, pages);
    } else {
        stretch(b, flow);
    }
    choose_page(b, flow, pages, count);
    int top = 0, page = -1;
    for (size_t i = 0; i < flow->count; i++) {
        if (pages[i] != page) {
            page = pages[i];
            top = page == 0 ? 0 : flow->blocks[i].top;
        }
        place_block(b, flow, i, page, top);
    }
    if (count > 1) {
        pager_build(
            b, (struct box){flow->view.x, flow->view.y + flow->view.h - bar, flow->view.w, bar},
            count);
    }
}

static void place_side(struct build *b)
{
    struct flow *flow = &b->side;
    for (size_t i = 0; i < flow->count; i++) {
        if (flow->blocks[i].bottom > flow->view.h) {
            b->side_overflows = true;
        }
        place_block(b, flow, i, -1, 0);
    }
}

void page_open(struct build *b, const struct page *page)
{
    b->page = *page;
    struct box body = b->window;
    header_build(b, &body);
    preview_build(b, &body);
    int margin = ui_measure(b, MEASURE_MARGIN);
    struct box whole = {body.x + margin, body.y + margin / 2, body.w - 2 * margin,
                        body.h - margin / 2};
    footer_reserve(b, &whole);
    b->is_split = page->split && b->landscape && !b->no_split;
    b->main.view = b->side.view = whole;
    if (b->is_split) {
        int left = (whole.w - 2 * margin) * 46 / 100;
        b->side.view.w = left;
        b->main.view.x = whole.x + left + 2 * margin;
        b->main.view.w = whole.w - left - 2 * margin;
    } else if (b->landscape && whole.w > to_px(b, 330)) {
        int reading = to_px(b, 330) * (b->theme->size == TEXT_SIZE_XL ? 4 : 3) / 3;
        reading = reading < whole.w ? reading : whole.w;
        b->main.view.x = whole.x + (whole.w - reading) / 2;
        b->main.view.w = reading;
    }
    b->flow = b->is_split ? &b->side : &b->main;
}

void page_frame(struct build *b, struct box body)
{
    b->page = (struct page){0};
    b->footer = (struct box){0};
    b->is_split = false;
    b->main.view = b->side.view = body;
    b->flow = &b->main;
}

void page_close(struct build *b)
{
    close_block(b, b->flow);
    place_side(b);
    place_main(b);
    footer_build(b);
}
