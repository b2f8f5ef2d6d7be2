// SPDX-License-Identifier: GPL-3.0-or-later
// Staff at the kiosk: the hidden gesture leads to number and PIN, and nowhere else. A clerk gets
// the queue, a technician the self-test. A resident's open visit waits underneath, unseen. Nobody
// stays in: 5 minutes without a touch, or 12 hours, and it locks.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

void staff_ask_pin(struct session *session, enum staff_purpose purpose)
{
    struct staff_session *staff = &session->staff;
    if (staff->screen != STAFF_OFF)
        return;
    staff->screen = STAFF_PIN;
    staff->purpose = purpose;
    staff->touched_ms = session_now_ms(session);
    session->overlay = OVERLAY_NONE;
    session->dirty = true;
}

void staff_leave(struct session *session)
{
    struct staff_session *staff = &session->staff;
    struct view_case *cases = staff->cases;
    int64_t locked = staff->locked_until_ms;
    if (staff->screen == STAFF_OFF)
        return;
    session_forget_asked(session, ROOM_STAFF); // a PIN that is being checked logs nobody in now
    if (staff->number[0])
        staff_note(session, "staff.logout", "");
    if (session->overlay == OVERLAY_ANSWER)
        session->overlay = OVERLAY_NONE;
    memory_wipe(cases, VIEW_ITEMS * sizeof *cases);
    memory_wipe(staff, sizeof *staff);
    staff->cases = cases;
    staff->locked_until_ms = locked;
    idle_touch(session); // the resident was waiting, not idle
    session->dirty = true;
}

static void type_digit(struct staff_session *staff, const char *text)
{
    char *field = staff->asks_pin ? staff->pin : staff->typed_number;
    size_t room = staff->asks_pin ? LIMIT_PIN_DIGITS : STAFF_NUMBER_DIGITS, length = strlen(field);
    staff->problem_key = NULL;
    if (text[0] == '\b' && length)
        field[length - 1] = '\0';
    else if (text[0] >= '0' && text[0] <= '9' && !text[1] && length < room)
        field[length] = text[0];
}

static void log_in(struct session *session)
{
    struct staff_session *staff = &session->staff;
    struct outbox_request request = {.kind = OUTBOX_LOGIN};
    text_copy(request.staff, sizeof request.staff, staff->typed_number);
    text_copy(request.text, sizeof request.text, staff->pin);
    staff->checking = true;
    (void)ask_store(session, ROOM_STAFF, &request);
    memory_wipe(&request, sizeof request);
    memory_wipe(staff->pin, sizeof staff->pin);
}

static void enter(struct session *session)
{
    struct staff_session *staff = &session->staff;
    if (!staff->asks_pin)
        staff->asks_pin = staff->typed_number[0] != '\0';
    else if (staff->pin[0] && session_now_ms(session) >= staff->locked_until_ms)
        log_in(session);
}

static void pin_intent(struct session *session, const struct intent *intent)
{
    struct staff_session *staff = &session->staff;
    if (staff->checking)
        return;
    if (intent->kind == INTENT_STAFF_DIGIT)
        type_digit(staff, intent->text);
    else if (intent->kind == INTENT_STAFF_ENTER || intent->kind == INTENT_NEXT)
        enter(session);
    else if (intent->kind == INTENT_BACK && staff->asks_pin) {
        memory_wipe(staff->pin, sizeof staff->pin);
        staff->asks_pin = false;
        staff->problem_key = NULL;
    } else if (intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE)
        staff_leave(session);
}

