// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/form/form.h"
#include "yimen/port/files.h"
#include <stddef.h>

/// A table of sentences: what one service (or block) says in one language, a CSV file with the
/// columns `id` and `text` that any spreadsheet opens, beside the forms: texts/en/home_care.csv.
///
/// The id is the one that the form's jr:itext('...') names; another form of a text stands behind a
/// '#' ("/data/about:label#short"). The text is what stands in an itext's <value>: XML, so a shown
/// value is <output value="/data/name"/>, and a '<' is written &lt;. What many forms say stands
/// once, in texts/<language>/common.csv, and a form names it by its id there. The Chinese table
/// says which ids there are, in which order; a translation that lacks one is no error (form check
/// names it).
///
/// Thread: belongs to its owner.

enum { SENTENCE_ID = 200 };

struct sentence {
    const char *id, *text;
    int line; ///< in its file
};
struct sentences;
/// ERR_INPUT names the row: no id, one that is there already, a text that is no XML.
enum err sentences_read(const char *text, size_t length, struct sentences **out,
                        struct fail *why) MUST_USE;
/// NULL-safe.
void sentences_free(struct sentences *table);
size_t sentences_count(const struct sentences *table);
const struct sentence *sentences_at(const struct sentences *table, size_t index);
/// NULL: it has none.
const struct sentence *sentences_find(const struct sentences *table, const char *id);

/// A translator's work, in a file that translators' tools open (XLIFF 1.2).
struct sentences_exchange {
    const char *name;               ///< of the table, "home_care"
    const char *from, *to;          ///< languages, "zh", "ko"
    const struct sentences *source; ///< what is translated: every id, in its order
    const struct sentences *target; ///< what there is; NULL: nothing yet
};
/// Appends the file: every sentence, with its translation where there is one.
enum err sentences_export(const struct sentences_exchange *exchange, struct strbuf *out,
                          struct fail *why) MUST_USE;
/// Appends the table that such a file holds, in the order of the source. A sentence without a
/// translation keeps the one of `target`, or stays out. ERR_INPUT names the sentence: of another
/// table or language, not known, not XML, or it shows other values than its source.
enum err sentences_import(const struct sentences_exchange *exchange, const char *xliff,
                          size_t length, struct strbuf *out, struct fail *why) MUST_USE;

/// Looks over every table beside the forms of a folder: a sentence that a language (each folder in
/// texts/) lacks or has too much, and a common one that no form and no block names. Each goes to
/// `report`. `source`: the language that the others are translated from. ERR_INPUT: there are no
/// tables, or one cannot be read.
enum err sentences_check(const struct files *forms, const char *source, form_report *report,
                         void *context, struct fail *why) MUST_USE;
