// SPDX-License-Identifier: GPL-3.0-or-later
// Going where a room wanted to be, when it has returned.
#include "session_internal.h"
#include "yimen/base/text.h"

// The same person goes on: a slip asked for here may still come out.
static void switch_service(struct session *session, const struct go *go)
{
    struct visit *before = session->visit;
    char who[sizeof before->who];
    text_copy(who, sizeof who, before->who);
    session->visit = NULL;
    session->place = PLACE_SERVICES;
    visit_tell_ended(session, before, "applied");
    visit_free(session, before);
    visit_start(session, go->service);
    if (!session->visit) { // it says why; "back" leads to the services
        arena_free(go->arena);
        return;
    }
    text_copy(session->visit->who, sizeof session->visit->who, who);
    session->visit->carried_arena = go->arena;
    session->visit->carried = go->carried;
    if (go->person)
        afterwards_take(session->visit, go->person);
}

static void begin(struct session *session, const struct go *go)
{
    visit_start(session, go->service);
    if (go->keeps_choice && !session->visit) // it may not begin just now
        session->items.open = true;
}

static void go(struct session *session, const struct go *to)
{
    switch (to->kind) {
    case GO_FORWARD: steps_forward(session); break;
    case GO_STEP: steps_go(session, to->step); break;
    case GO_END: visit_end_current(session, to->reason); break;
    case GO_HOME: visit_end_all(session, to->reason); break;
    case GO_VISIT: begin(session, to); break;
    case GO_SWITCH: switch_service(session, to); break;
    case GO_URGENT: (void)urgent_intent(session, &(struct intent){.kind = INTENT_URGENT}); break;
    case GO_URGENT_SOON: urgent_switch(session); break;
    case GO_WITNESS: staff_ask_pin(session, STAFF_TO_WITNESS); break;
    case GO_RESTORE: draft_restore(session); break;
    case GO_REKEY: ticket_follow_identity(session); break;
    case GO_SAVED_AWAY: park_away_ends(session); break;
    case GO_DRAFT: draft_open(session, to->visit); break;
    case GO_SPEAK: visit_speak(session); break;
    case GO_TYPE_TICKET:
        leave_track(session);
        resume_type(session);
        break;
    case GO_TICKET:
        leave_track(session);
        resume_begin(session, &to->ticket);
        break;
    case GO_TRACK: track_open(session); break;
    case GO_CONTINUE: park_open(session); break;
    case GO_FORM_CAME: steps_form_came(session); break;
    case GO_FORM_GONE: earlier_gone(session); break;
    case GO_IDLE:
        park_timed_out(session); // the rest ends all the same
        visit_end_all(session, "idle");
        break;
    }
}

// What only makes sense on a visit is nothing where that has gone meanwhile.
static bool needs_visit(enum go_kind kind)
{
    return kind == GO_FORWARD || kind == GO_STEP || kind == GO_END || kind == GO_RESTORE ||
           kind == GO_REKEY || kind == GO_FORM_CAME;
}

void go_there(struct session *session)
{
    struct go to;
    while (go_take(session, &to)) {
        if (session->visit || !needs_visit(to.kind))
            go(session, &to);
        memory_wipe(&to, sizeof to); // a ticket is a key
    }
}
