// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/kiosk_store.h"

/// A kiosk_store that hands on to another one and fails at its n-th call (counted from 1; 0:
/// never). `rollback` never fails and is not counted. A failed `commit` has not happened.
struct failing_store {
    struct kiosk_store store;
    struct kiosk_store *inner;
    long calls, fail_at;
    enum err fail_err;
};
void failing_store_begin(struct failing_store *failing, struct kiosk_store *inner);
