// SPDX-License-Identifier: GPL-3.0-or-later
// What staff decide: the state of a case, and the list of cases.
#include "split.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>

static enum err move(struct district *district, const struct district_case *at,
                     const struct district_decision *decision, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_event event = {.utc_ms = clock_now(district->options.clock).utc_ms};
    char detail[200];
    text_copy(event.instance, sizeof event.instance, at->submission.instance);
    text_copy(event.from, sizeof event.from, at->status);
    text_copy(event.status, sizeof event.status, decision->status);
    text_copy(event.reason, sizeof event.reason, decision->reason);
    text_copy(event.actor, sizeof event.actor, decision->actor);
    enum err err = store->ops->status_set(store->self, &event, why);
    if (err)
        return err;
    snprintf(detail, sizeof detail, "%s -> %s: %.150s", at->status, decision->status,
             decision->reason);
    return chain_add(district, "case.status", decision->receipt, decision->actor, detail, why);
}

enum err district_set_status(struct district *district, const struct district_decision *decision,
                             struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    enum err err = store->ops->case_by_receipt(store->self, decision->receipt, &at, why);
    if (err)
        return err;
    if (!status_find(decision->status))
        return fail_set(why, ERR_INPUT, "there is no state %s", decision->status);
    struct split_items items;
    err = split_items(district, at.submission.instance, &items, why);
    if (err)
        return err;
    if (items.count > 0)
        return split_decide(district, &at, &items, decision, why);
    if (decision->item)
        return fail_set(why, ERR_INPUT, "the case is of one service");
    const struct status *now = status_find(at.status);
    if (!now)
        return fail_set(why, ERR_CORRUPT, "the case is at %s, which is no state", at.status);
    if (!status_may_follow(now, decision->status))
        return fail_set(why, ERR_INPUT, "%s may not follow %s", decision->status, at.status);
    return move(district, &at, decision, why);
}

enum err district_revoke(struct district *district, const char *device_id, const char *actor,
                         const char *reason, struct fail *why)
{
    const struct district_store *store = district->options.store;
    enum err err = store->ops->device_revoke(store->self, device_id,
                                             clock_now(district->options.clock).utc_ms, why);
    return err ? err : chain_add(district, "device.revoked", device_id, actor, reason, why);
}

static const char *opened_name(enum district_opened opened)
{
    switch (opened) {
    case DISTRICT_SEALED: return "sealed";
    case DISTRICT_OPENED: return "opened";
    case DISTRICT_QUARANTINED: return "quarantined";
    }
    return "";
}

struct listing {
    const struct district *district;
    json_t *list;
};

static void add_case(void *context, const struct district_case *row)
{
    const struct listing *listing = context;
    const struct district_submission *s = &row->submission;
    char saved[32], received[32], due[32] = "";
    if (row->opened == DISTRICT_SEALED && row->tries > 0)
        when_format_utc(row->due_utc_ms, due);
    when_format_utc(s->saved_utc_ms, saved);
    when_format_utc(s->received_utc_ms, received);
    json_array_append_new(
        listing->list,
        json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s}",
                  "receipt", s->receipt, "instance", s->instance, "service", s->service, "urgent",
                  s->urgent, "counter", s->counter, "status", row->status, "status_name",
                  status_name(listing->district, row->status), "saved", saved, "received", received,
                  "record", opened_name(row->opened), "flag", s->flag, "reason", row->reason,
                  "open_tries", row->tries, "open_next", due));
}

static void add_items(struct district *district, json_t *row)
{
    json_t *items = split_describe(district, json_string_value(json_object_get(row, "instance")));
    if (json_array_size(items) > 0)
        json_object_set(row, "items", items);
    json_decref(items);
}

enum err district_list(struct district *district, struct strbuf *out, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct listing listing = {district, json_array()};
    enum err err = store->ops->case_each(store->self, add_case, &listing, why);
    size_t i;
    json_t *row;
    json_array_foreach(listing.list, i, row) add_items(district, row);
    if (!err)
        return json_tell(listing.list, out, why);
    json_decref(listing.list);
    return err;
}
