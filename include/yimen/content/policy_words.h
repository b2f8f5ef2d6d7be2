// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/policy.h"
#include "yimen/content/texts.h"

/// What screen and paper say alike about a measure: what to bring, where, how long, whom to call.
/// What the catalogue does not say comes from the service to apply with (papers, limits of today)
/// or from whoever answers for the measure; nothing is promised that no table holds. Pure.

struct policy_words {
    char bring[1600], where[600], time[400], phone[80];
};

/// `service` and `limit` may be NULL: no service here, no limit in force.
void policy_words(const struct policies *policies, const struct policy *policy,
                  const struct service *service, const struct service_limit *limit,
                  const struct texts *texts, const char *language, struct policy_words *out);
