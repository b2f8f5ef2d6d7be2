// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include "yimen/content/policy.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"

/// Paper that belongs to no case: information to take home. Nothing on it says who asked for it,
/// it has no number and no code, and nothing of it is kept. A hand slip has a number of its own
/// (type 9): the counter fills it in by hand, one half for the resident, one to be entered later.

enum slip_kind {
    SLIP_POLICY,  ///< one measure of the catalogue
    SLIP_HAND,    ///< numbered, to be filled in by hand while the kiosk cannot take a case
    SLIP_UNSAVED, ///< urgent help was asked for, and this kiosk can save nothing: whom to call. Of
                  ///< no case, without a number
    SLIP_FIT,     ///< "what may fit you": measures, each with its reason
};
enum { SLIP_LINES = 40 };

struct slip_line {
    char policy[40];  ///< id, "" for a plain remark
    char reason[400]; ///< as it stood on the screen
};

/// A plain value: changes threads inside a print request.
struct slip {
    enum slip_kind kind;
    char language[8], counter_code[4];
    char number[LIMIT_RECEIPT_NUMBER]; ///< SLIP_HAND
    struct when made;
    size_t count; ///< SLIP_POLICY: 1
    struct slip_line lines[SLIP_LINES];
};

/// Pure; any thread. Everything in `*out` lives in `arena`. A measure that `policies` does not
/// have is left out.
void slip_compose(const struct slip *slip, const struct texts *texts,
                  const struct catalogue *catalogue, const struct policies *policies,
                  struct arena *arena, struct paper_document *out);
