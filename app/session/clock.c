// SPDX-License-Identifier: GPL-3.0-or-later
// The time of day: its face on the attract screen, what waits while nobody vouches for it, and the
// staff's place to look at a watch and say what time it is.
#include "session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <stdio.h>
#include <string.h>

enum { KEEP_EVERY_MS = 6 * 60 * 60 * 1000 };

// No district has begun before, and no clerk's watch is right after.
static const int earliest_year = 2025, latest_year = 2099;

bool clock_is_known(const struct session *session)
{
    return session->now.quality != TIME_UNKNOWN;
}

bool clock_allows(const struct session *session, const struct service *service)
{
    return clock_is_known(session) || service->urgent || service->type == RECEIPT_TYPE_REPORT;
}

static void set_face(struct session *session)
{
    int64_t minute = clock_is_known(session) ? session->now.utc_ms / 60000 : -1;
    if (minute == session->minute)
        return;
    struct calendar at = calendar_from_utc(session->now.utc_ms, session_offset_minutes(session));
    session->clock_text[0] = '\0';
    if (minute >= 0)
        snprintf(session->clock_text, sizeof session->clock_text, "%02d:%02d", at.hour, at.minute);
    session->minute = minute;
    session->dirty = true;
}

static bool waits_for_clock(const struct problem *problem)
{
    return problem->open && text_equal(problem->code, CLOCK_UNKNOWN_CODE);
}

static void tell_known(struct session *session)
{
    bool known = clock_is_known(session);
    if (session->clock_told && known == session->clock_known)
        return;
    if (!known) {
        log_event(LOG_ERROR, "session", "clock-unknown", "%s", "urgent help and reports only");
        session_note(session, "clock.unknown", "");
    } else if (session->clock_told) {
        log_event(LOG_INFO, "session", "clock-known", "by=%s",
                  time_quality_name(session->now.quality));
        session_note(session, "clock.known", time_quality_name(session->now.quality));
    }
    if (known && waits_for_clock(&session->problem)) // what was refused may begin
        session->problem.open = false;
    session->clock_told = true;
    session->clock_known = known;
    session->dirty = true;
}

void clock_tick(struct session *session)
{
    tell_known(session);
    set_face(session);
}

// Remembered over a restart and a dead battery.
static void keep(struct session *session, const char *staff)
{
    struct outbox_request request = {
        .kind = OUTBOX_TIME_KNOWN, .when = session->now};
    text_copy(request.staff, sizeof request.staff, staff);
    session->clock_kept = session->now;
    tell_store(session, &request);
}

void clock_sync(struct session *session, const struct sync_event *event)
{
    const struct when *kept = &session->clock_kept, *now = &session->now;
    if (event->kind != SYNC_TIME || !clock_is_known(session))
        return;
    if (kept->quality != now->quality || now->monotonic_ms - kept->monotonic_ms >= KEEP_EVERY_MS)
        keep(session, "");
}

// ---- the staff's place

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
    keep(session, staff->number);
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
