// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/base/when.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"

// A paper document under construction: words by catalogue key, one size for each role.

enum {
    SHEET_ITEMS = 64, // to begin with
    // Em in mm x 100.
    SHEET_LEAST = 353, // 10 points: nothing may be printed smaller
    SHEET_TITLE = 720,
    SHEET_NUMBER = 500,
    SHEET_STRONG = 520,
    SHEET_BODY = 440,
    SHEET_SMALL = 380,
};

struct sheet {
    const struct texts *texts;
    const char *language;
    struct arena *arena;
    struct paper_item *items;
    size_t count, room;
    bool latin; // its letters are twice as many and half as dense: a size smaller reads as well
};

void sheet_begin(struct sheet *sheet, const struct texts *texts, const char *language,
                 struct arena *arena);
void sheet_end(const struct sheet *sheet, const char *title_key, struct paper_document *out);
// The sentence of a key; with its {names} filled from pairs name, value, ..., NULL.
const char *sheet_words(const struct sheet *sheet, const char *key);
const char *sheet_fill(struct sheet *sheet, const char *key, const char *const *pairs);
// The sentence of a service, a paper, ...: before, its id, after; the key itself where there is
// none.
const char *sheet_own_words(struct sheet *sheet, const char *before, const char *id,
                            const char *after);
// The same, and NULL where there is none.
const char *sheet_words_if(struct sheet *sheet, const char *before, const char *id,
                           const char *after);
// A moment as the district's clocks show it.
const char *sheet_moment(struct sheet *sheet, int64_t utc_ms);
// And the day alone.
const char *sheet_day(struct sheet *sheet, int64_t utc_ms);
void sheet_text(struct sheet *sheet, int size, const char *text);
void sheet_bold(struct sheet *sheet, int size, const char *text);
void sheet_centre(struct sheet *sheet, int size, bool bold, const char *text);
void sheet_tick(struct sheet *sheet, const char *text);
void sheet_pair(struct sheet *sheet, const char *label_key, const char *value);
void sheet_strong_pair(struct sheet *sheet, const char *label_key, const char *value);
void sheet_gap(struct sheet *sheet, int mm100);
void sheet_rule(struct sheet *sheet, bool thick);
// A thin line close under what stands above it.
void sheet_line(struct sheet *sheet);
void sheet_cut(struct sheet *sheet, const char *text);
void sheet_box(struct sheet *sheet, bool thick);
void sheet_box_end(struct sheet *sheet);
void sheet_qr(struct sheet *sheet, const char *text);
