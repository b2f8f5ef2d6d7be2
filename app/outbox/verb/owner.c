// SPDX-License-Identifier: GPL-3.0-or-later
// The box of a case that was just saved, computed meanwhile.
#include "verb.h"

#include "yimen/base/text.h"

// Its receipt may be on paper already, and its token gone from here: then it is the one that the
// order bears, unless another was printed since. Of that one nothing is known here any more, and
// the case keeps no box: the district tells, or a clerk.
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
