// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>

/// Port: calling a person to the counter (lamp, buzzer; the clerk's desk shows it as well). Real
/// driver: drivers/system.
struct call_ops {
    /// Start or stop calling. `urgent` blinks and sounds differently. Must never block for more
    /// than a second.
    enum err (*set)(void *self, bool calling, bool urgent, struct fail *why);
};
struct call {
    const struct call_ops *ops;
    void *self;
};
