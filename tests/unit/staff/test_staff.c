// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/fake_clock.h"
#include "fakes/failing_crypto.h"
#include "fakes/quick_crypto.h"
#include "fakes/failing_store.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"
#include "yimen/staff/staff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char number[] = "1001", pin[] = "739164", wrong[] = "739165";

struct office {
    char folder[64], path[96];
    struct crypto crypto;
    struct quick_crypto quick;
    struct failing_crypto failing;
    struct fake_clock clock;
    struct kiosk_store store;
    struct failing_store failing_store;
    struct staff staff;
    uint8_t root[CRYPTO_KEY];
};

static void open_store(struct office *office)
{
    struct sqlite_kiosk_store_options options = {.path = office->path, .crypto = &office->crypto};
    assert_int_equal(sqlite_kiosk_store_open(&options, &office->store, NULL), ERR_OK);
    failing_store_begin(&office->failing_store, &office->store);
    staff_begin(&office->staff, &office->failing_store.store, &office->failing.crypto,
                &office->clock.clock, office->root);
}

static int set_up(void **state)
{
    struct office *office = calloc(1, sizeof *office);
    snprintf(office->folder, sizeof office->folder, "/tmp/yimen-staff-XXXXXX");
    assert_non_null(mkdtemp(office->folder));
    snprintf(office->path, sizeof office->path, "%s/kiosk.db", office->folder);
    assert_int_equal(sodium_crypto_open(&office->crypto, NULL), ERR_OK);
    quick_crypto_begin(&office->quick, &office->crypto);
    failing_crypto_begin(&office->failing, &office->crypto);
    fake_clock_begin(&office->clock, 1795449600000);
    open_store(office);
    struct fail why = {0};
    if (staff_add(&office->staff, number, "clerk", pin, false, &why))
        fail_msg("%s", why.text);
    *state = office;
    return 0;
}

static int tear_down(void **state)
{
    struct office *office = *state;
    static const char *const suffixes[] = {"", "-wal", "-shm", "-reserve"};
    sqlite_kiosk_store_close(&office->store);
    for (size_t at = 0; at < 4; at++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", office->path, suffixes[at]);
        unlink(path);
    }
    rmdir(office->folder);
    free(office);
    return 0;
}

static void restart(struct office *office)
{
    sqlite_kiosk_store_close(&office->store);
    open_store(office);
}

static struct staff_login try_pin(struct office *office, const char *with)
{
    struct staff_login login;
    struct fail why = {0};
    if (staff_try(&office->staff, number, with, &login, &why))
        fail_msg("%s", why.text);
    return login;
}

static void try_wrong(struct office *office, int times)
{
    for (int at = 0; at < times; at++)
        try_pin(office, wrong);
}

static void the_right_pin_opens_and_forgets_the_wrong_ones(void **state)
{
    struct office *office = *state;
    for (int round = 0; round < 3; round++) {
        try_wrong(office, 4);
        struct staff_login login = try_pin(office, pin);
        assert_int_equal(login.result, STAFF_RIGHT);
        assert_string_equal(login.role, "clerk");
    }
}

static void the_fifth_wrong_try_costs_fifteen_seconds_and_each_further_one_twice_that(void **state)
{
    struct office *office = *state;
    try_wrong(office, 4);
    int expected = 15;
    for (int attempt = 5; attempt < 10; attempt++) {
        struct staff_login login = try_pin(office, wrong);
        assert_int_equal(login.result, STAFF_WRONG);
        assert_int_equal(login.wait_s, expected);
        login = try_pin(office, pin); // even the right one has to wait
        assert_int_equal(login.result, STAFF_WAIT);
        fake_clock_pass(&office->clock, (int64_t)expected * 1000 - 1);
        assert_int_equal(try_pin(office, pin).result, STAFF_WAIT);
        fake_clock_pass(&office->clock, 1);
        expected *= 2;
    }
    struct staff_login login = try_pin(office, wrong);
    assert_int_equal(login.result, STAFF_LOCKED);
    assert_true(login.just_locked);
    fake_clock_pass(&office->clock, (int64_t)7 * 86400000);
    assert_int_equal(try_pin(office, pin).result, STAFF_LOCKED);
}

static void another_clock_does_not_end_a_wait(void **state)
{
    struct office *office = *state;
    try_wrong(office, 5);
    office->clock.now.utc_ms += (int64_t)10 * 365 * 86400000;
    assert_int_equal(try_pin(office, pin).result, STAFF_WAIT);
    office->clock.now.utc_ms -= (int64_t)20 * 365 * 86400000;
    assert_int_equal(try_pin(office, pin).result, STAFF_WAIT);
}

