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
/// Tells staff of a fork: the log and the audit chain.
enum err audit_alarm(struct district *district, const struct district_device *device,
                     const struct told_head *told, struct fail *why) MUST_USE;
