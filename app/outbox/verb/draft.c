// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts of visits, one a ticket: kept, tried with a code, spent, sent up. The queue cannot
// open them and never waits for them: cases go first, also to the disk, whose reserve is for them.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdlib.h>

enum {
    FREE_TRIES = 5,
    LOCK_MS = 24 * 60 * 60 * 1000,
};
static const int64_t tries_kept_ms = 8LL * 24 * 60 * 60 * 1000; // longer than any ticket lives

static struct outbox_sealed *sealed_new(const struct store_draft *row)
{
    struct outbox_sealed *sealed = calloc(1, sizeof *sealed);
    if (!sealed)
        return NULL;
    text_copy(sealed->id, sizeof sealed->id, row->id);
    text_copy(sealed->instance, sizeof sealed->instance, row->instance);
    sealed->revision = row->revision;
    sealed->expires_utc_ms = row->expires_utc_ms;
    sealed->spent = row->spent;
    strbuf_init(&sealed->bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
    return sealed;
}

// ------------------------------------------------------------------ kept

static enum err disk_has_room(struct outbox *outbox, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_health health;
    enum err err = store->ops->health(store->self, &health, why);
    if (!err && !health.reserve)
        err = fail_set(why, ERR_FULL, "the disk is full: its reserve is for cases");
    return err;
}

static enum err put_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_sealed *sealed = context;
    const struct kiosk_store *store = outbox->options.store;
    struct store_draft row;
    enum err err = store->ops->draft_get(store->self, sealed->id, &row, NULL, why);
    if (err && err != ERR_NOT_FOUND)
        return err;
    if (err == ERR_NOT_FOUND) {
        row = (struct store_draft){.created_utc_ms = clock_now(outbox->options.clock).utc_ms};
        text_copy(row.id, sizeof row.id, sealed->id);
    }
    if (row.spent || row.revision >= sealed->revision)
        return fail_set(why, ERR_CONFLICT, "this draft is spent, or a newer one is here");
    text_copy(row.instance, sizeof row.instance, sealed->instance);
    row.revision = sealed->revision;
    row.expires_utc_ms = sealed->expires_utc_ms;
    struct bytes bytes = {sealed->bytes.data, sealed->bytes.length};
    return store->ops->draft_put(store->self, &row, &bytes, why);
}

void outbox_draft_put(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = disk_has_room(outbox, &why);
    if (!err)
        err = outbox_transaction_once(outbox, put_work, answer->request->sealed, &why);
    outbox_emit_done(answer, err, &why);
}

static enum err spend_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    return store->ops->drafts_spend(store->self, request->text, NULL, why);
}

void outbox_draft_spend(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, spend_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}

// ------------------------------------------------------------------ tried

static enum outbox_draft_state state_of(const struct store_draft *row, const struct when *now)
{
    if (row->spent)
        return OUTBOX_DRAFT_IS_SPENT;
    if (row->revision > 0 && now->quality != TIME_UNKNOWN && now->utc_ms > row->expires_utc_ms)
        return OUTBOX_DRAFT_IS_EXPIRED;
    if (powered_wait_left(&row->wait, now) > 0)
        return OUTBOX_DRAFT_IS_LOCKED;
    return row->revision > 0 ? OUTBOX_DRAFT_IS_HERE : OUTBOX_DRAFT_IS_ELSEWHERE;
}

static void describe(const struct store_draft *row, const struct when *now,
                     struct outbox_reply *reply)
{
    reply->draft_state = state_of(row, now);
    reply->wait_s = powered_wait_seconds(powered_wait_left(&row->wait, now));
    reply->number = FREE_TRIES - row->wrong;
}

void outbox_draft_look(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_DRAFT_STATE);
    struct store_draft row = {0};
    struct fail why = {0};
    enum err err = store->ops->draft_get(store->self, answer->request->text, &row, NULL, &why);
    if (err && err != ERR_NOT_FOUND) {
        outbox_emit_done(answer, err, &why);
        return;
    }
    describe(&row, &now, &reply);
    outbox_emit(answer, &reply);
}

struct trying {
    const char *id;
    struct when now;
    struct store_draft row;
    struct outbox_sealed *sealed;
    enum outbox_draft_state state;
};

