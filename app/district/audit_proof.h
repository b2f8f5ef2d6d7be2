// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "district_internal.h"

/// What a kiosk says of its audit chain in a heartbeat. Borrows from the JSON.
struct told_head {
    const char *hash, *signature; ///< hex; signature NULL: none, then it changes nothing here
    int64_t sequence;
    int64_t after;       ///< the entry behind which `entries` begin; -1: it says nothing of that
    const char *entries; ///< hex of lines, each with its newline
};
/// False: it is none of this device's, or malformed.
bool told_head_read(const struct district *district, const struct district_device *device,
                    const json_t *beat, struct told_head *out);

enum audit_step {
    AUDIT_STAYS,  ///< nothing is shown by it, also when the kiosk is too old to show anything
    AUDIT_MOVES,  ///< it continues the last one, or is the first
    AUDIT_FORKED, ///< it is of another history
};
enum audit_step audit_step(const struct district *district, const struct district_device *device,
                           const struct told_head *told);
enum { AUDIT_STANDS_STILL = 2 };
/// How many heartbeats in a row, with this one, have left the audit where it was although cases
/// came from the device a day ago and more, each of which it writes down. AUDIT_STANDS_STILL: staff
/// are told. Negative: the store could not be asked.
int audit_still(const struct district *district, const struct district_device *device,
                enum audit_step step, const struct told_head *told);
/// Tells staff of it: the log and the audit chain.
enum err audit_still_alarm(struct district *district, const struct district_device *device,
                           struct fail *why) MUST_USE;
/// Tells staff of a fork in the same way.
enum err audit_alarm(struct district *district, const struct district_device *device,
                     const struct told_head *told, struct fail *why) MUST_USE;
