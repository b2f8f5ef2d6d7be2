// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/call.h"
#include "yimen/port/clock.h"
#include "yimen/port/files.h"
#include <stdint.h>

/// Drivers of the machine under us: clock, files, the call lamp, the service manager.

/// CLOCK_REALTIME with quality TIME_RTC, CLOCK_BOOTTIME, and the boot's id. Any thread.
///
/// Who knows when it was right last says so (system_clock_trust): from then on a machine's clock
/// that cannot be right (time_judge) is not read out. UTC is then that last time, with the time
/// since, so it is never later than the truth, and its quality is TIME_UNKNOWN, until the machine's
/// clock is likely again, a clerk confirms the time, or the district tells it.
enum err system_clock_open(struct clock *out, struct fail *why) MUST_USE;
/// NULL-safe.
void system_clock_close(struct clock *clock);
/// The district told its time: from now on UTC is counted from it (by the monotonic clock, so that
/// a jump of the system's clock changes nothing) and has the quality TIME_DISTRICT. Any thread.
void system_clock_set_district(struct clock *clock, int64_t district_utc_ms);
/// A clerk looked at a watch: counted from this on, quality TIME_RTC. Not after the district has
/// spoken. Any thread.
void system_clock_confirm(struct clock *clock, int64_t utc_ms);
/// The latest time known to have been right: of this boot (then it goes on counting from it), of
/// an earlier one, or the program's build. An earlier one than is known already changes nothing.
void system_clock_trust(const struct clock *clock, const struct when *trusted);

/// The files below `root`, which must exist. Each part of a path is opened without following links,
/// so nothing outside can be reached. Thread: any, calls do not share state.
enum err system_files_open(const char *root, struct files *out, struct fail *why) MUST_USE;
/// NULL-safe.
void system_files_close(struct files *files);

/// Writes "0", "1" or "2" (urgent) to `lamp_file` (a GPIO line, an LED trigger); NULL: no lamp is
/// fitted and none is reached.
enum err system_call_open(const char *lamp_file, struct call *out, struct fail *why) MUST_USE;
/// NULL-safe.
void system_call_close(struct call *call);

/// What the service manager is told (sd_notify). Without one they do nothing.
void system_notify_ready(void);
void system_notify_alive(void);
void system_notify_stopping(void);
/// How often system_notify_alive is wanted, in ms; -1 = no watchdog.
int system_watchdog_ms(void);
