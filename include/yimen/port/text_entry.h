// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/// Port: pinyin to Chinese text. Real driver: drivers/pinyin (libpinyin, no user dictionary, learns
/// nothing, writes nothing). Owned by the UI thread; each call takes a few ms. `reset` between
/// visits closes and reopens the engine.

enum { TEXT_ENTRY_CANDIDATES = 60, TEXT_ENTRY_CANDIDATE_BYTES = 64, TEXT_ENTRY_INPUT = 64 };

struct text_entry_state {
    char composed[256];                   ///< what is already chosen of this input
    char remaining[TEXT_ENTRY_INPUT + 1]; ///< letters not yet turned into characters
    size_t count;
    char candidates[TEXT_ENTRY_CANDIDATES][TEXT_ENTRY_CANDIDATE_BYTES];
};

struct text_entry_ops {
    /// Append or delete ('\b') one letter a-z or apostrophe.
    enum err (*key)(void *self, char letter, struct text_entry_state *out);
    /// Choose candidate `index`; when nothing remains, `composed` is the whole text and the input
    /// is empty again.
    enum err (*choose)(void *self, size_t index, struct text_entry_state *out);
    void (*clear)(void *self);
    enum err (*reset)(void *self, struct fail *why);
};
struct text_entry {
    const struct text_entry_ops *ops;
    void *self;
};
