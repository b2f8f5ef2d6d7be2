// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/content/policy.h"

#define POLICY_FILE "policies/policies.json"
enum { POLICY_MOST = 400, POLICY_GROUPS = 16, POLICY_OWNERS = 32, POLICY_BYTES = 1 << 20 };

struct policies {
    struct arena *arena;
    size_t count, group_count, owner_count;
    struct policy *list;
    struct policy_group groups[POLICY_GROUPS];
    struct policy_owner owners[POLICY_OWNERS];
};

/// Reads POLICY_FILE into `policies`.
enum err policies_read(struct policies *policies, const struct files *pack,
                       const struct catalogue *catalogue, struct fail *why) MUST_USE;
