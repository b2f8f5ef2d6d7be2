// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include <stdint.h>

/// What the district's store keeps of a correction list beside its signed text (see
/// district_store.h). Plain values.

enum district_correction_state {
    DISTRICT_CORRECTION_OPEN,
    DISTRICT_CORRECTION_ANSWERED,
    DISTRICT_CORRECTION_REPLACED, ///< by another list of the same desk
};

struct district_correction {
    char id[24];
    char instance[LIMIT_INSTANCE_ID]; ///< the case
    char actor[32];                   ///< the desk that asked
    char came_from[4];                ///< state of the case before
    int64_t issued_utc_ms, due_utc_ms;
    enum district_correction_state state;
    char replaces[24], replaced_why[160]; ///< the list that this one replaced, and the reason
    char answered_by[LIMIT_INSTANCE_ID];  ///< the first submission that answered it, "" before
    int64_t answered_utc_ms;
};

/// A submission that answers a list.
struct district_correction_answer {
    const char *list, *instance; ///< of the list, of the answer
    const char *flag;            ///< what a clerk should look at in the answer, "" for nothing
    int64_t utc_ms;
};
