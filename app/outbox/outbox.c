// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/outbox/outbox.h"

#include "verb/verb.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <stdlib.h>

enum err outbox_open(const struct outbox_options *options, struct outbox **out, struct fail *why)
{
    struct arena *arena = arena_new_locked(0);
    struct outbox *outbox = ARENA_NEW(arena, struct outbox);
    outbox->arena = arena;
    outbox->options = *options;
    const struct crypto *crypto = options->crypto;
    crypto->ops->derive(crypto->self, options->root_secret, "receipts", 1, outbox->receipt_key);
    staff_begin(&outbox->staff, options->store, crypto, options->clock, options->root_secret);
    enum err err = outbox_powered_begin(outbox, why);
    if (!err)
        err = outbox_start(outbox, why);
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
    int64_t age = text_equal(opened->boot_id, now.boot_id) ? now.monotonic_ms - opened->monotonic_ms
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

// What each request does. A verb knows what lies below (base/), and no other verb.
static void (*const verbs[])(struct outbox *outbox, const struct outbox_answer *answer) = {
    [OUTBOX_SAVE] = outbox_save,
    [OUTBOX_URGENT_OPEN] = outbox_urgent_open,
    [OUTBOX_URGENT_CLOSE] = outbox_urgent_close,
    [OUTBOX_LIST] = outbox_list,
    [OUTBOX_RETRY] = outbox_retry,
    [OUTBOX_RECEIPT] = outbox_receipt,
    [OUTBOX_PRINT_STATE] = outbox_print_state,
    [OUTBOX_VISIT_ENDED] = outbox_visit_ended,
    [OUTBOX_NEXT] = outbox_next,
    [OUTBOX_SENT] = outbox_sent,
    [OUTBOX_NOTE] = outbox_note,
    [OUTBOX_RATED] = outbox_rated,
    [OUTBOX_SELF_TEST] = outbox_self_test,
    [OUTBOX_LOGIN] = outbox_login,
    [OUTBOX_SETTING] = outbox_setting,
    [OUTBOX_CONTACT] = outbox_contact,
    [OUTBOX_TIME_KNOWN] = outbox_time_known,
    [OUTBOX_RELEASE] = outbox_release,
    [OUTBOX_LEDGER] = outbox_ledger,
    [OUTBOX_REPAIR] = outbox_repair,
    [OUTBOX_STATUS] = outbox_status,
    [OUTBOX_HAND_SLIP] = outbox_hand_slip,
    [OUTBOX_TRACK] = outbox_track,
    [OUTBOX_OWNER] = outbox_owner,
    [OUTBOX_TOKEN_NEXT] = outbox_token_next,
    [OUTBOX_TOKEN_TOLD] = outbox_token_told,
    [OUTBOX_PAGE] = outbox_page,
    [OUTBOX_PAGE_DROP] = outbox_page_drop,
    [OUTBOX_PART] = outbox_part,
    [OUTBOX_DRAFT_PUT] = outbox_draft_put,
    [OUTBOX_DRAFT_LOOK] = outbox_draft_look,
    [OUTBOX_DRAFT_TRY] = outbox_draft_try,
    [OUTBOX_DRAFT_TRIED] = outbox_draft_tried,
    [OUTBOX_DRAFT_SPEND] = outbox_draft_spend,
    [OUTBOX_DRAFT_NEXT] = outbox_draft_next,
    [OUTBOX_DRAFT_SENT] = outbox_draft_sent,
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

void outbox_step(struct outbox *outbox, struct outbox_request *request,
                 void (*emit)(void *context, struct outbox_reply *reply), void *context)
{
    struct outbox_answer answer = {.request = request, .emit = emit, .context = context};
    if (!request) {
        say_ready(outbox, &answer);
        return;
    }
    assert((unsigned)request->kind < VERBS && verbs[request->kind]);
    verbs[request->kind](outbox, &answer);
    if (request->kind == OUTBOX_LOGIN)
        memory_wipe(request->text, sizeof request->text); // the PIN
    outbox_sealed_free(request->sealed);
    request->sealed = NULL;
    memory_wipe(&request->question, sizeof request->question);
    memory_wipe(&request->lock, sizeof request->lock);
    free(request->news);
    request->news = NULL;
}
