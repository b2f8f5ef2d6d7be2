// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// A receipt as dots, read back from what the printer got.

struct picture {
    int width, height, dots_per_inch;
    int points_wide, points_high;
    char media[64];
    unsigned char *grey; ///< one byte a dot, 0 = black; owned
};

/// Decodes the first page of 1-bit PWG raster. False: it is none.
bool picture_from_pwg(const void *bytes, size_t length, struct picture *out);
void picture_free(struct picture *picture);
bool picture_write_pgm(const struct picture *picture, FILE *file);
/// The text of the QR code in it, by zbar; false when it finds none.
bool picture_read_qr(const struct picture *picture, char *out, size_t room);
static inline bool picture_black(const struct picture *picture, int x, int y)
{
    return picture->grey[(size_t)y * (size_t)picture->width + (size_t)x] == 0;
}
