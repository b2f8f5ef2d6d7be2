// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/outbox/outbox.h"

#include "outbox_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"

#include <stdlib.h>

enum { JUST_SAVED_MS = 180000, SOFT_AT_MOST = 64 };

void outbox_item_free(struct outbox_item *item)
{
    if (!item)
        return;
    free(item->manifest);
    for (size_t at = 0; item->parts && at < item->part_count; at++) {
        if (item->parts[at].data)
            memory_wipe(item->parts[at].data, item->parts[at].length);
        free(item->parts[at].data);
    }
    free(item->parts);
    free(item);
}

void outbox_reply_clear(struct outbox_reply *reply)
{
    case_draft_free(reply->draft);
    if (reply->facts)
        memory_wipe(reply->facts, sizeof *reply->facts);
    free(reply->facts);
    outbox_item_free(reply->item);
    free(reply->data);
    free(reply->rows);
    free(reply->ledger);
    track_case_free(reply->track);
    free(reply->message);
    outbox_sealed_free(reply->sealed);
    free(reply->ratings);
    free(reply->audit_entries);
    *reply = (struct outbox_reply){0};
}

struct outbox_reply outbox_reply_to(const struct outbox_answer *answer, enum outbox_reply_kind kind)
{
    struct outbox_reply reply = {.kind = kind, .retry_at_ms = -1};
    if (answer->request)
        reply.to = answer->request->kind;
    if (answer->request && answer->request->kind >= OUTBOX_DRAFT_PUT &&
        answer->request->kind <= OUTBOX_DRAFT_SENT)
        text_copy(reply.draft_id, sizeof reply.draft_id, answer->request->text);
    return reply;
}

void outbox_emit(const struct outbox_answer *answer, struct outbox_reply *reply)
{
    answer->emit(answer->context, reply);
}

void outbox_emit_done(const struct outbox_answer *answer, enum err err, const struct fail *why)
{
    struct outbox_reply reply = outbox_reply_to(answer, err ? OUTBOX_FAILED : OUTBOX_DONE);
    reply.number = answer->request ? answer->request->number : 0;
    if (err) {
        reply.err = err;
        text_copy(reply.why, sizeof reply.why, why->text);
        log_fail(LOG_WARNING, "outbox", "request-failed", why);
    }
    outbox_emit(answer, &reply);
}

static enum err work_and_commit(struct outbox *outbox,
                                enum err (*work)(struct outbox *outbox, void *context,
                                                 struct fail *why),
                                void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = work(outbox, context, why);
    if (!err)
        err = store->ops->commit(store->self, why);
    if (err)
        store->ops->rollback(store->self);
    return err;
}

enum err outbox_transaction_once(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->begin(store->self, why);
    return err ? err : work_and_commit(outbox, work, context, why);
}

enum err outbox_transaction_soft(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->begin_soft(store->self, why);
    if (!err)
        err = work_and_commit(outbox, work, context, why);
    if (err == ERR_FULL)
        return outbox_transaction(outbox, work, context, why);
    if (!err && ++outbox->soft >= SOFT_AT_MOST)
        (void)!outbox_settle(outbox, NULL); // it is tried again with the next
    return err;
}

static enum err settle_work(struct outbox *outbox, void *context, struct fail *why)
{
    int64_t count;
    (void)context;
    return outbox_count_up(outbox, "settled", &count, why); // only what writes is flushed
}

enum err outbox_settle(struct outbox *outbox, struct fail *why)
{
    if (outbox->soft == 0)
        return ERR_OK;
    enum err err = outbox_transaction(outbox, settle_work, NULL, why);
    if (err)
        log_event(LOG_WARNING, "outbox", "not-settled", "err=%s", err_name(err));
    else
        outbox->soft = 0;
    return err;
}

enum err outbox_transaction(struct outbox *outbox,
                            enum err (*work)(struct outbox *outbox, void *context,
                                             struct fail *why),
                            void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = outbox_transaction_once(outbox, work, context, why);
    if (err == ERR_FULL && store->ops->make_room(store->self, why) == ERR_OK) {
        log_event(LOG_ERROR, "outbox", "disk-full", "%s", "room was made");
        err = outbox_transaction_once(outbox, work, context, why);
    }
    return err;
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
        err = outbox_tokens_sweep(outbox, why);
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

enum err outbox_open(const struct outbox_options *options, struct outbox **out, struct fail *why)
{
    struct arena *arena = arena_new_locked(0);
    struct outbox *outbox = ARENA_NEW(arena, struct outbox);
    outbox->arena = arena;
    outbox->options = *options;
    const struct crypto *crypto = options->crypto;
    crypto->ops->derive(crypto->self, options->root_secret, "receipts", 1, outbox->receipt_key);
    staff_begin(&outbox->staff, options->store, crypto, options->clock, options->root_secret);
    enum err err = find_just_saved(outbox, why);
    if (!err)
        err = outbox_powered_begin(outbox, why);
    if (!err)
        err = outbox_transaction(outbox, recover, NULL, why);
    if (!err) // what was erased before a cut is not in the log either
        err = options->store->ops->tidy(options->store->self, why);
    if (err) {
        outbox_close(outbox);
        return fail_prefix(why, err, "opening the queue");
    }
    *out = outbox;
    return ERR_OK;
}

void outbox_close(struct outbox *outbox)
{
    if (outbox)
        arena_free(outbox->arena);
}

// -1: there is none, or the clock was set in between.
static int64_t age_of_call(const struct outbox *outbox, const struct when *opened)
{
    struct when now = clock_now(outbox->options.clock);
    if (!opened->boot_id[0])
        return -1;
    int64_t age = text_equal(opened->boot_id, now.boot_id)
                      ? now.monotonic_ms - opened->monotonic_ms
                      : now.utc_ms - opened->utc_ms;
    return age < 0 ? -1 : age;
}

static void say_ready(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_READY);
    struct store_counts counts = {0};
    struct fail why;
    enum err err = store->ops->counts(store->self, &counts, &why);
    if (!err)
        err = outbox_gates(outbox, &reply, &why);
    if (err)
        log_fail(LOG_ERROR, "outbox", "counting", &why);
    reply.err = err;
    reply.unsent = (int)counts.unsent;
    reply.oldest_open_utc_ms = counts.oldest_unsent_utc_ms;
    reply.open_calls = (size_t)counts.open_calls;
    reply.newest_call_ms = age_of_call(outbox, &counts.newest_call);
    text_copy(reply.just_saved, sizeof reply.just_saved, outbox->just_saved);
    outbox_emit(answer, &reply);
}

