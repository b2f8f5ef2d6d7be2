// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"
#include "yimen/port/files.h"

/// A shipped form with everything it includes, as it goes into a pack. `path`: "forms/x.xml".
void asset_form(const struct files *assets, const char *path, struct strbuf *out);
