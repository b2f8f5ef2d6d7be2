// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "sheet.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"
#include <stdbool.h>

// What a receipt says of the papers: what is still to come and what may stand in for it, until when
// and where; what came; what nobody need bring. What it is for stands on the tracking page.

// Still to come, and not something that the district can look up itself.
bool papers_is_missing(const struct receipt_facts *facts, const struct catalogue *catalogue,
                       const struct paper_note *paper);
size_t papers_missing(const struct receipt_facts *facts, const struct catalogue *catalogue);
// Nothing where no paper was spoken of.
void papers_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue);
