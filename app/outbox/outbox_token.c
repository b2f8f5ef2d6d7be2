// SPDX-License-Identifier: GPL-3.0-or-later
// A receipt that is printed again under a new token, and the message about it that the district
// must get: written in the transaction that made the token, told until it is answered.
#include "outbox_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/renewal.h"
#include "yimen/case/tracking.h"

enum { SEALED_MAXIMUM = 32 << 10 };

static enum err keep_message(struct outbox *outbox, const struct receipt_facts *facts,
                             const char *instance, const char *token_hash, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct renewal renewal = {.print = facts->print_count,
                              .utc_ms = clock_now(outbox->options.clock).utc_ms};
    struct strbuf message;
    strbuf_init(&message, RENEWAL_BYTES);
    text_copy(renewal.receipt, sizeof renewal.receipt, facts->number);
    text_copy(renewal.instance, sizeof renewal.instance, instance);
    text_copy(renewal.token_hash, sizeof renewal.token_hash, token_hash);
    text_copy(renewal.key_id, sizeof renewal.key_id, outbox->options.device_key_id);
    enum err err =
        renewal_sign(outbox->options.crypto, outbox->options.signing_secret, &renewal, why);
    if (!err)
        err = renewal_write(&renewal, &message, why);
    if (!err)
        err = store->ops->token_put(store->self, instance, strbuf_text(&message), why);
    strbuf_free(&message);
    return err;
}

enum err outbox_renew_token(struct outbox *outbox, const char *instance,
                            struct receipt_facts *facts, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct tracking fresh;
    struct strbuf sealed;
    strbuf_init(&sealed, SEALED_MAXIMUM);
    enum err err = tracking_make(outbox->options.crypto, outbox->options.signing_secret,
                                 outbox->options.district_host, facts->number, &fresh, why);
    if (!err) {
        text_copy(facts->qr_text, sizeof facts->qr_text, fresh.qr_text);
        err = outbox_seal_facts(outbox, instance, facts, &sealed, why);
    }
    if (!err)
        err = store->ops->receipt_set(store->self, instance, &sealed, why);
    if (!err)
        err = keep_message(outbox, facts, instance, fresh.token_hash, why);
    strbuf_free(&sealed);
    memory_wipe(&fresh, sizeof fresh);
    return err;
}

int outbox_tokens_waiting(struct outbox *outbox)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf message;
    struct fail why = {0};
    int64_t id;
    strbuf_init(&message, RENEWAL_BYTES);
    enum err err = store->ops->token_next(store->self, &id, &message, &why);
    strbuf_free(&message);
    if (err && err != ERR_NOT_FOUND)
        log_fail(LOG_WARNING, "outbox", "new-tokens", &why);
    return !err;
}

void outbox_token_next(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf message;
    struct fail why = {0};
    int64_t id = 0;
    strbuf_init(&message, RENEWAL_BYTES);
    enum err err = store->ops->token_next(store->self, &id, &message, &why);
    struct outbox_reply reply =
        outbox_reply_to(answer, err == ERR_NOT_FOUND ? OUTBOX_NOTHING : OUTBOX_TOKEN);
    if (!err) {
        reply.number = id;
        reply.message = strbuf_take(&message);
        if (!reply.message)
            err = fail_set(&why, ERR_RETRY, "no memory");
    }
    strbuf_free(&message);
    if (err && err != ERR_NOT_FOUND)
        outbox_emit_done(answer, err, &why);
    else
        outbox_emit(answer, &reply);
}

static enum err told_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    bool refused = request->detail[0] != '\0';
    enum err err = store->ops->token_done(store->self, request->number, why);
    return err ? err
               : outbox_audit(outbox, refused ? "token.refused" : "token.told", request->receipt,
                              "", request->detail, why);
}

void outbox_token_told(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, told_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}
