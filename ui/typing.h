// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/local.h"
#include "yimen/record/record.h"
#include <stdbool.h>

/// Typing into a field: what was typed so far, and what a key makes of it. No pixels. Each change
/// goes to the session at once, so that going back or losing power never loses an answer. UI
/// thread.

/// The field kind for a question; FIELD_NONE when it is not typed.
enum field_kind typing_kind(const struct question *question);
/// Begin with what is stored. Asking again for the same field keeps what was typed.
void typing_open(struct typing *typing, enum field_kind kind, enum intent_kind intent,
                 const char *ref, const char *value);
/// A key: a character, "\b", "clear" or "sign" (changes the sign of a number). True: `out` is to be
/// sent.
bool typing_key(struct typing *typing, const struct text_entry *entry, const char *key,
                struct intent *out);
bool typing_candidate(struct typing *typing, const struct text_entry *entry, size_t index,
                      struct intent *out);
/// All candidates in place of the keys, from the first; or the keys again.
void typing_list_candidates(struct typing *typing, bool all);
/// The letters that are no characters yet. True: `out` is to be sent.
bool typing_letters(struct typing *typing, const struct text_entry *entry, enum letters letters,
                    struct intent *out);
/// Is something typed that is no value yet: a date of six digits, a lone minus?
bool typing_is_unfinished(const struct typing *typing);
/// What was typed into a field that is not being typed in, when it is unfinished; NULL.
const char *typing_left(const struct typing *typing, enum intent_kind intent, const char *ref);
/// Back to the first field with something unfinished; false: there is none.
bool typing_reopen(struct typing *typing);
/// These digits are complete, but no date or time there is.
bool typing_digits_impossible(enum field_kind kind, const char *digits);
void typing_layer(struct typing *typing, const struct text_entry *entry, enum layer layer);
/// How many digits the kind takes; 0: it is not made of a fixed number of digits.
size_t typing_digits(enum field_kind kind);
/// The digits of a stored date or time, as many as the kind takes (14 bytes at least).
void typing_digits_of(enum field_kind kind, const char *value, char *out);
/// What the session gets for what was typed: "" for an incomplete date.
void typing_value(const struct typing *typing, char out[LIMIT_ANSWER + 1]);
