// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// The states a case may be in at the district, as data: code, name, whether the legal clock runs,
/// whether it is still undecided, and what may follow; its owner may withdraw it (96) until then.
/// Read-only; any thread.

enum status_timer { STATUS_NO_TIMER, STATUS_RUNS, STATUS_PAUSED };

struct status {
    const char *code;     ///< "10"
    const char *name_key; ///< texts key, "status.10"
    enum status_timer timer;
    bool wants_something; ///< the resident is to bring or correct something
    bool wakes;           ///< an answer is due within hours (urgent relief)
    bool undecided;       ///< papers may be added, mistakes put right
    const char *next[8];  ///< codes that may follow, NULL at the end; none: the end
};

/// NULL when there is no such code.
const struct status *status_find(const char *code);
/// Every state, in the order of their codes.
const struct status *status_all(size_t *count);
bool status_may_follow(const struct status *from, const char *code);
