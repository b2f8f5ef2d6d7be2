// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "district_internal.h"
#include "yimen/weave/compose.h"

// split.c, split_tell.c, split_show.c: a case of several items

struct split_items {
    char instance[LIMIT_INSTANCE_ID];
    size_t count; ///< 0: the case is of one service
    struct district_item items[DISTRICT_ITEMS];
};
/// Files the items of a case, each at the first state; nothing for a case of one service. The same
/// again changes nothing.
enum err split_begin(struct district *district, const struct manifest *manifest,
                     struct fail *why) MUST_USE;
/// The service whose refs find the applicant: the case's, or its first item's.
void split_first(const struct manifest *manifest, char out[FORM_ITEM_ID]);
enum err split_items(struct district *district, const char *instance, struct split_items *out,
                     struct fail *why) MUST_USE;

struct split_record {
    struct strbuf xml;         ///< what the item's own form would have sent
    char violation[LIMIT_REF]; ///< what that form finds wrong, "" when nothing
};
/// `out->xml` is to be freed, also after a failure.
enum err split_record(struct district *district, const struct district_submission *submission,
                      const struct attachment *record, const struct district_item *item,
                      struct split_record *out, struct fail *why) MUST_USE;

/// The state of the whole: something wanted of one item is wanted of the whole; else, of the items
/// still under way, the least advanced; when all are at an end, the last of these. While a
/// correction list of the whole is open, it stays where it is, unless the whole is decided.
const char *split_whole(const struct split_items *items);
/// Moves one item, or, without one in the decision, all that may. ERR_INPUT: none may.
enum err split_decide(struct district *district, const struct district_case *at,
                      struct split_items *items, const struct district_decision *decision,
                      struct fail *why) MUST_USE;
/// [{item, name, status, status_name, since, legal_days, promised_days}], empty for one service.
json_t *split_describe(struct district *district, const char *instance);
