// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a case that was found: short services that belong to it, each an ordinary
// visit with a receipt of its own, and its receipt once more.
#include "../session_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const struct service *linked_service(const struct session *session, const char *id)
{
    const struct service *service = catalogue_service(session->options.catalogue, id);
    return service && service->linked ? service : NULL;
}

void track_begin(struct session *session, const struct service *service)
{
    const struct track_case *told = track_case(session);
    if (!told || !service)
        return;
    session->overlay = OVERLAY_NONE;
    visit_start_linked(session, service, told);
}

// A new token by this kiosk, of whose cases it holds the facts; of another's by the district.
static void reprint(struct session *session)
{
    struct track *track = session->track;
    const struct track_case *told = track_case(session);
    struct outbox_request request = {.kind = OUTBOX_RECEIPT};
    bool under_way = track->printing && (track->receipt_state == RECEIPT_COMPOSED ||
                                         track->receipt_state == RECEIPT_ACCEPTED);
    if (!told->may_reprint || under_way)
        return;
    track->printing = true;
    track->receipt_state = RECEIPT_COMPOSED;
    track->receipt_problem_key = NULL;
    if (!told->own) {
        snprintf(track->job, sizeof track->job, "yimen-%s-%lld", told->number,
                 (long long)session->asked_last + 1);
        text_copy(track->question.number, sizeof track->question.number, told->number);
        text_copy(track->question.instance, sizeof track->question.instance, told->instance);
        track->question.print = told->prints;
        track_ask(session, true);
        return;
    }
    track->job[0] = '\0';
    text_copy(request.receipt, sizeof request.receipt, told->number);
    text_copy(request.instance, sizeof request.instance, told->instance);
    request.question.reprint = true;
    memcpy(request.question.factor, track->question.factor, sizeof request.question.factor);
    (void)ask_store(session, ROOM_TRACK, &request);
    memory_wipe(&request, sizeof request);
}

bool track_receipt(struct session *session, struct outbox_reply *reply)
{
    struct track *track = session->track;
    const struct track_case *told = track_case(session);
    if (!told || !track->printing || track->job[0])
        return false;
    if (reply->kind != OUTBOX_RECEIPT_READY || !reply->facts) {
        track->receipt_state = RECEIPT_FAILED;
        track->receipt_problem_key = "follow.reprint-later";
        return true;
    }
    if (!text_equal(reply->facts->number, told->number))
        return false;
    struct print_request print = {.kind = PRINT_RECEIPT, .facts = reply->facts};
    text_copy(track->job, sizeof track->job, reply->job);
    text_copy(print.job, sizeof print.job, reply->job);
    reply->facts = NULL;
    tell_printer(session, &print);
    nudge_sync(session); // the district is told of the new token
    return true;
}

void track_print(struct session *session, const struct print_event *event)
{
    struct track *track = session->track;
    if (!track || !track->printing || !track->job[0] || !text_equal(track->job, event->job))
        return;
    track->receipt_state = receipt_state_of(event, &track->receipt_problem_key);
    session->dirty = true;
}

bool track_act(struct session *session, const struct intent *intent)
{
    const struct track_case *told = track_case(session);
    if (!told)
        return false;
    if (intent->kind == INTENT_TRACK_CORRECT)
        correction_begin(session);
    else if (intent->kind == INTENT_TRACK_ADD && told->may_add)
        track_begin(session, linked_service(session, "add-paper"));
    else if (intent->kind == INTENT_TRACK_MISTAKE && told->may_add)
        track_begin(session, linked_service(session, "mistake"));
    else if (intent->kind == INTENT_TRACK_WITHDRAW && told->may_withdraw)
        session->overlay = OVERLAY_WITHDRAW;
    else if (intent->kind == INTENT_TRACK_WITHDRAW_SURE && told->may_withdraw)
        track_begin(session, linked_service(session, "withdraw"));
    else if (intent->kind == INTENT_TRACK_REPRINT)
        reprint(session);
    else
        return false;
    return true;
}
