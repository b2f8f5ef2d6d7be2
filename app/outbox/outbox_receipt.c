// SPDX-License-Identifier: GPL-3.0-or-later
// Receipt facts: sealed under a key from the root secret, because they must be printable again; and
// the request that prints them again.
#include "outbox_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FACTS_MAXIMUM = 16 << 10, PLACE = 96 };

static void place_of(const char *instance, char out[PLACE])
{
    snprintf(out, PLACE, "yimen/receipt-facts/1 %s", instance);
}

void outbox_job_name(const char *number, int print_count, char out[64])
{
    snprintf(out, 64, "yimen-%s-%d", number, print_count);
}

enum err outbox_seal_facts(struct outbox *outbox, const char *instance,
                           const struct receipt_facts *facts, struct strbuf *out, struct fail *why)
{
    const struct crypto *crypto = outbox->options.crypto;
    struct strbuf json;
    char place[PLACE];
    strbuf_init(&json, FACTS_MAXIMUM);
    place_of(instance, place);
    enum err err = receipt_facts_write(facts, &json, why);
    if (!err) {
        err = crypto->ops->seal(crypto->self, outbox->receipt_key, place, json.data, json.length,
                                out);
        if (err)
            fail_set(why, err, "sealing the receipt");
    }
    strbuf_free(&json);
    return err;
}

enum err outbox_open_facts(struct outbox *outbox, const char *instance, struct receipt_facts *out,
                           struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct crypto *crypto = outbox->options.crypto;
    struct strbuf sealed, json;
    char place[PLACE];
    strbuf_init(&sealed, FACTS_MAXIMUM + 256);
    strbuf_init(&json, FACTS_MAXIMUM);
    place_of(instance, place);
    enum err err = store->ops->receipt_get(store->self, instance, &sealed, why);
    if (!err) {
        err = crypto->ops->open(crypto->self, outbox->receipt_key, place, sealed.data,
                                sealed.length, &json);
        if (err)
            fail_set(why, err, "the stored receipt cannot be opened");
    }
    if (!err)
        err = receipt_facts_read(json.data, json.length, out, why);
    strbuf_free(&sealed);
    strbuf_free(&json);
    return err;
}

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

// Its owner asks for it; it is erased; or staff print it again, and an earlier copy may be in somebody's hand.
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
        err = outbox_renew_token(outbox, row.instance, &reprint->request->question,
                                 reprint->facts, why);
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
