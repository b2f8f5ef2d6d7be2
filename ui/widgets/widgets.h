// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/build.h"

/// Widgets made of several nodes. All flow into the current column except the docks, which cut
/// themselves off its bottom.

/// What a field shows.
struct field {
    const char *id, *label, *hint;
    const char *value;   ///< ready to show
    const char *problem; ///< NULL: none
    bool optional;
    bool label_is_there; ///< the label is on the screen already
    enum field_kind kind;
    enum intent_kind intent;
    const char *ref, *stored; ///< where typing goes, and what is there now
};

void put_field(struct build *b, const struct field *field);
/// What the key does that ends typing: where an empty field comes right behind, it leads there, so
/// that nobody has to touch that field first; else the keys are put away.
struct done {
    const char *label_key;
    struct action action;
};
struct done done_key(const struct build *b);
/// The keyboard or keypad for the field being typed in; nothing when there is none.
void put_dock(struct build *b);
void put_keyboard(struct build *b);
void put_keypad(struct build *b, enum field_kind kind);
/// Digits and capitals, for the number of a document.
void put_document_keys(struct build *b);
/// Digits, erase, and X where it may be the end of an ID number; each press sends `intent` with the
/// character as text (second factor).
void put_factor_pad(struct build *b, enum intent_kind intent, bool with_x);
/// A key for each character and one to erase; each press sends `intent` with it as text.
void put_symbol_pad(struct build *b, enum intent_kind intent, const char *symbols);
/// Of `length` characters so many dots are full.
const char *secret_dots(const struct build *b, int count, int length);
/// The field above such a pad: `name` is what it is to those who do not see it.
void put_secret(struct build *b, const char *id, const char *name, const char *shown);
/// Digits only, each press sends `intent` with the digit as text (staff number and PIN).
void put_pin_pad(struct build *b, enum intent_kind intent, enum intent_kind enter);
/// The QR code of the view, and below it what it is for; nothing when there is none.
void put_qr_code(struct build *b, const char *caption);
/// A question of a form, whatever its kind.
void put_question(struct build *b, const struct question *question, bool alone);
void put_choices(struct build *b, const struct question *question, bool alone);
/// "张家河村 Zhangjiahe" as this language reads it.
const char *place_label(const struct build *b, const char *label);
/// A choice as this language reads it: of a place's two names the one that can be read first.
const char *choice_label(const struct build *b, const struct question *question, const char *label);
/// True when `typed` begins a place's name by sound or by initials, or stands in it in Chinese.
bool choice_is_found(const char *label, const char *typed);
/// A long list that says so ("autocomplete") has a field to search it by.
bool choices_are_searched(const struct question *question);
bool choices_are_being_searched(const struct build *b, const struct question *question);
/// What was typed into it so far; "": everything is shown.
const char *choices_searched_for(const struct build *b, const struct question *question);
void put_choice_search(struct build *b, const struct question *question);
void put_range(struct build *b, const struct question *question);
/// Takes the finger: what is signed, or one character in a square.
void put_signature_pad(struct build *b, int height);
void put_character_pad(struct build *b, int side);
/// What the typed digits of a date or time look like.
const char *masked_digits(const struct build *b, enum field_kind kind, const char *digits);
/// ID and phone numbers in groups.
const char *grouped_digits(const struct build *b, enum field_kind kind, const char *digits);
/// Last step of a ref: "/data/member[2]/name" -> "name".
const char *ref_leaf(const char *ref);
/// What a question is called in the ids of its nodes: the last step of its ref, two where another
/// question of the screen ends alike.
const char *question_name(const struct build *b, const char *ref);
/// The question of the form that is being typed in; NULL: none is.
const struct question *typed_question(const struct build *b);
