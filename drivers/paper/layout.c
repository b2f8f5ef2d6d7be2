// SPDX-License-Identifier: GPL-3.0-or-later
// First pass: every item gets its place; the page is as long as they need.
#include "paper_internal.h"
#include <math.h>
#include <string.h>

enum {
    PAPER_END_DOTS = 24, // white before the first and after the last item
    RULE_DOTS = 2,
    RULE_BOLD_DOTS = 5,
    FRAME_DOTS = 3,
    FRAME_BOLD_DOTS = 6,
};

struct cursor {
    struct paper_driver *driver;
    struct page *page;
    int left, width, y; // the column items go into
    int label_width;    // common to all pairs
    size_t boxes[BOX_DEPTH];
    int depth;
};

int paper_dots(int mm100)
{
    return (int)lround(mm100 * (double)DOTS_PER_INCH / 2540.0);
}

// All labels share one column, as wide as the widest, at most two fifths of the paper.
static int label_column(struct paper_driver *driver, const struct paper_document *document,
                        int width)
{
    int widest = 0;
    for (size_t i = 0; i < document->count; i++) {
        const struct paper_item *item = &document->items[i];
        if (item->kind != PAPER_PAIR)
            continue;
        struct paper_item plain = *item;
        plain.bold = false;
        int natural = words_natural_width(driver, &plain, item->label);
        if (natural > widest)
            widest = natural;
    }
    return widest < width * 2 / 5 ? widest : width * 2 / 5;
}

static void place_text(struct cursor *cursor, struct block *block)
{
    block->value = words_layout(cursor->driver, block->item, block->item->text, cursor->width,
                                &cursor->page->missing_glyphs);
    block->height = words_height(block->value);
}

static void place_pair(struct cursor *cursor, struct block *block)
{
    struct paper_item plain = *block->item;
    plain.bold = false;
    plain.align = PAPER_LEFT;
    int em = paper_dots(block->item->size_mm100);
    block->label_width = cursor->label_width + em * 3 / 4;
    bool *missing = &cursor->page->missing_glyphs;
    block->label =
        words_layout(cursor->driver, &plain, block->item->label, cursor->label_width, missing);
    block->value = words_layout(cursor->driver, block->item, block->item->text,
                                cursor->width - block->label_width, missing);
    int label = words_height(block->label), value = words_height(block->value);
    block->height = (label > value ? label : value) + em / 6;
}

static void place_tick(struct cursor *cursor, struct block *block)
{
    int em = paper_dots(block->item->size_mm100);
    block->label_width = em * 3 / 2;
    block->value = words_layout(cursor->driver, block->item, block->item->text,
                                cursor->width - block->label_width, &cursor->page->missing_glyphs);
    block->height = words_height(block->value) + em / 4;
}

static void place_rule(struct cursor *cursor, struct block *block)
{
    block->height = block->item->bold ? RULE_BOLD_DOTS : RULE_DOTS;
    if (block->item->text) {
        struct paper_item middle = *block->item;
        middle.align = PAPER_CENTRE;
        block->value = words_layout(cursor->driver, &middle, block->item->text, cursor->width,
                                    &cursor->page->missing_glyphs);
        block->height = words_height(block->value);
    }
}

static enum err place_qr(struct cursor *cursor, struct block *block, struct fail *why)
{
    block->qr = g_new0(struct qr_code, 1);
    enum err err = qr_encode(block->item->text, block->qr, why);
    if (err)
        return err;
    int side = (block->qr->side + 2 * QR_QUIET_MODULES) * QR_MODULE_DOTS;
    block->height = side;
    if (block->item->align != PAPER_LEFT)
        block->x += (cursor->width - side) / (block->item->align == PAPER_CENTRE ? 2 : 1);
    return ERR_OK;
}

static enum err place_image(struct cursor *cursor, struct block *block, struct fail *why)
{
    const struct paper_item *item = block->item;
    if (!item->bits || item->width <= 0 || item->height <= 0 || item->width > cursor->width ||
        item->height > HEIGHT_DOTS_MAXIMUM)
        return fail_set(why, ERR_INPUT, "a picture of %d x %d dots does not fit", item->width,
                        item->height);
    block->height = item->height;
    if (item->align != PAPER_LEFT)
        block->x += (cursor->width - item->width) / (item->align == PAPER_CENTRE ? 2 : 1);
    return ERR_OK;
}

