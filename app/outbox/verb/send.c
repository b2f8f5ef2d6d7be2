// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: what is sent next, and what came of it. A failure moves only its own item; the
// district refusing the kiosk itself stops all of it for a while.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRIKES = 8, ///< failures while others went through: then a person has to look
    HELD_MS = 900000,
    STOPPED_MS = 300000,
    PAUSE_MS = 1000,   ///< long enough that what else is due goes first
    LATER_MS = 900000, ///< no server makes us wait longer before we ask again
};

static const char received_key[] = "received";

static enum err quarantine(struct outbox *outbox, struct store_submission *row, const char *reason,
                           struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    row->state = STORE_QUARANTINED;
    row->sent_bytes = 0; // what a server has of what it refused is not known
    text_copy(row->reason, sizeof row->reason, reason);
    enum err err = store->ops->submission_update(store->self, row, why);
    return err ? err : outbox_audit(outbox, "case.quarantined", row->number, "", reason, why);
}

struct next {
    struct outbox_item *item; ///< NULL: nothing is due
    int64_t retry_at_ms;
};

static enum err take_row(struct outbox *outbox, struct store_submission *row, struct next *next,
                         struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct outbox_item *item = calloc(1, sizeof *item);
    if (!item)
        return fail_set(why, ERR_RETRY, "no memory");
    row->attempts++;
    enum err err = outbox_load_item(outbox, row, item, why);
    if (!err) {
        row->state = STORE_SENDING;
        err = store->ops->submission_update(store->self, row, why);
    }
    if (err) {
        outbox_item_free(item);
        return err;
    }
    next->item = item;
    return ERR_OK;
}

static enum err next_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct next *next = context;
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    outbox_item_free(next->item);
    *next = (struct next){.retry_at_ms = -1};
    enum err err = ERR_OK;
    err = outbox_powered_keep(outbox, why);
    if (!err &&
        outbox->sending) // its outcome never got here or could not be written: it is sent again
        err = store->ops->submission_recover(store->self, why);
    while (!err && !next->item) {
        struct store_submission row;
        err = store->ops->submission_next(store->self, &now, &row, &next->retry_at_ms, why);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        err = take_row(outbox, &row, next, why);
        if (err == ERR_CORRUPT) { // damaged on the disk: never sent, never in the way
            log_fail(LOG_ERROR, "outbox", "damaged", why);
            err = quarantine(outbox, &row, "stored bytes are damaged", why);
        }
    }
    return err;
}

static bool still_stopped(struct outbox *outbox)
{
    if (outbox->stopped &&
        clock_now(outbox->options.clock).monotonic_ms >= outbox->stopped_until_ms)
        outbox->stopped = false;
    return outbox->stopped;
}

void outbox_next(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    struct next next = {.retry_at_ms = outbox->stopped_until_ms};
    if (!still_stopped(outbox)) {
        enum err err = outbox_transaction_soft(outbox, next_work, &next, &why);
        if (!err && !next.item)
            (void)!outbox_settle(outbox, NULL);
        if (err) {
            outbox_item_free(next.item);
            outbox_emit_done(answer, err, &why);
            return;
        }
        outbox->sending = next.item != NULL;
    }
    struct outbox_reply reply = outbox_reply_to(answer, next.item ? OUTBOX_ITEM : OUTBOX_NOTHING);
    reply.item = next.item;
    reply.retry_at_ms = next.retry_at_ms;
    reply.tokens = next.item ? 0 : outbox_tokens_waiting(outbox);
    outbox_emit(answer, &reply);
}

static enum err received(struct outbox *outbox, struct store_submission *row,
                         const struct when *now, bool verified, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    int64_t count;
    row->state = STORE_RECEIVED;
    row->unverified = !verified;
    row->sent_bytes = row->total_bytes;
    row->received_utc_ms = now->utc_ms;
    row->reason[0] = '\0';
    enum err err = store->ops->submission_update(store->self, row, why);
    if (!err)
        err = outbox_count_up(outbox, received_key, &count, why);
    return err ? err
               : outbox_audit(outbox, "case.received", row->number, "",
                              verified ? "" : "unverified", why);
}

// Being offline is nobody's fault: only failures while others get through count against an item.
static enum err failed(struct outbox *outbox, struct store_submission *row, const struct when *now,
                       const struct outbox_request *sent, struct fail *why)
{
    const char *reason = sent->detail;
    int64_t sent_bytes = sent->number >= 0 ? sent->number : row->sent_bytes;
    const struct kiosk_store *store = outbox->options.store;
    int64_t count;
    enum err err = outbox_counter(outbox, received_key, &count, why);
    if (err)
        return err;
    if (row->attempts > 1 && count > row->received_at_failure)
        row->strikes++;
    if (sent_bytes > row->sent_bytes) { // a large case that gets on is no poisoned one
        row->attempts = 1;
        row->strikes = 0;
    }
    row->sent_bytes = sent_bytes;
    row->received_at_failure = count;
    if (row->strikes >= STRIKES)
        return quarantine(outbox, row, reason, why);
    row->state = STORE_RETRY;
    text_copy(row->reason, sizeof row->reason, reason);
    outbox_try_after(row, now, outbox_backoff_ms(outbox->options.crypto, row->attempts));
    return store->ops->submission_update(store->self, row, why);
}

