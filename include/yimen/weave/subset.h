// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stddef.h>

/// A short form that asks again for a few answers of another form, each with the reason above it.
///
/// The result is a form like any other: id "<id>:correction", the version that is asked for, one
/// screen for each question. The answer to question n (from 1) is at /data/answer/a<n>, whatever
/// its ref was in the first form; /data/visit and the meta block are those of every form.
///
/// A question keeps its control, choices, type, sentences and languages, and the label of its
/// group; one inside a repeat instance ("/data/member[2]/relation") is asked once, under the
/// instance's label. What reads answers that are not asked again cannot be judged, so it must not
/// misfire:
/// - constraint: of the terms joined by "and" those that read nothing else than this question and
///   others asked again stay; the rest is left out. So nothing good is refused.
/// - relevant, its own and its groups': the same. What is left out counts as true: it was asked
/// for.
/// - required: kept when all of it can be judged; else the question may stay empty.
/// - choices from a list: a condition that compares a column with an answer not asked again
///   (`[parent = /data/street]`) becomes "the column is not empty"; other such conditions fall
///   away.
/// - <output> of what is not asked again: "…"; of if(...) what can still be said. Calculations and
/// actions: none. Reasons are plain text in every language: nothing in them is markup.
///
/// The same input gives the same bytes. One call, nothing kept, any thread.

enum { SUBSET_QUESTIONS = 24, SUBSET_REF = 32 };

struct form_wanted {
    const char *ref;    ///< "/data/contact/phone", "/data/member[2]/relation"
    const char *reason; ///< plain text
};

struct form_subset {
    const char *text; ///< the whole first form, nothing left to include; borrowed
    size_t length;
    const char *version; ///< of the short form
    const struct form_wanted *wanted;
    size_t count; ///< 0 is fine: a form that asks nothing
};

/// Appends the short form. ERR_INPUT names the ref that the form does not ask, and why: no such
/// question, only shown or computed, an instance that is missing or one too many.
enum err form_subset(const struct form_subset *subset, struct strbuf *out,
                     struct fail *why) MUST_USE;
/// Where the answer to the question at `index` (from 0) is.
void form_subset_ref(size_t index, char out[SUBSET_REF]);