bool staff_intent(struct session *session, const struct intent *intent)
{
    struct staff_session *staff = &session->staff;
    if (staff->screen == STAFF_OFF) {
        if (intent->kind != INTENT_STAFF)
            return false;
        session_note(session, "staff.gesture", "");
        staff_ask_pin(session, STAFF_TO_WORK);
        return true;
    }
    staff->touched_ms = session_now_ms(session);
    if (intent->kind == INTENT_LANGUAGE || intent->kind == INTENT_SIZE ||
        intent->kind == INTENT_CONTRAST || intent->kind == INTENT_COMFORT ||
        intent->kind == INTENT_CLOSE_OVERLAY)
        return false;
    bool leaves = intent->kind == INTENT_STAFF_EXIT;
    if (!leaves && staff->screen == STAFF_PIN)
        pin_intent(session, intent);
    else if (!leaves && !clock_intent(session, intent) && !desk_intent(session, intent) &&
             !tech_intent(session, intent))
        leaves = intent->kind == INTENT_LEAVE || intent->kind == INTENT_BACK;
    if (leaves)
        staff_leave(session);
    return true;
}

static void refused(struct session *session, const struct outbox_reply *reply)
{
    struct staff_session *staff = &session->staff;
    if (reply->kind != OUTBOX_LOGIN_REFUSED) { // no memory, disk: never "wrong PIN"
        staff->problem_key = "staff.problem.try-again";
        return;
    }
    staff->problem_key = reply->wait_s < 0   ? "staff.problem.locked"
                         : reply->wait_s > 0 ? "staff.problem.wait"
                                             : "staff.problem.wrong";
    if (reply->wait_s > 0)
        staff->locked_until_ms = session_now_ms(session) + reply->wait_s * 1000LL;
}

static void witness(struct session *session)
{
    char number[16];
    text_copy(number, sizeof number, session->staff.number);
    staff_note(session, "signature.witnessed", "");
    staff_leave(session);
    sign_witnessed(session, number);
}

void staff_login_reply(struct session *session, struct outbox_reply *reply)
{
    struct staff_session *staff = &session->staff;
    if (staff->screen != STAFF_PIN || !staff->checking)
        return;
    staff->checking = false;
    staff->touched_ms = session_now_ms(session);
    if (reply->kind != OUTBOX_LOGGED_IN) {
        refused(session, reply);
        return;
    }
    text_copy(staff->number, sizeof staff->number,
              reply->staff[0] ? reply->staff : staff->typed_number);
    text_copy(staff->role, sizeof staff->role, reply->role);
    memory_wipe(staff->typed_number, sizeof staff->typed_number);
    staff->problem_key = NULL;
    staff->locked_until_ms = 0;
    staff->since_ms = session_now_ms(session);
    bool technician = text_equal(staff->role, "technician");
    if (staff->purpose == STAFF_TO_WITNESS && technician) {
        staff_leave(session);
        staff_ask_pin(session, STAFF_TO_WITNESS);
        staff->problem_key = "staff.problem.clerk-needed";
    } else if (staff->purpose == STAFF_TO_WITNESS) {
        witness(session);
    } else if (technician) {
        tech_open(session);
    } else {
        desk_open(session);
    }
}

static int64_t lock_at(const struct staff_session *staff)
{
    if (staff->screen == STAFF_PIN)
        return staff->touched_ms + STAFF_PIN_MS;
    int64_t idle = staff->touched_ms + STAFF_IDLE_MS, latest = staff->since_ms + STAFF_ABSOLUTE_MS;
    return idle < latest ? idle : latest;
}

void staff_tick(struct session *session)
{
    struct staff_session *staff = &session->staff;
    int64_t now = session_now_ms(session);
    if (staff->screen == STAFF_OFF)
        return;
    if (!staff->checking && now >= lock_at(staff)) {
        staff_leave(session);
        return;
    }
    if (!staff->locked_until_ms)
        return;
    if (now >= staff->locked_until_ms) {
        staff->locked_until_ms = 0;
        staff->problem_key = NULL;
    }
    session->dirty = true; // the seconds left are shown
}

int64_t staff_wait(const struct session *session)
{
    const struct staff_session *staff = &session->staff;
    int64_t now = session_now_ms(session);
    if (staff->screen == STAFF_OFF)
        return -1;
    int64_t wait = lock_at(staff) - now;
    if (staff->locked_until_ms && wait > 1000)
        wait = 1000;
    return wait > 0 ? wait : 0;
}
