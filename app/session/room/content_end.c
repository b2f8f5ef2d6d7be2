// SPDX-License-Identifier: GPL-3.0-or-later
// Content past its last day: residents are served as before, because a kiosk that turns people away
// over a date helps nobody; only what it says about limits is left to the window, and staff is
// told.
#include "../session_internal.h"
#include "yimen/base/log.h"

bool content_has_ended(const struct session *session)
{
    int64_t ends_ms = session->options.content_ends_ms;
    return ends_ms && session->now.quality != TIME_UNKNOWN && session->now.utc_ms >= ends_ms;
}

void content_end_tick(struct session *session)
{
    bool ended = content_has_ended(session);
    if (ended == session->content_ended)
        return;
    session->content_ended = ended;
    session->dirty = true;
    if (!ended)
        return;
    log_event(LOG_ERROR, "session", "content-ended", "version=%s", session->options.pack_version);
    session_note(session, "content.ended", session->options.pack_version);
}

void content_end_view(struct session *session, struct view *view)
{
    view->content_ended = content_has_ended(session);
}
