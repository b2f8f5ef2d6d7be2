// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>

/// Where each line of a document that was put together stands in its parts, for messages.
/// Made by yimen/weave/include.h.
struct xml_origins;
/// NULL-safe.
void xml_origins_free(struct xml_origins *origins);
/// File and line of a line of the whole; `*file` lives as long as `origins`. False where it is not
/// known (NULL: nothing is).
bool xml_origins_find(const struct xml_origins *origins, int line, const char **file, int *at);
