// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/when.h"

#include "yimen/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DAY_MS = 86400000,
    MINUTE_MS = 60000,
    BACK_DAYS = 1,   ///< the district's time and a machine's are never quite the same
    AHEAD_DAYS = 400 ///< a kiosk in a cupboard for a year is still right
};

enum time_quality time_judge(int64_t utc_ms, int64_t trusted_utc_ms)
{
    if (trusted_utc_ms <= 0)
        return TIME_RTC;
    int64_t after = utc_ms - trusted_utc_ms;
    bool is_likely = after >= -(int64_t)BACK_DAYS * DAY_MS && after <= (int64_t)AHEAD_DAYS * DAY_MS;
    return is_likely ? TIME_RTC : TIME_UNKNOWN;
}

void when_to_text(const struct when *when, char out[WHEN_TEXT])
{
    snprintf(out, WHEN_TEXT, "%" PRId64 " %" PRId64 " %d %s", when->utc_ms, when->monotonic_ms,
             (int)when->quality, when->boot_id);
}

// A number and the blank behind it.
static bool take_number(const char **text, int64_t *out)
{
    char number[24];
    size_t length = strcspn(*text, " ");
    if (length >= sizeof number || (*text)[length] != ' ')
        return false;
    memcpy(number, *text, length);
    number[length] = '\0';
    *text += length + 1;
    return text_to_int64(number, out);
}

bool when_from_text(const char *text, struct when *out)
{
    struct when when = {0};
    int64_t quality = -1;
    if (!take_number(&text, &when.utc_ms) || !take_number(&text, &when.monotonic_ms) ||
        !take_number(&text, &quality) || quality < TIME_UNKNOWN || quality > TIME_DISTRICT ||
        when.utc_ms <= 0 || strlen(text) != sizeof when.boot_id - 1)
        return false;
    when.quality = (enum time_quality)quality;
    text_copy(when.boot_id, sizeof when.boot_id, text);
    *out = when;
    return true;
}

const char *time_quality_name(enum time_quality quality)
{
    switch (quality) {
    case TIME_DISTRICT: return "district";
    case TIME_RTC: return "rtc";
    case TIME_UNKNOWN: break;
    }
    return "unknown";
}

// Days in 400-year eras starting on 1 March, so that the leap day is the last of its year.
int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_index = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * month_index + 2) / 5 + 1);
    *month = (int)(month_index < 10 ? month_index + 3 : month_index - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

bool date_is_real(int year, int month, int day)
{
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int y, m, d;
    date_from_days(days_from_date(year, month, day), &y, &m, &d);
    return y == year && m == month && d == day;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

struct calendar calendar_from_utc(int64_t utc_ms, int offset_minutes)
{
    int64_t local = utc_ms + (int64_t)offset_minutes * MINUTE_MS;
    int64_t days = floor_divide(local, DAY_MS);
    int64_t rest = local - days * DAY_MS;
    struct calendar calendar = {
        .hour = (int)(rest / 3600000),
        .minute = (int)(rest / MINUTE_MS % 60),
        .second = (int)(rest / 1000 % 60),
        .millisecond = (int)(rest % 1000),
        .weekday = (int)(((days + 4) % 7 + 7) % 7),
    };
    date_from_days(days, &calendar.year, &calendar.month, &calendar.day);
    return calendar;
}

int64_t calendar_to_utc(const struct calendar *calendar, int offset_minutes)
{
    int64_t days = days_from_date(calendar->year, calendar->month, calendar->day);
    int64_t rest = ((int64_t)calendar->hour * 60 + calendar->minute) * MINUTE_MS +
                   (int64_t)calendar->second * 1000 + calendar->millisecond;
    return days * DAY_MS + rest - (int64_t)offset_minutes * MINUTE_MS;
}

int64_t powered_wait_left(const struct powered_wait *wait, const struct when *now)
{
    int64_t passed = 0;
    if (text_equal(wait->boot_id, now->boot_id) && now->monotonic_ms > wait->from_ms)
        passed = now->monotonic_ms - wait->from_ms;
    return passed < wait->left_ms ? wait->left_ms - passed : 0;
}

void powered_wait_set(struct powered_wait *wait, const struct when *now, int64_t wait_ms)
{
    wait->left_ms = wait_ms;
    wait->from_ms = now->monotonic_ms;
    text_copy(wait->boot_id, sizeof wait->boot_id, now->boot_id);
}

int powered_wait_seconds(int64_t wait_ms)
{
    return (int)((wait_ms + 999) / 1000);
}

int zone_minutes(const char *zone)
{
    bool is_utc = zone && (text_equal(zone, "UTC") || text_equal(zone, "Etc/UTC"));
    return is_utc ? 0 : DISTRICT_ZONE_MINUTES;
}

struct calendar district_calendar(int64_t utc_ms)
{
    return calendar_from_utc(utc_ms, DISTRICT_ZONE_MINUTES);
}

int64_t district_day(int64_t utc_ms)
{
    return floor_divide(utc_ms + DISTRICT_ZONE_MINUTES * MINUTE_MS, DAY_MS);
}

int64_t district_midnight(int64_t day)
{
    return day * DAY_MS - DISTRICT_ZONE_MINUTES * MINUTE_MS;
}

void district_date(int64_t utc_ms, char out[DISTRICT_DATE])
{
    struct calendar day = district_calendar(utc_ms);
    char text[48];
    snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
    text_copy(out, DISTRICT_DATE, text);
}

void when_format_utc(int64_t utc_ms, char out[32])
{
    struct calendar c = calendar_from_utc(utc_ms, 0);
    snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year % 10000, c.month, c.day, c.hour,
             c.minute, c.second, c.millisecond);
}
