// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/paper.h"
#include <pango/pangocairo.h>

// User unit = one dot at 203 dpi, on every surface.
enum {
    DOTS_PER_INCH = 203,
    POINTS_PER_INCH = 72,
    QR_MODULE_DOTS = 5, // 0.625 mm
    QR_QUIET_MODULES = 4,
    HEIGHT_DOTS_MAXIMUM = 16000, // two metres: a receipt is 20 to 40 cm
    BLOCK_MAXIMUM = 400,
    BOX_DEPTH = 3,
    TEXT_MAXIMUM = 4096, // bytes of one text
    MARKS_MAXIMUM = 4,   // combining marks on one character; more is a flood
};

struct paper_driver {
    PangoFontMap *fonts;
    PangoContext *context;
    char families[256];
};

struct qr_code {
    int side;
    unsigned char modules[PAPER_QR_SIDE * PAPER_QR_SIDE];
};

// One item, measured: where it goes and the text it became.
struct block {
    const struct paper_item *item;
    PangoLayout *label, *value;
    struct qr_code *qr;
    int x, y, width, height; // dots
    int label_width;         // PAIR
    int stroke;              // BOX_BEGIN: thickness of the frame
};

struct page {
    struct block *blocks;
    size_t count;
    int width, height; // dots; the height covers whole points
    int points_wide, points_high;
    bool missing_glyphs;
};

int paper_dots(int mm100);
// layout.c: measured from `document`; `page_free` in any case.
enum err page_layout(struct paper_driver *driver, const struct paper_document *document,
                     struct page *page, struct fail *why);
void page_free(struct page *page);
// words.c
PangoLayout *words_layout(struct paper_driver *driver, const struct paper_item *item,
                          const char *text, int width, bool *missing);
// How much higher than its place a layout is drawn.
int words_lead(PangoLayout *layout);
int words_height(PangoLayout *layout);
int words_natural_width(struct paper_driver *driver, const struct paper_item *item,
                        const char *text);
// inert.c: a copy (g_free) that is only what it looks like.
char *inert_text(const char *text, bool keep_lines, bool *damaged);
// draw.c
void page_draw(const struct page *page, cairo_t *cairo);
// qr.c
enum err qr_encode(const char *text, struct qr_code *out, struct fail *why);
// raster.c, vector.c
enum err page_raster(const struct page *page, const struct paper_document *document,
                     struct paper_output *out, struct fail *why);
enum err page_pdf(const struct page *page, const struct paper_document *document,
                  struct strbuf *out, struct fail *why);