// Others first; then it goes on where it was. Not an attempt that failed.
static enum err paused(struct outbox *outbox, struct store_submission *row, const struct when *now,
                       int64_t sent_bytes, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    row->state = STORE_RETRY;
    row->attempts--;
    if (sent_bytes >= 0)
        row->sent_bytes = sent_bytes;
    row->reason[0] = '\0';
    outbox_try_after(row, now, PAUSE_MS);
    return store->ops->submission_update(store->self, row, why);
}

// A server that says when to come again refuses nothing: however often, the case is no poisoned
// one.
static enum err later(struct outbox *outbox, struct store_submission *row, const struct when *now,
                      const struct outbox_request *request, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    int64_t wait_ms = (int64_t)request->wait_s * 1000;
    row->state = STORE_RETRY;
    row->attempts--;
    if (request->number >= 0)
        row->sent_bytes = request->number;
    text_copy(row->reason, sizeof row->reason, request->detail);
    wait_ms = wait_ms < PAUSE_MS ? PAUSE_MS : wait_ms > LATER_MS ? LATER_MS : wait_ms;
    outbox_try_after(row, now, wait_ms);
    return store->ops->submission_update(store->self, row, why);
}

static enum err held(struct outbox *outbox, struct store_submission *row, const struct when *now,
                     const char *reason, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    bool news = row->attempts <= 1 || !text_equal(row->reason, reason);
    row->state = STORE_HELD; // asked again from time to time: the form may have appeared there
    text_copy(row->reason, sizeof row->reason, reason);
    outbox_try_after(row, now, HELD_MS);
    enum err err = store->ops->submission_update(store->self, row, why);
    if (err || !news)
        return err;
    return outbox_audit(outbox, "case.held", row->number, "", reason, why);
}

static enum err stopped(struct outbox *outbox, struct store_submission *row, const struct when *now,
                        const char *reason, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    outbox->stopped = true;
    outbox->stopped_until_ms = now->monotonic_ms + STOPPED_MS;
    row->state = STORE_RETRY;
    row->attempts--; // it was not the item that was refused
    text_copy(row->reason, sizeof row->reason, reason);
    outbox_try_after(row, now, 0);
    enum err err = store->ops->submission_update(store->self, row, why);
    return err ? err : outbox_audit(outbox, "queue.stopped", "", "", reason, why);
}

static enum err sent_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    struct store_submission row;
    enum err err = store->ops->submission_get(store->self, request->instance, false, &row, why);
    if (err || row.state == STORE_RECEIVED || row.state == STORE_PRUNED)
        return err;
    switch (request->outcome) {
    case SEND_RECEIVED: return received(outbox, &row, &now, true, why);
    case SEND_UNVERIFIED: return received(outbox, &row, &now, false, why);
    case SEND_RETRY: return failed(outbox, &row, &now, request, why);
    case SEND_PAUSED: return paused(outbox, &row, &now, request->number, why);
    case SEND_LATER: return later(outbox, &row, &now, request, why);
    case SEND_HELD: return held(outbox, &row, &now, request->detail, why);
    case SEND_QUARANTINED: return quarantine(outbox, &row, request->detail, why);
    case SEND_STOPPED: return stopped(outbox, &row, &now, request->detail, why);
    }
    return fail_set(why, ERR_BUG, "unknown outcome");
}

void outbox_sent(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    const struct outbox_request *request = answer->request;
    bool is_there = request->outcome == SEND_RECEIVED || request->outcome == SEND_UNVERIFIED;
    enum err err = is_there ? outbox_transaction_soft(outbox, sent_work, (void *)request, &why)
                            : outbox_transaction(outbox, sent_work, (void *)request, &why);
    if (!err)
        outbox->sending = false;
    if (!err)
        outbox->sent_instance[0] = '\0';
    outbox_emit_done(answer, err, &why);
}

static enum err retry_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    struct store_submission row;
    enum err err = store->ops->submission_get(store->self, request->receipt, true, &row, why);
    if (err)
        return err;
    if (row.state == STORE_RECEIVED || row.state == STORE_PRUNED)
        return fail_set(why, ERR_CONFLICT, "the district has it already");
    if (row.state == STORE_SENDING)
        return ERR_OK;
    row.state = STORE_RETRY;
    row.strikes = 0;
    row.next_try_utc_ms = row.next_try_monotonic_ms = 0;
    err = store->ops->submission_update(store->self, &row, why);
    return err ? err : outbox_audit(outbox, "case.retry", row.number, request->staff, "", why);
}

void outbox_retry(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, retry_work, (void *)answer->request, &why);
    if (!err)
        outbox->stopped = false;
    outbox_emit_done(answer, err, &why);
}
