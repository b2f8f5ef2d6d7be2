// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/service.h"

/// What is said about a case on its way: what happens now, and what happens next. A figure (days of
/// publicity, days of the decision, the month of the first payment) is said only of a service whose
/// limits have it.

struct follow_words {
    char now_key[48], next_key[48]; ///< texts keys, both filled with {days}
    int days;                       ///< 0: neither sentence has a figure
};
/// The sentences for `state` ("10" ... "98" of the district's codes, or "here", "sent"); `limit` is
/// the one in force when the case was saved, NULL when there is none.
void follow_words(const struct service_limit *limit, const char *state, struct follow_words *out);
/// The sentence for the days that are promised, filled with {days}; NULL when none are. Public
/// notice is spoken of only where there is one.
const char *follow_promise(const struct service_limit *limit);
