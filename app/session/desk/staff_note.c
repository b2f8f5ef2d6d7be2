// SPDX-License-Identifier: GPL-3.0-or-later
// An entry in the audit under the name of whoever is logged in.
#include "../session_internal.h"
#include "yimen/base/text.h"

void staff_note(struct session *session, const char *event, const char *detail)
{
    struct outbox_request request = {.kind = OUTBOX_NOTE};
    text_copy(request.text, sizeof request.text, event);
    text_copy(request.detail, sizeof request.detail, detail);
    text_copy(request.staff, sizeof request.staff, session->staff.number);
    tell_store(session, &request);
}
