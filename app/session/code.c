// SPDX-License-Identifier: GPL-3.0-or-later
// What was held up to the code reader: anybody may have printed it. It goes to whoever knows codes
// of its kind, or the screen says calmly that it is not one of ours.
#include "session_internal.h"
#include "yimen/base/text.h"

static void tell(struct session *session, const char *key)
{
    session->code_message_key = key;
    session->overlay = OVERLAY_CODE;
    session->dirty = true;
}

void code_scanned(struct session *session, const char *text)
{
    if (session->staff.screen != STAFF_OFF || session->overlay == OVERLAY_CALL)
        return;
    struct ticket ticket = {0};
    idle_touch(session);
    if (!session->visit && ticket_parse(session->options.crypto, text, &ticket, NULL) == ERR_OK)
        resume_begin(session, &ticket);
    else if (session->visit)
        tell(session, "code.in-visit"); // what is being filled in stays on the screen
    else if (!track_code(session, text))
        tell(session, text[0] ? "code.not-ours" : "code.unreadable");
    memory_wipe(&ticket, sizeof ticket);
}
