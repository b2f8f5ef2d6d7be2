// SPDX-License-Identifier: GPL-3.0-or-later
// A machine whose clock is wrong, for one program: preloaded, it moves the wall clock so that the
// program starts at WRONG_CLOCK_S (seconds since 1970). The monotonic clocks stay.
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

static long long offset_s;

__attribute__((constructor)) static void begin(void)
{
    const char *wanted = getenv("WRONG_CLOCK_S");
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    offset_s = wanted ? atoll(wanted) - (long long)now.tv_sec : 0;
}

SHOWN int clock_gettime(clockid_t which, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, which, out);
    if (result == 0 && which == CLOCK_REALTIME)
        out->tv_sec += offset_s;
    return result;
}

SHOWN int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

SHOWN time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
