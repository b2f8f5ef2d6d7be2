// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a large case, piece by piece.
#include "verb.h"

#include "yimen/base/text.h"

#include <stdlib.h>

// Whoever asks for the next piece of a large case also hears whether another case waits for it.
static enum err look_behind(struct outbox *outbox, struct outbox_reply *reply, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct when now = clock_now(outbox->options.clock);
    struct store_submission next;
    int64_t next_ms;
    enum err err = store->ops->submission_next(store->self, &now, &next, &next_ms, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    reply->others_wait = true;
    reply->urgent_waits = next.urgent;
    return ERR_OK;
}

void outbox_part(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    const struct kiosk_store *store = outbox->options.store;
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_PART_READY);
    struct store_range range = {request->range.offset, request->range.length};
    struct fail why = {0};
    struct strbuf data;
    strbuf_init(&data, LIMIT_PART_BYTES + 64);
    text_copy(outbox->sent_instance, sizeof outbox->sent_instance, request->instance);
    outbox->sent_bytes = request->number;
    enum err err = store->ops->part_read(store->self, request->instance, request->range.part,
                                         &range, &data, &why);
    if (!err)
        err = look_behind(outbox, &reply, &why);
    if (!err) {
        reply.length = data.length;
        reply.data = strbuf_take(&data);
        if (!reply.data)
            err = fail_set(&why, ERR_RETRY, "no memory");
    }
    strbuf_free(&data);
    if (err)
        outbox_emit_done(answer, err, &why);
    else
        outbox_emit(answer, &reply);
}
