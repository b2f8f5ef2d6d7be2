// SPDX-License-Identifier: GPL-3.0-or-later
// After a start: nobody is sending, nothing may print by itself, and what an earlier version left
// is put right.
#include "verb/verb.h"

#include "yimen/base/text.h"

#include <stdlib.h>

enum { JUST_SAVED_MS = 180000 };

static const char swept_key[] = "tokens.swept";

// ------------------------------------------------------------------ from a version before

struct sweep {
    size_t count, room;
    struct store_submission *rows;
};

static void add_row(void *context, const struct store_submission *row, int print_state)
{
    struct sweep *sweep = context;
    (void)print_state;
    if (sweep->count < sweep->room && row->state != STORE_PRUNED)
        sweep->rows[sweep->count++] = *row;
}

static enum err sweep_one(struct outbox *outbox, const struct store_submission *row,
                          struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = ERR_OK;
    for (int print = 1; !err && print <= row->print_count; print++) {
        struct store_print_job job;
        char name[64];
        bool erased;
        outbox_job_name(row->number, print, name);
        err = store->ops->print_job_get(store->self, name, &job, why);
        if (!err && job.state == PRINT_PRINTED)
            err = outbox_token_erase(outbox, row->instance, print, &erased, why);
        else if (err == ERR_NOT_FOUND)
            err = ERR_OK;
    }
    return err;
}

static enum err sweep_all(struct outbox *outbox, size_t room, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct sweep sweep = {.room = room, .rows = calloc(room + 1, sizeof *sweep.rows)};
    enum err err = sweep.rows ? store->ops->submission_list(store->self, room, add_row, &sweep, why)
                              : fail_set(why, ERR_RETRY, "no memory");
    for (size_t i = 0; !err && i < sweep.count; i++)
        err = sweep_one(outbox, &sweep.rows[i], why);
    free(sweep.rows);
    return err;
}

static enum err sweep_tokens(struct outbox *outbox, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_counts counts = {0};
    int64_t swept = 0;
    enum err err = outbox_counter(outbox, swept_key, &swept, why);
    if (err || swept)
        return err;
    err = store->ops->counts(store->self, &counts, why);
    if (!err)
        err = sweep_all(outbox, (size_t)(counts.unsent + counts.received), why);
    return err ? err : outbox_count_up(outbox, swept_key, &swept, why);
}

// After a start nobody is sending, nothing may print by itself, and nobody has the key any more to
// pages that no case has taken.
static enum err recover(struct outbox *outbox, void *context, struct fail *why)
{
    (void)context;
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    enum err err = store->ops->submission_recover(store->self, why);
    if (!err)
        err = store->ops->print_jobs_move(store->self, NULL, OUTBOX_NOT_PRINTED,
                                          PRINT_WAITING_FOR_OWNER, now.utc_ms, why);
    if (!err)
        err = store->ops->pages_drop(store->self, NULL, 0, why);
    if (!err)
        err = sweep_tokens(outbox, why);
    if (!err)
        err = outbox_audit(outbox, "kiosk.started", "", "", "", why);
    return err;
}

// Whoever stood here when the power went finds a word about it on the screen.
static enum err find_just_saved(struct outbox *outbox, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    struct store_submission row;
    enum err err = store->ops->submission_last(store->self, &row, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    bool same_boot = text_equal(row.saved.boot_id, now.boot_id);
    int64_t age_ms =
        same_boot ? now.monotonic_ms - row.saved.monotonic_ms : now.utc_ms - row.saved.utc_ms;
    if (age_ms >= 0 && age_ms <= JUST_SAVED_MS)
        text_copy(outbox->just_saved, sizeof outbox->just_saved, row.number);
    return ERR_OK;
}

enum err outbox_start(struct outbox *outbox, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = find_just_saved(outbox, why);
    if (!err)
        err = outbox_transaction(outbox, recover, NULL, why);
    // What was erased before a cut is not in the log either.
    return err ? err : store->ops->tidy(store->self, why);
}
