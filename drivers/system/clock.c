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
    // UTC minus monotonic as somebody told it, and who: 0 = nobody has spoken yet.
    _Atomic int64_t told_offset_ms;
    _Atomic int told_quality;
    _Atomic int64_t trusted_utc_ms;    // the latest time known to have been right, and by how much
    _Atomic int64_t trusted_offset_ms; // it is ahead of the monotonic clock; 0: nothing is known
};

static int64_t read_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// A machine's clock that cannot be right says less than the last time that was: it is later now.
static struct when now(void *self)
{
    struct system_clock *clock = self;
    struct when when = {.monotonic_ms = read_ms(CLOCK_BOOTTIME)};
    int64_t offset = atomic_load(&clock->told_offset_ms);
    when.utc_ms = offset ? when.monotonic_ms + offset : read_ms(CLOCK_REALTIME);
    when.quality = offset ? (enum time_quality)atomic_load(&clock->told_quality)
                          : time_judge(when.utc_ms, atomic_load(&clock->trusted_utc_ms));
    if (when.quality == TIME_UNKNOWN)
        when.utc_ms = when.monotonic_ms + atomic_load(&clock->trusted_offset_ms);
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

static void tell(struct system_clock *clock, int64_t utc_ms, int64_t monotonic_ms,
                 enum time_quality quality)
{
    atomic_store(&clock->told_quality, (int)quality);
    atomic_store(&clock->told_offset_ms, utc_ms - monotonic_ms);
    atomic_store(&clock->trusted_offset_ms, utc_ms - monotonic_ms);
    atomic_store(&clock->trusted_utc_ms, utc_ms);
}

void system_clock_set_district(struct clock *clock, int64_t district_utc_ms)
{
    struct system_clock *self = clock->self;
    struct when here = now(self);
    int64_t difference = district_utc_ms - here.utc_ms;
    bool far = difference > DISTRICT_TOLERANCE_MS || difference < -DISTRICT_TOLERANCE_MS;
    tell(self, far ? district_utc_ms : here.utc_ms, here.monotonic_ms, TIME_DISTRICT);
}

void system_clock_confirm(struct clock *clock, int64_t utc_ms)
{
    struct system_clock *self = clock->self;
    if (atomic_load(&self->told_offset_ms) == 0 ||
        atomic_load(&self->told_quality) != TIME_DISTRICT) // who knows better has spoken
        tell(self, utc_ms, read_ms(CLOCK_BOOTTIME), TIME_RTC);
}

void system_clock_trust(const struct clock *clock, const struct when *trusted)
{
    struct system_clock *self = clock->self;
    int64_t monotonic_ms = read_ms(CLOCK_BOOTTIME);
    bool same_boot = text_equal(trusted->boot_id, self->boot_id);
    if (same_boot && trusted->quality != TIME_UNKNOWN && trusted->monotonic_ms <= monotonic_ms) {
        tell(self, trusted->utc_ms, trusted->monotonic_ms, trusted->quality);
    } else if (trusted->utc_ms > atomic_load(&self->trusted_utc_ms)) {
        atomic_store(&self->trusted_offset_ms, trusted->utc_ms - monotonic_ms);
        atomic_store(&self->trusted_utc_ms, trusted->utc_ms);
    }
}
