// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/receipt_number.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char division[] = "370212";

enum { DIVISION = 6, COUNTER = 3, DAY = 6, CHECKED = RECEIPT_NUMBER_DIGITS - 1, CENTURY = 2000 };

// ISO 7064 MOD 11,10: a hybrid system whose check character is a plain digit.
static char check_digit(const char *digits, size_t length)
{
    int product = 10;
    for (size_t at = 0; at < length; at++) {
        int sum = (digits[at] - '0' + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (char)('0' + (11 - product) % 10);
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++)
        if (text[at] < '0' || text[at] > '9')
            return false;
    return true;
}

static int to_number(const char *digits, size_t length)
{
    int value = 0;
    for (size_t at = 0; at < length; at++)
        value = value * 10 + (digits[at] - '0');
    return value;
}

static bool day_is_real(int day)
{
    return day >= 0 && date_is_real(CENTURY + day / 10000, day / 100 % 100, day % 100);
}

enum err receipt_number_format(const struct receipt_number *number, char out[LIMIT_RECEIPT_NUMBER],
                               struct fail *why)
{
    bool good = strlen(number->counter) == COUNTER && all_digits(number->counter, COUNTER) &&
                day_is_real(number->day) && number->type >= 0 && number->type <= 9 &&
                number->incarnation >= 0 && number->incarnation <= 9 && number->serial >= 0 &&
                number->serial <= 999;
    if (!good)
        return fail_set(why, ERR_BUG, "a field of the receipt number is out of range");
    snprintf(out, LIMIT_RECEIPT_NUMBER, "%s%s%06d%d%d%03d", division, number->counter, number->day,
             number->type, number->incarnation, number->serial);
    out[CHECKED] = check_digit(out, CHECKED);
    out[RECEIPT_NUMBER_DIGITS] = '\0';
    return ERR_OK;
}

enum err receipt_number_parse(const char *text, struct receipt_number *out, struct fail *why)
{
    if (strlen(text) != RECEIPT_NUMBER_DIGITS || !all_digits(text, RECEIPT_NUMBER_DIGITS))
        return fail_set(why, ERR_INPUT, "a receipt number has %d digits", RECEIPT_NUMBER_DIGITS);
    if (memcmp(text, division, DIVISION) != 0)
        return fail_set(why, ERR_INPUT, "not a receipt number of this district");
    if (check_digit(text, CHECKED) != text[CHECKED])
        return fail_set(why, ERR_INPUT, "the check digit does not fit");
    const char *at = text + DIVISION;
    memcpy(out->counter, at, COUNTER);
    out->counter[COUNTER] = '\0';
    out->day = to_number(at + COUNTER, DAY);
    at += COUNTER + DAY;
    out->type = at[0] - '0';
    out->incarnation = at[1] - '0';
    out->serial = to_number(at + 2, 3);
    if (!day_is_real(out->day))
        return fail_set(why, ERR_INPUT, "no such day in the receipt number");
    return ERR_OK;
}

static int pack_day(int year, int month, int day)
{
    return year % 100 * 10000 + month * 100 + day;
}

int receipt_day(int64_t utc_ms)
{
    struct calendar local = district_calendar(utc_ms);
    if (local.year < CENTURY) // 1970 is not 2070
        return pack_day(CENTURY, 1, 1);
    return pack_day(local.year, local.month, local.day);
}

static int64_t days_of(int day)
{
    return days_from_date(CENTURY + day / 10000, day / 100 % 100, day % 100);
}

int receipt_days_between(int from, int to)
{
    return (int)(days_of(to) - days_of(from));
}

int receipt_day_after(int day)
{
    int year, month, date;
    date_from_days(days_of(day) + 1, &year, &month, &date);
    return pack_day(year, month, date);
}

void receipt_number_show(const char *digits, char *out, size_t room)
{
    size_t length = strlen(digits), at = 0;
    if (!all_digits(digits, length)) {
        (void)text_copy(out, room, digits);
        return;
    }
    for (size_t i = 0; i < length && at + 2 < room; i++) {
        if (i == DIVISION || i == DIVISION + COUNTER || i == DIVISION + COUNTER + DAY)
            out[at++] = ' ';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}
