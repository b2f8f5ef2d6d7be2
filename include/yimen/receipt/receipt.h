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
/// 12345; how the result comes; digital signature note; print count. A signature that is still
/// outstanding adds a sheet to tear off, sign at home and bring.

/// Everything in `*out` lives in `arena`.
void receipt_compose(const struct receipt_facts *facts, const struct texts *texts,
                     const struct catalogue *catalogue, struct arena *arena,
                     struct paper_document *out);
/// A short slip that shows whether the printer is sound; holds nothing personal. Everything in
/// `*out` lives in `arena`.
void receipt_compose_test(const struct when *now, const struct texts *texts, struct arena *arena,
                          struct paper_document *out);
/// The receipt number in groups as people read it out: "370212 001 261123", "1 4821 7" on the
/// second line; anything but 21 digits stays as it is.
void receipt_number_groups(const char *number, char *out, size_t room);
