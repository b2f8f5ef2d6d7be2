// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "sheet.h"
#include "yimen/case/receipt_facts.h"

// What a receipt of several items in one visit says of each. With one service they do nothing.

// Every item's name, numbered.
void items_list(struct sheet *sheet, const struct receipt_facts *facts);
// Legal and promised limit of each; false: there are no items.
bool items_limits(struct sheet *sheet, const struct receipt_facts *facts);
void items_codes(struct sheet *sheet, const struct receipt_facts *facts);
// The paper's name, and which items it is for where not all of them ask for it.
const char *items_paper(struct sheet *sheet, const struct receipt_facts *facts,
                        const struct paper_note *paper);
