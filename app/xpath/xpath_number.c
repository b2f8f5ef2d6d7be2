// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as plain decimals, read and written; in any locale.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

enum { DIGITS_KEPT = 800 }; ///< no double needs more for correct rounding

/// Digits without their point, and the power of ten that the point means.
struct decimal {
    char digits[DIGITS_KEPT + 24];
    size_t count;
    long exponent;
};

static void decimal_digit(struct decimal *decimal, char digit, bool fraction)
{
    bool leading_zero = decimal->count == 0 && digit == '0';
    if (leading_zero || decimal->count == DIGITS_KEPT) {
        decimal->exponent += fraction ? (leading_zero ? -1 : 0) : (leading_zero ? 0 : 1);
        return;
    }
    decimal->digits[decimal->count++] = digit;
    if (fraction)
        decimal->exponent--;
}

/// Written without a decimal point, so that the locale does not matter to strtod.
static double decimal_value(struct decimal *decimal, bool negative)
{
    if (decimal->count == 0)
        return negative ? -0.0 : 0.0;
    (void)snprintf(decimal->digits + decimal->count, sizeof decimal->digits - decimal->count,
                   "e%ld", decimal->exponent);
    double value = strtod(decimal->digits, NULL);
    return negative ? -value : value;
}

double xpath_parse_number(const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end && is_space(*text))
        text++;
    while (end > text && is_space(end[-1]))
        end--;
    bool negative = text < end && *text == '-';
    text += negative ? 1 : 0;
    struct decimal decimal = {.count = 0};
    bool fraction = false, any = false;
    for (; text < end; text++) {
        if (*text == '.' && !fraction) {
            fraction = true;
        } else if (*text >= '0' && *text <= '9') {
            decimal_digit(&decimal, *text, fraction);
            any = true;
        } else {
            return NAN;
        }
    }
    return any ? decimal_value(&decimal, negative) : NAN;
}

/// Fewest digits that read back as the same number; their power of ten. Works in any locale: the
/// point is skipped.
static int shortest_digits(double number, char digits[32])
{
    char text[48];
    for (int precision = 14; precision <= 16; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    size_t count = 0;
    const char *at = text;
    for (; *at != 'e' && *at != '\0'; at++)
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    return *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
}

double xpath_shift_decimal(double number, int places)
{
    if (!isfinite(number) || number == 0)
        return number;
    char digits[32], text[64];
    int exponent = shortest_digits(fabs(number), digits) - (int)strlen(digits) + 1 + places;
    (void)snprintf(text, sizeof text, "%se%d", digits, exponent);
    double shifted = strtod(text, NULL);
    return number < 0 ? -shifted : shifted;
}

static size_t put_decimal(char *out, const char *digits, int exponent)
{
    size_t length = 0, count = strlen(digits), at = 0;
    if (exponent < 0) {
        out[length++] = '0';
    } else {
        for (; exponent >= 0; exponent--)
            out[length++] = at < count ? digits[at++] : '0';
        exponent = -1;
    }
    if (at < count)
        out[length++] = '.';
    for (; at < count && exponent < -1; exponent++)
        out[length++] = '0';
    while (at < count)
        out[length++] = digits[at++];
    out[length] = '\0';
    return length;
}

size_t xpath_format_number(double number, char out[400])
{
    if (isnan(number) || isinf(number)) {
        (void)text_copy(out, 400, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        return strlen(out);
    }
    size_t sign = number < 0 ? 1 : 0;
    out[0] = '-';
    char digits[32];
    int exponent = shortest_digits(fabs(number), digits);
    if (text_equal(digits, "0"))
        exponent = 0;
    return sign + put_decimal(out + sign, digits, exponent);
}
