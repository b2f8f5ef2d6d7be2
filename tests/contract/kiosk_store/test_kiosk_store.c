// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static struct kiosk_store *store_of(void **state)
{
    return ((struct stores *)*state)->store;
}

static void expect_text(struct kiosk_store *store,
                        enum err (*get)(void *, const char *, struct strbuf *, struct fail *),
                        const char *key, const char *expected)
{
    struct strbuf text;
    strbuf_init(&text, 1000);
    assert_int_equal(get(store->self, key, &text, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&text), expected);
    strbuf_free(&text);
}

static void what_is_rolled_back_was_never_there(void **state)
{
    struct kiosk_store *store = store_of(state);
    bool used[STORE_SERIALS];
    struct strbuf text;
    strbuf_init(&text, 10);
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->meta_set(store->self, "key", "v", 1, NULL), ERR_OK);
    assert_int_equal(store->ops->serial_take(store->self, 261123, 5, NULL), ERR_OK);
    store->ops->rollback(store->self);
    store->ops->rollback(store->self); // without a transaction it does nothing
    struct fail why;
    assert_int_equal(store->ops->meta_get(store->self, "key", &text, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->serials_used(store->self, 261123, used, NULL), ERR_OK);
    assert_false(used[5]);
    strbuf_free(&text);
}

static void what_is_committed_is_there_after_reopening(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->meta_set(store->self, "key", "old", 3, NULL), ERR_OK);
    assert_int_equal(store->ops->meta_set(store->self, "key", "new", 3, NULL), ERR_OK);
    assert_int_equal(store->ops->meta_set(store->self, "empty", "", 0, NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    stores_reopen(stores);
    expect_text(store, store->ops->meta_get, "key", "new");
    expect_text(store, store->ops->meta_get, "empty", "");
}

static void a_serial_is_taken_once_a_day(void **state)
{
    struct kiosk_store *store = store_of(state);
    bool used[STORE_SERIALS];
    struct fail why;
    assert_int_equal(store->ops->serial_take(store->self, 261123, 999, NULL), ERR_OK);
    assert_int_equal(store->ops->serial_take(store->self, 261123, 999, &why), ERR_CONFLICT);
    assert_int_equal(store->ops->serial_take(store->self, 261124, 999, NULL), ERR_OK);
    assert_int_equal(store->ops->serial_take(store->self, 261123, 1000, &why), ERR_CONFLICT);
    assert_int_equal(store->ops->serials_used(store->self, 261123, used, NULL), ERR_OK);
    assert_true(used[999]);
    assert_false(used[0]);
}

static void a_case_is_read_back_whole(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_submission row;
    struct store_part part;
    struct strbuf data;
    strbuf_init(&data, 100);
    stores_insert(stores, "uuid:1", "n1", true);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, NULL), ERR_OK);
    assert_string_equal(row.number, "n1");
    assert_string_equal(row.sealing_key_id, "k");
    assert_string_equal(row.saved.boot_id, "boot");
    assert_int_equal(row.saved.quality, TIME_RTC);
    assert_true(row.urgent);
    assert_int_equal(row.not_asked, 2);
    assert_int_equal(row.state, STORE_SAVED);
    assert_int_equal(store->ops->submission_get(store->self, "n1", true, &row, NULL), ERR_OK);
    assert_int_equal(store->ops->submission_last(store->self, &row, NULL), ERR_OK);
    assert_string_equal(row.instance, "uuid:1");
    expect_text(store, store->ops->manifest_get, "uuid:1", "<manifest of uuid:1/>");
    expect_text(store, store->ops->receipt_get, "uuid:1", "sealed facts");
    assert_int_equal(store->ops->part_get(store->self, "uuid:1", 0, &part, &data, NULL), ERR_OK);
    assert_string_equal(part.name, "a.enc");
    assert_string_equal(data.data, "part a");
    strbuf_clear(&data);
    assert_int_equal(store->ops->part_get(store->self, "uuid:1", 1, &part, &data, NULL), ERR_OK);
    assert_int_equal(data.length, 0);
    struct fail why;
    assert_int_equal(store->ops->part_get(store->self, "uuid:1", 2, &part, &data, &why),
                     ERR_NOT_FOUND);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:2", false, &row, &why),
                     ERR_NOT_FOUND);
    strbuf_free(&data);
}

static void an_instance_is_inserted_once_but_a_number_may_repeat(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_submission row = stores_row("uuid:1", "n2", false);
    struct strbuf bytes;
    struct fail why;
    strbuf_init(&bytes, 10);
    strbuf_adds(&bytes, "x");
    stores_insert(stores, "uuid:1", "n1", false);
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(
        store->ops->submission_insert(store->self, &row, &bytes, &bytes, NULL, 0, &why),
        ERR_CONFLICT);
    store->ops->rollback(store->self);
    stores_insert(stores, "uuid:2", "n1", false);
    assert_int_equal(store->ops->submission_get(store->self, "n1", true, &row, NULL), ERR_OK);
    assert_string_equal(row.instance, "uuid:2"); // the newest of them
    strbuf_free(&bytes);
}

static void change_state(struct kiosk_store *store, const char *instance, enum store_state to,
                         int64_t next_ms)
{
    struct store_submission row;
    assert_int_equal(store->ops->submission_get(store->self, instance, false, &row, NULL), ERR_OK);
    row.state = to;
    row.next_try_monotonic_ms = next_ms;
    text_copy(row.next_try_boot, sizeof row.next_try_boot, "boot");
    assert_int_equal(store->ops->submission_update(store->self, &row, NULL), ERR_OK);
}

