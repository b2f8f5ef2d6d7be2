// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>

/// One expression against one XML document: the door for form authors' own tests (`yimenctl form
/// xpath`). Pure, any thread.

enum xpath_answer_kind {
    XPATH_ANSWER_BOOLEAN,
    XPATH_ANSWER_NUMBER,
    XPATH_ANSWER_STRING,
    XPATH_ANSWER_NODES
};

struct xpath_job {
    const char *xml; ///< the document, parsed without removing blanks
    bool xforms;     ///< it is an XForm: absolute paths start at `root`, instance() and itext work
    const char *root, *context;    ///< node paths "/node()[1]/node()[2]"; NULL: the document
    const char *const *namespaces; ///< prefix, URI, ..., NULL
    const char *language, *time_zone;
    const char *expression;
    enum xpath_answer_kind want;
    const struct crypto *crypto;
    long long now_utc_ms;
};
/// Appends the answer's text: "true"/"false", a number or string as XPath prints it, or node paths
/// one a line in document order.
enum err xpath_job_run(const struct xpath_job *job, struct strbuf *out, struct fail *why) MUST_USE;
