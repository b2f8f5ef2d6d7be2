// SPDX-License-Identifier: GPL-3.0-or-later
// Which forms are there. A form is loaded by the compute worker when its service is chosen (the
// urgent ones at the start) and kept for the next resident; a broken one leaves the other services
// as they are.
#include "session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

struct form_slot *forms_slot(struct session *session, const struct service *service)
{
    if (service && service == session->correction.slot.service)
        return &session->correction.slot;
    if (service && service == session->earlier.slot.service)
        return &session->earlier.slot;
    for (size_t i = 0; i < session->form_count; i++)
        if (session->forms[i].service == service)
            return &session->forms[i];
    return items_slot(session, service);
}

void forms_want(struct session *session, const struct service *service)
{
    struct form_slot *slot = forms_slot(session, service);
    if (!slot || slot->state == FORM_READY || slot->state == FORM_LOADING ||
        slot->state == FORM_UNSEALED)
        return;
    struct session_request request = {.kind = SESSION_FORM};
    if (slot == &session->correction.slot) {
        request.kind = SESSION_CORRECTION;
        request.list = correction_copy(session);
    } else if (slot == &session->earlier.slot) {
        request.kind = SESSION_EARLIER;
        text_copy(request.earlier.service, sizeof request.earlier.service, service->id);
        text_copy(request.earlier.version, sizeof request.earlier.version,
                  session->earlier.version);
    } else {
        text_copy(request.form.name, sizeof request.form.name,
                  slot == &session->items.slot ? session->items.form_id : service->id);
    }
    slot->state = FORM_LOADING;
    slot->asked = session_ask(session, ROOM_FORMS, &request);
}

static struct form_slot *slot_asked(struct session *session, uint64_t id)
{
    struct form_slot *others[] = {&session->correction.slot, &session->earlier.slot,
                                  &session->items.slot};
    for (size_t i = 0; i < session->form_count; i++)
        if (session->forms[i].asked == id)
            return &session->forms[i];
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i]->asked == id)
            return others[i];
    return NULL;
}

// A stand-in server's cases are sealed to the form's own key. Without one nothing could be saved at
// the end of the visit: it does not begin.
static void refuse_unsealed(struct session *session, struct form_slot *slot)
{
    if (!session->options.stand_in || slot->state != FORM_READY || form_public_key(slot->form)[0])
        return;
    form_free(slot->form);
    slot->form = NULL;
    slot->state = FORM_UNSEALED;
    session->unsealed++;
    log_event(LOG_ERROR, "session", "form-without-key", "service=%s", slot->service->id);
    session_note(session, "service.closed", slot->service->id);
}

void forms_look_on(struct session *session)
{
    for (size_t i = 0; session->options.stand_in && i < session->form_count; i++) {
        if (session->forms[i].state != FORM_UNKNOWN)
            continue;
        forms_want(session, session->forms[i].service);
        return; // one at a time: residents choose beside it
    }
}

void forms_loaded(struct session *session, struct session_input *input)
{
    struct form_slot *slot = slot_asked(session, input->id);
    if (!slot || slot->state != FORM_LOADING) // another was chosen meanwhile
        return;
    slot->asked = 0;
    if (slot == &session->earlier.slot && !input->form) {
        earlier_gone(session);
        return;
    }
    slot->form = input->form;
    input->form = NULL;
    slot->state = slot->form ? FORM_READY : FORM_BROKEN;
    if (!slot->form)
        log_event(LOG_ERROR, "session", "form-broken", "service=%s err=%s why=\"%s\"",
                  slot->service->id, err_name(input->err), input->why);
    refuse_unsealed(session, slot);
    session->dirty = true;
    forms_look_on(session);
    struct visit *visit = session->visit;
    bool concerns = visit && visit->service == slot->service;
    // A broken one is said at once, not when everything about the service has been read.
    if (concerns && (visit->waits_for_form || visit->draft || slot->state != FORM_READY))
        steps_form_came(session);
}

void forms_free(struct session *session)
{
    correction_forget(session);
    earlier_forget(session);
    for (size_t i = 0; i < session->form_count; i++)
        form_free(session->forms[i].form);
    form_free(session->items.slot.form);
    session->items.slot = (struct form_slot){0};
    session->form_count = 0;
}
