// SPDX-License-Identifier: GPL-3.0-or-later
// What every room leans on: words, times, an entry in the audit, clean text.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

const char *session_text(const struct session *session, const char *key)
{
    return texts_get(session->options.texts, session->comfort.language, key);
}

int64_t session_now_ms(const struct session *session)
{
    return session->now.monotonic_ms;
}

void session_note(struct session *session, const char *event, const char *detail)
{
    struct outbox_request request = {.kind = OUTBOX_NOTE};
    text_copy(request.text, sizeof request.text, event);
    text_copy(request.detail, sizeof request.detail, detail);
    text_copy(request.staff, sizeof request.staff, "kiosk");
    tell_store(session, &request);
}

int session_offset_minutes(const struct session *session)
{
    return zone_minutes(session->options.time_zone);
}

void session_local_time(const struct session *session, int64_t utc_ms, char out[32])
{
    struct calendar at = calendar_from_utc(utc_ms, session_offset_minutes(session));
    snprintf(out, 32, "%02d-%02d %02d:%02d", at.month, at.day, at.hour, at.minute);
}

void session_day_time(const struct session *session, int64_t utc_ms, char out[VIEW_MOMENT])
{
    struct calendar at = calendar_from_utc(utc_ms, session_offset_minutes(session));
    char day[16], month[24], time[32];
    snprintf(day, sizeof day, "%d", at.day);
    snprintf(month, sizeof month, "month.%d", at.month);
    snprintf(time, sizeof time, "%02d:%02d", at.hour, at.minute);
    const char *const pairs[] = {"month", session_text(session, month), "day", day, "time", time,
                                 NULL};
    texts_fill(out, VIEW_MOMENT, session_text(session, "common.day-time"), pairs);
}

// Text from the touch screen: well-formed UTF-8 without control characters, cut between characters.
void session_copy_clean(char *out, size_t room, const char *text)
{
    size_t used = 0;
    const char *at = text;
    for (;;) {
        uint32_t point = text_next(&at);
        char bytes[5];
        if (!point)
            break;
        if ((point < 0x20 && point != '\n') || point == 0x7F || point == 0xFFFD)
            continue;
        size_t length = text_put(point, bytes);
        if (used + length + 1 > room)
            break;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    if (text_is_blank(out))
        out[0] = '\0';
}
