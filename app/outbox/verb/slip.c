// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers for slips that are filled in by hand.
#include "verb.h"

#include "yimen/base/text.h"

#include <stdlib.h>

enum { TYPE_HAND_SLIP = 9 };

struct numbering {
    struct when now;
    const char *staff;
    char number[LIMIT_RECEIPT_NUMBER];
};

static enum err take_slip(struct outbox *outbox, void *context, struct fail *why)
{
    struct numbering *slip = context;
    enum err err = outbox_take_number(outbox, &slip->now, TYPE_HAND_SLIP, slip->number, why);
    return err ? err : outbox_audit(outbox, "slip.numbered", slip->number, slip->staff, "", why);
}

void outbox_hand_slip(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_NUMBERED);
    struct numbering slip = {.now = clock_now(outbox->options.clock),
                             .staff = answer->request->staff};
    struct fail why = {0};
    enum err err = outbox_transaction_once(outbox, take_slip, &slip, &why);
    if (err) {
        outbox_emit_done(answer, err, &why);
        return;
    }
    text_copy(reply.slip, sizeof reply.slip, slip.number);
    outbox_emit(answer, &reply);
}

enum err outbox_number_slip(const struct outbox_options *options, const char *staff,
                            char out[LIMIT_RECEIPT_NUMBER], struct fail *why)
{
    struct numbering slip = {.now = clock_now(options->clock), .staff = staff};
    struct outbox *outbox = calloc(1, sizeof *outbox);
    if (!outbox)
        return fail_set(why, ERR_FULL, "no memory for a number");
    outbox->options = *options;
    enum err err = outbox_transaction_once(outbox, take_slip, &slip, why);
    text_copy(out, LIMIT_RECEIPT_NUMBER, err ? "" : slip.number);
    free(outbox);
    return err;
}
