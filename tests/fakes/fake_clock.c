// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/fake_clock.h"

#include <string.h>

static struct when now(void *self)
{
    const struct fake_clock *fake = self;
    return fake->now;
}

static const struct clock_ops ops = {.now = now};

void fake_clock_begin(struct fake_clock *fake, int64_t utc_ms)
{
    *fake = (struct fake_clock){
        .clock = {.ops = &ops, .self = fake},
        .now = {.utc_ms = utc_ms,
                .monotonic_ms = 60000,
                .boot_id = "11111111-1111-1111-1111-111111111111",
                .quality = TIME_RTC},
    };
}

void fake_clock_pass(struct fake_clock *fake, int64_t ms)
{
    fake->now.utc_ms += ms;
    fake->now.monotonic_ms += ms;
}

void fake_clock_reboot(struct fake_clock *fake)
{
    fake->now.boot_id[0] = (char)(fake->now.boot_id[0] == '9' ? 'a' : fake->now.boot_id[0] + 1);
    fake->now.monotonic_ms = 1000;
}
