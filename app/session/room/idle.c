// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody there any more? An alert after a while, a countdown, one touch to stay, as often as
// wanted; then everything of the visit is gone. Longer on the papers step, where people fetch
// things, and while number and code are all the resident has of the receipt.
#include "../session_internal.h"

// Somebody may have been here: a visit, a list of services, changed comfort, an open overlay.
static bool is_watching(const struct session *session)
{
    const struct visit *visit = session->visit;
    if (session->staff.screen != STAFF_OFF)
        return false;
    if (visit && visit->step == STEP_SAVING && !visit->problem.open)
        return false; // it ends by the store's answer
    return session->place != PLACE_ATTRACT || session->overlay != OVERLAY_NONE ||
           comfort_is_changed(session) || session->problem.open;
}

static int alert_ms(const struct session *session)
{
    const struct visit *visit = session->visit;
    bool longer = visit && (visit->step == STEP_PAPERS || visit->ticket.stage == TICKET_SHOWN ||
                            (visit->step == STEP_SAVED && visit->receipt_state != RECEIPT_PRINTED));
    return longer ? session->options.idle_papers_ms : session->options.idle_alert_ms;
}

void idle_touch(struct session *session)
{
    session->touched_ms = session_now_ms(session);
    if (session->overlay == OVERLAY_IDLE)
        session->overlay = OVERLAY_NONE;
}

int idle_countdown_s(const struct session *session)
{
    int64_t left = session->touched_ms + alert_ms(session) + session->options.countdown_ms -
                   session_now_ms(session);
    return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void idle_tick(struct session *session)
{
    int64_t idle = session_now_ms(session) - session->touched_ms;
    if (!is_watching(session) || idle < alert_ms(session))
        return;
    bool nothing_of_anyone = session->place == PLACE_ATTRACT && !session->visit;
    if (nothing_of_anyone || idle >= alert_ms(session) + session->options.countdown_ms) {
        go_to(session, &(struct go){.kind = GO_IDLE});
        return;
    }
    session->overlay = OVERLAY_IDLE;
    session->dirty = true; // each second is shown
}

int64_t idle_wait(const struct session *session)
{
    if (!is_watching(session))
        return -1;
    int64_t left = session->touched_ms + alert_ms(session) - session_now_ms(session);
    if (left > 0)
        return left;
    int64_t second = (left + session->options.countdown_ms) % 1000;
    return second ? second : 1000;
}
