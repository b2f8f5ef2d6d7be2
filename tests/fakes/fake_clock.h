// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"

/// A clock that stands until it is moved. Set `now` freely; `fake_clock_pass` moves UTC and
/// monotonic time together, as real time does; `fake_clock_reboot` begins another boot.
struct fake_clock {
    struct clock clock;
    struct when now;
};
void fake_clock_begin(struct fake_clock *fake, int64_t utc_ms);
void fake_clock_pass(struct fake_clock *fake, int64_t ms);
void fake_clock_reboot(struct fake_clock *fake);
