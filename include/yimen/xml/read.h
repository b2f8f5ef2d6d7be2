// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stddef.h>

/// Reading small XML that came from outside: bounded, no entities, no document type, no network.
///
/// Life cycle: `xml_parse` -> walk -> `xml_free`. Elements are borrowed from their document.
/// Thread: belongs to its owner.

struct xml_document;
struct xml_element;

/// `maximum`: refuse more bytes than this. ERR_INPUT: not well-formed, has a document type, or too
/// deep. ERR_FULL: too long.
enum err xml_parse(const void *bytes, size_t length, size_t maximum, struct xml_document **out,
                   struct fail *why) MUST_USE;
/// NULL-safe.
void xml_free(struct xml_document *document);
const struct xml_element *xml_root(const struct xml_document *document);
/// First child element, next sibling element; NULL when there is none.
const struct xml_element *xml_child(const struct xml_element *element);
const struct xml_element *xml_next(const struct xml_element *element);
/// First child element of that local name, NULL when there is none.
const struct xml_element *xml_find(const struct xml_element *element, const char *name);
/// Local name, and namespace ("" when none).
const char *xml_name(const struct xml_element *element);
const char *xml_namespace(const struct xml_element *element);
/// All text inside, copied whole. ERR_FULL when it does not fit. A NULL element: ERR_NOT_FOUND.
enum err xml_text(const struct xml_element *element, char *out, size_t room,
                  struct fail *why) MUST_USE;
/// Attribute without namespace. ERR_NOT_FOUND, ERR_FULL. A NULL element: ERR_NOT_FOUND.
enum err xml_attribute(const struct xml_element *element, const char *name, char *out, size_t room,
                       struct fail *why) MUST_USE;
