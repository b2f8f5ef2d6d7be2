// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/correction.h"
#include "yimen/district/district.h"

/// 补正 at the desk: what a case still needs is asked once and completely, signed, and the case
/// waits for it (state 14). The short form that answers it is published with it, made by the same
/// rule as on the kiosk.

struct district_wanted {
    enum correction_kind kind;
    const char *ref;    ///< field: "/data/contact/phone", "/data/member[2]/name"; paper: its id
    const char *reason; ///< in plain words
};

struct district_correction_order {
    const char *receipt, *actor;
    const struct district_wanted *wanted;
    size_t count;
    /// A list that is open may be replaced by the same desk only, with the reason; "" otherwise.
    const char *replaces_why;
    int days; ///< 0: as the content's limits say
};

/// Reads the case (logged), files and signs the list, moves the case. `id` receives the list's.
/// ERR_NOT_FOUND: no such case. ERR_INPUT names what cannot be asked: a field or paper that is not
/// of this case, a state from which nothing may be asked. ERR_CONFLICT: a list is open. ERR_DENIED:
/// of another desk. ERR_UNSUPPORTED: this process holds no signing key.
enum err district_correct(struct district *district, const struct district_correction_order *order,
                          char id[CORRECTION_ID], struct fail *why) MUST_USE;
