// SPDX-License-Identifier: GPL-3.0-or-later
// What is stored for a value of a bind's type.
#include "form_internal.h"

#include "yimen/base/when.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum value_type value_type_named(const char *name)
{
    static const struct {
        const char *name;
        enum value_type type;
    } types[] = {{"string", TYPE_STRING},   {"int", TYPE_INT},
                 {"integer", TYPE_INT},     {"boolean", TYPE_BOOLEAN},
                 {"decimal", TYPE_DECIMAL}, {"date", TYPE_DATE},
                 {"time", TYPE_TIME},       {"dateTime", TYPE_DATE_TIME},
                 {"binary", TYPE_BINARY},   {"barcode", TYPE_BARCODE},
                 {"geopoint", TYPE_GEO},    {"geotrace", TYPE_GEO},
                 {"geoshape", TYPE_GEO}};
    const char *colon = strchr(name, ':');
    const char *local = colon != NULL ? colon + 1 : name;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, local) == 0)
            return types[i].type;
    }
    return TYPE_STRING;
}

static bool digits(const char **at, size_t count, int *out)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isdigit((unsigned char)(*at)[i]))
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool take(const char **at, char byte)
{
    if (**at != byte)
        return false;
    (*at)++;
    return true;
}

/// "2026-11-23", moving `at` behind it.
static bool scan_date(const char **at)
{
    int year = 0, month = 0, day = 0;
    return digits(at, 4, &year) && take(at, '-') && digits(at, 2, &month) && take(at, '-') &&
           digits(at, 2, &day) && date_is_real(year, month, day);
}

/// "Z", "+08:00", "+0800", "+08" or nothing, up to the end.
static bool scan_offset(const char *at)
{
    int hour = 0, minute = 0;
    if (at[0] == '\0' || strcmp(at, "Z") == 0)
        return true;
    if (at[0] != '+' && at[0] != '-')
        return false;
    at++;
    if (!digits(&at, 2, &hour))
        return false;
    (void)take(&at, ':');
    if (at[0] != '\0' && !digits(&at, 2, &minute))
        return false;
    return at[0] == '\0' && hour <= 14 && minute < 60;
}

/// "22:02", "22:02:55", "22:02:55.124", then an offset.
static bool scan_time(const char *at)
{
    int hour = 0, minute = 0, second = 0;
    if (!digits(&at, 2, &hour) || !take(&at, ':') || !digits(&at, 2, &minute))
        return false;
    if (take(&at, ':')) {
        if (!digits(&at, 2, &second))
            return false;
        if (take(&at, '.')) {
            if (!isdigit((unsigned char)*at))
                return false;
            while (isdigit((unsigned char)*at))
                at++;
        }
    }
    return hour < 24 && minute < 60 && second < 60 && scan_offset(at);
}

static bool scan_date_time(const char *text, bool *time_follows)
{
    const char *at = text;
    *time_follows = false;
    if (!scan_date(&at))
        return false;
    if (at[0] == '\0')
        return true;
    *time_follows = true;
    return (at[0] == 'T' || at[0] == ' ') && scan_time(at + 1);
}

static bool scan_number(const char *text, double *out)
{
    text += strspn(text, " \t\r\n");
    if (text[0] == '\0' || strpbrk(text, "xXnNiI") != NULL)
        return false;
    char *end = NULL;
    *out = strtod(text, &end);
    end += strspn(end, " \t\r\n");
    return *end == '\0' && isfinite(*out);
}

static bool store_number(enum value_type type, const char *text, bool written_out, char *out)
{
    double number = 0;
    if (!scan_number(text, &number))
        return false;
    if (type == TYPE_INT) {
        number = trunc(number);
        if (number == 0)
            number = 0; // no "-0"
    }
    char written[400];
    (void)xpath_format_number(number, written);
    // A decimal that is written out plainly stays as the person wrote it.
    bool plain = written_out && type == TYPE_DECIMAL && text[strspn(text, "+-.0123456789")] == '\0';
    (void)text_copy(out, LIMIT_ANSWER + 1, plain ? text : written);
    // Whole numbers have 32 bits: a longer one is no answer, but a calculated one is kept.
    return type != TYPE_INT || (number >= INT32_MIN && number <= INT32_MAX);
}

static bool store_date(const char *text, char *out)
{
    bool time_follows = false;
    if (!scan_date_time(text, &time_follows))
        return false;
    (void)snprintf(out, LIMIT_ANSWER + 1, "%.10s", text);
    return true;
}

bool value_is_text(enum value_type type)
{
    return type == TYPE_STRING || type == TYPE_BOOLEAN || type == TYPE_BINARY ||
           type == TYPE_BARCODE || type == TYPE_GEO;
}

static bool store_value(enum value_type type, const char *text, bool written_out, char *out)
{
    out[0] = '\0';
    if (text[0] == '\0')
        return true;
    bool time_follows = false;
    switch (type) {
    case TYPE_INT:
    case TYPE_DECIMAL: return store_number(type, text, written_out, out);
    case TYPE_DATE: return store_date(text, out);
    case TYPE_TIME:
        if (!scan_time(text))
            return false;
        break;
    case TYPE_DATE_TIME:
        if (!scan_date_time(text, &time_follows))
            return false;
        break;
    case TYPE_STRING:
    case TYPE_BOOLEAN:
    case TYPE_BINARY:
    case TYPE_BARCODE:
    case TYPE_GEO: break;
    }
    return text_copy(out, LIMIT_ANSWER + 1, text);
}

bool value_normalise(enum value_type type, const char *text, char out[LIMIT_ANSWER + 1])
{
    return store_value(type, text, false, out);
}

bool value_answered(enum value_type type, const char *text, char out[LIMIT_ANSWER + 1])
{
    if (text_is_blank(text))
        text = "";
    return store_value(type, text, true, out);
}