void outbox_step(struct outbox *outbox, struct outbox_request *request,
                 void (*emit)(void *context, struct outbox_reply *reply), void *context)
{
    struct outbox_answer answer = {.request = request, .emit = emit, .context = context};
    if (!request) {
        say_ready(outbox, &answer);
        return;
    }
    switch (request->kind) {
    case OUTBOX_SAVE: outbox_save(outbox, request, &answer); break;
    case OUTBOX_URGENT_OPEN: outbox_urgent_open(outbox, &answer); break;
    case OUTBOX_URGENT_CLOSE: outbox_urgent_close(outbox, &answer); break;
    case OUTBOX_LIST: outbox_list(outbox, &answer); break;
    case OUTBOX_RETRY: outbox_retry(outbox, &answer); break;
    case OUTBOX_RECEIPT: outbox_receipt(outbox, &answer); break;
    case OUTBOX_PRINT_STATE: outbox_print_state(outbox, &answer); break;
    case OUTBOX_VISIT_ENDED: outbox_visit_ended(outbox, &answer); break;
    case OUTBOX_NEXT: outbox_next(outbox, &answer); break;
    case OUTBOX_SENT: outbox_sent(outbox, &answer); break;
    case OUTBOX_NOTE: outbox_note(outbox, &answer); break;
    case OUTBOX_RATED: outbox_rated(outbox, &answer); break;
    case OUTBOX_SELF_TEST: outbox_self_test(outbox, &answer); break;
    case OUTBOX_LOGIN:
        outbox_login(outbox, &answer);
        memory_wipe(request->text, sizeof request->text); // the PIN
        break;
    case OUTBOX_SETTING: outbox_setting(outbox, &answer); break;
    case OUTBOX_CONTACT: outbox_contact(outbox, &answer); break;
    case OUTBOX_TIME_KNOWN: outbox_time_known(outbox, &answer); break;
    case OUTBOX_RELEASE: outbox_release(outbox, &answer); break;
    case OUTBOX_LEDGER: outbox_ledger(outbox, &answer); break;
    case OUTBOX_REPAIR: outbox_repair(outbox, &answer); break;
    case OUTBOX_STATUS: outbox_status(outbox, &answer); break;
    case OUTBOX_HAND_SLIP: outbox_hand_slip(outbox, &answer); break;
    case OUTBOX_TRACK: outbox_track(outbox, &answer); break;
    case OUTBOX_OWNER: outbox_owner(outbox, &answer); break;
    case OUTBOX_TOKEN_NEXT: outbox_token_next(outbox, &answer); break;
    case OUTBOX_TOKEN_TOLD: outbox_token_told(outbox, &answer); break;
    case OUTBOX_PAGE: outbox_page(outbox, request, &answer); break;
    case OUTBOX_PAGE_DROP: outbox_page_drop(outbox, &answer); break;
    case OUTBOX_PART: outbox_part(outbox, &answer); break;
    case OUTBOX_DRAFT_PUT: outbox_draft_put(outbox, request, &answer); break;
    case OUTBOX_DRAFT_LOOK: outbox_draft_look(outbox, &answer); break;
    case OUTBOX_DRAFT_TRY: outbox_draft_try(outbox, &answer); break;
    case OUTBOX_DRAFT_TRIED: outbox_draft_tried(outbox, &answer); break;
    case OUTBOX_DRAFT_SPEND: outbox_draft_spend(outbox, &answer); break;
    case OUTBOX_DRAFT_NEXT: outbox_draft_next(outbox, &answer); break;
    case OUTBOX_DRAFT_SENT: outbox_draft_sent(outbox, &answer); break;
    }
    outbox_sealed_free(request->sealed);
    request->sealed = NULL;
    memory_wipe(&request->question, sizeof request->question);
    memory_wipe(&request->lock, sizeof request->lock);
    free(request->news);
    request->news = NULL;
}
