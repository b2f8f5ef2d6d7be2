// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/// Port: turning a list of things to draw into paper. Real driver: drivers/paper (cairo, Pango,
/// libqrencode). One rendering serves both: 1-bit PWG raster at 203 dpi (what the printer gets, dot
/// for dot) and PDF; PNG for looking at. Sizes in mm x 100. Blocking, tens of ms; called by the
/// print or the compute worker.

enum paper_kind {
    PAPER_TEXT,      ///< a paragraph, wrapped to the width
    PAPER_PAIR,      ///< label left, value right of it, wrapped; used for facts
    PAPER_QR,        ///< QR code, level Q, modules of 0.625 mm, centred, with its quiet zone
    PAPER_RULE,      ///< a line across (bold: thick); with a text: dashed, the text in its middle
    PAPER_GAP,       ///< empty height
    PAPER_IMAGE,     ///< 1-bit picture (a signature, a drawn name)
    PAPER_BOX_BEGIN, ///< frame around what follows ("第 2 次打印"); bold: thick
    PAPER_BOX_END,
    PAPER_TICK, ///< an empty box to tick, and a paragraph that hangs beside it
};
enum paper_align { PAPER_LEFT, PAPER_CENTRE, PAPER_RIGHT };

struct paper_item {
    enum paper_kind kind;
    enum paper_align align;
    int size_mm100; ///< em of the text, or height of a gap; the space of a box inside its frame
    bool bold;
    const char *text;  ///< TEXT, QR; the value of a PAIR. Borrowed, UTF-8, printed inertly (no
                       ///< markup, controls dropped)
    const char *label; ///< PAIR
    const unsigned char *bits; ///< IMAGE: rows of (width + 7) / 8 bytes, 1 = black
    int width, height;         ///< IMAGE: dots
};

struct paper_document {
    const char *title;    ///< PDF title, nothing personal
    const char *language; ///< "zh", "en", "ko": line breaking and glyph forms
    int width_mm100;      ///< paper width: 8000; the printed area is 7200
    const struct paper_item *items;
    size_t count;
};

struct paper_output {
    struct strbuf pwg, pdf,
        png; ///< caller initialises those wanted with a maximum > 0; others are left alone
    int width_dots, height_dots;
    char media[64];      ///< PWG media name, "custom_80x152.4mm_80x152.4mm"
    bool missing_glyphs; ///< some character had no glyph and was printed as a box
};

struct paper_ops {
    enum err (*render)(void *self, const struct paper_document *document, struct paper_output *out,
                       struct fail *why);
};
struct paper {
    const struct paper_ops *ops;
    void *self;
};
