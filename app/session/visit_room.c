// SPDX-License-Identifier: GPL-3.0-or-later
// What a touch means while a visit is on the screen: something beside it (a ticket, a code, the
// pad) or its step.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>

// Before anything was typed and after everything is done there is nothing to ask about.
static bool may_leave_unasked(const struct visit *visit)
{
    return visit->step == STEP_NOTICE || visit->step == STEP_WANTED || fit_is_shown(visit) ||
           visit->step == STEP_RATING || visit->step == STEP_DONE;
}

static void leave(struct session *session)
{
    if (session->visit->step == STEP_SAVING && !session->visit->problem.open)
        return; // in a moment it is saved
    if (may_leave_unasked(session->visit))
        visit_end_current(session, "left");
    else
        session->overlay = OVERLAY_LEAVE;
}

static void back(struct session *session)
{
    if (!steps_back(session))
        leave_back(session);
}

// A sign that was drawn is typed into its field: the step's rules see it as all else.
static void draw(struct session *session, const struct intent *intent)
{
    (void)characters_intent(session, intent);
    struct intent *typed = characters_typed(session->visit);
    if (!typed)
        return;
    (void)steps_intent(session, typed);
    memory_wipe(typed, sizeof *typed);
    free(typed);
}

static void problem_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_RETRY && visit->problem.retry)
        (void)save_retry(session);
    else if (intent->kind == INTENT_BACK || intent->kind == INTENT_NEXT) {
        visit->problem.open = false;
        if (!visit->record)
            visit_end_current(session, "form-broken");
        else if (visit->step == STEP_SAVING)
            back(session);
    }
}

static void touch(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    bool saving = visit->step == STEP_SAVING && !visit->problem.open;
    bool beside = visit->choosing || visit->choosing_code || visit->ticket.stage != TICKET_NONE;
    bool draws = visit->characters.is_open || intent->kind == INTENT_CHARACTER;
    visit->ticket.changed = true;
    visit->characters.goes_on = false;
    if (visit->service->urgent && intent->kind == INTENT_ANSWER && intent->text[0])
        urgent_is_meant(session);
    if (intent->kind == INTENT_TICKET)
        ticket_take(session, session->overlay == OVERLAY_LEAVE);
    else if (intent->kind == INTENT_PARK)
        park_choose(session);
    else if (intent->kind == INTENT_HIDE_CODE)
        park_choose_hiding(session);
    else if (beside && intent->kind != INTENT_LEAVE && intent->kind != INTENT_LEAVE_SURE)
        (void)(park_choose_intent(session, intent) || code_choose_intent(session, intent) ||
               ticket_intent(session, intent));
    else if (draws && intent->kind != INTENT_LEAVE && intent->kind != INTENT_LEAVE_SURE)
        draw(session, intent);
    else if (intent->kind == INTENT_LEAVE)
        leave(session);
    else if (intent->kind == INTENT_LEAVE_SURE && !saving)
        visit_end_current(session, "left");
    else if (visit->problem.open)
        problem_intent(session, intent);
    else if (saving || steps_intent(session, intent))
        return;
    else if (intent->kind == INTENT_NEXT || intent->kind == INTENT_SUBMIT)
        steps_forward(session);
    else if (intent->kind == INTENT_BACK)
        back(session);
}

bool visit_intent(struct session *session, const struct intent *intent)
{
    if (session->place != PLACE_VISIT)
        return false;
    touch(session, intent);
    return true;
}
