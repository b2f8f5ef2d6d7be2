// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/content/service.h"
#include "yimen/port/files.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The policy catalogue: what the district does for people in difficulty, as people may read and
/// search it, from a pack's policies/policies.json. It informs; no rule follows from it. Life
/// cycle: `policies_load` -> read -> `policies_free`. Read-only after loading: any thread.

/// One sentence in every language; a language that is not there reads as Chinese.
struct policy_title {
    char zh[128], en[160], ko[160];
};
struct policy_line {
    char zh[320], en[400], ko[400];
};
struct policy_body {
    char zh[800], en[1000], ko[1000];
};

/// A heading of the catalogue ("keeps a household going", "care and company").
struct policy_group {
    char id[24], icon[24]; ///< icon: of icons/*.svg, "" for the usual one
    struct policy_title title;
};

/// Whoever answers for a measure.
struct policy_owner {
    char id[24];
    struct policy_title name;
    char phone[32]; ///< "" until the district has set it: then the hotline answers
};

struct policy {
    char id[40];
    char group[24], owner[24]; ///< ids of the file's groups and owners
    char service[40];          ///< the service to apply with, "" when there is none here
    char version[24];
    char from[11], to[11]; ///< in force, both days included; `to` may be ""
    bool unconfirmed;      ///< the district has not said yet that it gives this
    bool example;          ///< local figures or phones in it are still the district's to set
    struct policy_title title;
    struct policy_body text;
    struct policy_line who; ///< may get it
    /// What to bring and where, "" where the service's papers and this counter are the answer.
    struct policy_line bring, where;
};

struct policies;
/// Reads and checks the file. ERR_NOT_FOUND: the pack has none; ERR_INPUT names the entry and what
/// is wrong with it, a service that `catalogue` does not offer included.
enum err policies_load(const struct files *pack, const struct catalogue *catalogue,
                       struct policies **out, struct fail *why) MUST_USE;
/// NULL-safe.
void policies_free(struct policies *policies);
/// Every measure, in the order of the file: group by group.
size_t policies_count(const struct policies *policies);
const struct policy *policies_at(const struct policies *policies, size_t index);
/// NULL when there is none.
const struct policy *policies_find(const struct policies *policies, const char *id);
/// The headings in their order.
size_t policies_group_count(const struct policies *policies);
const struct policy_group *policies_group_at(const struct policies *policies, size_t index);
/// Who answers for a measure; never NULL for a policy of `policies`.
const struct policy_owner *policies_owner(const struct policies *policies,
                                          const struct policy *policy);
/// In force on the district's day of `utc_ms`.
bool policy_holds(const struct policy *policy, int64_t utc_ms);
/// Borrowed sentences in "zh", "en" or "ko".
const char *policy_title_in(const struct policy_title *title, const char *language);
const char *policy_line_in(const struct policy_line *line, const char *language);
const char *policy_body_in(const struct policy_body *body, const char *language);
/// Those in whose title, text, heading, owner or "who" every word of `query` (parted by spaces)
/// occurs, large and small Latin letters alike; titles first. An empty query finds all. Writes at
/// most `room` and returns how many it wrote.
size_t policies_search(const struct policies *policies, const char *language, const char *query,
                       const struct policy **out, size_t room);
