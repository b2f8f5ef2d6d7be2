// SPDX-License-Identifier: GPL-3.0-or-later
// A visit's end, and the end of everything of one person: what is open is zeroed, comfort is reset,
// the screen is overdrawn.
#include "session_internal.h"
#include "yimen/base/text.h"

// Tells the workers that its owner has gone: what has not begun to print is taken back.
static void visit_close(struct session *session, struct visit *visit, const char *reason)
{
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    tell_printer(session, &print);
    visit_forget(session, visit, reason);
}

// Its owner has gone: a copy that has not begun to print waits for them again.
static void track_close(struct session *session)
{
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    const struct track_case *told = track_case(session);
    if (told && session->track->printing) {
        text_copy(ended.instance, sizeof ended.instance, told->instance);
        tell_printer(session, &print);
        tell_store(session, &ended);
    }
    track_end(session);
}

void visit_end_all(struct session *session, const char *reason)
{
    struct visit *visits[] = {session->visit, session->kept};
    bool anything = session->place != PLACE_ATTRACT || session->visit || session->track ||
                    comfort_is_changed(session) || session->overlay != OVERLAY_NONE;
    session->visit = session->kept = NULL;
    resume_end(session);
    park_not_back(session);
    for (size_t i = 0; i < 2; i++)
        if (visits[i])
            visit_close(session, visits[i], reason);
    track_close(session);
    session->place = PLACE_ATTRACT;
    session->overlay = OVERLAY_NONE;
    session->door[0] = '\0';
    policy_end(session);
    items_forget(session);
    session->problem.open = false;
    code_forget(session);
    urgent_person_left(session);
    call_person_left(session, text_equal(reason, "hidden"));
    comfort_reset(session);
    // It pointed into what has been zeroed; session.c builds it anew.
    session->view = (struct view){.change = session->view.change};
    session->dirty = true;
    if (anything)
        session_tell(session, &(struct session_request){.kind = SESSION_WIPE});
}

void visit_end_current(struct session *session, const char *reason)
{
    struct visit *kept = session->kept;
    if (!kept && session->track && text_equal(reason, "back")) {
        visit_close(session, session->visit, reason);
        session->visit = NULL;
        session->place = PLACE_TRACK; // the case it belongs to
        session->dirty = true;
        return;
    }
    if (!kept) {
        visit_end_all(session, reason);
        return;
    }
    if (session->visit->saved)
        urgent_person_left(session);
    visit_close(session, session->visit, reason);
    session->visit = kept;
    session->kept = NULL;
    if (kept->draft) // urgent was pressed before its form had come
        draft_open(session, kept);
    session->overlay = OVERLAY_NONE;
    session->dirty = true;
    idle_touch(session);
}

// Whoever asked about a case puts that away; where nothing may begin it stays.
void leave_track(struct session *session)
{
    if (session->track && clock_is_known(session))
        visit_end_all(session, "ticket");
}

// Nothing was asked yet: back to where it was chosen.
static void back_to_choice(struct session *session)
{
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
}

void leave_back(struct session *session)
{
    const struct visit *visit = session->visit;
    if (visit->step == STEP_NOTICE)
        back_to_choice(session);
    else if (visit->of_instance[0] && !session->kept)
        visit_end_current(session, "back");
    else
        session->overlay = OVERLAY_LEAVE;
}
