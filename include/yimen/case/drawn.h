// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A character that no keyboard offers, written with the finger. In the name it stands as
/// DRAWN_SIGN; its picture is a file of the case, and the record's node DRAWN_NODE says which is
/// whose: "/data/applicant/name:FILE /data/agent/name:FILE", the n-th of a field for its n-th sign.
/// What is wrong with any of these is left out, never an error: the sign stays in the name.

#define DRAWN_SIGN "\xE2\x96\xA1" // U+25A1
#define DRAWN_NODE "/data/visit/characters"

/// As a receipt has them: so many, each so many dots wide and high, one bit each in rows of whole
/// bytes, 1 = black, as hex, one after the other.
enum {
    DRAWN_PRINTED = 6,
    DRAWN_SIDE = 80,
    DRAWN_BYTES = DRAWN_SIDE * DRAWN_SIDE / 8,
    DRAWN_TEXT = DRAWN_PRINTED * DRAWN_BYTES * 2 + 1
};

/// One point of what a finger drew: tenths of mm in its area; a negative x lifts the pen.
struct stroke_point {
    int16_t x, y;
};
struct strokes {
    const struct stroke_point *points; ///< borrowed
    size_t count;
    int width, height; ///< of the area, tenths of mm
};

/// How many signs a name has.
size_t drawn_signs(const char *text);
/// As an SVG picture of plain numbers. Appends.
void strokes_svg(const struct strokes *strokes, struct strbuf *out);
/// The next "ref:file" of the node's text; false at its end.
bool drawn_next(const char **at, char ref[LIMIT_REF], char file[LIMIT_FILE_NAME]);
/// Appends the printed picture; false where there is no room.
bool drawn_print(const struct strokes *strokes, char pictures[DRAWN_TEXT]);
/// The same of an SVG picture that strokes_svg wrote; false also for another one.
bool drawn_print_svg(const char *svg, size_t length, char pictures[DRAWN_TEXT]);
/// How many pictures there are, and one of them; false where it is not as it was written.
size_t drawn_count(const char *pictures);
bool drawn_bits(const char *pictures, size_t index, uint8_t out[DRAWN_BYTES]);
