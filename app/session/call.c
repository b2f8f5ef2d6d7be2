// SPDX-License-Identifier: GPL-3.0-or-later
// Calling a person: from every screen, never closed by any gate. Not answered within a minute, the
// screen says so and shows the telephones.
#include "session_internal.h"

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
    session->output.call(session->output.context, true, call->urgent);
}

void call_stop(struct session *session, bool answered)
{
    struct call_state *call = &session->call;
    if (!call->calling)
        return;
    session->output.call(session->output.context, false, false);
    call->calling = call->urgent = call->unanswered = false;
    call->answered = answered;
    session->dirty = true;
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
    if (session->overlay != OVERLAY_IDLE && session->staff.screen == STAFF_OFF)
        session->overlay = OVERLAY_CALL;
    session->dirty = true;
}

int64_t call_wait(const struct session *session)
{
    const struct call_state *call = &session->call;
    if (!call->calling || call->unanswered)
        return -1;
    return call->since_ms + CALL_ANSWER_MS - session_now_ms(session);
}
