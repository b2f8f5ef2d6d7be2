// SPDX-License-Identifier: GPL-3.0-or-later
// The red button: from every screen into the urgent service. What is under way is kept, to be
// returned to.
#include "session_internal.h"

void urgent_switch(struct session *session)
{
    const struct service *service = urgent_service(session);
    struct visit *visit = session->visit;
    session->urgent.wanted = false;
    session->overlay = service ? OVERLAY_NONE : OVERLAY_CALL;
    if (!service)
        return;
    if (visit && visit->service->urgent && visit->step < STEP_SAVED)
        return; // being asked already
    if (visit && (visit->step >= STEP_RATING || session->kept))
        visit_end_current(session, "done");
    if (session->visit) {
        session->kept = session->visit;
        session->visit = NULL;
    }
    session->urgent.open = true;
    visit_start(session, service);
}

bool urgent_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    const struct service *chosen = intent->kind == INTENT_SERVICE && session->place != PLACE_VISIT
                                       ? catalogue_service(session->options.catalogue, intent->text)
                                       : NULL;
    if (intent->kind != INTENT_URGENT && !(chosen && chosen->urgent))
        return false;
    staff_leave(session);
    urgent_open_record(session);
    call_start(session, true);
    if (visit && visit->step == STEP_SAVING && !visit->problem.open)
        session->urgent.wanted = true; // its record is with the store worker just now
    else
        urgent_switch(session);
    return true;
}
