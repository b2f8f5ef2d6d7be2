// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// A point in time as Yimen keeps it: UTC, the boot it belongs to, monotonic milliseconds, and how
/// far UTC is to be trusted. Source: a legal limit counts from the saved time, and a kiosk's clock
/// may be wrong. Plain values, any thread.

enum time_quality { TIME_UNKNOWN, TIME_RTC, TIME_DISTRICT };
enum { WHEN_TEXT = 96 };

struct when {
    int64_t utc_ms;       ///< milliseconds since 1970-01-01 UTC
    int64_t monotonic_ms; ///< milliseconds since boot, never goes back
    char boot_id[37];     ///< which boot monotonic_ms belongs to
    enum time_quality quality;
};

/// The clocks of every district here: China has had one offset from UTC, without summer time, since
/// 1991. Nothing else says it. DISTRICT_ZONE_TEXT is how an answer's time ends (XML Schema).
enum { DISTRICT_ZONE_MINUTES = 480, DISTRICT_DATE = 11 };
#define DISTRICT_ZONE_TEXT "+08:00"

/// A wait in powered-on time, of a lock-out: what passes while the machine is off does not count,
/// and in another boot nothing is known to have passed since it was written down.
struct powered_wait {
    int64_t left_ms; ///< at from_ms of that boot; 0: none
    int64_t from_ms;
    char boot_id[37];
};
/// What is left of it now. Set again with this it counts on after a restart.
int64_t powered_wait_left(const struct powered_wait *wait, const struct when *now);
void powered_wait_set(struct powered_wait *wait, const struct when *now, int64_t wait_ms);
/// As it is told: whole seconds, none too few.
int powered_wait_seconds(int64_t wait_ms);

/// A UTC time taken apart for one fixed offset (minutes east of UTC).
struct calendar {
    int year, month, day, hour, minute, second, millisecond;
    int weekday; ///< 0 = Sunday
};

/// A machine's clock is believed (TIME_RTC) unless it stands more than a day before, or more than
/// 400 days after, the last time that is known to have been right: then its battery is dead or
/// somebody set it wrong (TIME_UNKNOWN). `trusted_utc_ms` 0: nothing is known, all is believed.
enum time_quality time_judge(int64_t utc_ms, int64_t trusted_utc_ms);
/// "utc monotonic quality boot-id", to be kept over a restart, and back. False: not such a text.
void when_to_text(const struct when *when, char out[WHEN_TEXT]);
bool when_from_text(const char *text, struct when *out);
/// "district", "rtc" or "unknown".
const char *time_quality_name(enum time_quality quality);
/// Take a UTC time apart, shown at `offset_minutes` east of UTC.
struct calendar calendar_from_utc(int64_t utc_ms, int offset_minutes);
/// The inverse of calendar_from_utc.
int64_t calendar_to_utc(const struct calendar *calendar, int offset_minutes);
/// The offset of a time zone by its name: "UTC", "Etc/UTC", else (NULL, too) the district's.
int zone_minutes(const char *zone);
/// As the district's clocks show it.
struct calendar district_calendar(int64_t utc_ms);
/// The district's day as days since 1970-01-01, and its first millisecond.
int64_t district_day(int64_t utc_ms);
int64_t district_midnight(int64_t day);
/// "2026-11-23".
void district_date(int64_t utc_ms, char out[DISTRICT_DATE]);
/// Days since 1970-01-01 of a proleptic Gregorian date, and back. Month 1..12.
int64_t days_from_date(int year, int month, int day);
void date_from_days(int64_t days, int *year, int *month, int *day);
bool date_is_real(int year, int month, int day);
/// "2026-11-23T10:00:00.000Z" (24 characters and NUL).
void when_format_utc(int64_t utc_ms, char out[32]);
