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
    slot->state = FORM_LOADING;
    if (slot == &session->correction.slot) {
        session->output.load_correction(session->output.context, session->correction.list);
        return;
    }
    if (slot == &session->earlier.slot) {
        session->output.load_earlier(session->output.context, service->id,
                                     session->earlier.version);
        return;
    }
    session->output.load_form(session->output.context,
                              slot == &session->items.slot ? session->items.form_id : service->id);
}

static struct form_slot *slot_named(struct session *session, const char *service)
{
    if (session->correction.list && text_equal(session->correction.list->id, service))
        return &session->correction.slot;
    if (session->earlier.version[0] && text_equal(session->earlier.version, service))
        return &session->earlier.slot;
    for (size_t i = 0; i < session->form_count; i++)
        if (text_equal(session->forms[i].service->id, service))
            return &session->forms[i];
    return text_equal(session->items.form_id, service) ? &session->items.slot : NULL;
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

void forms_loaded(struct session *session, const struct session_input *input)
{
    struct form_slot *slot = slot_named(session, input->form_service);
    if (!slot || slot->state != FORM_LOADING) { // the content was replaced meanwhile
        form_free(input->form);
        return;
    }
    if (slot == &session->earlier.slot && !input->form) {
        earlier_gone(session);
        return;
    }
    slot->form = input->form;
    slot->state = input->form ? FORM_READY : FORM_BROKEN;
    refuse_unsealed(session, slot);
    if (!input->form)
        log_event(LOG_ERROR, "session", "form-broken", "service=%s err=%s why=\"%s\"",
                  input->form_service, err_name(input->err), input->why ? input->why : "");
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
