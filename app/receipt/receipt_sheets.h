// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "sheet.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"

// One sheet to tear off, for everything that is still to be signed at home: the applicant's own
// signature, and the consents of people who were not there. Nothing where nothing is.
void sheets_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue);
