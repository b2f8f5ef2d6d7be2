// SPDX-License-Identifier: GPL-3.0-or-later
// The list that a case waits for, and what comes in answer to one. Whatever is the matter with it,
// it is kept and linked; what a clerk should know is a flag, and the case moves on when its open
// list is answered.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/correction.h"

enum { TRIES = 5 };

// Late counts from when it was handed in, not from when the network came back.
static const char *flag_of(const struct manifest *manifest, const struct district_correction *row)
{
    const struct seal *seal = &manifest->seal;
    if (row->answered_by[0] && !text_equal(row->answered_by, manifest->instance_id))
        return "correction-again";
    if (row->state == DISTRICT_CORRECTION_REPLACED)
        return "correction-of-old-list";
    bool late = seal->saved_utc_ms >= row->due_utc_ms && seal->saved_quality != TIME_UNKNOWN;
    return late ? "correction-late" : "";
}

// Back in review: before the case was accepted where it came in, after that where it was accepted.
static const char *state_after(const struct district_correction *row)
{
    return text_equal(row->came_from, "22") ? "20" : "10";
}

static enum err answer(struct district *district, const struct manifest *manifest,
                       const struct district_correction *row, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    enum err err = store->ops->case_get(store->self, row->instance, &at, why);
    if (err)
        return err;
    const struct district_correction_answer given = {
        .list = row->id,
        .instance = manifest->instance_id,
        .flag = flag_of(manifest, row),
        .utc_ms = clock_now(district->options.clock).utc_ms,
    };
    struct district_event event = {.utc_ms = given.utc_ms, .actor = "opener"};
    bool moves = row->state == DISTRICT_CORRECTION_OPEN && text_equal(at.status, "14");
    text_copy(event.instance, sizeof event.instance, row->instance);
    text_copy(event.from, sizeof event.from, at.status);
    text_copy(event.status, sizeof event.status, state_after(row));
    text_copy(event.reason, sizeof event.reason, "correction handed in");
    err = store->ops->correction_answer(store->self, &given, moves ? &event : NULL, why);
    if (err || !moves || row->answered_by[0])
        return err;
    return chain_add(district, "case.corrected", at.submission.receipt, "opener",
                     manifest->seal.receipt, why);
}

// Somebody asked for what no list of this case says: kept, and looked at by a person.
static enum err flag_stray(struct district *district, const struct manifest *manifest,
                           struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct district_correction_answer stray = {
        .list = "", .instance = manifest->instance_id, .flag = "correction-not-asked"};
    return store->ops->correction_answer(store->self, &stray, NULL, why);
}

enum err correction_answered(struct district *district, const struct manifest *manifest,
                             struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_correction row;
    enum err err = ERR_CONFLICT;
    if (!correction_is_form(manifest->form_id))
        return ERR_OK;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++) {
        err = store->ops->correction_get(store->self, manifest->version, &row, NULL, why);
        if (err == ERR_NOT_FOUND || (!err && !text_equal(row.instance, manifest->seal.of_instance)))
            return flag_stray(district, manifest, why);
        if (!err)
            err = answer(district, manifest, &row, why);
    }
    return err == ERR_CONFLICT ? fail_set(why, ERR_RETRY, "the case is being moved") : err;
}

enum err correction_wanted(struct district *district, const char *instance, struct strbuf *json,
                           struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_correction row;
    return store->ops->correction_open(store->self, instance, &row, json, why);
}
