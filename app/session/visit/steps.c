// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a visit, as a table: which steps there are, on which screen, for which services.
// A step is left by "next" when it is ready, and skipped when it does not apply or has nothing to
// ask. What changes from service to service is data of the content pack.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <stddef.h>

struct step_rule {
    enum screen screen;
    int stage; ///< "step 3 of 7": neighbours of one stage count as one; 0 = not counted
    bool (*enter)(struct session *session, bool forwards); ///< NULL: there is always something
    bool (*ready)(struct session *session);                ///< NULL: one may always go on
    bool (*intent)(struct session *session, const struct intent *intent);
};

static const struct step_rule rules[STEP_COUNT] = {
    [STEP_NOTICE] = {SCREEN_NOTICE, 1, NULL, NULL, NULL},
    [STEP_WHO] = {SCREEN_WHO, 1, NULL, who_ready, who_intent},
    [STEP_IDENTITY] = {SCREEN_IDENTITY, 2, identity_enter, identity_ready, identity_intent},
    [STEP_WANTED] = {SCREEN_WANTED, 2, NULL, NULL, NULL},
    [STEP_TICKET] = {SCREEN_TICKET_OFFER, 0, offer_enter, NULL, offer_intent},
    [STEP_QUESTIONS] = {SCREEN_QUESTION, 3, questions_enter, NULL, questions_intent},
    [STEP_PAPERS] = {SCREEN_PAPERS, 4, papers_enter, papers_ready, papers_intent},
    [STEP_REVIEW] = {SCREEN_REVIEW, 5, review_enter, review_ready, review_intent},
    [STEP_CONSENTS] = {SCREEN_CONSENT, 6, consents_enter, NULL, consents_intent},
    [STEP_COMMITMENT] = {SCREEN_COMMITMENT, 6, NULL, commitment_ready, commitment_intent},
    [STEP_SIGNATURE] = {SCREEN_SIGNATURE, 6, NULL, sign_ready, sign_intent},
    [STEP_SAVING] = {SCREEN_SAVING, 0, save_enter, NULL, NULL},
    [STEP_SAVED] = {SCREEN_SAVED, 7, NULL, saved_ready, saved_intent},
    [STEP_RATING] = {SCREEN_RATING, 0, NULL, NULL, rating_intent},
    [STEP_DONE] = {SCREEN_DONE, 0, NULL, NULL, afterwards_intent},
};

enum screen steps_screen(const struct visit *visit)
{
    if (visit->problem.open)
        return SCREEN_PROBLEM;
    // With a draft: back by a ticket, its form is a moment away.
    if (visit->draft || visit->choosing || visit->choosing_code ||
        visit->ticket.stage == TICKET_CHOOSE)
        return SCREEN_CODE;
    if (visit->ticket.stage != TICKET_NONE)
        return SCREEN_TICKET;
    if ((visit->step == STEP_QUESTIONS || visit->step == STEP_WANTED) && !visit->record)
        return visit->of_instance[0] ? SCREEN_TRACK_CASE : SCREEN_ATTRACT; // a moment away
    if (visit->characters.is_open)
        return SCREEN_CHARACTER;
    if (visit->step == STEP_IDENTITY && visit->document_list)
        return SCREEN_DOCUMENT;
    if (fit_is_shown(visit))
        return visit->fit_policy[0] ? SCREEN_POLICY : SCREEN_FIT;
    if (visit->step == STEP_QUESTIONS && visit->form_screen.kind == FORM_SCREEN_REPEAT)
        return SCREEN_REPEAT;
    return rules[visit->step].screen;
}

void steps_progress(const struct visit *visit, int *step, int *steps)
{
    int last = 0, total = 0, at = 0;
    for (enum visit_step i = STEP_NOTICE; i < STEP_COUNT; i++) {
        if (!rules[i].stage || !steps_apply(visit, i))
            continue;
        if (rules[i].stage != last)
            total++;
        last = rules[i].stage;
        if (i <= visit->step)
            at = total;
    }
    bool shown = visit->step <= STEP_SAVED && visit->step != STEP_SAVING;
    *step = shown ? at : 0;
    *steps = shown ? total : 0;
}

