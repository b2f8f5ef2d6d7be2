// SPDX-License-Identifier: GPL-3.0-or-later
// What the staff see, and the answers to what they asked.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

static enum screen staff_screen(const struct staff_session *staff)
{
    switch (staff->screen) {
    case STAFF_QUEUE: return SCREEN_STAFF_QUEUE;
    case STAFF_CASE: return SCREEN_STAFF_CASE;
    case STAFF_TECHNICIAN: return SCREEN_TECHNICIAN;
    case STAFF_CLOCK: return SCREEN_STAFF_CLOCK;
    case STAFF_PIN:
    case STAFF_OFF: break;
    }
    return SCREEN_STAFF_PIN;
}

void staff_view(struct session *session, struct view *view)
{
    struct staff_session *staff = &session->staff;
    if (staff->screen == STAFF_OFF)
        return;
    view->screen = staff_screen(staff);
    int64_t locked = staff->locked_until_ms - session_now_ms(session);
    view->staff_clock = staff->clock_typed;
    view->can_go_back =
        staff->screen == STAFF_CASE || staff->screen == STAFF_CLOCK || staff->screen == STAFF_PIN;
    view->staff_number = staff->number[0] ? staff->number : staff->typed_number;
    view->pin_digits = (int)strlen(staff->pin);
    view->staff_asks_pin = staff->asks_pin;
    view->staff_problem_key = staff->problem_key;
    view->staff_wait_s = staff->locked_until_ms && locked > 0 ? (int)((locked + 999) / 1000) : 0;
    view->staff_role = staff->role;
    view->case_count = staff->case_count;
    view->cases = staff->cases;
    for (size_t i = 0; i < staff->case_count && staff->screen == STAFF_CASE; i++)
        if (text_equal(staff->cases[i].number, staff->case_number))
            view->chosen_case = &staff->cases[i];
    // Urgent ones are records in the store; an ordinary one is only here.
    view->open_calls = staff->open_calls + (session->call.calling && !session->call.urgent ? 1 : 0);
    if (staff->call_utc_ms)
        session_day_time(session, staff->call_utc_ms, staff->call_since);
    view->call_since = staff->call && staff->call_utc_ms ? staff->call_since : "";
    view->check_count = staff->check_count;
    view->checks = staff->checks;
    view->staff_message_key = staff->message_key;
}

static void staff_stored(struct session *session, struct outbox_reply *reply)
{
    if (reply->kind == OUTBOX_LISTED)
        visit_gate(session, reply);
    if (reply->to == OUTBOX_LOGIN)
        staff_login_reply(session, reply);
    else if (reply->to == OUTBOX_SELF_TEST)
        tech_reply(session, reply);
    else
        desk_reply(session, reply);
}

void staff_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        tech_print(session, &input->print);
    else if (!input->id)
        return;
    else if (input->kind == SESSION_DISTRICT_TESTED)
        tech_district(session, input);
    else if (input->kind == SESSION_PACK_INSTALLED)
        tech_pack(session, input);
    else
        staff_stored(session, &input->outbox);
}