static int frame_inset(const struct block *block)
{
    return block->stroke + paper_dots(block->item->size_mm100);
}

static enum err place_box_begin(struct cursor *cursor, struct block *block, size_t index,
                                struct fail *why)
{
    if (cursor->depth == BOX_DEPTH)
        return fail_set(why, ERR_BUG, "boxes in boxes in boxes");
    cursor->boxes[cursor->depth++] = index;
    block->stroke = block->item->bold ? FRAME_BOLD_DOTS : FRAME_DOTS;
    int inset = frame_inset(block);
    cursor->left += inset;
    cursor->width -= 2 * inset;
    cursor->y += inset;
    return ERR_OK;
}

static enum err place_box_end(struct cursor *cursor, struct fail *why)
{
    if (cursor->depth == 0)
        return fail_set(why, ERR_BUG, "a box ends that did not begin");
    struct block *begin = &cursor->page->blocks[cursor->boxes[--cursor->depth]];
    int inset = frame_inset(begin);
    cursor->left -= inset;
    cursor->width += 2 * inset;
    cursor->y += inset;
    begin->height = cursor->y - begin->y;
    return ERR_OK;
}

static enum err place(struct cursor *cursor, struct block *block, size_t index, struct fail *why)
{
    block->x = cursor->left;
    block->y = cursor->y;
    block->width = cursor->width;
    enum err err = ERR_OK;
    switch (block->item->kind) {
    case PAPER_TEXT: place_text(cursor, block); break;
    case PAPER_PAIR: place_pair(cursor, block); break;
    case PAPER_TICK: place_tick(cursor, block); break;
    case PAPER_RULE: place_rule(cursor, block); break;
    case PAPER_GAP: block->height = paper_dots(block->item->size_mm100); break;
    case PAPER_QR: err = place_qr(cursor, block, why); break;
    case PAPER_IMAGE: err = place_image(cursor, block, why); break;
    case PAPER_BOX_BEGIN: return place_box_begin(cursor, block, index, why);
    case PAPER_BOX_END: return place_box_end(cursor, why);
    }
    cursor->y += block->height;
    if (!err && cursor->y > HEIGHT_DOTS_MAXIMUM)
        err = fail_set(why, ERR_FULL, "more than two metres of paper");
    return err;
}

static int points_over(int dots)
{
    return (dots * POINTS_PER_INCH + DOTS_PER_INCH - 1) / DOTS_PER_INCH;
}

// PDF pages have whole points (fractions shift the dots at the printer); the raster covers them.
static void page_size(struct page *page, int bottom)
{
    page->points_wide = points_over(page->width);
    page->points_high = points_over(bottom);
    page->height = (page->points_high * DOTS_PER_INCH + POINTS_PER_INCH - 1) / POINTS_PER_INCH;
}

enum err page_layout(struct paper_driver *driver, const struct paper_document *document,
                     struct page *page, struct fail *why)
{
    if (document->count > BLOCK_MAXIMUM)
        return fail_set(why, ERR_FULL, "%zu items on one receipt", document->count);
    // Whole bytes a row: 80 mm are 639.4 dots, a row has 640.
    page->width = (paper_dots(document->width_mm100) + 7) / 8 * 8;
    int printed = page->width * 9 / 10;
    struct cursor cursor = {.driver = driver,
                            .page = page,
                            .left = (page->width - printed) / 2,
                            .width = printed,
                            .y = PAPER_END_DOTS,
                            .label_width = label_column(driver, document, printed)};
    page->blocks = g_new0(struct block, document->count ? document->count : 1);
    for (size_t i = 0; i < document->count; i++) {
        page->blocks[i].item = &document->items[i];
        page->count = i + 1;
        enum err err = place(&cursor, &page->blocks[i], i, why);
        if (err)
            return fail_prefix(why, err, "laying out item %zu", i);
    }
    if (cursor.depth)
        return fail_set(why, ERR_BUG, "a box does not end");
    page_size(page, cursor.y + PAPER_END_DOTS);
    return ERR_OK;
}

void page_free(struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->blocks[i].label)
            g_object_unref(page->blocks[i].label);
        if (page->blocks[i].value)
            g_object_unref(page->blocks[i].value);
        g_free(page->blocks[i].qr);
    }
    g_free(page->blocks);
    memset(page, 0, sizeof *page);
}
