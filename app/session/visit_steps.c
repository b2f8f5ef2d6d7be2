// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a visit, as a table: which steps there are, on which screen, for which services.
// A step is left by "next" when it is ready, and skipped when it does not apply or has nothing to
// ask. What changes from service to service is data of the content pack.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <stddef.h>

static bool always(const struct service *service)
{
    (void)service;
    return true;
}
static bool ordinary(const struct service *service)
{
    return !service->urgent && !service->linked;
}
// Nobody is asked for a grade in an emergency.
static bool not_urgent(const struct service *service)
{
    return !service->urgent;
}
static bool asks_identity(const struct service *service)
{
    return service->needs_identity;
}
// For whom: only where somebody has to say who they are. A lead or a talk is nobody's application.
static bool asks_for_whom(const struct service *service)
{
    return ordinary(service) && service->needs_identity;
}
static bool asks_papers(const struct service *service)
{
    return service->paper_count > 0;
}
static bool asks_consents(const struct service *service)
{
    return service->consent_count > 0;
}
static bool asks_signature(const struct service *service)
{
    return service->needs_signature;
}

static bool answers_list(const struct service *service)
{
    return correction_is_service(service);
}

struct step_rule {
    enum screen screen;
    int stage; ///< "step 3 of 7": neighbours of one stage count as one; 0 = not counted
    bool (*applies)(const struct service *service);
    bool (*enter)(struct session *session, bool forwards); ///< NULL: there is always something
    bool (*ready)(struct session *session);                ///< NULL: one may always go on
    bool (*intent)(struct session *session, const struct intent *intent);
};

static const struct step_rule rules[STEP_COUNT] = {
    [STEP_NOTICE] = {SCREEN_NOTICE, 1, ordinary, NULL, NULL, NULL},
    [STEP_WHO] = {SCREEN_WHO, 1, asks_for_whom, NULL, who_ready, who_intent},
    [STEP_IDENTITY] = {SCREEN_IDENTITY, 2, asks_identity, identity_enter, identity_ready,
                       identity_intent},
    [STEP_WANTED] = {SCREEN_WANTED, 2, answers_list, NULL, NULL, NULL},
    [STEP_TICKET] = {SCREEN_TICKET_OFFER, 0, ordinary, ticket_enter, NULL, ticket_offer_intent},
    [STEP_QUESTIONS] = {SCREEN_QUESTION, 3, always, questions_enter, NULL, questions_intent},
    [STEP_PAPERS] = {SCREEN_PAPERS, 4, asks_papers, papers_enter, papers_ready, papers_intent},
    [STEP_REVIEW] = {SCREEN_REVIEW, 5, always, review_enter, review_ready, review_intent},
    [STEP_CONSENTS] = {SCREEN_CONSENT, 6, asks_consents, consents_enter, NULL, consents_intent},
    [STEP_COMMITMENT] = {SCREEN_COMMITMENT, 6, asks_signature, NULL, commitment_ready,
                         commitment_intent},
    [STEP_SIGNATURE] = {SCREEN_SIGNATURE, 6, asks_signature, NULL, sign_ready, sign_intent},
    [STEP_SAVING] = {SCREEN_SAVING, 0, always, save_enter, NULL, NULL},
    [STEP_SAVED] = {SCREEN_SAVED, 7, always, NULL, saved_ready, saved_intent},
    [STEP_RATING] = {SCREEN_RATING, 0, not_urgent, NULL, NULL, rating_intent},
    [STEP_DONE] = {SCREEN_DONE, 0, always, NULL, NULL, afterwards_intent},
};

bool steps_apply(const struct visit *visit, enum visit_step step)
{
    bool of_another = step == STEP_PAPERS && !visit->shown;
    return rules[step].applies(of_another ? visit_papers_service(visit) : visit_shown(visit));
}

bool steps_is_first(const struct visit *visit)
{
    for (enum visit_step step = STEP_NOTICE; step < visit->step; step++)
        if (steps_apply(visit, step))
            return false;
    return true;
}

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
            if (visit->step != step || visit->problem.open)
                return;
            continue;
        }
        arrive(session, step);
        return;
    }
}

void steps_begin(struct session *session)
{
    if (ordinary(session->visit->service)) {
        arrive(session, STEP_NOTICE);
        return;
    }
    session->visit->step = answers_list(session->visit->service) ? STEP_WANTED : STEP_QUESTIONS;
    steps_form_came(session);
}

void steps_form_came(struct session *session)
{
    struct visit *visit = session->visit;
    visit->waits_for_form = false;
    if (visit->draft && forms_slot(session, visit->service)->state == FORM_READY) {
        draft_restore(session);
        return;
    }
    if (form_is_there(session))
        walk(session, (int)visit->step - (ordinary(visit->service) ? 0 : 1), 1);
}

void steps_forward(struct session *session)
{
    struct visit *visit = session->visit;
    const struct step_rule *rule = &rules[visit->step];
    if (visit->step == STEP_DONE) {
        visit_end_current(session, "done");
        return;
    }
    if (!form_is_there(session))
        return;
    if (rule->ready && !rule->ready(session)) {
        visit->show_violations = true;
        session->dirty = true;
        return;
    }
    if (visit->step == STEP_IDENTITY)
        ticket_follow_identity(session);
    if (visit->from_review && visit->step < STEP_REVIEW) {
        steps_go(session, STEP_REVIEW);
        return;
    }
    walk(session, (int)visit->step, 1);
}

void steps_back(struct session *session)
{
    struct visit *visit = session->visit;
    if (visit->step >= STEP_SAVED)
        return;
    if (visit->from_review && visit->step < STEP_REVIEW && review_back(session))
        return;
    if (!steps_is_first(visit)) {
        walk(session, (int)visit->step, -1);
        return;
    }
    if (visit->step == STEP_NOTICE) { // nothing was asked yet: back to where it was chosen
        bool door = session->door[0] != '\0' && !session->kept;
        char chosen[sizeof session->door];
        text_copy(chosen, sizeof chosen, session->door);
        struct comfort comfort = session->comfort;
        struct policy_place policy = session->policy;
        struct items items = session->items;
        bool read = policy.left_for_visit && !session->kept;
        visit_end_current(session, "back");
        session->comfort = comfort;
        if (read) {
            session->policy = policy;
            session->policy.left_for_visit = false;
            session->place = PLACE_POLICIES;
        } else if (items.bundle) {
            session->items = items;
            session->items.open = true;
            session->place = PLACE_ITEMS;
        } else if (door) {
            text_copy(session->door, sizeof session->door, chosen);
            session->place = PLACE_SERVICES;
        }
    } else if (visit->of_instance[0] && !session->kept) {
        visit_end_current(session, "back");
    } else {
        session->overlay = OVERLAY_LEAVE;
    }
}

bool steps_intent(struct session *session, const struct intent *intent)
{
    const struct step_rule *rule = &rules[session->visit->step];
    return rule->intent && rule->intent(session, intent);
}
