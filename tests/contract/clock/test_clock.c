// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/fake_clock.h"
#include "yimen/driver/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct subject {
    struct clock real;
    struct fake_clock fake;
    const struct clock *clock;
};

static int open_real(void **state)
{
    struct subject *subject = calloc(1, sizeof *subject);
    assert_int_equal(system_clock_open(&subject->real, NULL), ERR_OK);
    subject->clock = &subject->real;
    *state = subject;
    return 0;
}

static int open_fake(void **state)
{
    struct subject *subject = calloc(1, sizeof *subject);
    fake_clock_begin(&subject->fake, 1795449600000);
    subject->clock = &subject->fake.clock;
    *state = subject;
    return 0;
}

static int close_any(void **state)
{
    struct subject *subject = *state;
    system_clock_close(&subject->real);
    free(subject);
    return 0;
}

static void monotonic_time_never_goes_back_within_one_boot(void **state)
{
    const struct subject *subject = *state;
    struct when before = clock_now(subject->clock);
    for (int at = 0; at < 1000; at++) {
        struct when now = clock_now(subject->clock);
        assert_true(now.monotonic_ms >= before.monotonic_ms);
        assert_string_equal(now.boot_id, before.boot_id);
        before = now;
    }
}

static void a_time_carries_its_boot_and_a_quality(void **state)
{
    const struct subject *subject = *state;
    struct when now = clock_now(subject->clock);
    assert_int_equal(strlen(now.boot_id), 36);
    assert_true(now.utc_ms > 1700000000000);
    assert_int_equal(now.quality, TIME_RTC);
}

static void once_the_district_has_spoken_its_time_is_kept(void **state)
{
    struct subject *subject = *state;
    int64_t district = clock_now(&subject->real).utc_ms + 3600000;
    system_clock_set_district(&subject->real, district);
    struct when now = clock_now(&subject->real);
    assert_int_equal(now.quality, TIME_DISTRICT);
    assert_in_range(now.utc_ms - district, 0, 1000);
    system_clock_set_district(&subject->real, now.utc_ms - 900); // a whole second is no news
    assert_true(clock_now(&subject->real).utc_ms >= now.utc_ms);
}

static const int64_t year_ms = 365LL * 86400000;

// As if the machine's clock stood that far off: what is known to have been right is moved instead.
static struct when measured_by(struct subject *subject, int64_t off_ms)
{
    struct when trusted = {.utc_ms = (int64_t)time(NULL) * 1000 + off_ms};
    system_clock_trust(&subject->real, &trusted);
    return clock_now(&subject->real);
}

static void a_machine_that_cannot_be_right_says_what_was_right_last(void **state)
{
    struct subject *subject = *state;
    assert_int_equal(measured_by(subject, -year_ms).quality, TIME_RTC); // asleep for a year
    struct when now = measured_by(subject, 5 * year_ms);                // the battery is dead
    assert_int_equal(now.quality, TIME_UNKNOWN);
    assert_in_range(now.utc_ms - ((int64_t)time(NULL) * 1000 + 5 * year_ms) + 2000, 0, 4000);
    struct when later = measured_by(subject, year_ms); // what is known already was later
    assert_true(later.utc_ms >= now.utc_ms);
    int64_t district = (int64_t)time(NULL) * 1000;
    system_clock_set_district(&subject->real, district);
    now = clock_now(&subject->real);
    assert_int_equal(now.quality, TIME_DISTRICT);
    assert_in_range(now.utc_ms - district, 0, 1000);
}

static void a_clock_far_ahead_is_not_believed_either(void **state)
{
    struct subject *subject = *state;
    struct when now = measured_by(subject, -3 * year_ms);
    assert_int_equal(now.quality, TIME_UNKNOWN);
    assert_true(now.utc_ms < (int64_t)time(NULL) * 1000 - 2 * year_ms);
}

static void a_clerk_confirms_and_the_district_knows_better(void **state)
{
    struct subject *subject = *state;
    (void)measured_by(subject, 5 * year_ms);
    int64_t told = (int64_t)time(NULL) * 1000 + 6 * year_ms;
    system_clock_confirm(&subject->real, told);
    struct when now = clock_now(&subject->real);
    assert_int_equal(now.quality, TIME_RTC);
    assert_in_range(now.utc_ms - told, 0, 1000);
    system_clock_set_district(&subject->real, told + 60000);
    system_clock_confirm(&subject->real, told);
    now = clock_now(&subject->real);
    assert_int_equal(now.quality, TIME_DISTRICT);
    assert_true(now.utc_ms >= told + 60000);
}

static void a_restart_in_the_same_boot_goes_on_counting(void **state)
{
    struct subject *subject = *state;
    struct clock again;
    system_clock_set_district(&subject->real, (int64_t)time(NULL) * 1000 + 7 * year_ms);
    struct when told = clock_now(&subject->real);
    assert_int_equal(system_clock_open(&again, NULL), ERR_OK);
    system_clock_trust(&again, &told);
    struct when now = clock_now(&again);
    assert_int_equal(now.quality, TIME_DISTRICT);
    assert_in_range(now.utc_ms - told.utc_ms, 0, 1000);
    system_clock_close(&again);
    told.boot_id[0] = (char)(told.boot_id[0] == '1' ? '2' : '1');
    assert_int_equal(system_clock_open(&again, NULL), ERR_OK);
    system_clock_trust(&again, &told);
    assert_int_equal(clock_now(&again).quality, TIME_UNKNOWN); // another boot, seven years behind
    system_clock_close(&again);
}

static void the_real_clock_is_the_systems(void **state)
{
    struct subject *subject = *state;
    int64_t seconds = (int64_t)time(NULL);
    int64_t told = clock_now(&subject->real).utc_ms / 1000;
    assert_in_range(told - seconds + 1, 0, 2);
}

int main(void)
{
#define ON(test, open) cmocka_unit_test_setup_teardown(test, open, close_any)
    const struct CMUnitTest tests[] = {
        ON(monotonic_time_never_goes_back_within_one_boot, open_real),
        ON(monotonic_time_never_goes_back_within_one_boot, open_fake),
        ON(a_time_carries_its_boot_and_a_quality, open_real),
        ON(a_time_carries_its_boot_and_a_quality, open_fake),
        ON(once_the_district_has_spoken_its_time_is_kept, open_real),
        ON(a_machine_that_cannot_be_right_says_what_was_right_last, open_real),
        ON(a_clock_far_ahead_is_not_believed_either, open_real),
        ON(a_clerk_confirms_and_the_district_knows_better, open_real),
        ON(a_restart_in_the_same_boot_goes_on_counting, open_real),
        ON(the_real_clock_is_the_systems, open_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
