// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/text_entry.h"

/// Everyday phrases of applications (phrases.txt) typed letter by letter: how many are offered.

enum { PHRASES_IN_SIGHT, PHRASES_OTHER, PHRASES_KINDS };

struct phrases {
    size_t count, first, top5; ///< of them offered as the first candidate, among the first five
    size_t letters;
};

/// From the file at `path`; `missed` is told of each that is not among the first five, may be NULL.
/// False: no such file.
bool phrases_try(const struct text_entry *entry, const char *path,
                 struct phrases out[PHRASES_KINDS], void (*missed)(const char *phrase));
