// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Characters by their reading, beyond those that libpinyin knows: all of Unihan that a font on
/// this machine can draw. UI thread.

/// The rare ones of one syllable.
struct rare {
    size_t length; ///< letters of the syllable
    size_t count;
    uint32_t characters[2048];
};

struct rare_fonts; ///< what the fonts of this machine draw

struct rare_fonts *rare_open(void);
/// NULL-safe.
void rare_close(struct rare_fonts *fonts);
bool rare_is_drawn(const struct rare_fonts *fonts, uint32_t character);
/// Those that read like the first syllable of `letters` and are not among the `known` (sorted).
/// The syllable is the first `length` letters when they are one, else the longest one that
/// `letters` begin with; without any the count is 0.
void rare_list(const struct rare_fonts *fonts, const char *letters, size_t length,
               const uint32_t *known, size_t known_count, struct rare *out);
