// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/text_entry.h"
#include "yimen/session/intent.h"
#include <stdint.h>

/// What belongs to the screen and not to the visit: the page turned to, the field being typed in,
/// strokes not yet handed over, keypad focus. Forgotten (zeroed) with each new screen.

enum field_kind {
    FIELD_NONE,
    FIELD_WORDS,
    FIELD_WHOLE,
    FIELD_DECIMAL,
    FIELD_ID,
    FIELD_PHONE,
    FIELD_DATE,
    FIELD_MONTH,
    FIELD_YEAR,
    FIELD_TIME,
    FIELD_DATE_TIME,
    FIELD_RECEIPT ///< a receipt's number
};

enum layer { LAYER_PINYIN, LAYER_LETTERS, LAYER_CAPITALS, LAYER_SYMBOLS, LAYER_COUNT };

/// What was typed into a field of digits and is no whole date, time or number yet: it stays to be
/// mended while the screen does.
struct draft {
    enum field_kind kind; ///< FIELD_NONE: a free place
    enum intent_kind intent;
    char ref[LIMIT_REF], text[24];
};
enum { DRAFTS = 8 };

/// What becomes of letters that are no characters yet.
enum letters { LETTERS_GO_ON, LETTERS_DROP, LETTERS_TAKE };

struct typing {
    enum field_kind kind;
    enum intent_kind intent; ///< INTENT_ANSWER, INTENT_NAME, INTENT_ID_NUMBER
    char ref[LIMIT_REF];
    char text[LIMIT_ANSWER + 1];   ///< as typed; for dates and times the digits
    bool letters, letters_offered; ///< of FIELD_ID: the keys have letters, where they are needed
    bool put_away;                 ///< the visitor put the keyboard away
    enum layer layer;
    bool pinyin; ///< letters go through `entry`
    struct text_entry_state entry;
    size_t shown_candidates; ///< in the row above the keys
    bool all_candidates;     ///< they are listed in place of the keys
    int candidate_page;
    bool asks;    ///< letters wait to become characters: that is asked before anything else
    bool insists; ///< "next" was pressed before the digits were whole
    struct draft drafts[DRAFTS]; ///< of the other fields of this screen
};

struct local {
    char screen[LIMIT_REF + 64]; ///< what this belongs to
    int page;                    ///< -1: the one with the field being typed in
    int overlay_page;
    enum overlay overlay;  ///< what overlay_page belongs to
    bool shows_violations; ///< the page was already turned to the first violation
    struct typing typing;
    char focus[LIMIT_REF + 32], pressed[LIMIT_REF + 32];
    struct stroke_point strokes[VIEW_STROKE_POINTS];
    size_t stroke_count;
    bool stroke_open;
    double unit_px; ///< px per tenth of a mm in the signing area, set when it is drawn
    int brand_taps;
    uint64_t brand_since_ms;
};
