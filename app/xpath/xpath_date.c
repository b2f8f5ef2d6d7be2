// SPDX-License-Identifier: GPL-3.0-or-later
// Dates as ODK means them: text in, days since 1970-01-01 UTC out, in the time zone the host names.
// A date alone is midnight there, and a local midnight is written as a date alone.
//
// The C library knows one zone at a time, in the TZ variable. `use_zone` sets it only when it is
// another one; a program that sets TZ to its own zone before it starts threads never writes it
// here. Evaluations with different zones belong to one thread.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double day_ms = 86400000;

static void use_zone(const char *zone)
{
    zone = zone != NULL && zone[0] != '\0' ? zone : "UTC";
    const char *set = getenv("TZ");
    if (set != NULL && text_equal(set, zone))
        return;
    (void)setenv("TZ", zone, 1);
    tzset();
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

int xpath_zone_offset(const char *zone, int64_t utc_ms)
{
    use_zone(zone);
    struct tm local;
    time_t seconds = (time_t)floor_divide(utc_ms, 1000);
    return localtime_r(&seconds, &local) != NULL ? (int)floor_divide(local.tm_gmtoff, 60) : 0;
}

int64_t xpath_zone_to_utc(const char *zone, const struct calendar *local)
{
    int64_t as_utc = calendar_to_utc(local, 0);
    int64_t guess = as_utc - (int64_t)xpath_zone_offset(zone, as_utc) * 60000;
    return as_utc - (int64_t)xpath_zone_offset(zone, guess) * 60000;
}

// ------------------------------------------------------------------ reading

/// Between `least` and `most` digits as a number; moves on. False: not there.
static bool read_digits(const char **at, int least, int most, int *out)
{
    int count = 0, value = 0;
    while (count < most && (*at)[count] >= '0' && (*at)[count] <= '9') {
        value = value * 10 + ((*at)[count] - '0');
        count++;
    }
    if (count < least)
        return false;
    *at += count;
    *out = value;
    return true;
}

static bool read_char(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool read_fraction(const char **at, int *milliseconds)
{
    if (!read_char(at, '.'))
        return true;
    int scale = 100, count = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, count++, scale /= 10)
        *milliseconds += (**at - '0') * scale;
    return count > 0;
}

/// "HH:MM[:SS[.sss]]"
static bool read_time(const char **at, struct calendar *out)
{
    if (!read_digits(at, 2, 2, &out->hour) || !read_char(at, ':') ||
        !read_digits(at, 2, 2, &out->minute))
        return false;
    if (read_char(at, ':') &&
        (!read_digits(at, 2, 2, &out->second) || !read_fraction(at, &out->millisecond)))
        return false;
    bool midnight =
        out->hour == 24 && out->minute == 0 && out->second == 0 && out->millisecond == 0;
    return (out->hour < 24 || midnight) && out->minute < 60 && out->second < 60;
}

/// "", "Z", "+HH:MM", "+HHMM" or "+HH"; `has_zone` is false for "".
static bool read_zone(const char **at, bool *has_zone, int *minutes)
{
    *has_zone = **at != '\0';
    *minutes = 0;
    if (!*has_zone || read_char(at, 'Z'))
        return true;
    int sign = **at == '-' ? -1 : 1, hours = 0, rest = 0;
    if (!read_char(at, '+') && !read_char(at, '-'))
        return false;
    if (!read_digits(at, 2, 2, &hours))
        return false;
    (void)read_char(at, ':');
    if (**at != '\0' && !read_digits(at, 2, 2, &rest))
        return false;
    *minutes = sign * (hours * 60 + rest);
    return hours <= 14 && rest < 60;
}

static bool read_date(const char **at, bool lenient, struct calendar *out)
{
    int least = lenient ? 1 : 2;
    return read_digits(at, 4, 4, &out->year) && read_char(at, '-') &&
           read_digits(at, least, 2, &out->month) && read_char(at, '-') &&
           read_digits(at, least, 2, &out->day) && date_is_real(out->year, out->month, out->day);
}

bool xpath_date_parse(const struct xpath_host *host, const char *text, bool lenient, double *days)
{
    struct calendar calendar = {0};
    bool has_zone = false;
    int minutes = 0;
    text += strspn(text, " \t\r\n");
    if (!read_date(&text, lenient, &calendar))
        return false;
    char trimmed[64];
    (void)text_copy(trimmed, sizeof trimmed, text);
    for (size_t end = strlen(trimmed); end > 0 && strchr(" \t\r\n", trimmed[end - 1]) != NULL;
         end--)
        trimmed[end - 1] = '\0';
    const char *at = trimmed;
    if (*at != '\0') {
        if (!read_char(&at, 'T') || !read_time(&at, &calendar) ||
            !read_zone(&at, &has_zone, &minutes) || *at != '\0')
            return false;
    }
    int64_t utc = has_zone ? calendar_to_utc(&calendar, minutes)
                           : xpath_zone_to_utc(host != NULL ? host->time_zone : NULL, &calendar);
    *days = (double)utc / day_ms;
    return true;
}

// ------------------------------------------------------------------ writing

/// Within the years 0 to 9999 that can be written; 9999-12-31 stands on cards that do not expire.
bool xpath_days_are_a_date(double days)
{
    return days >= (double)days_from_date(0, 1, 2) &&
           days < (double)days_from_date(9999, 12, 31) + 1;
}

void xpath_set_date(const struct xpath_host *host, struct xpath_value *out, double days)
{
    *out = (struct xpath_value){.kind = XPATH_DATE, .days = days};
    if (!xpath_days_are_a_date(days)) {
        out->days = NAN;
        out->string = text_duplicate("Invalid Date");
        return;
    }
    int64_t utc = (int64_t)round(days * day_ms);
    int offset = xpath_zone_offset(host->time_zone, utc);
    struct calendar local = calendar_from_utc(utc, offset);
    char text[64];
    int length = snprintf(text, sizeof text, "%04d-%02d-%02d", local.year, local.month, local.day);
    bool midnight =
        local.hour == 0 && local.minute == 0 && local.second == 0 && local.millisecond == 0;
    if (!midnight && length > 0)
        (void)snprintf(text + length, sizeof text - (size_t)length,
                       "T%02d:%02d:%02d.%03d%c%02d:%02d", local.hour, local.minute, local.second,
                       local.millisecond, offset < 0 ? '-' : '+', abs(offset) / 60,
                       abs(offset) % 60);
    out->string = text_duplicate(text);
}
