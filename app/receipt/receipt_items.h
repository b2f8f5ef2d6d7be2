// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "sheet.h"
#include "yimen/case/receipt_facts.h"

// What a receipt of several items in one visit says of each. With one service they do nothing.

// Every item: number, name, its limits where it has any, its code.
void items_list(struct sheet *sheet, const struct receipt_facts *facts);
// How long it may take: NULL where the district has set neither.
const char *items_limits(struct sheet *sheet, int legal_days, int promised_days);
// The paper's name, and which items it is for where not all of them ask for it.
const char *items_paper(struct sheet *sheet, const struct receipt_facts *facts,
                        const struct paper_note *paper);
