// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "sheet.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"
#include <stdbool.h>

// The one-time complete notice (一次性告知): a sheet of its own behind the receipt, when papers are
// missing. All of them, what may stand in for each, until when, and what is never demanded.

// Still to come, and not something that the district can look up itself.
bool notice_is_missing(const struct receipt_facts *facts, const struct catalogue *catalogue,
                       const struct paper_note *paper);
// Nothing where nothing is missing.
void notice_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue);
