// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"

/// Writing XML, element by element: what is opened is closed, what must be escaped is.
///
/// Life cycle: `xml_writer_new` -> calls -> `xml_writer_finish`, which frees it. A failure inside
/// is kept until then. Names are given as they stand in the text ("xml:space"); a namespace is an
/// attribute ("xmlns"). Thread: belongs to its owner.

struct xml_writer;

enum xml_style {
    XML_FRAGMENT, ///< no declaration, no blanks that were not asked for
    XML_DOCUMENT, ///< with the declaration, UTF-8
    XML_INDENTED  ///< the same, one element a line
};

/// Never NULL: without memory the program ends.
struct xml_writer *xml_writer_new(enum xml_style style);
/// Opens an element; its attributes follow, then what it holds.
void xml_begin(struct xml_writer *writer, const char *name);
/// An attribute of the element that was opened last.
void xml_put_attribute(struct xml_writer *writer, const char *name, const char *value);
/// Text inside the open element.
void xml_put_text(struct xml_writer *writer, const char *text);
/// Closes the element that is open.
void xml_end(struct xml_writer *writer);
/// A whole element that holds text alone.
void xml_put_element(struct xml_writer *writer, const char *name, const char *text);
/// Appends what was written, every element closed, and frees the writer. ERR_RETRY: no memory.
enum err xml_writer_finish(struct xml_writer *writer, struct strbuf *out,
                           struct fail *why) MUST_USE;
