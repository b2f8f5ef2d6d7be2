// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/sim_clock.h"

#include <stdio.h>

static struct when now(void *self)
{
    const struct sim_clock *clock = self;
    struct when when = {.utc_ms = *clock->world_ms + clock->error_ms,
                        .monotonic_ms = *clock->world_ms - clock->booted_ms,
                        .quality = clock->quality};
    snprintf(when.boot_id, sizeof when.boot_id, "%08x-0000-4000-8000-%012x",
             (unsigned)(clock->boots >> 32), (unsigned)clock->boots);
    return when;
}

static const struct clock_ops OPS = {.now = now};

void sim_clock_begin(struct sim_clock *clock, const int64_t *world_ms, uint32_t serial)
{
    *clock = (struct sim_clock){.clock = {&OPS, clock},
                                .world_ms = world_ms,
                                .booted_ms = *world_ms,
                                .boots = (uint64_t)serial << 32 | 1,
                                .quality = TIME_RTC};
}

void sim_clock_jump(struct sim_clock *clock, int64_t by_ms)
{
    clock->error_ms += by_ms;
}

void sim_clock_correct(struct sim_clock *clock, enum time_quality quality)
{
    clock->error_ms = 0;
    clock->quality = quality;
}

void sim_clock_reboot(struct sim_clock *clock, enum time_quality quality)
{
    clock->booted_ms = *clock->world_ms;
    clock->boots++;
    clock->quality = quality;
}
