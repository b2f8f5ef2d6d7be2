// SPDX-License-Identifier: GPL-3.0-or-later
// The staff's place to look at a watch and say what time it is.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

// No district has begun before, and no clerk's watch is right after.
static const int earliest_year = 2025, latest_year = 2099;

static int number_of(const char *digits, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

static bool read_typed(const struct session *session, int64_t *utc_ms)
{
    const char *typed = session->staff.clock_typed;
    if (strlen(typed) != STAFF_CLOCK_DIGITS)
        return false;
    struct calendar at = {.year = number_of(typed, 4),
                          .month = number_of(typed + 4, 2),
                          .day = number_of(typed + 6, 2),
                          .hour = number_of(typed + 8, 2),
                          .minute = number_of(typed + 10, 2)};
    if (at.year < earliest_year || at.year > latest_year ||
        !date_is_real(at.year, at.month, at.day) || at.hour > 23 || at.minute > 59)
        return false;
    *utc_ms = calendar_to_utc(&at, session_offset_minutes(session));
    return true;
}

static void confirm(struct session *session)
{
    struct staff_session *staff = &session->staff;
    int64_t utc_ms = 0;
    if (!read_typed(session, &utc_ms)) {
        staff->problem_key = "staff.clock.problem";
        return;
    }
    // What the clock says while it is unknown is never later than the truth, unless somebody typed
    // it: then not a clerk alone sets it back.
    bool sets_back = !clock_is_known(session) && utc_ms < session->now.utc_ms - CLOCK_SLACK_MS;
    if (sets_back && text_equal(staff->role, "clerk")) {
        staff->problem_key = "staff.clock.early";
        return;
    }
    session_tell(session, &(struct session_request){.kind = SESSION_TIME, .time = utc_ms});
    session->now = clock_now(session->options.clock);
    clock_keep(session, staff->number);
    staff_note(session, "clock.confirmed", "");
    memory_wipe(staff->clock_typed, sizeof staff->clock_typed);
    staff->message_key = "staff.message.clock";
    clock_leave(session);
}

void clock_open(struct session *session)
{
    struct staff_session *staff = &session->staff;
    staff->clock_typed[0] = '\0';
    staff->problem_key = staff->message_key = NULL;
    staff->screen = STAFF_CLOCK;
}

void clock_leave(struct session *session)
{
    if (text_equal(session->staff.role, "technician"))
        tech_open(session);
    else
        desk_open(session);
}

bool clock_intent(struct session *session, const struct intent *intent)
{
    struct staff_session *staff = &session->staff;
    if (intent->kind == INTENT_STAFF_CLOCK &&
        (staff->screen == STAFF_QUEUE || staff->screen == STAFF_TECHNICIAN)) {
        clock_open(session);
        return true;
    }
    if (staff->screen != STAFF_CLOCK)
        return false;
    size_t length = strlen(staff->clock_typed);
    const char *text = intent->text;
    if (intent->kind == INTENT_STAFF_ENTER || intent->kind == INTENT_NEXT) {
        confirm(session);
    } else if (intent->kind == INTENT_BACK) {
        clock_leave(session);
    } else if (intent->kind == INTENT_STAFF_DIGIT) {
        staff->problem_key = NULL;
        if (text[0] == '\b' && length)
            staff->clock_typed[length - 1] = '\0';
        else if (text[0] >= '0' && text[0] <= '9' && !text[1] && length < STAFF_CLOCK_DIGITS)
            text_copy(staff->clock_typed + length, 2, text);
    } else {
        return false;
    }
    return true;
}
