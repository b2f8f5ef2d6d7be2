// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What make_tables writes. Constant; any thread.

struct syllable {
    char letters[7];
    uint32_t first; ///< of `unihan_characters`; they end where the next syllable's begin
};
struct local_word {
    const char *word, *syllables;
};

/// Sorted by their letters; behind the last one stands the end of `unihan_characters`.
extern const struct syllable unihan_syllables[];
extern const size_t unihan_syllable_count;
extern const uint32_t unihan_characters[];
/// Places and words of the counters that rank badly otherwise.
extern const struct local_word local_words[];
extern const size_t local_word_count;
