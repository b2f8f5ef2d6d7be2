// SPDX-License-Identifier: GPL-3.0-or-later
// Which steps a visit has, as its service wants: data of the content pack.
#include "../session_internal.h"

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

static bool (*const applies[STEP_COUNT])(const struct service *service) = {
    [STEP_NOTICE] = ordinary,
    [STEP_WHO] = asks_for_whom,
    [STEP_IDENTITY] = asks_identity,
    [STEP_WANTED] = answers_list,
    [STEP_TICKET] = ordinary,
    [STEP_QUESTIONS] = always,
    [STEP_PAPERS] = asks_papers,
    [STEP_REVIEW] = always,
    [STEP_CONSENTS] = asks_consents,
    [STEP_COMMITMENT] = asks_signature,
    [STEP_SIGNATURE] = asks_signature,
    [STEP_SAVING] = always,
    [STEP_SAVED] = always,
    [STEP_RATING] = not_urgent,
    [STEP_DONE] = always,
};

bool steps_apply(const struct visit *visit, enum visit_step step)
{
    bool of_another = step == STEP_PAPERS && !visit->shown;
    return applies[step](of_another ? visit_papers_service(visit) : visit_shown(visit));
}

bool steps_is_first(const struct visit *visit)
{
    for (enum visit_step step = STEP_NOTICE; step < visit->step; step++)
        if (steps_apply(visit, step))
            return false;
    return true;
}

// It begins with a notice.
bool steps_are_ordinary(const struct service *service)
{
    return ordinary(service);
}

// ------------------------------------------------------------------ STEP_TICKET

enum { LONG_SERVICE_MINUTES = 10 };

bool offer_enter(struct session *session, bool forwards)
{
    const struct ticket_state *state = &session->visit->ticket;
    return forwards && !state->taken && !state->declined && !session->visit->of_instance[0] &&
           session->visit->service->minutes >= LONG_SERVICE_MINUTES;
}

bool offer_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind == INTENT_NEXT)
        session->visit->ticket.declined = true;
    return false;
}
