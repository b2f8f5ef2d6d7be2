// SPDX-License-Identifier: GPL-3.0-or-later
// The attract screen and the doors from it.
#include "../session_internal.h"
#include "yimen/base/text.h"

bool doors_intent(struct session *session, const struct intent *intent)
{
    const struct service *service;
    if (intent->kind == INTENT_TRACK) {
        go_to(session, &(struct go){.kind = GO_TRACK});
    } else if (intent->kind == INTENT_CONTINUE) {
        go_to(session, &(struct go){.kind = GO_CONTINUE});
    } else if (intent->kind == INTENT_DOOR) {
        text_copy(session->door, sizeof session->door, intent->text);
        session->problem.open = false;
        session->place = PLACE_SERVICES;
    } else if (intent->kind == INTENT_SERVICE) {
        service = catalogue_service(session->options.catalogue, intent->text);
        if (service && !service->linked)
            go_to(session, &(struct go){.kind = GO_VISIT, .service = service});
    } else if (intent->kind == INTENT_BACK && session->problem.open) {
        session->problem.open = false; // the door stays as it was
    } else if (intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE ||
               intent->kind == INTENT_LEAVE_SURE || intent->kind == INTENT_NEXT) {
        session->problem.open = false;
        go_home(session, "left");
    } else {
        return false;
    }
    return true;
}

// Whoever stood here when the power went finds a word about it.
void doors_reply(struct session *session, struct session_input *input)
{
    const struct outbox_reply *ready = &input->outbox;
    if (input->kind != SESSION_OUTBOX || ready->kind != OUTBOX_READY)
        return;
    session->dirty = true;
    if (ready->just_saved[0])
        session->just_saved_until_ms = session_now_ms(session) + JUST_SAVED_MS;
}

void doors_tick(struct session *session)
{
    if (!session->just_saved_until_ms || session_now_ms(session) < session->just_saved_until_ms)
        return;
    session->just_saved_until_ms = 0;
    session->dirty = true;
}

int64_t doors_wait(const struct session *session)
{
    return session->just_saved_until_ms ? session->just_saved_until_ms - session_now_ms(session)
                                        : -1;
}

static const char *notice_key(const struct session *session)
{
    if (session->options.preview)
        return "preview.mark";
    if (session->just_saved_until_ms)
        return "attract.just-saved";
    return session->options.practice ? "attract.practice" : NULL;
}

void doors_view(struct session *session, struct view *view)
{
    view->screen = session->place == PLACE_SERVICES ? SCREEN_SERVICES : SCREEN_ATTRACT;
    view->door = session->door;
    view->notice_key = notice_key(session);
    view->can_go_back = session->place != PLACE_ATTRACT || session->problem.open;
}
