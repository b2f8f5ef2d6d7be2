// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void http_date_format(int64_t utc_ms, char out[40])
{
    struct calendar now = calendar_from_utc(utc_ms, 0);
    snprintf(out, 40, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[now.weekday], now.day,
             months[now.month - 1], now.year, now.hour, now.minute, now.second);
}

static bool digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool http_date_parse(const char *text, int64_t *utc_ms)
{
    struct calendar date = {0};
    if (strlen(text) != 29 || text[3] != ',' || text[19] != ':' || text[22] != ':' ||
        !text_ends(text, " GMT"))
        return false;
    for (int i = 0; i < 12; i++)
        if (strncmp(text + 8, months[i], 3) == 0)
            date.month = i + 1;
    if (date.month == 0 || !digits(text + 5, 2, &date.day) || !digits(text + 12, 4, &date.year) ||
        !digits(text + 17, 2, &date.hour) || !digits(text + 20, 2, &date.minute) ||
        !digits(text + 23, 2, &date.second))
        return false;
    if (!date_is_real(date.year, date.month, date.day) || date.hour > 23 || date.minute > 59 ||
        date.second > 60)
        return false;
    *utc_ms = calendar_to_utc(&date, 0);
    return true;
}