static void the_next_case_is_urgent_then_oldest_then_due(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct when now = {.monotonic_ms = 100, .boot_id = "boot"};
    struct store_submission row;
    struct fail why;
    int64_t next_ms;
#define NEXT() store->ops->submission_next(store->self, &now, &row, &next_ms, &why)
    assert_int_equal(NEXT(), ERR_NOT_FOUND);
    assert_int_equal(next_ms, -1);
    stores_insert(stores, "uuid:1", "n1", false);
    stores_insert(stores, "uuid:2", "n2", false);
    stores_insert(stores, "uuid:3", "n3", true);
    assert_int_equal(NEXT(), ERR_OK);
    assert_string_equal(row.instance, "uuid:3");
    change_state(store, "uuid:3", STORE_RETRY, 500);
    assert_int_equal(NEXT(), ERR_OK);
    assert_string_equal(row.instance, "uuid:1");
    change_state(store, "uuid:1", STORE_QUARANTINED, 0);
    change_state(store, "uuid:2", STORE_HELD, 300);
    assert_int_equal(NEXT(), ERR_NOT_FOUND);
    assert_int_equal(next_ms, 300);
    now.monotonic_ms = 500;
    assert_int_equal(NEXT(), ERR_OK);
    assert_string_equal(row.instance, "uuid:3");
    now = (struct when){.monotonic_ms = 1, .boot_id = "another boot"};
    assert_int_equal(NEXT(), ERR_OK); // the old boot's times say nothing any more
    change_state(store, "uuid:3", STORE_SENDING, 0);
    change_state(store, "uuid:2", STORE_RECEIVED, 0);
    assert_int_equal(NEXT(), ERR_NOT_FOUND);
    assert_int_equal(store->ops->submission_recover(store->self, NULL), ERR_OK);
    assert_int_equal(NEXT(), ERR_OK);
    assert_string_equal(row.instance, "uuid:3");
}

struct names {
    char text[200];
    int prints[10];
    int count;
};

static void add_name(void *context, const struct store_submission *row, int print_state)
{
    struct names *names = context;
    size_t length = strlen(names->text);
    snprintf(names->text + length, sizeof names->text - length, "%s ", row->instance);
    names->prints[names->count++] = print_state;
}

static void the_list_shows_what_is_unsent_first(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_counts counts;
    struct names names = {0};
    static const char *const instances[] = {"u1", "u2", "u3", "u4", "u5"};
    for (int at = 0; at < 5; at++)
        stores_insert(stores, instances[at], instances[at], at == 3);
    change_state(store, "u1", STORE_RECEIVED, 0);
    change_state(store, "u2", STORE_RECEIVED, 0);
    assert_int_equal(store->ops->submission_list(store->self, 10, add_name, &names, NULL), ERR_OK);
    assert_string_equal(names.text, "u4 u3 u5 u2 u1 ");
    assert_int_equal(names.prints[0], -1);
    names = (struct names){0};
    assert_int_equal(store->ops->submission_list(store->self, 2, add_name, &names, NULL), ERR_OK);
    assert_string_equal(names.text, "u4 u3 ");
    assert_int_equal(store->ops->counts(store->self, &counts, NULL), ERR_OK);
    assert_int_equal(counts.unsent, 3);
    assert_int_equal(counts.received, 2);
}

static void changing_what_is_not_there_is_not_found(void **state)
{
    struct kiosk_store *store = store_of(state);
    struct store_submission row = stores_row("none", "n", false);
    struct store_print_job job = {.name = "none"};
    struct fail why;
    assert_int_equal(store->ops->submission_update(store->self, &row, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->print_job_update(store->self, &job, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->print_job_get(store->self, "none", &job, &why), ERR_NOT_FOUND);
}

static void a_healthy_store_says_so_and_gives_its_reserve_once(void **state)
{
    struct kiosk_store *store = store_of(state);
    struct store_health health;
    struct fail why;
    assert_int_equal(store->ops->integrity(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->health(store->self, &health, NULL), ERR_OK);
    assert_true(health.reserve && health.disk_free > 0 && health.disk_total > 0);
    int given = 0; // its log, if that is long, and the reserve
    while (store->ops->make_room(store->self, &why) == ERR_OK)
        given++;
    assert_in_range(given, 1, 2);
    assert_int_equal(why.err, ERR_FULL);
    assert_int_equal(store->ops->health(store->self, &health, NULL), ERR_OK);
    assert_true(health.reserve); // there is room: it is back
}

int main(void)
{
#define ON(test, open) cmocka_unit_test_setup_teardown(test, open, stores_close)
#define ON_BOTH(test) ON(test, stores_open_real), ON(test, stores_open_wrapped)
    const struct CMUnitTest tests[] = {
        ON_BOTH(what_is_rolled_back_was_never_there),
        ON_BOTH(what_is_committed_is_there_after_reopening),
        ON_BOTH(a_serial_is_taken_once_a_day),
        ON_BOTH(a_case_is_read_back_whole),
        ON_BOTH(an_instance_is_inserted_once_but_a_number_may_repeat),
        ON_BOTH(the_next_case_is_urgent_then_oldest_then_due),
        ON_BOTH(the_list_shows_what_is_unsent_first),
        ON_BOTH(changing_what_is_not_there_is_not_found),
        ON_BOTH(a_healthy_store_says_so_and_gives_its_reserve_once),
        ON_BOTH(audit_entries_are_walked_in_order_until_told_to_stop),
        ON_BOTH(an_account_is_read_back_as_it_was_put),
        ON_BOTH(calls_get_ids_and_are_closed_once),
        ON_BOTH(print_jobs_move_by_state_and_instance),
        ON_BOTH(a_draft_is_read_back_and_replaced),
        ON_BOTH(drafts_are_sent_oldest_first_until_the_district_has_them),
        ON_BOTH(a_spent_draft_is_overwritten_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
