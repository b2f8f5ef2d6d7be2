// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/system.h"

#include "yimen/base/text.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The district's Date has whole seconds and travels for a while: smaller differences are no news.
enum { DISTRICT_TOLERANCE_MS = 2000 };

struct system_clock {
    char boot_id[37];
    // UTC minus monotonic as the district told it; 0 = it has not spoken yet.
    _Atomic int64_t district_offset_ms;
};

static int64_t read_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct when now(void *self)
{
    struct system_clock *clock = self;
    struct when when = {.monotonic_ms = read_ms(CLOCK_BOOTTIME)};
    int64_t offset = atomic_load(&clock->district_offset_ms);
    when.utc_ms = offset ? when.monotonic_ms + offset : read_ms(CLOCK_REALTIME);
    when.quality = offset ? TIME_DISTRICT : TIME_RTC;
    memcpy(when.boot_id, clock->boot_id, sizeof when.boot_id);
    return when;
}

static const struct clock_ops ops = {.now = now};

static bool read_boot_id(char out[37])
{
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t length = read(file, out, 36);
    close(file);
    return length == 36;
}

enum err system_clock_open(struct clock *out, struct fail *why)
{
    struct system_clock *clock = calloc(1, sizeof *clock);
    if (!clock)
        return fail_set(why, ERR_RETRY, "no memory");
    if (!read_boot_id(clock->boot_id)) {
        free(clock);
        return fail_set(why, ERR_TECHNICIAN, "the kernel does not tell its boot id");
    }
    *out = (struct clock){.ops = &ops, .self = clock};
    return ERR_OK;
}

void system_clock_close(struct clock *clock)
{
    if (!clock)
        return;
    free(clock->self);
    *clock = (struct clock){0};
}

void system_clock_set_district(struct clock *clock, int64_t district_utc_ms)
{
    struct system_clock *self = clock->self;
    struct when here = now(self);
    int64_t difference = district_utc_ms - here.utc_ms;
    bool far = difference > DISTRICT_TOLERANCE_MS || difference < -DISTRICT_TOLERANCE_MS;
    int64_t utc_ms = far ? district_utc_ms : here.utc_ms;
    atomic_store(&self->district_offset_ms, utc_ms - here.monotonic_ms);
}
