// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"
#include "yimen/port/rating.h"
#include <stdbool.h>

/// How satisfied residents were, as counts: day, service, grade. Nothing ties a grade to a person,
/// not even the order in which they were given. Pure functions.
///
/// The kiosk counts, and tells its counts so far; the district keeps the highest it was told. So a
/// message that is lost, repeated or overtaken counts nothing twice, and a cut in power loses at
/// most the grade just given.

enum { RATING_GRADES = 5, RATING_BYTES = 16 << 10, RATING_DAYS = 31 };

/// One line, "261123 medical-aid 5 3\n". Appends.
void rating_write(const struct rating *rating, struct strbuf *out);
/// The next line, moving `*at` behind it. False at the end, or at what is no such line.
bool rating_read(const char **at, struct rating *out);
/// The counts in `text` with one more, and without days before `oldest_day`, appended to `out`.
void rating_add(const char *text, const struct rating *one, int oldest_day, struct strbuf *out);
