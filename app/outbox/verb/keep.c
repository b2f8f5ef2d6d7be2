// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept and how long: what the district says of its backups and of our cases, the comparison
// with it, and pruning.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    KEEP_DAYS = 35,      ///< the least
    COMPARED_DAYS = 42,  ///< what a restored district may have lost
    PRUNED_AT_ONCE = 20, ///< the store is for residents first
};
static const int64_t day_ms = 86400000;
static const char backup_key[] = "contact.backup";

// Received so long ago, and inside a verified backup with a day to spare. Not on a guessed date.
static int64_t prune_before(const struct outbox *outbox, int64_t backup_utc_ms)
{
    struct when now = clock_now(outbox->options.clock);
    int days = outbox->options.keep_days > KEEP_DAYS ? outbox->options.keep_days : KEEP_DAYS;
    int64_t kept = now.utc_ms - days * day_ms, safe = backup_utc_ms - day_ms;
    return now.quality != TIME_DISTRICT || backup_utc_ms <= 0 ? 0 : kept < safe ? kept : safe;
}

struct contact {
    const struct outbox_request *request;
    int pruned;
};

static enum err prune_work(struct outbox *outbox, struct contact *contact, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    int64_t before = prune_before(outbox, contact->request->number);
    struct store_submission row;
    char detail[64];
    enum err err = ERR_OK;
    while (!err && contact->pruned < PRUNED_AT_ONCE &&
           !(err = store->ops->submission_prunable(store->self, before, &row, why))) {
        err = store->ops->submission_prune(store->self, row.instance, why);
        if (!err)
            err = outbox_audit(outbox, "case.pruned", row.number, "", "", why);
        contact->pruned++;
    }
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    if (err || contact->pruned == 0)
        return err;
    snprintf(detail, sizeof detail, "pruned=%d backup=%lld", contact->pruned,
             contact->request->number);
    const struct audit_log log = outbox_log(outbox);
    return audit_log_checkpoint(&log, detail, why);
}

static enum err contact_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct contact *contact = context;
    const struct outbox_request *request = contact->request;
    const struct kiosk_store *store = outbox->options.store;
    int64_t before = 0, wants = text_equal(request->text, "enrol");
    contact->pruned = 0;
    enum err err = outbox_counter(outbox, OUTBOX_ENROL_KEY, &before, why);
    if (!err && before != wants)
        err = outbox_set_number(outbox, OUTBOX_ENROL_KEY, wants, why);
    if (!err && before != wants)
        err = outbox_audit(outbox, wants ? "visits.frozen" : "visits.open", "", "", "enrol", why);
    if (!err)
        err = outbox_set_number(outbox, backup_key, request->number, why);
    if (!err)
        err = outbox_set_number(outbox, OUTBOX_HEARD_KEY, clock_now(outbox->options.clock).utc_ms,
                                why);
    const struct audit_log log = outbox_log(outbox);
    if (!err && request->exported.sequence > 0)
        err = audit_log_exported(&log, &request->exported, why);
    // The district has just told the time: what has expired by it is gone for good.
    if (!err)
        err = store->ops->drafts_expire(store->self, clock_now(outbox->options.clock).utc_ms, why);
    return err ? err : prune_work(outbox, contact, why);
}

void outbox_contact(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct contact contact = {.request = answer->request};
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, contact_work, &contact, &why);
    if (!err && contact.pruned > 0) {
        log_event(LOG_INFO, "outbox", "pruned", "cases=%d", contact.pruned);
        err = store->ops->tidy(store->self, &why);
    }
    outbox_emit_done(answer, err, &why);
}

static enum err release_work(struct outbox *outbox, void *context, struct fail *why)
{
    (void)context;
    const struct kiosk_store *store = outbox->options.store;
    return store->ops->held_release(store->self, why);
}

void outbox_release(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    outbox_emit_done(answer, outbox_transaction(outbox, release_work, NULL, &why), &why);
}

struct ledger {
    struct outbox_ledger_row *rows;
    size_t count, room;
    bool failed;
};

static void add_to_ledger(void *context, const struct store_submission *row)
{
    struct ledger *ledger = context;
    if (ledger->count == ledger->room) {
        size_t room = ledger->room ? 2 * ledger->room : 256;
        struct outbox_ledger_row *rows = realloc(ledger->rows, room * sizeof *rows);
        ledger->failed = ledger->failed || !rows;
        if (!rows)
            return;
        ledger->rows = rows;
        ledger->room = room;
    }
    struct outbox_ledger_row *out = &ledger->rows[ledger->count++];
    *out = (struct outbox_ledger_row){.saved_utc_ms = row->saved.utc_ms};
    text_copy(out->instance, sizeof out->instance, row->instance);
    text_copy(out->number, sizeof out->number, row->number);
}

void outbox_ledger(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_LEDGER_READY);
    struct ledger ledger = {0};
    struct fail why = {0};
    int64_t from = clock_now(outbox->options.clock).utc_ms - COMPARED_DAYS * day_ms;
    enum err err = outbox_settle(outbox, &why);
    if (!err)
        err = store->ops->received_each(store->self, from, add_to_ledger, &ledger, &why);
    if (!err && ledger.failed)
        err = fail_set(&why, ERR_RETRY, "no memory");
    if (err) {
        free(ledger.rows);
        outbox_emit_done(answer, err, &why);
        return;
    }
    reply.ledger = ledger.rows;
    reply.ledger_count = ledger.count;
    outbox_emit(answer, &reply);
}

// The district no longer has it: it is sent again, as it was. What is pruned can only be named.
static enum err repair_one(struct outbox *outbox, const char *instance, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_submission row;
    enum err err = store->ops->submission_get(store->self, instance, false, &row, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    if (row.state == STORE_PRUNED)
        return outbox_audit(outbox, "reconcile.lost", row.number, "", "pruned here", why);
    if (row.state != STORE_RECEIVED)
        return ERR_OK; // on its way already
    row.state = STORE_RETRY;
    row.attempts = row.strikes = 0;
    row.sent_bytes = 0;
    row.next_try_utc_ms = row.next_try_monotonic_ms = 0;
    row.next_try_boot[0] = '\0';
    text_copy(row.reason, sizeof row.reason, "the district has it no longer");
    err = store->ops->submission_update(store->self, &row, why);
    return err ? err : outbox_audit(outbox, "reconcile.resent", row.number, "", "", why);
}

static enum err repair_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    enum err err = ERR_OK;
    for (size_t i = 0; !err && request->news && i < request->news->count; i++)
        err = repair_one(outbox, request->news->items[i].instance, why);
    // A district that was restored may count its events from an earlier number again.
    return err ? err : outbox_set_number(outbox, OUTBOX_CURSOR_KEY, 0, why);
}

void outbox_repair(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, repair_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}

static enum err status_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    enum err err = ERR_OK;
    for (size_t i = 0; !err && request->news && i < request->news->count; i++) {
        const struct outbox_news_item *item = &request->news->items[i];
        err = store->ops->status_set(store->self, item->instance, item->status, item->utc_ms, why);
        if (err == ERR_NOT_FOUND)
            err = ERR_OK; // of the kiosk that stood here before
    }
    return err ? err : outbox_set_number(outbox, OUTBOX_CURSOR_KEY, request->number, why);
}

void outbox_status(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, status_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}
