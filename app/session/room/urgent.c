// SPDX-License-Identifier: GPL-3.0-or-later
// The first touch on the red button: a record without personal data and a call go out at once,
// before anything is asked; both stay open until staff close them, whatever becomes of the visit.
// Presses that nothing followed share one record, so that a burst of them hides nobody's: whoever
// answers anything has one of their own, from their own first touch. In the middle of another
// application that one is kept, to be returned to.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>

const struct service *urgent_service(const struct session *session)
{
    for (size_t i = 0; i < session->form_count; i++)
        if (session->forms[i].service->urgent)
            return session->forms[i].service;
    return NULL;
}

enum { JOIN_MS = 10 * 60 * 1000 };

static void store_record(struct session *session, const struct when *when)
{
    struct outbox_request request = {.kind = OUTBOX_URGENT_OPEN};
    request.when = *when;
    text_copy(request.text, sizeof request.text, session->options.counter);
    tell_store(session, &request);
}

// Marked at 2, 4, 8 ... presses: the log must not grow with the burst.
static void join(struct session *session)
{
    struct urgent_state *urgent = &session->urgent;
    char presses[16];
    urgent->joined = true;
    urgent->last_ms = session_now_ms(session);
    urgent->presses++;
    if (urgent->presses & (urgent->presses - 1))
        return;
    snprintf(presses, sizeof presses, "%d", urgent->presses);
    session_note(session, "urgent.pressed-again", presses);
}

void urgent_open_record(struct session *session)
{
    struct urgent_state *urgent = &session->urgent;
    if (urgent->open) // this person's is open already
        return;
    urgent->open = true;
    if (urgent->shared && session_now_ms(session) - urgent->last_ms < JOIN_MS) {
        join(session);
        return;
    }
    urgent->shared = true;
    urgent->presses = 1;
    urgent->last_ms = session_now_ms(session);
    store_record(session, &session->now);
}

void urgent_is_meant(struct session *session)
{
    struct urgent_state *urgent = &session->urgent;
    if (!urgent->open || urgent->meant)
        return;
    urgent->meant = true;
    if (urgent->joined)
        store_record(session, &session->visit->first_touch);
    else
        urgent->shared = false;
    urgent->joined = false;
}

void urgent_person_left(struct session *session)
{
    struct urgent_state *urgent = &session->urgent;
    urgent->open = urgent->joined = urgent->meant = urgent->wanted = false;
}

void urgent_closed(struct session *session)
{
    session->urgent.shared = false;
    session->urgent.joined = false;
    session->urgent.presses = 0;
}

// What a restart forgot: presses go on joining what they joined. That the record may be one that
// somebody has answered for hides nobody, as whoever answers now has one of their own.
static void recall(struct session *session, int64_t opened_ms_ago)
{
    struct urgent_state *urgent = &session->urgent;
    if (opened_ms_ago < 0 || opened_ms_ago >= JOIN_MS || urgent->open || urgent->shared)
        return;
    urgent->shared = true;
    urgent->presses = 1;
    urgent->last_ms = session_now_ms(session) - opened_ms_ago;
}

void urgent_reply(struct session *session, struct session_input *input)
{
    const struct outbox_reply *ready = &input->outbox;
    if (input->kind == SESSION_OUTBOX && ready->kind == OUTBOX_READY && ready->open_calls)
        recall(session, ready->newest_call_ms);
}

void urgent_view(struct session *session, struct view *view)
{
    view->joined_presses = session->urgent.presses;
}
