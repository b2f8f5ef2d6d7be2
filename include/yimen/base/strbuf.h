// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/// A growing byte string with a maximum that is set at the start.
///
/// Life cycle: `strbuf_init` (no memory yet) -> append -> read `data`/`length` -> `strbuf_free`
/// (zeroes what it held). After an append that did not fit, `failed` stays true and later appends
/// do nothing: check once, at the end. `data` is always terminated by a NUL that `length` does not
/// count; never NULL after the first append. Thread: belongs to its owner.

struct strbuf {
    char *data;
    size_t length;   ///< bytes
    size_t capacity; ///< bytes
    size_t maximum;  ///< bytes; an append beyond it fails
    bool failed;
};

/// An empty buffer of at most `maximum` bytes; takes no memory yet.
void strbuf_init(struct strbuf *buffer, size_t maximum);
/// Zeroes and gives back what it held; the maximum stays, so it may be used again.
void strbuf_free(struct strbuf *buffer);
/// Forget the content (zeroed), keep the memory and the maximum.
void strbuf_clear(struct strbuf *buffer);
void strbuf_add(struct strbuf *buffer, const void *bytes, size_t length);
void strbuf_adds(struct strbuf *buffer, const char *text);
void strbuf_addc(struct strbuf *buffer, char byte);
void strbuf_addf(struct strbuf *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/// Text as it may stand between tags or in a quoted attribute of XML or HTML.
void strbuf_add_xml(struct strbuf *buffer, const char *text);
/// The content, "" when empty. Borrowed until the next change.
const char *strbuf_text(const struct strbuf *buffer);
/// Give the content away (NUL-terminated, to be freed by `free`) and begin anew; NULL when failed
/// or out of memory.
char *strbuf_take(struct strbuf *buffer) MUST_USE;
/// ERR_OK, or ERR_FULL when an append did not fit.
enum err strbuf_result(const struct strbuf *buffer, struct fail *why) MUST_USE;
