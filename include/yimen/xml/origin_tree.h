// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/xml/dom.h"
#include "yimen/xml/origin.h"

/// Keeping track of where included elements come from: each element of a part carries the part's
/// number in `_private` (0: the form itself) and its own line, also when it is copied.

enum { ORIGIN_PARTS = 161, ORIGIN_PATH = 384 };

/// The whole tree belongs to that part.
void origin_mark(xmlNode *node, int part);
/// A copy comes from where the original does.
void origin_copy(xmlNode *to, const xmlNode *from);

/// `name`: of the whole, for messages; freed by xml_origins_free.
struct xml_origins *origins_new(const char *name);
/// `path` of a part, from the form's folder.
void origins_name(struct xml_origins *origins, int part, const char *path);
/// Notes the lines of the whole, as it is written out, against the tree that it was made of.
void origins_read(struct xml_origins *origins, const xmlNode *whole, const xmlNode *made);
