// SPDX-License-Identifier: GPL-3.0-or-later
// A receipt that is printed again under a new token, and the message about it that the district
// must get: written in the transaction that made the token, told until it is answered.
#include "base.h"

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

// What opens the case under its new token.
static enum err renew_box(struct outbox *outbox, const char *instance, const char *factor,
                          const char *old_token, const char *token, struct fail *why)
{
    const struct crypto *crypto = outbox->options.crypto;
    struct store_owner row;
    struct owner_lock lock = {0};
    enum err err = outbox_owner_row(outbox, instance, &row, why);
    const struct bytes box = {row.box, row.box_length};
    bool has_key = false;
    if (!err && track_factor_is_whole(factor)) {
        struct ticket order;
        owner_lock_draw(crypto, &order);
        text_copy(lock.salt, sizeof lock.salt, order.id);
        err = owner_lock_key(crypto, factor, &lock, why);
        has_key = !err;
    } else if (!err && box.length && old_token[0]) {
        text_copy(lock.salt, sizeof lock.salt, row.salt);
        has_key = owner_lock_open(crypto, old_token, instance, &box, lock.key, NULL) == ERR_OK;
    }
    if (!err)
        err = outbox_owner_close(outbox, &row, token, has_key ? &lock : NULL, why);
    memory_wipe(&lock, sizeof lock);
    return err;
}

enum err outbox_renew_token(struct outbox *outbox, const char *instance,
                            const struct track_question *question, struct receipt_facts *facts,
                            struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct tracking fresh;
    char old_token[LIMIT_TOKEN_TEXT];
    outbox_token_of(facts, old_token);
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
        err = renew_box(outbox, instance, question->factor, old_token, fresh.token, why);
    if (!err)
        err = keep_message(outbox, facts, instance, fresh.token_hash, why);
    strbuf_free(&sealed);
    memory_wipe(&fresh, sizeof fresh);
    memory_wipe(old_token, sizeof old_token);
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
