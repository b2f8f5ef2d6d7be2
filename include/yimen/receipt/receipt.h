// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"

/// What a receipt says: facts and texts become a list of things to draw. Pure; any thread.
/// Content: title and number; item and code; applicant masked; counter and terminal; times; papers
/// and which are missing; legal and promised limit; no fee; how to ask; supervision phone and
/// 12345; how the result comes; digital signature note; print count.

/// Everything in `*out` lives in `arena`.
void receipt_compose(const struct receipt_facts *facts, const struct texts *texts,
                     const struct catalogue *catalogue, struct arena *arena,
                     struct paper_document *out);
