// SPDX-License-Identifier: GPL-3.0-or-later
// Functions on dates and times of day, in the host's time zone. Names of days and months are the
// English short forms of the specification: what residents read in their language is formatted by
// the screens, not by expressions.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <string.h>

static const double day_ms = 86400000;

double xpath_value_days(const struct xpath_host *host, const struct xpath_value *value)
{
    if (value->kind == XPATH_NUMBER || value->kind == XPATH_DATE)
        return value->kind == XPATH_NUMBER ? value->number : value->days;
    if (value->kind == XPATH_BOOLEAN)
        return NAN;
    char *text = xpath_to_string(host, value);
    double days = NAN;
    if (!xpath_date_parse(host, text, true, &days))
        days = xpath_parse_number(text, strlen(text));
    xpath_string_free(text);
    return days;
}

static enum err argument_days(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              double *days, bool *blank)
{
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, call->arguments[0], call->focus, &value);
    if (err == ERR_OK) {
        char *text = xpath_to_string(evaluation->host, &value);
        *blank = text[0] == '\0';
        xpath_string_free(text);
        *days = xpath_value_days(evaluation->host, &value);
    }
    xpath_value_clear(&value);
    return err;
}

/// date() and date-time(): nothing stays nothing, so that an unanswered question does not read
/// "Invalid Date".
static enum err call_date(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    double days = NAN;
    bool blank = false;
    enum err err = argument_days(evaluation, call, &days, &blank);
    if (err != ERR_OK)
        return err;
    if (blank)
        xpath_set_string(out, text_duplicate(""));
    else
        xpath_set_date(evaluation->host, out, days);
    return ERR_OK;
}

static const struct xpath_host *ask_time(const struct xpath_evaluation *evaluation)
{
    if (evaluation->host->asked_time != NULL)
        *evaluation->host->asked_time = true;
    return evaluation->host;
}

static enum err call_now(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    (void)call;
    const struct xpath_host *host = ask_time(evaluation);
    xpath_set_date(host, out, (double)host->now_utc_ms / day_ms);
    return ERR_OK;
}

static enum err call_today(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    (void)call;
    const struct xpath_host *host = ask_time(evaluation);
    struct calendar local =
        calendar_from_utc(host->now_utc_ms, xpath_zone_offset(host->time_zone, host->now_utc_ms));
    local.hour = local.minute = local.second = local.millisecond = 0;
    xpath_set_date(host, out, (double)xpath_zone_to_utc(host->time_zone, &local) / day_ms);
    return ERR_OK;
}

static enum err call_decimal_date_time(struct xpath_evaluation *evaluation,
                                       const struct xpath_call *call, struct xpath_value *out)
{
    double days = NAN;
    bool blank = false;
    enum err err = argument_days(evaluation, call, &days, &blank);
    xpath_set_number(out, days);
    return err;
}

/// Part of a day at the zone's clocks. A time alone is read as one of today.
static enum err call_decimal_time(struct xpath_evaluation *evaluation,
                                  const struct xpath_call *call, struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    char *text = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &text);
    if (err != ERR_OK)
        return err;
    struct calendar today =
        calendar_from_utc(host->now_utc_ms, xpath_zone_offset(host->time_zone, host->now_utc_ms));
    struct strbuf whole;
    strbuf_init(&whole, XPATH_MAXIMUM_STRING);
    strbuf_addf(&whole, "%04d-%02d-%02dT%s", today.year, today.month, today.day, text);
    double days = NAN;
    bool alone = strchr(text, 'T') == NULL;
    bool is_time = alone ? !text_starts(text, "24") && // the end of a day is no time of a day
                               xpath_date_parse(host, strbuf_text(&whole), false, &days)
                         : xpath_date_parse(host, text, false, &days);
    strbuf_free(&whole);
    xpath_string_free(text);
    if (is_time) {
        int64_t utc = (int64_t)round(days * day_ms);
        double local = (double)utc + xpath_zone_offset(host->time_zone, utc) * 60000.0;
        days = (local - floor(local / day_ms) * day_ms) / day_ms;
    }
    xpath_set_number(out, is_time ? days : NAN);
    return ERR_OK;
}

// ------------------------------------------------------------------ format-date

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Appends what one %letter stands for. False: it stands for nothing.
static bool format_part(char letter, const struct calendar *date, struct strbuf *out)
{
    switch (letter) {
    case 'Y': strbuf_addf(out, "%04d", date->year); return true;
    case 'y': strbuf_addf(out, "%02d", date->year % 100); return true;
    case 'm': strbuf_addf(out, "%02d", date->month); return true;
    case 'n': strbuf_addf(out, "%d", date->month); return true;
    case 'b': strbuf_adds(out, month_names[date->month - 1]); return true;
    case 'd': strbuf_addf(out, "%02d", date->day); return true;
    case 'e': strbuf_addf(out, "%d", date->day); return true;
    case 'a': strbuf_adds(out, day_names[date->weekday]); return true;
    case 'H': strbuf_addf(out, "%02d", date->hour); return true;
    case 'h': strbuf_addf(out, "%d", date->hour); return true;
    case 'M': strbuf_addf(out, "%02d", date->minute); return true;
    case 'S': strbuf_addf(out, "%02d", date->second); return true;
    case '3': strbuf_addf(out, "%03d", date->millisecond); return true;
    case '%': strbuf_addc(out, '%'); return true;
    default: return false;
    }
}

static void format(const char *pattern, const struct calendar *date, struct strbuf *out)
{
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '%' && format_part(at[1], date, out))
            at++;
        else
            strbuf_addc(out, *at);
    }
}

static enum err call_format_date(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    double days = NAN;
    bool blank = false;
    char *pattern = NULL;
    enum err err = argument_days(evaluation, call, &days, &blank);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 1, &pattern);
    if (err != ERR_OK)
        return err;
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    if (xpath_days_are_a_date(days)) {
        int64_t utc = (int64_t)round(days * day_ms);
        struct calendar local = calendar_from_utc(utc, xpath_zone_offset(host->time_zone, utc));
        format(pattern, &local, &text);
    }
    xpath_string_free(pattern);
    return xpath_set_buffer(evaluation, out, &text);
}

const struct xpath_function xpath_date_functions[] = {
    {"today", 0, 0, FUNCTION_VOLATILE, call_today, NULL},
    {"now", 0, 0, FUNCTION_VOLATILE, call_now, NULL},
    {"date", 1, 1, 0, call_date, NULL},
    {"date-time", 1, 1, 0, call_date, NULL},
    {"decimal-date-time", 1, 1, 0, call_decimal_date_time, NULL},
    {"decimal-time", 1, 1, 0, call_decimal_time, NULL},
    {"format-date", 2, 2, 0, call_format_date, NULL},
    {"format-date-time", 2, 2, 0, call_format_date, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
