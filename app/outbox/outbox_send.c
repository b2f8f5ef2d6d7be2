// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: what is sent next, and what came of it. A failure moves only its own item; the
// district refusing the kiosk itself stops all of it for a while.
#include "outbox_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRIKES = 8, ///< failures while others went through: then a person has to look
    HELD_MS = 900000,
    STOPPED_MS = 300000,
    PARTS = LIMIT_ATTACHMENTS + 1,
};

static const char received_key[] = "received";

static enum err load_parts(struct outbox *outbox, struct outbox_item *item, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    item->parts = calloc(PARTS, sizeof *item->parts);
    if (!item->parts)
        return fail_set(why, ERR_RETRY, "no memory");
    for (size_t at = 0; at < PARTS; at++) {
        struct store_part about;
        struct strbuf data;
        strbuf_init(&data, LIMIT_PART_BYTES + 64);
        enum err err = store->ops->part_get(store->self, item->instance, at, &about, &data, why);
        if (!err) {
            struct attachment *part = &item->parts[item->part_count++];
            text_copy(part->name, sizeof part->name, about.name);
            text_copy(part->type, sizeof part->type, about.type);
            part->length = data.length;
            part->data = strbuf_take(&data);
        }
        strbuf_free(&data);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return ERR_OK;
}

static enum err load_item(struct outbox *outbox, const struct store_submission *row,
                          struct outbox_item *item, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf manifest;
    strbuf_init(&manifest, LIMIT_MANIFEST);
    text_copy(item->instance, sizeof item->instance, row->instance);
    text_copy(item->number, sizeof item->number, row->number);
    text_copy(item->form_id, sizeof item->form_id, row->form_id);
    item->urgent = row->urgent;
    item->attempts = row->attempts;
    enum err err = store->ops->manifest_get(store->self, row->instance, &manifest, why);
    if (!err) {
        item->manifest_length = manifest.length;
        item->manifest = strbuf_take(&manifest);
        err = load_parts(outbox, item, why);
    }
    strbuf_free(&manifest);
    return err;
}

static enum err quarantine(struct outbox *outbox, struct store_submission *row, const char *reason,
                           struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    row->state = STORE_QUARANTINED;
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
    enum err err = load_item(outbox, row, item, why);
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
        enum err err = outbox_transaction(outbox, next_work, &next, &why);
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
                         const struct when *now, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    int64_t count;
    row->state = STORE_RECEIVED;
    row->received_utc_ms = now->utc_ms;
    row->reason[0] = '\0';
    enum err err = store->ops->submission_update(store->self, row, why);
    if (!err)
        err = outbox_count_up(outbox, received_key, &count, why);
    return err ? err : outbox_audit(outbox, "case.received", row->number, "", "", why);
}

// Being offline is nobody's fault: only failures while others get through count against an item.
static enum err failed(struct outbox *outbox, struct store_submission *row, const struct when *now,
                       const char *reason, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    int64_t count;
    enum err err = outbox_counter(outbox, received_key, &count, why);
    if (err)
        return err;
    if (row->attempts > 1 && count > row->received_at_failure)
        row->strikes++;
    row->received_at_failure = count;
    if (row->strikes >= STRIKES)
        return quarantine(outbox, row, reason, why);
    row->state = STORE_RETRY;
    text_copy(row->reason, sizeof row->reason, reason);
    outbox_try_after(row, now, outbox_backoff_ms(outbox->options.crypto, row->attempts));
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
    case SEND_RECEIVED: return received(outbox, &row, &now, why);
    case SEND_RETRY: return failed(outbox, &row, &now, request->detail, why);
    case SEND_HELD: return held(outbox, &row, &now, request->detail, why);
    case SEND_QUARANTINED: return quarantine(outbox, &row, request->detail, why);
    case SEND_STOPPED: return stopped(outbox, &row, &now, request->detail, why);
    }
    return fail_set(why, ERR_BUG, "unknown outcome");
}

void outbox_sent(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, sent_work, (void *)answer->request, &why);
    if (!err)
        outbox->sending = false;
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
