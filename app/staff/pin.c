// SPDX-License-Identifier: GPL-3.0-or-later
// Which PINs are refused: what people choose first and what can be guessed from the number.
#include "yimen/staff/staff.h"

#include "yimen/base/text.h"

#include <string.h>

static const char *const well_known[] = {
    "112233", "332211", "520520", "521521", "131452", "201314", "520131", "168168", "518518",
    "147258", "258369", "147369", "159357", "357159", "102030", "110120", "119120", "110119",
    "370212", "266000", "123123", "123321", "121212", "112211", "100200", "789456", "456123",
};

enum { FEWEST_DIGITS = 3 }; // different ones

static bool is_pin(const char *pin)
{
    return strlen(pin) == LIMIT_PIN_DIGITS && strspn(pin, "0123456789") == LIMIT_PIN_DIGITS;
}

// 123456, 987654, 135791, 000000: every step the same (modulo ten).
static bool is_run(const char *pin)
{
    int step = (pin[1] - pin[0] + 10) % 10;
    for (int at = 2; at < LIMIT_PIN_DIGITS; at++)
        if ((pin[at] - pin[at - 1] + 10) % 10 != step)
            return false;
    return true;
}

// 121212, 123123.
static bool repeats(const char *pin, size_t period)
{
    return memcmp(pin, pin + period, LIMIT_PIN_DIGITS - period) == 0;
}

static int different_digits(const char *pin)
{
    unsigned seen = 0;
    int count = 0;
    for (int at = 0; at < LIMIT_PIN_DIGITS; at++) {
        unsigned bit = 1u << (pin[at] - '0');
        count += (seen & bit) == 0;
        seen |= bit;
    }
    return count;
}

static bool is_well_known(const char *pin)
{
    for (size_t at = 0; at < sizeof well_known / sizeof well_known[0]; at++)
        if (text_equal(pin, well_known[at]))
            return true;
    return false;
}

bool staff_pin_is_strong(const char *pin, const char *number)
{
    if (!is_pin(pin) || is_run(pin) || repeats(pin, 2) || repeats(pin, 3))
        return false;
    if (different_digits(pin) < FEWEST_DIGITS || is_well_known(pin))
        return false;
    return strlen(number) < FEWEST_DIGITS || (!strstr(pin, number) && !strstr(number, pin));
}
