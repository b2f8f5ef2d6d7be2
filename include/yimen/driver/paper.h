// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/paper.h"

/// The paper port on cairo, Pango and libqrencode: one measured layout, drawn on 1-bit raster at
/// 203 dpi, on PDF and on PNG.
///
/// Life cycle: `paper_open` -> render -> `paper_close`. One handle belongs to one thread.
/// `paper_qr_modules` stands alone: any thread.

enum { PAPER_QR_SIDE = 65 }; ///< modules of a version 12 code, the largest a receipt carries

struct paper_options {
    const char *families; ///< font families for every language, in order; NULL: Noto Sans CJK in
                          ///< the glyph forms of the document's language
};

/// `options` may be NULL. ERR_TECHNICIAN: no font at all.
enum err paper_open(const struct paper_options *options, struct paper *out,
                    struct fail *why) MUST_USE;
/// NULL-safe, also for one never opened.
void paper_close(struct paper *paper);
/// The same QR code the paper carries (level Q, 8 bit), for a screen: `*side` x `*side` bytes row
/// by row, 1 = dark, without its quiet zone. ERR_INPUT: longer than version 12 holds (203 bytes).
/// ERR_FULL: `room` is too small; PAPER_QR_SIDE squared always does.
enum err paper_qr_modules(const char *text, unsigned char *modules, size_t room, int *side,
                          struct fail *why) MUST_USE;
