// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stddef.h>

/// Several items in one visit (一件事): their forms become one form, in which what they have in
/// common is asked once, and its record becomes one record an item again.
///
/// The unit is a *part*, a child of /data ("applicant", "household", "school"). The rules:
/// - A part that two or more items have alike (nodes, binds, questions and sentences) stays where
///   it is, /data/applicant, and is asked once, before everything else.
/// - Everything else moves below its item, /data/meal-money/school, under the item's name; what
///   refers to it moves along. So the same name with another meaning never meets.
/// - A part that is alike but for when it is asked (the relevance of the part itself) is shared and
///   asked when one of the items asks it. Children of /data/visit (papers, consents) always are.
///   There the stricter wins: required when one requires it, every constraint holds.
/// - /data/level is "full" when it is for one of the items.
/// - Translations, secondary instances: once; a sentence of another text under the same id gets its
///   item's name in front. An instance of the same id and another source is refused.
///
/// The same forms in the same order give the same bytes, so that kiosk and district, each from the
/// same pack, have the same form: id "one-visit:a+b", version the highest of theirs and a digest.
/// In its model stands `<items xmlns="urn:yimen:items:1">`: for each item the form and version that
/// its record is one of, and where its parts are. Plain calls, nothing kept, any thread.

enum { FORM_ITEMS = 6, FORM_ITEM_ID = 40 };
/// Id of the composed form: this and the ids of its items, in order, joined by '+'.
#define FORM_ONE_VISIT "one-visit:"

struct form_item {
    const char *id;   ///< of the service, "meal-money": names its group
    const char *text; ///< its whole form, nothing left to include
    size_t length;
    /// What its service asks for, separated by spaces ("id-card school-proof"): asked always,
    /// unless its form has a node paper_<id> or consent_<id> that says when.
    const char *papers, *consents;
};

struct form_composition {
    const struct form_item *items;
    size_t count; ///< 2..FORM_ITEMS
    /// What an item is called, in a language of the forms; item NULL: the whole.
    const char *(*label)(void *context, const char *item, const char *language);
    void *context;
};

/// Appends the composed form. ERR_INPUT: the forms cannot go together; names form and part.
enum err form_compose(const struct form_composition *composition, struct strbuf *out,
                      struct fail *why) MUST_USE;
/// The id of the form composed of these items.
enum err form_compose_id(const char *const *ids, size_t count, struct strbuf *out,
                         struct fail *why) MUST_USE;
/// The items that a composed form's id names, in order. 0: it is no such id.
size_t form_compose_items(const char *form_id, char out[FORM_ITEMS][FORM_ITEM_ID]);

/// One item of a composed form, as that form says.
struct form_sub {
    char item[FORM_ITEM_ID];
    char form[96], version[64]; ///< what its record is one of
};
/// `*count` 0: the form is of one item. ERR_INPUT: not a form.
enum err form_split_items(const char *form, size_t length, struct form_sub out[FORM_ITEMS],
                          size_t *count, struct fail *why) MUST_USE;

struct form_split {
    const char *composed; ///< the composed form
    size_t composed_length;
    const char *record; ///< a record of it
    size_t record_length;
    const char *item;
    const char *own; ///< the item's own form
    size_t own_length;
};
/// Appends the record that the item's own form takes (record_options.edit): its nodes, and of the
/// visit only the papers and consents that are its own. ERR_NOT_FOUND: no such item.
enum err form_split_record(const struct form_split *split, struct strbuf *out,
                           struct fail *why) MUST_USE;