static void arrive(struct session *session, enum visit_step step)
{
    struct visit *visit = session->visit;
    visit->step = step;
    visit->document_list = false;
    visit->show_violations = false;
    visit->step_since_ms = session_now_ms(session);
    session->dirty = true;
}

void steps_go(struct session *session, enum visit_step step)
{
    arrive(session, step);
    if (rules[step].enter)
        (void)rules[step].enter(session, true);
}

// The form has to be there before anything can be answered. False: stay, and say why.
static bool form_is_there(struct session *session)
{
    struct visit *visit = session->visit;
    struct form_slot *slot = forms_slot(session, visit->service);
    if (visit->record || visit->step >= STEP_SAVING || visit_make_record(session))
        return true;
    if (slot && slot->state == FORM_LOADING) {
        visit->waits_for_form = true;
        return false;
    }
    if (slot && slot->state == FORM_UNSEALED) {
        visit_problem(&visit->problem, "closed", "FORM-NO-KEY", false);
        return false;
    }
    if (slot)
        slot->state = FORM_UNKNOWN; // choosing the service again loads it again
    visit_problem(&visit->problem, "form-broken", "FORM-BROKEN", false);
    return false;
}

// The first step after (or before) `from` that applies and has something to show.
static void walk(struct session *session, int from, int direction)
{
    struct visit *visit = session->visit;
    for (int i = from + direction; i >= 0 && i < STEP_COUNT; i += direction) {
        enum visit_step step = (enum visit_step)i;
        if (!steps_apply(visit, step))
            continue;
        visit->step = step; // an enter may put the visit elsewhere itself
        if (rules[step].enter && !rules[step].enter(session, direction > 0)) {
            if (visit->step != step || visit->problem.open || go_is_wanted(session))
                return;
            continue;
        }
        arrive(session, step);
        return;
    }
}

void steps_begin(struct session *session)
{
    if (steps_are_ordinary(session->visit->service)) {
        arrive(session, STEP_NOTICE);
        return;
    }
    session->visit->step =
        correction_is_service(session->visit->service) ? STEP_WANTED : STEP_QUESTIONS;
    steps_form_came(session);
}

void steps_form_came(struct session *session)
{
    struct visit *visit = session->visit;
    visit->waits_for_form = false;
    if (visit->draft && forms_slot(session, visit->service)->state == FORM_READY) {
        go_to(session, &(struct go){.kind = GO_RESTORE});
        return;
    }
    if (form_is_there(session))
        walk(session, (int)visit->step - (steps_are_ordinary(visit->service) ? 0 : 1), 1);
}

void steps_forward(struct session *session)
{
    struct visit *visit = session->visit;
    const struct step_rule *rule = &rules[visit->step];
    if (visit->step == STEP_DONE) {
        go_to(session, &(struct go){.kind = GO_END, .reason = "done"});
        return;
    }
    if (!form_is_there(session))
        return;
    if (rule->ready && !rule->ready(session)) {
        visit->show_violations = true;
        session->dirty = true;
        return;
    }
    bool was_identity = visit->step == STEP_IDENTITY;
    if (visit->from_review && visit->step < STEP_REVIEW)
        steps_go(session, STEP_REVIEW);
    else
        walk(session, (int)visit->step, 1);
    if (was_identity) // its number may be another now
        go_to(session, &(struct go){.kind = GO_REKEY});
}

bool steps_back(struct session *session)
{
    struct visit *visit = session->visit;
    if (visit->step >= STEP_SAVED)
        return true;
    if (visit->from_review && visit->step < STEP_REVIEW && review_back(session))
        return true;
    if (steps_is_first(visit))
        return false;
    walk(session, (int)visit->step, -1);
    return true;
}

bool steps_intent(struct session *session, const struct intent *intent)
{
    const struct step_rule *rule = &rules[session->visit->step];
    return rule->intent && rule->intent(session, intent);
}
