// SPDX-License-Identifier: GPL-3.0-or-later
// Receipt facts: sealed under a key from the root secret, because they must be printable again; and
// the request that prints them again.
#include "verb.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reprint {
    const struct outbox_request *request;
    struct receipt_facts *facts;
    char job[64];
};

static enum err note_reprint(struct outbox *outbox, const struct store_submission *row,
                             struct reprint *reprint, struct fail *why)
{
    char detail[64];
    const char *staff = reprint->request->staff;
    snprintf(detail, sizeof detail, "print=%d", row->print_count);
    return outbox_audit(outbox, "receipt.reprint", row->number, staff[0] ? staff : "resident",
                        detail, why);
}

// Its owner asks for it; it is erased; or staff print it again, and an earlier copy may be in
// somebody's hand.
static enum err wants_renewal(struct outbox *outbox, const struct store_submission *row,
                              const struct reprint *reprint, bool *out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct outbox_request *request = reprint->request;
    *out = request->question.reprint || reprint->facts->qr_text[0] == '\0';
    for (int print = 1; request->staff[0] && !*out && print < row->print_count; print++) {
        struct store_print_job job;
        char name[64];
        outbox_job_name(row->number, print, name);
        enum err err = store->ops->print_job_get(store->self, name, &job, why);
        if (err && err != ERR_NOT_FOUND)
            return err;
        *out = !err && (job.state == PRINT_PRINTED || job.state == PRINT_UNKNOWN);
    }
    return ERR_OK;
}

static enum err reprint_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct reprint *reprint = context;
    const struct kiosk_store *store = outbox->options.store;
    struct store_submission row;
    enum err err =
        store->ops->submission_get(store->self, reprint->request->receipt, true, &row, why);
    if (!err && row.state == STORE_PRUNED)
        err = fail_set(why, ERR_NOT_FOUND, "this case is pruned: the district has it");
    if (!err)
        err = outbox_open_facts(outbox, row.instance, reprint->facts, why);
    if (err)
        return err;
    row.print_count++;
    reprint->facts->print_count = row.print_count;
    bool renews = false;
    err = wants_renewal(outbox, &row, reprint, &renews, why);
    if (!err && renews)
        err = outbox_renew_token(outbox, row.instance, &reprint->request->question, reprint->facts,
                                 why);
    if (err)
        return err;
    outbox_job_name(row.number, row.print_count, reprint->job);
    struct store_print_job job = {.state = PRINT_COMPOSED,
                                  .changed_utc_ms = clock_now(outbox->options.clock).utc_ms};
    text_copy(job.name, sizeof job.name, reprint->job);
    text_copy(job.instance, sizeof job.instance, row.instance);
    err = store->ops->submission_update(store->self, &row, why);
    if (!err)
        err = store->ops->print_job_insert(store->self, &job, why);
    return err ? err : note_reprint(outbox, &row, reprint, why);
}

void outbox_receipt(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    struct reprint reprint = {.request = answer->request,
                              .facts = calloc(1, sizeof *reprint.facts)};
    enum err err = reprint.facts ? outbox_transaction(outbox, reprint_work, &reprint, &why)
                                 : fail_set(&why, ERR_RETRY, "no memory");
    if (err) {
        free(reprint.facts);
        outbox_emit_done(answer, err, &why);
        return;
    }
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_RECEIPT_READY);
    reply.facts = reprint.facts;
    text_copy(reply.job, sizeof reply.job, reprint.job);
    outbox_emit(answer, &reply);
}
