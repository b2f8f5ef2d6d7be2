// SPDX-License-Identifier: GPL-3.0-or-later
// What the print worker and the end of a visit say about print jobs.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const events[] = {
    [PRINT_COMPOSED] = "",
    [PRINT_ACCEPTED] = "",
    [PRINT_PRINTED] = "receipt.printed",
    [PRINT_FAILED] = "receipt.failed",
    [PRINT_UNKNOWN] = "receipt.unknown",
    [PRINT_WAITING_FOR_OWNER] = "receipt.waiting",
    [PRINT_CANCELLED] = "receipt.cancelled",
};

// "Printed" is the last word; once the visit has ended, only news of paper changes "waiting".
static bool may_follow(int before, enum print_state after)
{
    if (before == PRINT_PRINTED)
        return false;
    if (before == PRINT_WAITING_FOR_OWNER)
        return after == PRINT_PRINTED || after == PRINT_UNKNOWN;
    return before != (int)after;
}

struct print_news {
    const struct outbox_request *request;
    bool erased; ///< a token
};

// "yimen-NUMBER-2" -> 2.
static int print_of(const char *job)
{
    const char *dash = strrchr(job, '-');
    return dash ? (int)strtol(dash + 1, NULL, 10) : 0;
}

static enum err print_state_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct print_news *news = context;
    const struct outbox_request *request = news->request;
    const struct kiosk_store *store = outbox->options.store;
    struct store_print_job job;
    struct store_submission row;
    enum err err = store->ops->print_job_get(store->self, request->job, &job, why);
    if (err == ERR_NOT_FOUND)
        return ERR_OK; // a technician's test slip is nobody's receipt
    if (err || !may_follow(job.state, request->print_state))
        return err;
    job.state = (int)request->print_state;
    job.changed_utc_ms = clock_now(outbox->options.clock).utc_ms;
    text_copy(job.detail, sizeof job.detail, request->detail);
    err = store->ops->print_job_update(store->self, &job, why);
    news->erased = false;
    if (!err && request->print_state == PRINT_PRINTED)
        err = outbox_token_erase(outbox, job.instance, print_of(job.name), &news->erased, why);
    if (err || events[request->print_state][0] == '\0')
        return err;
    err = store->ops->submission_get(store->self, job.instance, false, &row, why);
    return err ? err : outbox_audit(outbox, events[request->print_state], row.number, "", "", why);
}

void outbox_print_state(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    struct print_news news = {.request = answer->request};
    enum err err = outbox_transaction(outbox, print_state_work, &news, &why);
    struct fail untidy = {0};
    const struct kiosk_store *store = outbox->options.store;
    // Not in the store's log either. What was printed stays printed where that does not work now.
    if (!err && news.erased && store->ops->tidy(store->self, &untidy))
        log_fail(LOG_WARNING, "outbox", "token-in-log", &untidy);
    outbox_emit_done(answer, err, &why);
}

static enum err visit_ended_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    enum err err = outbox_pages_delete(outbox, request->instance, why);
    return err ? err
               : store->ops->print_jobs_move(store->self, request->instance, OUTBOX_NOT_PRINTED,
                                             PRINT_WAITING_FOR_OWNER,
                                             clock_now(outbox->options.clock).utc_ms, why);
}

void outbox_visit_ended(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = ERR_OK;
    outbox_pages_forget(outbox_pages_of(outbox, answer->request->instance));
    if (answer->request->instance[0]) // a visit without a case has nothing to print
        err = outbox_transaction(outbox, visit_ended_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}
