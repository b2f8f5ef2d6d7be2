// SPDX-License-Identifier: GPL-3.0-or-later
// What belongs to another case: a withdrawal moves that case, papers and corrections are shown with
// it. Either may arrive first.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>

static const char withdrawal[] = "withdraw", withdrawn[] = "96";

// Only while the state machine lets it; a case that is decided stays as it is, and a clerk sees
// both.
static enum err withdraw(struct district *district, const struct district_case *of,
                         const char *receipt, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct status *now = status_find(of->status);
    struct district_event event = {.utc_ms = clock_now(district->options.clock).utc_ms};
    if (!now || !status_may_follow(now, withdrawn)) {
        log_event(LOG_INFO, "district", "withdrawal-too-late", "receipt=%s", receipt);
        return ERR_OK;
    }
    text_copy(event.instance, sizeof event.instance, of->submission.instance);
    text_copy(event.from, sizeof event.from, of->status);
    text_copy(event.status, sizeof event.status, withdrawn);
    text_copy(event.actor, sizeof event.actor, "its owner");
    snprintf(event.reason, sizeof event.reason, "withdrawn with %s", receipt);
    enum err err = store->ops->status_set(store->self, &event, why);
    return err ? err
               : chain_add(district, "case.status", of->submission.receipt, "its owner",
                           event.reason, why);
}

// The record must say of which case it is: the seal alone is of the device.
static enum err names_its_case(const struct manifest *manifest, const struct attachment *record,
                               struct fail *why)
{
    char of[LIMIT_INSTANCE_ID];
    enum err err = opened_value(record, "/data/visit/of", of, sizeof of, NULL);
    if (err || !text_equal(of, manifest->seal.of_instance))
        return fail_set(why, ERR_CORRUPT, "the record does not say what its seal says it is of");
    return ERR_OK;
}

struct waiting {
    char receipt[LIMIT_RECEIPT_NUMBER];
};

static void find_withdrawal(void *context, const struct district_case *row)
{
    struct waiting *waiting = context;
    if (row->opened == DISTRICT_OPENED && text_equal(row->submission.service, withdrawal))
        text_copy(waiting->receipt, sizeof waiting->receipt, row->submission.receipt);
}

// A case that comes after its withdrawal.
static enum err apply_waiting(struct district *district, const char *instance, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct waiting waiting = {.receipt = ""};
    struct district_case at;
    enum err err = store->ops->linked_each(store->self, instance, find_withdrawal, &waiting, why);
    if (err || !waiting.receipt[0])
        return err;
    err = store->ops->case_get(store->self, instance, &at, why);
    return err ? err : withdraw(district, &at, waiting.receipt, why);
}

enum err linked_apply(struct district *district, const struct manifest *manifest,
                      const struct attachment *record, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct seal *seal = &manifest->seal;
    struct district_case of;
    if (!text_equal(seal->service, withdrawal))
        return apply_waiting(district, manifest->instance_id, why);
    enum err err = names_its_case(manifest, record, why);
    if (!err)
        err = store->ops->case_get(store->self, seal->of_instance, &of, why);
    if (err == ERR_NOT_FOUND) // it comes later
        return ERR_OK;
    return err || !of.status[0] ? err : withdraw(district, &of, seal->receipt, why);
}

struct listing {
    const struct district *district;
    json_t *list;
};

static void add_linked(void *context, const struct district_case *row)
{
    const struct listing *listing = context;
    char saved[32];
    when_format_utc(row->submission.saved_utc_ms, saved);
    json_array_append_new(listing->list,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "receipt", row->submission.receipt,
                                    "service", row->submission.service, "saved", saved, "status",
                                    row->status, "status_name",
                                    status_name(listing->district, row->status)));
}

json_t *linked_describe(struct district *district, const char *instance)
{
    const struct district_store *store = district->options.store;
    struct listing listing = {district, json_array()};
    if (store->ops->linked_each(store->self, instance, add_linked, &listing, NULL) != ERR_OK)
        json_array_clear(listing.list);
    return listing.list;
}
