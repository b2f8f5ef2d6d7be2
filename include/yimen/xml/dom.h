// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/base/error.h"
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/// Bounded XML: trees that come from outside, and small questions about them.

/// Parse without entities, DTD or network. ERR_INPUT or ERR_FULL.
enum err dom_parse(const char *text, size_t length, const char *name, bool keep_blanks,
                   xmlDoc **out, struct fail *why) MUST_USE;
bool dom_is(const xmlNode *node, const char *uri, const char *local);
bool dom_has_local(const xmlNode *node, const char *local);
xmlNode *dom_child(const xmlNode *parent, const char *uri, const char *local);
xmlNode *dom_first_element(const xmlNode *parent);
xmlNode *dom_next_element(const xmlNode *node);
/// Attribute in no namespace, or in `uri`; copy in the arena, NULL when absent.
const char *dom_attribute(struct arena *arena, const xmlNode *node, const char *uri,
                          const char *local);
/// Without blanks around it; the same text when there are none, else a copy in the arena.
const char *dom_trimmed(struct arena *arena, const char *text);
/// Trimmed attribute text.
const char *dom_attribute_trimmed(struct arena *arena, const xmlNode *node, const char *uri,
                                  const char *local);
/// The text of a leaf, "" when empty; borrowed when it is one text node, else in the arena.
const char *dom_text(struct arena *arena, const xmlNode *node);
/// Name as written, "prefix:local".
const char *dom_name(struct arena *arena, const xmlNode *node);
