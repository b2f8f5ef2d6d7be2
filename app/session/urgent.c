// SPDX-License-Identifier: GPL-3.0-or-later
// The first touch on the red button: a record without personal data and a call go out at once,
// before anything is asked; both stay open until staff close them, whatever becomes of the visit.
// In the middle of another application that one is kept, to be returned to.
#include "session_internal.h"
#include "yimen/base/text.h"

static const struct service *urgent_service(const struct session *session)
{
    for (size_t i = 0; i < session->form_count; i++)
        if (session->forms[i].service->urgent)
            return session->forms[i].service;
    return NULL;
}

static void open_record(struct session *session)
{
    struct outbox_request request = {.kind = OUTBOX_URGENT_OPEN, .from = OUTBOX_FROM_SESSION};
    if (session->urgent_open) // this person's is open already
        return;
    session->urgent_open = true;
    request.when = session->now;
    text_copy(request.text, sizeof request.text, session->options.counter);
    session->output.store(session->output.context, &request);
}

void urgent_switch(struct session *session)
{
    const struct service *service = urgent_service(session);
    struct visit *visit = session->visit;
    session->urgent_wanted = false;
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
    session->urgent_open = true;
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
    open_record(session);
    call_start(session, true);
    if (visit && visit->step == STEP_SAVING && !visit->problem.open)
        session->urgent_wanted = true; // its record is with the store worker just now
    else
        urgent_switch(session);
    return true;
}
