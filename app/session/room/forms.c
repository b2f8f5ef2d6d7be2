// SPDX-License-Identifier: GPL-3.0-or-later
// Which forms are there. A form is loaded by the compute worker when its service is chosen (the
// urgent ones at the start) and kept for the next resident; a broken one leaves the other services
// as they are.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdlib.h>

// One of the catalogue, or one that a room has made for a visit of its own.
static struct form_slot *slot_at(struct session *session, size_t i)
{
    struct form_slot *others[] = {&session->correction.slot, &session->earlier.slot,
                                  &session->items.slot};
    if (i < session->form_count)
        return &session->forms[i];
    i -= session->form_count;
    return i < sizeof others / sizeof others[0] ? others[i] : NULL;
}

struct form_slot *forms_slot(struct session *session, const struct service *service)
{
    struct form_slot *slot;
    for (size_t i = 0; service && (slot = slot_at(session, i)); i++)
        if (slot->service == service)
            return slot;
    return NULL;
}

static struct correction_list *copy_of(const struct correction_list *list)
{
    struct correction_list *copy = malloc(sizeof *copy);
    if (!copy)
        abort(); // as the arena that holds the list
    *copy = *list;
    return copy;
}

void forms_want(struct session *session, const struct service *service)
{
    struct form_slot *slot = forms_slot(session, service);
    if (!slot || slot->state == FORM_READY || slot->state == FORM_LOADING ||
        slot->state == FORM_UNSEALED)
        return;
    struct session_request request = {.kind = SESSION_FORM};
    if (slot->list) {
        request.kind = SESSION_CORRECTION;
        request.list = copy_of(slot->list);
    } else if (slot->version) {
        request.kind = SESSION_EARLIER;
        text_copy(request.earlier.service, sizeof request.earlier.service, service->id);
        text_copy(request.earlier.version, sizeof request.earlier.version, slot->version);
    } else {
        text_copy(request.form.name, sizeof request.form.name,
                  slot->name ? slot->name : service->id);
    }
    slot->state = FORM_LOADING;
    slot->asked = session_ask(session, ROOM_FORMS, &request);
}

static struct form_slot *slot_asked(struct session *session, uint64_t id)
{
    struct form_slot *slot;
    for (size_t i = 0; (slot = slot_at(session, i)); i++)
        if (slot->asked == id)
            return slot;
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

static struct form_slot *loaded(struct session *session, struct session_input *input)
{
    struct form_slot *slot = slot_asked(session, input->id);
    if (!slot || slot->state != FORM_LOADING) // another was chosen meanwhile
        return NULL;
    slot->asked = 0;
    slot->form = input->form;
    input->form = NULL;
    slot->state = slot->form ? FORM_READY : FORM_BROKEN;
    if (!slot->form && !slot->version) // else the form in force takes its place
        log_event(LOG_ERROR, "session", "form-broken", "service=%s err=%s why=\"%s\"",
                  slot->service->id, err_name(input->err), input->why);
    refuse_unsealed(session, slot);
    forms_look_on(session);
    return slot;
}

void forms_reply(struct session *session, struct session_input *input)
{
    if (!input->id || input->kind != SESSION_FORM_LOADED)
        return;
    const struct form_slot *slot = loaded(session, input);
    const struct visit *visit = session->visit;
    if (!slot)
        return;
    bool concerns = visit && visit->service == slot->service;
    if (slot->version && slot->state == FORM_BROKEN)
        go_to(session, &(struct go){.kind = GO_FORM_GONE});
    // A broken one is said at once, not when everything about the service has been read.
    else if (concerns && (visit->waits_for_form || visit->draft || slot->state != FORM_READY))
        go_to(session, &(struct go){.kind = GO_FORM_CAME});
}

void forms_view(struct session *session, struct view *view)
{
    view->unsealed_count = session->unsealed;
}

void forms_free(struct session *session)
{
    for (size_t i = 0; i < session->form_count; i++)
        form_free(session->forms[i].form);
    form_free(session->items.slot.form);
    session->items.slot = (struct form_slot){0};
    session->form_count = 0;
}
