// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/// Port: pinyin to Chinese text. Real driver: drivers/pinyin (libpinyin, no user dictionary, learns
/// nothing, writes nothing). Owned by the UI thread; each call takes a few ms. `reset` between
/// visits closes and reopens the engine.

enum { TEXT_ENTRY_CANDIDATE_BYTES = 256, TEXT_ENTRY_INPUT = 64 };

struct text_entry_state {
    char composed[256];                   ///< what is already chosen of this input
    char remaining[TEXT_ENTRY_INPUT + 1]; ///< letters not yet turned into characters
    size_t count; ///< of candidates for what remains, the likeliest first; there may be thousands
};

struct text_entry_ops {
    /// Append or delete ('\b') one letter a-z or an apostrophe, which parts syllables: one that
    /// parts nothing is not taken. Deleting what follows a chosen part takes the choice back.
    /// ERR_INPUT: another character; ERR_FULL: no more letters; what was there stays.
    enum err (*key)(void *self, char letter, struct text_entry_state *out);
    /// Candidate `index` of the state given last; false: there is none.
    bool (*candidate)(void *self, size_t index, char out[TEXT_ENTRY_CANDIDATE_BYTES]);
    /// Choose candidate `index`; when nothing remains, `composed` is the whole text and the input
    /// is empty again. ERR_INPUT: there is none; ERR_FULL: the text would be too long.
    enum err (*choose)(void *self, size_t index, struct text_entry_state *out);
    void (*clear)(void *self);
    enum err (*reset)(void *self, struct fail *why);
};
struct text_entry {
    const struct text_entry_ops *ops;
    void *self;
};
