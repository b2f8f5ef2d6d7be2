// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/xml/origin.h"
#include <stddef.h>

/// Forms written in parts: `<xi:include href="blocks/account.xml" xpointer="..."/>` is replaced by
/// the elements that the pointer names in that file, so that what many forms ask is written once.
///
/// A subset of XInclude 1.0: parse="xml" only, a file of the form's own folder or below, an
/// xpointer (a bare xml:id or xpointer(...)) always given, no fallback. Files may include others;
/// depth, number and size are bounded and a circle is refused. One call, nothing kept, any thread.

struct form_parts {
    const char *name; ///< of the form, for messages
    const char *text; ///< borrowed during the call
    size_t length;
    /// Text of another file, its path relative to the form's folder ("blocks/account.xml"),
    /// appended to `out`. ERR_NOT_FOUND when there is none.
    enum err (*read)(void *context, const char *path, struct strbuf *out, struct fail *why);
    void *context;
    /// Gets where the lines come from, NULL for a form that includes nothing; freed by the caller.
    /// May be NULL: nobody asks.
    struct xml_origins **origins;
};

/// Appends the whole form to `out`: the same bytes when it includes nothing. ERR_INPUT: not XML, a
/// path that leaves the folder, a pointer that names nothing, a circle. ERR_FULL: too much. Else as
/// `read`.
enum err form_include(const struct form_parts *parts, struct strbuf *out,
                      struct fail *why) MUST_USE;
