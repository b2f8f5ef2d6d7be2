// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/files.h"
#include "yimen/session/view.h"

/// Views made by hand, one for every screen and every overlay, with the pack that ships: for the
/// layout test, the golden pictures and the gallery. All residents are plainly made up.

struct sample {
    const char *name;
    void (*fill)(struct view *view);
};

/// How many samples there are, and each of them.
size_t sample_count(void);
const struct sample *sample_at(size_t index);
/// A whole view: the sample's, in a language and size. `catalogue` may be NULL.
void sample_view(const struct sample *sample, const char *language, enum text_size size,
                 const struct catalogue *catalogue, struct view *view);

/// What a sample is only after fingers (sample_touch.c says which), on a stage that shows its view.
struct stage;
void sample_touch(const struct sample *sample, struct stage *stage);

/// The shipped policies, loaded once and kept; NULL without a catalogue.
const struct policies *sample_policies(const struct catalogue *catalogue);
/// The repository's assets/ as a read-only files port.
struct files sample_assets(void);
/// pinyin without an engine: a few fixed candidates, to draw the keyboard.
struct text_entry;
struct text_entry sample_text_entry(void);
