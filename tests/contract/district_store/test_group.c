// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: several calls, one commit. All of them are there after it, or none.
#include "stores.h"

#include "yimen/driver/sim_disk.h"

static int open_stores(void **state)
{
    int code = stores_open(state);
    stores_enrol(*state, "device-1");
    return code;
}

static enum err file(struct district_store *store, const char *instance, uint8_t manifest,
                     struct fail *why)
{
    struct district_put put;
    struct district_submission row = {
        .device_id = "device-1", .manifest = {&manifest, 1}, .manifest_digest = {manifest}};
    const struct district_part part = {.name = "a", .size = 1, .data = "x", .digest = {1}};
    text_copy(row.instance, sizeof row.instance, instance);
    return store->ops->submission_put(store->self, &row, &part, 1, &put, why);
}

static bool is_there(struct district_store *store, const char *instance)
{
    struct district_case at;
    return store->ops->case_get(store->self, instance, &at, NULL) == ERR_OK;
}

static void what_waits_is_the_own_handle_s_alone_until_it_is_committed(void **state)
{
    struct stores *stores = *state;
    struct district_store *one = &stores->one, *two = &stores->two;
    one->ops->commits_wait(one->self);
    assert_false(one->ops->has_waiting(one->self));
    assert_int_equal(stores->one.ops->commit(stores->one.self, NULL),
                     ERR_OK); // nothing is no failure
    assert_int_equal(file(one, "uuid:1", 1, NULL), ERR_OK);
    assert_int_equal(file(one, "uuid:2", 2, NULL), ERR_OK);
    assert_true(one->ops->has_waiting(one->self));
    assert_true(is_there(one, "uuid:1"));
    assert_false(is_there(two, "uuid:1"));
    assert_int_equal(stores->one.ops->commit(stores->one.self, NULL), ERR_OK);
    assert_false(one->ops->has_waiting(one->self));
    assert_true(is_there(two, "uuid:1"));
    assert_true(is_there(two, "uuid:2"));
    assert_int_equal(file(two, "uuid:3", 3, NULL), ERR_OK); // nobody holds the store
}

static void one_that_is_refused_takes_no_other_along(void **state)
{
    struct stores *stores = *state;
    struct district_store *one = &stores->one;
    one->ops->commits_wait(one->self);
    assert_int_equal(file(one, "uuid:1", 1, NULL), ERR_OK);
    assert_int_equal(file(one, "uuid:1", 9, NULL), ERR_CONFLICT);
    assert_int_equal(file(one, "uuid:2", 2, NULL), ERR_OK);
    assert_int_equal(stores->one.ops->commit(stores->one.self, NULL), ERR_OK);
    assert_true(is_there(&stores->two, "uuid:1"));
    assert_true(is_there(&stores->two, "uuid:2"));
}

static void what_was_not_committed_is_gone_with_its_handle(void **state)
{
    struct stores *stores = *state;
    stores->one.ops->commits_wait(stores->one.self);
    assert_int_equal(file(&stores->one, "uuid:1", 1, NULL), ERR_OK);
    sqlite_district_close(&stores->one);
    assert_int_equal(sqlite_district_open(stores->path, &stores->one, NULL), ERR_OK);
    assert_false(is_there(&stores->one, "uuid:1"));
    assert_int_equal(file(&stores->two, "uuid:1", 1, NULL), ERR_OK);
}

static void a_commit_that_fails_has_filed_nothing_and_the_next_one_does(void **state)
{
    struct sim_disk *disk = NULL;
    struct stores stores = {0};
    struct district_store *one = &stores.one;
    struct fail why = {0};
    (void)state;
    assert_int_equal(sim_disk_open("group", 1, 64 << 20, &disk, NULL), ERR_OK);
    assert_int_equal(sqlite_district_open_on("group", "district.db", one, NULL), ERR_OK);
    stores_enrol(&stores, "device-1");
    one->ops->commits_wait(one->self);
    assert_int_equal(file(one, "uuid:1", 1, NULL), ERR_OK);
    assert_int_equal(file(one, "uuid:2", 2, NULL), ERR_OK);
    sim_disk_plan(disk, SIM_DISK_FULL, 1);
    assert_int_not_equal(one->ops->commit(one->self, &why), ERR_OK);
    sim_disk_plan(disk, SIM_DISK_NO_FAULT, 0);
    assert_false(one->ops->has_waiting(one->self));
    assert_false(is_there(one, "uuid:1"));
    assert_false(is_there(one, "uuid:2"));
    assert_int_equal(file(one, "uuid:2", 2, &why), ERR_OK);
    assert_int_equal(one->ops->commit(one->self, &why), ERR_OK);
    sqlite_district_close(one);
    assert_int_equal(sqlite_district_open_on("group", "district.db", one, NULL), ERR_OK);
    assert_true(is_there(one, "uuid:2"));
    sqlite_district_close(one);
    sim_disk_close(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_STORES(test) cmocka_unit_test_setup_teardown(test, open_stores, stores_close)
        ON_STORES(what_waits_is_the_own_handle_s_alone_until_it_is_committed),
        ON_STORES(one_that_is_refused_takes_no_other_along),
        ON_STORES(what_was_not_committed_is_gone_with_its_handle),
        cmocka_unit_test(a_commit_that_fails_has_filed_nothing_and_the_next_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
