// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over a screen: help, and closing it; and a calm full-screen message.
#include "../session_internal.h"

bool overlay_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind == INTENT_HELP) {
        session->overlay = OVERLAY_HELP;
        return true;
    }
    if (intent->kind != INTENT_CLOSE_OVERLAY)
        return false;
    session->overlay = OVERLAY_NONE;
    return true;
}

void overlay_view(struct session *session, struct view *view)
{
    view->overlay = session->overlay;
    view->countdown_s = session->overlay == OVERLAY_IDLE ? idle_countdown_s(session) : 0;
}

void problem_show(struct view *view, const struct problem *problem)
{
    if (!problem->open)
        return;
    view->problem_what_key = problem->what_key;
    view->problem_safe_key = problem->safe_key;
    view->problem_next_key = problem->next_key;
    view->problem_code = problem->code;
    view->problem_retry = problem->retry;
}

// Outside a visit; one in it is the visit's.
void problem_view(struct session *session, struct view *view)
{
    if (session->place == PLACE_VISIT)
        return;
    problem_show(view, &session->problem);
    if (session->problem.open)
        view->screen = SCREEN_PROBLEM;
}
