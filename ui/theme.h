// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/files.h"
#include "yimen/session/view.h"
#include <stdint.h>

/// Colours by contrast mode and sizes in mm, from a pack's theme/theme.json. Sizes follow the
/// visitor's text size and are turned into px with the screen's measured mm per px.
///
/// Life cycle: `theme_load` once -> `theme_set` when the visitor chooses -> read. UI thread.

enum colour {
    COLOUR_NONE, ///< nothing is painted
    COLOUR_BACKGROUND,
    COLOUR_SURFACE,
    COLOUR_INK,
    COLOUR_INK_SOFT,
    COLOUR_LINE,     ///< borders of things to touch
    COLOUR_HAIRLINE, ///< borders that only order the page
    COLOUR_ACCENT,
    COLOUR_ON_ACCENT,
    COLOUR_ACCENT_INK,
    COLOUR_TINT,
    COLOUR_URGENT, ///< 急难 and nothing else
    COLOUR_ON_URGENT,
    COLOUR_NOTICE,
    COLOUR_ON_NOTICE,
    COLOUR_GOOD,
    COLOUR_WRONG,
    COLOUR_FOCUS_OUT,
    COLOUR_FOCUS_IN,
    COLOUR_SCRIM,
    COLOUR_KEY,
    COLOUR_BOARD,
    COLOUR_TRACK,
    COLOUR_COUNT
};

enum measure {
    MEASURE_TARGET, ///< height of anything a resident touches: 20 mm at least
    MEASURE_KEY,    ///< keyboard keys: 12.7 mm at least
    MEASURE_GAP,    ///< between targets: 2.54 mm at least
    MEASURE_MARGIN, ///< page edge
    MEASURE_PAD,    ///< inside buttons and cards
    MEASURE_RADIUS,
    MEASURE_ICON,
    MEASURE_ICON_LARGE,
    MEASURE_COUNT
};

enum text_style {
    STYLE_SMALL, ///< never below 5 mm em
    STYLE_BODY,
    STYLE_STRONG,
    STYLE_LEAD,
    STYLE_TITLE,
    STYLE_DISPLAY,
    STYLE_NUMBER, ///< receipt numbers, digits on keys
    STYLE_COUNT
};

struct theme {
    double mm_per_px;
    enum text_size size;
    enum contrast contrast;
    double scale[4];
    uint32_t colours[4][COLOUR_COUNT]; ///< 0xRRGGBB
    char font[3][64];                  ///< zh, en, ko
};

/// ERR_NOT_FOUND, ERR_INPUT when the file is missing or lacks something.
enum err theme_load(const struct files *pack, double mm_per_px, struct theme *out,
                    struct fail *why) MUST_USE;
void theme_set(struct theme *theme, enum text_size size, enum contrast contrast);
uint32_t theme_colour(const struct theme *theme, enum colour colour);
/// Whole px, never less than asked.
int theme_px(const struct theme *theme, double mm);
int theme_measure(const struct theme *theme, enum measure measure);
/// Em in px.
int theme_em(const struct theme *theme, enum text_style style);
bool theme_is_bold(enum text_style style);
const char *theme_font(const struct theme *theme, const char *language);
/// Name of a colour in the file, for messages and tests.
const char *theme_colour_name(enum colour colour);
/// WCAG contrast ratio of two 0xRRGGBB colours, 1..21.
double theme_contrast(uint32_t a, uint32_t b);
