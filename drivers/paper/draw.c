// SPDX-License-Identifier: GPL-3.0-or-later
// Second pass: black on white, in dots. Squares are drawn as whole-dot runs in one path: no seams.
#include "paper_internal.h"

static void draw_words(cairo_t *cairo, PangoLayout *layout, int x, int y)
{
    cairo_move_to(cairo, x, y - words_lead(layout));
    pango_cairo_show_layout(cairo, layout);
}

static void fill_rectangle(cairo_t *cairo, int x, int y, int width, int height)
{
    cairo_rectangle(cairo, x, y, width, height);
    cairo_fill(cairo);
}

static void draw_qr(cairo_t *cairo, const struct block *block)
{
    const struct qr_code *qr = block->qr;
    int left = block->x + QR_QUIET_MODULES * QR_MODULE_DOTS;
    int top = block->y + QR_QUIET_MODULES * QR_MODULE_DOTS;
    for (int row = 0; row < qr->side; row++) {
        const unsigned char *modules = &qr->modules[(size_t)row * (size_t)qr->side];
        for (int from = 0, to; from < qr->side; from = to) {
            to = from + 1;
            while (to < qr->side && modules[to] == modules[from])
                to++;
            if (modules[from])
                cairo_rectangle(cairo, left + from * QR_MODULE_DOTS, top + row * QR_MODULE_DOTS,
                                (to - from) * QR_MODULE_DOTS, QR_MODULE_DOTS);
        }
    }
    cairo_fill(cairo);
}

static bool image_dot(const struct paper_item *item, int column, int row)
{
    return item->bits[row * ((item->width + 7) / 8) + column / 8] >> (7 - column % 8) & 1;
}

static void draw_image(cairo_t *cairo, const struct block *block)
{
    const struct paper_item *item = block->item;
    for (int row = 0; row < item->height; row++) {
        for (int from = 0, to; from < item->width; from = to) {
            bool black = image_dot(item, from, row);
            to = from + 1;
            while (to < item->width && image_dot(item, to, row) == black)
                to++;
            if (black)
                cairo_rectangle(cairo, block->x + from, block->y + row, to - from, 1);
        }
    }
    cairo_fill(cairo);
}

static void draw_frame(cairo_t *cairo, const struct block *block)
{
    int stroke = block->stroke;
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_rectangle(cairo, block->x, block->y, block->width, block->height);
    cairo_rectangle(cairo, block->x + stroke, block->y + stroke, block->width - 2 * stroke,
                    block->height - 2 * stroke);
    cairo_fill(cairo);
}

static void draw_tick(cairo_t *cairo, const struct block *block)
{
    int em = paper_dots(block->item->size_mm100), side = em * 7 / 8, stroke = em > 40 ? 4 : 3;
    int baseline = pango_layout_get_baseline(block->value) / PANGO_SCALE - words_lead(block->value);
    struct block box = {.x = block->x,
                        .y = block->y + baseline - side + em / 16,
                        .width = side,
                        .height = side,
                        .stroke = stroke};
    draw_frame(cairo, &box);
    draw_words(cairo, block->value, block->x + block->label_width, block->y);
}

// Dashes on both sides of the words.
static void draw_cut(cairo_t *cairo, const struct block *block)
{
    enum { DASH = 12, SPACE = 8, CLEAR = 16 };
    PangoRectangle words;
    pango_layout_get_pixel_extents(block->value, NULL, &words);
    int middle = block->y + block->height / 2;
    for (int x = 0; x + DASH <= block->width; x += DASH + SPACE) {
        if (x + DASH < words.x - CLEAR || x > words.x + words.width + CLEAR)
            cairo_rectangle(cairo, block->x + x, middle, DASH, 2);
    }
    cairo_fill(cairo);
    draw_words(cairo, block->value, block->x, block->y);
}

static void draw_block(cairo_t *cairo, const struct block *block)
{
    switch (block->item->kind) {
    case PAPER_TEXT: draw_words(cairo, block->value, block->x, block->y); break;
    case PAPER_PAIR:
        draw_words(cairo, block->label, block->x, block->y);
        draw_words(cairo, block->value, block->x + block->label_width, block->y);
        break;
    case PAPER_TICK: draw_tick(cairo, block); break;
    case PAPER_RULE:
        if (block->value)
            draw_cut(cairo, block);
        else
            fill_rectangle(cairo, block->x, block->y, block->width, block->height);
        break;
    case PAPER_QR: draw_qr(cairo, block); break;
    case PAPER_IMAGE: draw_image(cairo, block); break;
    case PAPER_BOX_BEGIN: draw_frame(cairo, block); break;
    case PAPER_GAP:
    case PAPER_BOX_END: break;
    }
}

void page_draw(const struct page *page, cairo_t *cairo)
{
    cairo_set_source_rgba(cairo, 0, 0, 0, 1);
    for (size_t i = 0; i < page->count; i++) {
        const struct block *block = &page->blocks[i];
        // Ink stays in its own block but for a little overhang: towers of marks cover nothing else.
        int slack = block->value ? paper_dots(block->item->size_mm100) / 4 : 0;
        cairo_save(cairo);
        cairo_rectangle(cairo, 0, block->y - slack, page->width, block->height + 2 * slack);
        cairo_clip(cairo);
        draw_block(cairo, block);
        cairo_restore(cairo);
    }
}
