// SPDX-License-Identifier: GPL-3.0-or-later
// The opener: takes sealed cases one after the other. What a person must look at is quarantined;
// what is only in the way just now is tried again.
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

enum err opener_open(struct district *district, const char *instance, struct fail *why)
{
    struct fail unread;
    struct manifest *manifest = calloc(1, sizeof *manifest);
    struct opened *opened = calloc(1, sizeof *opened);
    enum err err = !manifest || !opened
                       ? fail_set(why, ERR_RETRY, "out of memory")
                       : open_one(district, instance, manifest, opened, why ? why : &unread);
    if (opened)
        opened_clear(opened);
    free(opened);
    free(manifest);
    return err;
}

enum err district_open_waiting(struct district *district, int *opened, struct fail *why)
{
    const struct district_store *store = district->options.store;
    char instance[LIMIT_INSTANCE_ID];
    int64_t cursor = 0;
    *opened = 0;
    if (district->options.sealing_private.length == 0)
        return fail_set(why, ERR_UNSUPPORTED, "this process holds no private key");
    for (;;) {
        enum err err = store->ops->next_sealed(store->self, &cursor, instance, why);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        err = opener_open(district, instance, why);
        if (!err)
            (*opened)++;
        else if (!needs_a_person(err))
            return err;
    }
}
