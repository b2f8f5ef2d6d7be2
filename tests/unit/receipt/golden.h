// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "unit/receipt/samples.h"

/// Renders the document and compares it with tests/golden/receipts/<name>.png; with
/// YIMEN_GOLDEN=write it becomes that picture. Fails the test where they differ.
void golden_compare(struct bench *bench, const struct paper_document *document, const char *name);
