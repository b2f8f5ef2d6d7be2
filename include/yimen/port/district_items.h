// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include <stdint.h>

/// What the district keeps of one item of a case that holds several: its own state and limits. An
/// item's identity is the case's instance and the item.

enum { DISTRICT_ITEM = 40, DISTRICT_ITEMS = 6 };

struct district_item {
    char item[DISTRICT_ITEM];                 ///< id of its service
    char form_id[LIMIT_FORM_ID], version[64]; ///< what its record is one of
    char status[4];
    int64_t status_utc_ms;
    int legal_days, promised_days; ///< on the day it was saved; 0 = to be confirmed
};

/// One item moves, and the whole case with it where that follows.
struct district_item_move {
    const char *instance, *item;
    const char *from, *status;             ///< of the item
    const char *whole_from, *whole_status; ///< of the case; the same: it stays
    const char *reason, *actor;
    int64_t utc_ms;
};
