// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>

/// ODK XForms: a form's definition, loaded once and never changed; yimen/record/record.h fills it
/// in.
///
/// Life cycle: `form_load` once a form version -> any number of records -> `form_free`. Thread: a
/// form and its records belong to one thread at a time; loading may happen in another thread that
/// hands the form over. Source: ODK XForms specification; what we do beyond it is said at the call.
///
/// With `strict` an author is also warned of traps: a list from which one must choose and in which
/// no choice is true for somebody whom the others leave out. A value with one of the words none,
/// no, other, unknown, unsure, unsaid, dont, not, refuse, prefer, decline, neither, nobody, never,
/// later, skip, any, undecided and the like (form_lint.c) is such a way out; a list from a file is
/// whole by itself, and the appearance "complete" says so of another. And of an int for a telephone
/// number, and of what is required where a kiosk cannot ask.

struct form;
struct xml_origins;

/// The id of the short form that asks for a correction ends in this (yimen/weave/subset.h).
#define FORM_CORRECTION_SUFFIX ":correction"

enum form_severity { FORM_NOTE, FORM_WARNING, FORM_ERROR };

/// What a form author is told: file, line, element, what is wrong, what to do.
struct form_finding {
    enum form_severity severity;
    char file[256];
    int line; ///< 0 when unknown
    char element[128];
    char text[384];
    char advice[256];
};

/// Where a form's text and its external files come from.
struct form_source {
    const char *name; ///< file name shown in findings
    const char *text; ///< the XForm, borrowed during the call
    size_t length;
    /// Text of a "jr://..." resource, appended to `out`. ERR_NOT_FOUND when there is none. May be
    /// NULL: no external files.
    enum err (*resource)(void *context, const char *uri, struct strbuf *out, struct fail *why);
    void *context;
    const struct crypto
        *crypto; ///< digest(), base64-decode(), random(); borrowed as long as the form lives
    const struct xml_origins *origins; ///< of a form put together from parts (xml/origin.h):
                                       ///< findings name the part; borrowed during the call
    const char *const
        *missing; ///< external files to be treated as empty, NULL-terminated; may be NULL
    /// For authors: also refuse what a record can do without, a control or action on no node and a
    /// second control for one node. Otherwise these are warnings.
    bool strict;
};

/// Called for each finding, in file order. May be NULL.
typedef void form_report(void *context, const struct form_finding *finding);

/// ERR_INPUT when the form has errors (the first is in `why`, all go to `report`); `*out` then
/// stays NULL.
enum err form_load(const struct form_source *source, form_report *report, void *context,
                   struct form **out, struct fail *why) MUST_USE;
/// NULL-safe; no record of it may live any more.
void form_free(struct form *form);

/// What the form says of itself; borrowed as long as the form lives.
const char *form_id(const struct form *form);
const char *form_version(const struct form *form); ///< "" when absent
const char *form_title(const struct form *form);
/// base64RsaPublicKey of the form's <submission>, "" when absent.
const char *form_public_key(const struct form *form);
/// Languages of the itext, default first; NULL-terminated. Empty when the form has no itext.
const char *const *form_languages(const struct form *form);
size_t form_question_count(const struct form *form);
