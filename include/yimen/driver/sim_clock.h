// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"
#include <stdint.h>

/// The clock port without time: many clocks, each wrong in its own way, follow one world that
/// stands until somebody moves it.
///
/// Life cycle: `sim_clock_begin` -> ask and disturb. Nothing to close. `*world_ms` (true UTC in
/// milliseconds) belongs to the simulation, which alone moves it, forwards. One thread.

struct sim_clock {
    struct clock clock; ///< the port
    const int64_t *world_ms;
    int64_t error_ms; ///< how far UTC is off
    int64_t booted_ms;
    uint64_t boots; ///< becomes the boot id
    enum time_quality quality;
};

/// Right, and just booted. `serial` makes the boot ids of several clocks differ. The port points to
/// `*clock`, which must stay where it is.
void sim_clock_begin(struct sim_clock *clock, const int64_t *world_ms, uint32_t serial);
/// UTC leaps, forwards or back; monotonic time does not notice.
void sim_clock_jump(struct sim_clock *clock, int64_t by_ms);
/// Right again, with this quality: somebody told it the time.
void sim_clock_correct(struct sim_clock *clock, enum time_quality quality);
/// Another boot: monotonic time begins at 0. UTC keeps its error; its quality is as told.
void sim_clock_reboot(struct sim_clock *clock, enum time_quality quality);
