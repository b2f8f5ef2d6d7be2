// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/system.h"

#include <limits.h>
#include <systemd/sd-daemon.h>

void system_notify_ready(void)
{
    sd_notify(0, "READY=1");
}

void system_notify_alive(void)
{
    sd_notify(0, "WATCHDOG=1");
}

void system_notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

int system_watchdog_ms(void)
{
    uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0)
        return -1;
    uint64_t half_ms = microseconds / 2000; // twice as often as it must be
    return half_ms > INT_MAX ? INT_MAX : (int)half_ms;
}
