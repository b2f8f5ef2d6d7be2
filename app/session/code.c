// SPDX-License-Identifier: GPL-3.0-or-later
// What was held up to the code reader: anybody may have printed it. It goes to whoever knows codes
// of its kind, or the screen says calmly that it is not one of ours. A reader may send a long code
// in parts: what may be the beginning of one of ours waits two seconds for the rest.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <strings.h>

static void tell(struct session *session, const char *key)
{
    session->code_message_key = key;
    session->overlay = OVERLAY_CODE;
    session->dirty = true;
}

enum { PART_MS = 2000 };

static bool is_ours(struct session *session, const char *text)
{
    struct ticket ticket = {0};
    bool is_ticket = ticket_parse(session->options.crypto, text, &ticket, NULL) == ERR_OK;
    if (is_ticket)
        go_to(session, &(struct go){.kind = GO_TICKET, .ticket = ticket});
    memory_wipe(&ticket, sizeof ticket);
    return is_ticket || track_code(session, text);
}

static bool may_be_a_beginning(const char *text)
{
    return text_starts(text, "YT1:") || strncasecmp(text, "https://", 8) == 0;
}

// This text, or what it completes.
static bool is_completed(struct session *session, const char *text)
{
    struct code_part *part = &session->code_part;
    char whole[CODE_TEXT];
    bool fits = part->text[0] &&
                snprintf(whole, sizeof whole, "%s%s", part->text, text) < (int)sizeof whole;
    bool ours = is_ours(session, text) || (fits && is_ours(session, whole));
    if (ours || !fits)
        code_forget(session);
    else
        text_copy(part->text, sizeof part->text, whole);
    memory_wipe(whole, sizeof whole);
    return ours;
}

static void scanned(struct session *session, const char *text)
{
    struct code_part *part = &session->code_part;
    if (session->staff.screen != STAFF_OFF || session->overlay == OVERLAY_CALL)
        return;
    idle_touch(session);
    if (session->visit) {
        tell(session, "code.in-visit"); // what is being filled in stays on the screen
        return;
    }
    if (text[0] && is_completed(session, text))
        return;
    if (!part->text[0] && may_be_a_beginning(text))
        text_copy(part->text, sizeof part->text, text);
    part->until_ms = session_now_ms(session) + PART_MS;
    if (!part->text[0] || !text[0])
        tell(session, text[0] ? "code.not-ours" : "code.unreadable");
}

void code_tick(struct session *session)
{
    if (!session->code_part.text[0] || session_now_ms(session) < session->code_part.until_ms)
        return;
    code_forget(session);
    if (!session->visit && session->staff.screen == STAFF_OFF)
        tell(session, "code.not-ours");
}

int64_t code_wait(const struct session *session)
{
    if (!session->code_part.text[0])
        return -1;
    int64_t left = session->code_part.until_ms - session_now_ms(session);
    return left > 0 ? left : 0;
}

void code_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_CODE)
        scanned(session, input->err ? "" : input->code);
}

void code_view(struct session *session, struct view *view)
{
    view->code_message_key = session->code_message_key;
}
