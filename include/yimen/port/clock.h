// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/when.h"

/// Port: time. Real driver: drivers/system; simulated: drivers/sim. Any thread may ask.
struct clock_ops {
    /// Now, with the quality the driver can vouch for.
    struct when (*now)(void *self);
};
struct clock {
    const struct clock_ops *ops;
    void *self;
};
static inline struct when clock_now(const struct clock *clock)
{
    return clock->ops->now(clock->self);
}
