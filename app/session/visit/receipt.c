// SPDX-License-Identifier: GPL-3.0-or-later
// After "saved": the receipt's true state, another try when it did not print, the rating. The case
// is safe whatever the printer does; number and code stay until "I have it".
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum { ASK_PRINTER_MS = 3000 };

static bool on_paper(const struct visit *visit)
{
    return visit->receipt_state == RECEIPT_PRINTED;
}

bool saved_ready(struct session *session)
{
    return on_paper(session->visit) || session->visit->has_receipt;
}

// It surely did not print, or nobody can say: then the resident decides, on a marked copy.
static bool may_reprint(const struct visit *visit)
{
    return visit->receipt_state == RECEIPT_FAILED || visit->receipt_state == RECEIPT_UNKNOWN ||
           visit->receipt_state == RECEIPT_WAITING_FOR_OWNER;
}

static void ask_reprint(struct session *session)
{
    struct visit *visit = session->visit;
    struct outbox_request request = {.kind = OUTBOX_RECEIPT};
    text_copy(request.receipt, sizeof request.receipt, visit->receipt_number);
    text_copy(request.instance, sizeof request.instance, visit->instance);
    visit->receipt_state = RECEIPT_COMPOSED;
    visit->receipt_problem_key = NULL;
    (void)ask_store(session, ROOM_VISIT, &request);
}

bool saved_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_HAVE_RECEIPT) {
        visit->has_receipt = true;
        go_forward(session);
    } else if (intent->kind == INTENT_REPRINT) {
        if (may_reprint(visit))
            ask_reprint(session);
    } else {
        return false;
    }
    return true;
}

bool rating_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind != INTENT_RATE)
        return false;
    if (intent->number >= 1 && intent->number <= 5) {
        visit->rating = intent->number;
        struct outbox_request rated = {.kind = OUTBOX_RATED, .number = intent->number};
        text_copy(rated.text, sizeof rated.text, visit->shown_service);
        tell_store(session, &rated); // a grade, tied to nobody
    }
    go_forward(session);
    return true;
}

void receipt_follow(struct session *session, const char *number, const char *job)
{
    struct visit *visit = session->visit;
    if (visit && visit->saved && text_equal(visit->receipt_number, number)) {
        text_copy(visit->job, sizeof visit->job, job);
        visit->receipt_state = RECEIPT_COMPOSED;
        visit->receipt_problem_key = NULL;
    }
}

void receipt_unclaimed(struct session *session, const struct outbox_reply *reply)
{
    struct outbox_request request = {.kind = OUTBOX_PRINT_STATE,
                                     .print_state = PRINT_WAITING_FOR_OWNER};
    if (reply->kind != OUTBOX_RECEIPT_READY && reply->kind != OUTBOX_SAVED)
        return;
    text_copy(request.job, sizeof request.job, reply->job);
    tell_store(session, &request);
}

void receipt_reply(struct session *session, struct outbox_reply *reply)
{
    struct visit *visit = session->visit;
    if (!visit || !visit->saved) {
        receipt_unclaimed(session, reply);
        return;
    }
    if (reply->kind != OUTBOX_RECEIPT_READY || !reply->facts ||
        !text_equal(reply->facts->number, visit->receipt_number)) {
        visit->receipt_state = RECEIPT_FAILED;
        visit->receipt_problem_key = "printer.other";
        return;
    }
    receipt_follow(session, reply->facts->number, reply->job);
    text_copy(visit->qr_text, sizeof visit->qr_text, reply->facts->qr_text);
    struct print_request print = {.kind = PRINT_RECEIPT, .facts = reply->facts};
    text_copy(print.job, sizeof print.job, reply->job);
    reply->facts = NULL;
    tell_printer(session, &print);
}

// ------------------------------------------------------------------ paper is put in

static bool waits_for_printer(const struct visit *visit)
{
    return visit && visit->step == STEP_SAVED && visit->receipt_problem_key && may_reprint(visit);
}

// What is wrong with the printer is asked anew: somebody may be putting paper in.
void receipt_tick(struct session *session)
{
    struct visit *visit = session->visit;
    if (!waits_for_printer(visit) || session_now_ms(session) < visit->ask_printer_ms)
        return;
    struct print_request request = {.kind = PRINT_STATUS};
    visit->ask_printer_ms = session_now_ms(session) + ASK_PRINTER_MS;
    (void)ask_printer(session, ROOM_VISIT, &request);
}

int64_t receipt_wait(const struct session *session)
{
    if (!waits_for_printer(session->visit))
        return -1;
    int64_t left = session->visit->ask_printer_ms - session_now_ms(session);
    return left > 0 ? left : 0;
}

static void printer_event(struct session *session, const struct print_event *event)
{
    struct visit *visit = session->visit;
    if (!waits_for_printer(visit))
        return;
    visit->receipt_problem_key = paper_problem(event->reasons);
    session->dirty = true;
}

static void take_event(struct session *session, struct visit *visit,
                       const struct print_event *event)
{
    if (!visit || !visit->saved || !text_equal(visit->job, event->job))
        return;
    visit->receipt_state = receipt_state_of(event, &visit->receipt_problem_key);
    session->dirty = true;
}

void receipt_event(struct session *session, const struct print_event *event)
{
    if (event->kind == PRINT_EVENT_STATUS)
        printer_event(session, event);
    if (event->kind != PRINT_EVENT_JOB)
        return;
    take_event(session, session->visit, event);
    take_event(session, session->kept, event);
}
