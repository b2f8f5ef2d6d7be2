// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/build.h"

/// Keys, and what stands above them: shared by the keyboard and its candidates.

/// One key beside the characters.
struct special {
    const char *id, *label_key, *icon;
    enum act act;
    int number;
    const char *text;
    int share; ///< of the row's width, in key widths
    bool chosen, primary;
};

void key_at(struct build *b, struct box box, const char *id, const char *label,
            struct action action);
/// The node; its action may be changed, until the next is added.
struct node *special_at(struct build *b, struct box box, const struct special *key);

/// The letters that are no characters yet.
void put_preedit(struct build *b, struct box box);
const char *candidate_text(const struct build *b, size_t index);
/// How high the row of candidates is.
int candidates_height(const struct build *b);
/// As many as one row holds; "more" leads to all of them. Beside them, where a person's name is
/// typed, the way to a character that cannot be typed.
void put_candidates(struct build *b, struct box box);
/// All of them, page by page, in place of the row and the keys below it.
void put_all_candidates(struct build *b, struct box box);
