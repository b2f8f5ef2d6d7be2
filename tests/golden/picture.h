// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

/// Screens as small coloured pictures, and how two of them differ. The same packages draw the same
/// pixels, so little is allowed: one lost label or one wrong colour is more.

enum { PICTURE_CELL = 8, PICTURE_SHRINK = 2 };

struct picture_difference {
    int far_cells;        ///< cells of PICTURE_CELL x PICTURE_CELL whose colour is another
    int faint_cells;      ///< cells whose colour is a shade away
    int cells;            ///< all of them
    int first_x, first_y; ///< of the first far cell, or else of the first faint one; picture pixels
    bool is_another_size; ///< then nothing was compared
};

/// XRGB pixels at half size, in colour. `cairo_surface_destroy` it.
cairo_surface_t *picture_halve(const uint32_t *pixels, int width, int height);
/// Two pictures, cell by cell.
struct picture_difference picture_compare(cairo_surface_t *a, cairo_surface_t *b);
/// Is the difference more than what a machine's rounding makes?
bool picture_differs(const struct picture_difference *difference);
