// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"

/// What a receipt says: facts and texts become a list of things to draw. Pure; any thread.
/// Content: title and number; item and code; applicant masked (a slip for a school or another
/// office has in full what that must read); counter and terminal; times; papers and which are
/// missing; legal and promised limit; no fee; phone and 12345; what follows; print count. What is
/// still to be signed at home adds a sheet to tear off. At most 30 cm for any service: the rest
/// stands on the tracking page. Nothing on it says what only a clerk can say later.

/// Everything in `*out` lives in `arena`.
void receipt_compose(const struct receipt_facts *facts, const struct texts *texts,
                     const struct catalogue *catalogue, struct arena *arena,
                     struct paper_document *out);
/// A short slip that shows whether the printer is sound; holds nothing personal. Everything in
/// `*out` lives in `arena`.
void receipt_compose_test(const struct when *now, const struct texts *texts, struct arena *arena,
                          struct paper_document *out);
