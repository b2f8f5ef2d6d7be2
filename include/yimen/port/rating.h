// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Counts of grades as the district's store keeps them (see yimen/case/rating.h). Plain value.

enum { RATING_SERVICE = 40 };

struct rating {
    int day; ///< of the district, YYMMDD
    char service[RATING_SERVICE];
    int grade, count; ///< 1 bad .. 5 good, how often
};
