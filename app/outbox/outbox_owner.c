// SPDX-License-Identifier: GPL-3.0-or-later
// What a case's owner proves themselves with, as far as this kiosk can tell (case/owner_lock.h): the
// box is made after the case is saved, the token of its receipt goes when that is on paper.
#include "outbox_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/tracking.h"

#include <stdlib.h>
#include <string.h>

enum { SEALED_MAXIMUM = 32 << 10 };
static const char swept_key[] = "tokens.swept";

void outbox_token_of(const struct receipt_facts *facts, char out[LIMIT_TOKEN_TEXT])
{
    struct tracking code = {0};
    char number[LIMIT_RECEIPT_NUMBER];
    out[0] = '\0';
    if (facts->qr_text[0] && tracking_parse(facts->qr_text, &code, number, NULL) == ERR_OK)
        text_copy(out, LIMIT_TOKEN_TEXT, code.token);
    memory_wipe(&code, sizeof code);
}

enum err outbox_owner_row(struct outbox *outbox, const char *instance, struct store_owner *out,
                          struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->owner_get(store->self, instance, out, why);
    if (err != ERR_NOT_FOUND)
        return err;
    *out = (struct store_owner){0}; // saved by a version that had no such rows
    text_copy(out->instance, sizeof out->instance, instance);
    return ERR_OK;
}

enum err outbox_owner_close(struct outbox *outbox, struct store_owner *row, const char *token,
                            const struct owner_lock *lock, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf box;
    strbuf_init(&box, OWNER_BOX);
    row->salt[0] = '\0';
    row->box_length = 0;
    enum err err = lock ? owner_lock_close(outbox->options.crypto, token, row->instance, lock, &box,
                                           why)
                        : ERR_OK;
    if (!err && lock) {
        text_copy(row->salt, sizeof row->salt, lock->salt);
        memcpy(row->box, box.data, row->box_length = box.length);
    }
    strbuf_free(&box);
    return err ? err : store->ops->owner_put(store->self, row, why);
}

// Its receipt may be on paper already, and its token gone from here: then it is the one that the
// order bears, unless another was printed since. Of that one nothing is known here any more, and the
// case keeps no box: the district tells, or a clerk.
static enum err owner_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    struct store_submission row;
    struct store_owner owner;
    struct receipt_facts facts = {0};
    char token[LIMIT_TOKEN_TEXT];
    enum err err = store->ops->submission_get(store->self, request->instance, false, &row, why);
    if (!err && row.state != STORE_PRUNED)
        err = outbox_open_facts(outbox, row.instance, &facts, why);
    if (!err)
        err = outbox_owner_row(outbox, row.instance, &owner, why);
    outbox_token_of(&facts, token);
    bool is_first = facts.print_count <= 1;
    if (!err && (token[0] || is_first))
        err = outbox_owner_close(outbox, &owner, token[0] ? token : request->question.token,
                                 &request->lock, why);
    memory_wipe(&facts, sizeof facts);
    memory_wipe(token, sizeof token);
    return err;
}

void outbox_owner(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, owner_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}

enum err outbox_token_erase(struct outbox *outbox, const char *instance, int print, bool *erased,
                            struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct receipt_facts facts;
    struct strbuf sealed;
    *erased = false;
    enum err err = outbox_open_facts(outbox, instance, &facts, why);
    if (err == ERR_NOT_FOUND || err == ERR_CORRUPT) // pruned, or nobody can open it any more
        return ERR_OK;
    bool bore_it = !err && facts.qr_text[0] && print >= facts.print_count;
    if (bore_it) {
        memory_wipe(facts.qr_text, sizeof facts.qr_text);
        strbuf_init(&sealed, SEALED_MAXIMUM);
        err = outbox_seal_facts(outbox, instance, &facts, &sealed, why);
        if (!err)
            err = store->ops->receipt_set(store->self, instance, &sealed, why);
        strbuf_free(&sealed);
        *erased = !err;
    }
    memory_wipe(&facts, sizeof facts);
    return err;
}

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
    enum err err = sweep.rows
                       ? store->ops->submission_list(store->self, room, add_row, &sweep, why)
                       : fail_set(why, ERR_RETRY, "no memory");
    for (size_t i = 0; !err && i < sweep.count; i++)
        err = sweep_one(outbox, &sweep.rows[i], why);
    free(sweep.rows);
    return err;
}

enum err outbox_tokens_sweep(struct outbox *outbox, struct fail *why)
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
