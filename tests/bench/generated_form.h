// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"

/// A made-up form for measuring: plain questions with relevances, constraints and calculations,
/// and repeats of ten questions with a total each.
struct generated_form {
    int questions; ///< plain ones
    int repeats;   ///< each with ten questions
    int instances; ///< of each repeat
};
void generated_form_write(const struct generated_form *shape, struct strbuf *out);
