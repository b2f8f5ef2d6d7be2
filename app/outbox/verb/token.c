// SPDX-License-Identifier: GPL-3.0-or-later
// The messages about new tokens, told to the district one by one.
#include "verb.h"

#include "yimen/base/text.h"
#include "yimen/case/renewal.h"

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
