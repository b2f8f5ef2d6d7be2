// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: items of a case that holds several.
#include "stores.h"

static void add_case(struct stores *stores)
{
    struct district_put out;
    const struct district_part part = {"submission.xml.enc", 4, {1}, "data"};
    struct district_submission submission = {.form_id = "form",
                                             .version = "1",
                                             .counter = "001",
                                             .device_id = "device-1",
                                             .key_id = "device-1",
                                             .service = "one-visit",
                                             .instance = "uuid:1",
                                             .receipt = "receipt-1",
                                             .manifest = {"<data/>", 7}};
    stores_enrol(stores, "device-1");
    assert_int_equal(CALL(stores->one, submission_put, &submission, &part, 1, &out), ERR_OK);
    assert_true(out.became_complete);
}

static int open_stores(void **state)
{
    int code = stores_open(state);
    add_case(*state);
    return code;
}

static const struct district_item two_items[] = {
    {"minimum-living", "minimum-living", "7", "10", 1000, 30, 20},
    {"medical-aid", "medical-aid", "8", "10", 1000, 0, 0}};

struct listed {
    size_t count;
    struct district_item items[DISTRICT_ITEMS];
};

static void list(void *context, const struct district_item *item)
{
    struct listed *listed = context;
    listed->items[listed->count++] = *item;
}

static struct listed items_of(struct district_store *store)
{
    struct listed listed = {0};
    assert_int_equal(CALL(*store, items_each, "uuid:1", list, &listed), ERR_OK);
    return listed;
}

static struct district_item_move a_move(const char *from, const char *to, const char *whole_from,
                                        const char *whole)
{
    return (struct district_item_move){"uuid:1", "medical-aid", from,   to,  whole_from,
                                       whole,    "a reason",    "2001", 2000};
}

struct events {
    int count;
    struct district_event last;
};

static void note(void *context, const struct district_event *event)
{
    struct events *events = context;
    events->count++;
    events->last = *event;
}

static void items_come_back_in_order_and_are_filed_once(void **state)
{
    struct stores *stores = *state;
    struct district_item other = two_items[0];
    assert_int_equal(items_of(&stores->one).count, 0);
    assert_int_equal(CALL(stores->one, items_put, "uuid:1", two_items, 2), ERR_OK);
    text_copy(other.status, sizeof other.status, "90");
    assert_int_equal(CALL(stores->two, items_put, "uuid:1", &other, 1), ERR_OK);
    struct listed listed = items_of(&stores->two);
    assert_int_equal(listed.count, 2);
    assert_string_equal(listed.items[0].item, "minimum-living");
    assert_string_equal(listed.items[0].version, "7");
    assert_string_equal(listed.items[0].status, "10");
    assert_int_equal(listed.items[0].legal_days, 30);
    assert_int_equal(listed.items[0].promised_days, 20);
    assert_string_equal(listed.items[1].item, "medical-aid");
}

static void an_item_moves_together_with_its_case_or_not_at_all(void **state)
{
    struct stores *stores = *state;
    struct district_case row;
    struct district_item_move move = a_move("10", "20", "10", "20");
    assert_int_equal(CALL(stores->one, items_put, "uuid:1", two_items, 2), ERR_OK);
    assert_int_equal(CALL(stores->one, item_move, &move), ERR_OK);
    assert_int_equal(CALL(stores->two, item_move, &move), ERR_CONFLICT); // no longer there
    move = a_move("20", "30", "10", "30");                               // the case is not
    assert_int_equal(CALL(stores->two, item_move, &move), ERR_CONFLICT);
    assert_string_equal(items_of(&stores->one).items[1].status, "20");
    assert_int_equal(items_of(&stores->one).items[1].status_utc_ms, 2000);
    assert_string_equal(items_of(&stores->one).items[0].status, "10");
    assert_int_equal(CALL(stores->one, case_get, "uuid:1", &row), ERR_OK);
    assert_string_equal(row.status, "20");
}

static void kiosks_hear_of_the_whole_also_when_only_an_item_moved(void **state)
{
    struct stores *stores = *state;
    struct events before = {0}, after = {0};
    struct district_item_move move = a_move("10", "20", "10", "10");
    assert_int_equal(CALL(stores->one, items_put, "uuid:1", two_items, 2), ERR_OK);
    assert_int_equal(CALL(stores->one, status_since, "001", (int64_t)0, 100, note, &before),
                     ERR_OK);
    assert_int_equal(CALL(stores->one, item_move, &move), ERR_OK);
    assert_int_equal(CALL(stores->one, status_since, "001", (int64_t)0, 100, note, &after), ERR_OK);
    assert_int_equal(after.count, before.count + 1);
    assert_string_equal(after.last.from, "10");
    assert_string_equal(after.last.status, "10");
    assert_string_equal(after.last.reason, "a reason");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(items_come_back_in_order_and_are_filed_once, open_stores,
                                        stores_close),
        cmocka_unit_test_setup_teardown(an_item_moves_together_with_its_case_or_not_at_all,
                                        open_stores, stores_close),
        cmocka_unit_test_setup_teardown(kiosks_hear_of_the_whole_also_when_only_an_item_moved,
                                        open_stores, stores_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
