// SPDX-License-Identifier: GPL-3.0-or-later
// Calling a person: from every screen, never closed by any gate. What it reached is said, and no
// more. Not answered within a minute, whoever called is told so by a quiet line, which covers
// nothing; on the sheet of the call itself stand the telephones.
#include "../session_internal.h"

static void tell_drivers(struct session *session, bool silent)
{
    struct call_state *call = &session->call;
    struct call_wanted wanted = {
        .calling = call->calling, .urgent = call->urgent, .silent = silent};
    call->reached = session_call(session, &wanted);
}

void call_start(struct session *session, bool urgent)
{
    struct call_state *call = &session->call;
    // Nobody came within the minute: whoever calls now, the next person perhaps, has a minute anew.
    if (!call->calling || call->unanswered) {
        *call = (struct call_state){
            .calling = true, .urgent = call->urgent, .since_ms = session_now_ms(session)};
        session_note(session, "call.opened", urgent ? "urgent" : "ordinary");
    }
    call->urgent |= urgent;
    call->is_mine = true;
    tell_drivers(session, false);
}

void call_stop(struct session *session, bool answered)
{
    struct call_state *call = &session->call;
    if (!call->calling)
        return;
    call->calling = call->urgent = call->unanswered = false;
    call->answered = answered;
    tell_drivers(session, true);
    session->dirty = true;
}

void call_person_left(struct session *session, bool hidden)
{
    struct call_state *call = &session->call;
    call->is_mine = false;
    if (!call->calling)
        return;
    // An urgent call goes on until somebody comes, also when the person has left.
    if (!call->urgent)
        call_stop(session, false);
    else if (hidden)
        tell_drivers(session, true); // what can be heard would tell
}

bool call_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind != INTENT_CALL)
        return false;
    call_start(session, session->visit && session->visit->service->urgent);
    session->overlay = OVERLAY_CALL;
    return true;
}

void call_tick(struct session *session)
{
    struct call_state *call = &session->call;
    if (!call->calling || call->unanswered ||
        session_now_ms(session) - call->since_ms < CALL_ANSWER_MS)
        return;
    call->unanswered = true;
    session_note(session, "call.unanswered", "");
    session->dirty = true;
}

int64_t call_wait(const struct session *session)
{
    const struct call_state *call = &session->call;
    if (!call->calling || call->unanswered)
        return -1;
    return call->since_ms + CALL_ANSWER_MS - session_now_ms(session);
}

// Of somebody else's call nobody hears.
static const char *line_key(const struct session *session)
{
    const struct call_state *call = &session->call;
    if (!call->is_mine || !session->visit || session->overlay == OVERLAY_CALL)
        return NULL;
    if (call->answered)
        return "call.line.answered";
    if (!call->calling)
        return NULL;
    return !call->reached ? "call.line.nobody" : call->unanswered ? "call.line.unanswered" : NULL;
}

void call_view(struct session *session, struct view *view)
{
    const struct counter *counter =
        catalogue_counter(session->options.catalogue, session->options.counter);
    view->call_answered = session->call.answered;
    view->call_unanswered = session->call.unanswered;
    view->call_reached = session->call.reached;
    view->call_line_key = line_key(session);
    view->counter_phone = counter ? counter->phone : "";
}
