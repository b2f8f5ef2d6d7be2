// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/paper.h"

/// The paper port without fonts: what would be drawn, as lines of text. A thousand receipts a
/// second, and a test can read what came out of the printer.
///
/// Life cycle: `sim_paper_open` -> render. Stateless, nothing to close; any thread. In `out->pwg`
/// stands one line an item: "text ...", "pair LABEL: VALUE", "qr ..."; rules, gaps and pictures
/// leave none. PDF and PNG are not made.

/// Ready at once.
void sim_paper_open(struct paper *out);
