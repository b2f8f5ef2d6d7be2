// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

struct outbox_reply outbox_reply_to(const struct outbox_answer *answer, enum outbox_reply_kind kind)
{
    struct outbox_reply reply = {.kind = kind, .retry_at_ms = -1};
    if (answer->request) {
        reply.to = answer->request->kind;
        reply.id = answer->request->id;
    }
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
