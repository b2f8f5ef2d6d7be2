// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/rating.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_MAXIMUM = 100000 };

void rating_write(const struct rating *rating, struct strbuf *out)
{
    strbuf_addf(out, "%06d %s %d %d\n", rating->day, rating->service, rating->grade, rating->count);
}

// Digits up to `end`, which is stepped over.
static bool take_number(const char **at, char end, int maximum, int *out)
{
    size_t digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 6 || (*at)[digits] != end)
        return false;
    *out = (int)strtol(*at, NULL, 10);
    *at += digits + 1;
    return *out <= maximum;
}

static bool take_service(const char **at, char out[RATING_SERVICE])
{
    size_t length = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length == 0 || length >= RATING_SERVICE || (*at)[length] != ' ')
        return false;
    memcpy(out, *at, length);
    out[length] = '\0';
    *at += length + 1;
    return true;
}

bool rating_read(const char **at, struct rating *out)
{
    *out = (struct rating){0};
    return take_number(at, ' ', 991231, &out->day) && take_service(at, out->service) &&
           take_number(at, ' ', RATING_GRADES, &out->grade) && out->grade > 0 &&
           take_number(at, '\n', COUNT_MAXIMUM, &out->count);
}

static bool is_same(const struct rating *a, const struct rating *b)
{
    return a->day == b->day && a->grade == b->grade && text_equal(a->service, b->service);
}

void rating_add(const char *text, const struct rating *one, int oldest_day, struct strbuf *out)
{
    struct rating line;
    bool found = false;
    while (rating_read(&text, &line)) {
        if (line.day < oldest_day)
            continue;
        if (is_same(&line, one)) {
            line.count += line.count < COUNT_MAXIMUM;
            found = true;
        }
        rating_write(&line, out);
    }
    line = *one;
    line.count = 1;
    if (!found)
        rating_write(&line, out);
}