static void restarts_neither_end_nor_shorten_a_wait(void **state)
{
    struct office *office = *state;
    try_wrong(office, 6); // the sixth is refused unseen: still the wait of the fifth
    for (int boot = 0; boot < 5; boot++) {
        fake_clock_reboot(&office->clock);
        office->clock.now.monotonic_ms += (int64_t)boot * 1000000; // a boot may be any age
        restart(office);
        struct staff_login login = try_pin(office, pin);
        assert_int_equal(login.result, STAFF_WAIT);
        assert_int_equal(login.wait_s, 15);
    }
    fake_clock_pass(&office->clock, 10000);
    assert_int_equal(try_pin(office, pin).wait_s, 5);
    fake_clock_reboot(&office->clock); // powered-on time that was seen stays counted
    assert_int_equal(try_pin(office, pin).wait_s, 5);
    fake_clock_pass(&office->clock, 5000);
    assert_int_equal(try_pin(office, pin).result, STAFF_RIGHT);
}

static void a_lock_out_survives_a_restart_and_ends_with_a_new_pin(void **state)
{
    struct office *office = *state;
    for (int at = 0; at < 10; at++) {
        try_wrong(office, 1);
        fake_clock_pass(&office->clock, 3600000);
    }
    fake_clock_reboot(&office->clock);
    restart(office);
    assert_int_equal(try_pin(office, pin).result, STAFF_LOCKED);
    assert_int_equal(staff_add(&office->staff, number, "clerk", "850274", false, NULL),
                     ERR_CONFLICT);
    assert_int_equal(staff_add(&office->staff, number, "clerk", "850274", true, NULL), ERR_OK);
    assert_int_equal(try_pin(office, "850274").result, STAFF_RIGHT);
}

static void no_memory_is_never_a_wrong_pin(void **state)
{
    struct office *office = *state;
    struct staff_login login;
    for (int at = 0; at < 20; at++) {
        office->failing.calls = 0;
        office->failing.fail_at = 1;
        assert_int_equal(staff_try(&office->staff, number, pin, &login, NULL), ERR_RETRY);
    }
    office->failing.fail_at = 0;
    assert_int_equal(try_pin(office, pin).result, STAFF_RIGHT);
}

static void a_try_that_cannot_be_counted_is_not_answered(void **state)
{
    struct office *office = *state;
    for (int call = 1; call <= 4; call++) { // find, begin, put, commit
        struct staff_login login;
        office->failing_store.calls = 0;
        office->failing_store.fail_at = call;
        assert_int_equal(staff_try(&office->staff, number, pin, &login, NULL), ERR_TECHNICIAN);
        assert_int_not_equal(login.result, STAFF_RIGHT);
    }
}

static void an_unknown_number_looks_like_a_wrong_pin(void **state)
{
    struct office *office = *state;
    struct staff_login login;
    assert_int_equal(staff_try(&office->staff, "2002", pin, &login, NULL), ERR_OK);
    assert_int_equal(login.result, STAFF_WRONG);
    assert_int_equal(login.wait_s, 0);
    assert_false(login.known);
}

static void a_stolen_database_opens_nothing_on_another_kiosk(void **state)
{
    struct office *office = *state;
    office->root[0] ^= 1;
    restart(office);
    assert_int_equal(try_pin(office, pin).result, STAFF_WRONG);
}

static void weak_pins_are_refused(void **state)
{
    struct office *office = *state;
    static const char *const weak[] = {
        "",       "12345",  "1234567", "12345a", "000000", "123456", "654321", "135791",
        "121212", "123123", "112233",  "520520", "110120", "111112", "100100", "370212",
        "991001", // holds the staff number
    };
    for (size_t at = 0; at < sizeof weak / sizeof weak[0]; at++) {
        assert_false(staff_pin_is_strong(weak[at], number));
        assert_int_equal(staff_add(&office->staff, "1002", "clerk", weak[at], false, NULL),
                         at == 16 ? ERR_OK : ERR_INPUT); // another's number may be in it
    }
    assert_true(staff_pin_is_strong("739164", number));
}

static void numbers_and_roles_are_checked(void **state)
{
    struct office *office = *state;
    assert_int_equal(staff_add(&office->staff, "", "clerk", pin, false, NULL), ERR_INPUT);
    assert_int_equal(staff_add(&office->staff, "12a", "clerk", pin, false, NULL), ERR_INPUT);
    assert_int_equal(staff_add(&office->staff, "1234567890123456", "clerk", pin, false, NULL),
                     ERR_INPUT);
    assert_int_equal(staff_add(&office->staff, "1003", "mayor", pin, false, NULL), ERR_INPUT);
}

int main(void)
{
#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_OFFICE(the_right_pin_opens_and_forgets_the_wrong_ones),
        IN_OFFICE(the_fifth_wrong_try_costs_fifteen_seconds_and_each_further_one_twice_that),
        IN_OFFICE(another_clock_does_not_end_a_wait),
        IN_OFFICE(restarts_neither_end_nor_shorten_a_wait),
        IN_OFFICE(a_lock_out_survives_a_restart_and_ends_with_a_new_pin),
        IN_OFFICE(no_memory_is_never_a_wrong_pin),
        IN_OFFICE(a_try_that_cannot_be_counted_is_not_answered),
        IN_OFFICE(an_unknown_number_looks_like_a_wrong_pin),
        IN_OFFICE(a_stolen_database_opens_nothing_on_another_kiosk),
        IN_OFFICE(weak_pins_are_refused),
        IN_OFFICE(numbers_and_roles_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
