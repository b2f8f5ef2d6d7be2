// SPDX-License-Identifier: GPL-3.0-or-later
// The time of day: its face on the attract screen, what waits while nobody vouches for it, and the
// staff's place to look at a watch and say what time it is.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <stdio.h>
#include <string.h>

enum { KEEP_EVERY_MS = 6 * 60 * 60 * 1000 };

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

void clock_keep(struct session *session, const char *staff)
{
    struct outbox_request request = {.kind = OUTBOX_TIME_KNOWN, .when = session->now};
    text_copy(request.staff, sizeof request.staff, staff);
    session->clock_kept = session->now;
    tell_store(session, &request);
}

void clock_reply(struct session *session, struct session_input *input)
{
    const struct when *kept = &session->clock_kept, *now = &session->now;
    if (input->kind != SESSION_SYNC || input->sync.kind != SYNC_TIME || !clock_is_known(session))
        return;
    if (kept->quality != now->quality || now->monotonic_ms - kept->monotonic_ms >= KEEP_EVERY_MS)
        clock_keep(session, "");
}

int64_t clock_wait(const struct session *session)
{
    return 60000 - session->now.utc_ms % 60000;
}

void clock_view(struct session *session, struct view *view)
{
    text_copy(view->clock_text, sizeof view->clock_text, session->clock_text);
    view->clock_unknown = !clock_is_known(session);
}
