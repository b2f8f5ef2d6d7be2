// SPDX-License-Identifier: GPL-3.0-or-later
// The opener: takes sealed cases one after the other. What a person must look at is quarantined.
// What is only in the way just now waits by itself, longer after each try, and never keeps the
// next case from being opened: staff see it with its reason.
#include "split.h"

#include "yimen/base/log.h"

#include <stdlib.h>

static bool needs_a_person(enum err err)
{
    return err == ERR_DENIED || err == ERR_CORRUPT || err == ERR_INPUT || err == ERR_NOT_FOUND;
}

static enum err open_one(struct district *district, const char *instance, struct manifest *manifest,
                         struct opened *opened, struct fail *why)
{
    const struct district_store *store = district->options.store;
    enum err err = opened_unseal(district, instance, manifest, opened, why);
    if (!err)
        err = correction_answered(district, manifest, why);
    if (!err)
        err = linked_apply(district, manifest, &opened->files[opened->count - 1], why);
    if (!err)
        err = split_begin(district, manifest, why);
    if (!err)
        err = opened_file(district, manifest, opened, why);
    if (needs_a_person(err)) {
        log_fail(LOG_WARNING, "district", "quarantined", why);
        enum err filed = store->ops->quarantine(store->self, instance, why->text, NULL);
        if (filed)
            return fail_prefix(why, filed, "quarantine");
    }
    return err;
}

// In its turn: a case and its withdrawal that are opened side by side would each think that the
// other is yet to come.
static enum err open_in_turn(struct district *district, const char *instance,
                             struct manifest *manifest, struct opened *opened, struct fail *why)
{
    const struct district_store *store = district->options.store;
    enum err err = store->ops->opening_begin(store->self, why);
    if (err)
        return err;
    err = open_one(district, instance, manifest, opened, why);
    store->ops->opening_end(store->self);
    return err;
}

enum err opener_open(struct district *district, const char *instance, struct fail *why)
{
    struct fail unread;
    struct manifest *manifest = calloc(1, sizeof *manifest);
    struct opened *opened = calloc(1, sizeof *opened);
    enum err err = !manifest || !opened
                       ? fail_set(why, ERR_RETRY, "out of memory")
                       : open_in_turn(district, instance, manifest, opened, why ? why : &unread);
    if (opened)
        opened_clear(opened);
    free(opened);
    free(manifest);
    return err;
}

// The try that is waiting for is the next of these; the last for all that follow.
static const int64_t wait_ms[] = {5000, 30000, 120000, 600000, 3600000};

static enum err let_wait(struct district *district, const char *instance, const struct fail *cause,
                         struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    enum err err = store->ops->case_get(store->self, instance, &at, why);
    if (err)
        return err;
    size_t last = sizeof wait_ms / sizeof wait_ms[0] - 1;
    size_t tries = at.tries < 0 || (size_t)at.tries > last ? last : (size_t)at.tries;
    log_event(LOG_WARNING, "district", "opening-waits", "receipt=%s tries=%d err=%s why=\"%s\"",
              at.submission.receipt, at.tries + 1, err_name(cause->err), cause->text);
    return store->ops->opening_wait(store->self, instance, cause->text,
                                    clock_now(district->options.clock).utc_ms + wait_ms[tries],
                                    why);
}

enum err district_open_waiting(struct district *district, int *opened, struct fail *why)
{
    const struct district_store *store = district->options.store;
    int64_t cursor = 0, now_utc_ms = clock_now(district->options.clock).utc_ms;
    *opened = 0;
    if (district->options.sealing_private.length == 0)
        return fail_set(why, ERR_UNSUPPORTED, "this process holds no private key");
    for (;;) {
        char instance[LIMIT_INSTANCE_ID];
        struct fail cause = {0};
        enum err err = store->ops->next_sealed(store->self, &cursor, now_utc_ms, instance, why);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        err = opener_open(district, instance, &cause);
        if (!err)
            (*opened)++;
        else if (err != ERR_CONFLICT && !needs_a_person(err)) // CONFLICT: somebody was faster
            err = let_wait(district, instance, &cause, why);
        else
            err = ERR_OK;
        if (err)
            return err;
    }
}

enum err district_open_again(struct district *district, const char *receipt, const char *actor,
                             struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    enum err err = store->ops->case_by_receipt(store->self, receipt, &at, why);
    if (!err && at.opened == DISTRICT_OPENED)
        return ERR_OK;
    if (!err)
        err = chain_add(district, "case.open", receipt, actor, "", why);
    if (!err)
        err = opener_open(district, at.submission.instance, why);
    return err == ERR_CONFLICT ? ERR_OK : err;
}

enum err district_quarantine(struct district *district, const char *receipt, const char *actor,
                             const char *reason, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    enum err err = store->ops->case_by_receipt(store->self, receipt, &at, why);
    if (!err && at.opened == DISTRICT_OPENED)
        return fail_set(why, ERR_CONFLICT, "the case is opened already");
    if (!err)
        err = chain_add(district, "case.quarantine", receipt, actor, reason, why);
    return err ? err : store->ops->quarantine(store->self, at.submission.instance, reason, why);
}