// Counted and durable before anything is answered: pulling the plug takes no try back.
static enum err try_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct trying *trying = context;
    struct store_draft *row = &trying->row;
    const struct kiosk_store *store = outbox->options.store;
    struct bytes nothing = {"", 0};
    enum err err = store->ops->draft_get(store->self, trying->id, row, NULL, why);
    bool is_new = err == ERR_NOT_FOUND;
    if (err && !is_new)
        return err;
    if (is_new) {
        *row = (struct store_draft){.created_utc_ms = trying->now.utc_ms,
                                    .expires_utc_ms = trying->now.utc_ms + tries_kept_ms};
        text_copy(row->id, sizeof row->id, trying->id);
    }
    trying->state = state_of(row, &trying->now);
    if (trying->state == OUTBOX_DRAFT_IS_LOCKED)
        powered_wait_set(&row->wait, &trying->now,
                         powered_wait_left(&row->wait, &trying->now)); // what has passed counts
    else
        row->wrong = row->wrong >= FREE_TRIES ? 1 : row->wrong + 1;
    if (trying->state != OUTBOX_DRAFT_IS_LOCKED)
        powered_wait_set(&row->wait, &trying->now, row->wrong >= FREE_TRIES ? LOCK_MS : 0);
    return store->ops->draft_put(store->self, row, is_new ? &nothing : NULL, why);
}

static enum err read_sealed(struct outbox *outbox, struct trying *trying, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_draft row;
    trying->sealed = sealed_new(&trying->row);
    if (!trying->sealed)
        return fail_set(why, ERR_RETRY, "no memory");
    return store->ops->draft_get(store->self, trying->id, &row, &trying->sealed->bytes, why);
}

void outbox_draft_try(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_DRAFT_STATE);
    struct trying trying = {.id = answer->request->text, .now = clock_now(outbox->options.clock)};
    struct fail why = {0};
    enum err err = outbox_transaction_once(outbox, try_work, &trying, &why);
    if (!err && trying.state == OUTBOX_DRAFT_IS_HERE)
        err = read_sealed(outbox, &trying, &why);
    if (err) {
        outbox_sealed_free(trying.sealed);
        outbox_emit_done(answer, err, &why);
        return;
    }
    describe(&trying.row, &trying.now, &reply);
    reply.draft_state = trying.state; // the last free try is still one
    reply.sealed = trying.sealed;
    outbox_emit(answer, &reply);
}

static enum err tried_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    struct store_draft row;
    enum err err = store->ops->draft_get(store->self, request->text, &row, NULL, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    row.wrong = request->number > 0 || row.wrong == 0 ? 0 : row.wrong - 1;
    powered_wait_set(&row.wait, &now, 0);
    return store->ops->draft_put(store->self, &row, NULL, why);
}

void outbox_draft_tried(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction_once(outbox, tried_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}

// ------------------------------------------------------------------ sent

static enum err next_unsent(struct outbox *outbox, struct outbox_sealed **out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_draft row;
    struct strbuf bytes;
    strbuf_init(&bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
    enum err err = store->ops->draft_unsent(store->self, &row, &bytes, why);
    *out = err ? NULL : sealed_new(&row);
    if (!err && !*out)
        err = fail_set(why, ERR_RETRY, "no memory");
    if (!err)
        (*out)->bytes = bytes;
    else
        strbuf_free(&bytes);
    return err;
}

void outbox_draft_next(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_DRAFT_ITEM);
    struct fail why = {0};
    enum err err = next_unsent(outbox, &reply.sealed, &why);
    if (err) {
        reply = outbox_reply_to(answer, OUTBOX_NOTHING);
        reply.retry_at_ms = -1;
    }
    if (err && err != ERR_NOT_FOUND)
        log_fail(LOG_ERROR, "outbox", "draft-not-read", &why);
    outbox_emit(answer, &reply);
}

static enum err sent_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    struct bytes nothing = {"", 0};
    struct store_draft row;
    enum err err = store->ops->draft_get(store->self, request->text, &row, NULL, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    bool passed_by = request->outcome == SEND_QUARANTINED && !row.spent;
    if (passed_by) // somebody went on with it at another kiosk: theirs is the one
        row.revision = row.sent_revision = 0;
    else if (row.sent_revision < request->number)
        row.sent_revision = request->number;
    return store->ops->draft_put(store->self, &row, passed_by ? &nothing : NULL, why);
}

void outbox_draft_sent(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = ERR_OK;
    if (answer->request->outcome == SEND_RECEIVED || answer->request->outcome == SEND_QUARANTINED)
        err = outbox_transaction_once(outbox, sent_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}
