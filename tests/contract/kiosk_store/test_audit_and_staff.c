// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

#include "yimen/base/text.h"

#include <string.h>

static enum err count_to_two(void *context, int64_t sequence, const char *line, size_t length,
                             const uint8_t hash[STORE_HASH], struct fail *why)
{
    int *count = context;
    ++*count;
    assert_int_equal(sequence, *count);
    assert_int_equal(length, 5);
    assert_memory_equal(line, "li\tne", 5);
    assert_int_equal(hash[0], *count);
    return *count == 2 ? fail_set(why, ERR_CORRUPT, "enough") : ERR_OK;
}

void audit_entries_are_walked_in_order_until_told_to_stop(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    uint8_t hash[STORE_HASH] = {0};
    int64_t sequence = -1;
    struct fail why;
    assert_int_equal(store->ops->audit_head(store->self, &sequence, hash, NULL), ERR_OK);
    assert_int_equal(sequence, 0);
    for (int at = 1; at <= 3; at++) {
        hash[0] = (uint8_t)at;
        assert_int_equal(store->ops->audit_append(store->self, at, "li\tne", 5, hash, NULL),
                         ERR_OK);
    }
    assert_int_equal(store->ops->audit_append(store->self, 3, "li\tne", 5, hash, &why),
                     ERR_CONFLICT);
    assert_int_equal(store->ops->audit_head(store->self, &sequence, hash, NULL), ERR_OK);
    assert_int_equal(sequence, 3);
    assert_int_equal(hash[0], 3);
    int count = 0;
    assert_int_equal(store->ops->audit_walk(store->self, count_to_two, &count, &why), ERR_CORRUPT);
    assert_int_equal(count, 2);
}

void an_account_is_read_back_as_it_was_put(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    struct store_staff account = {.number = "1001",
                                  .role = "clerk",
                                  .salt = {1, 2},
                                  .hash = {3, 4},
                                  .operations = 2,
                                  .memory_bytes = 64 << 20,
                                  .wrong = 6,
                                  .locked = true,
                                  .wait.left_ms = 30000,
                                  .wait.from_ms = 12345,
                                  .wait.boot_id = "boot"};
    struct store_staff back;
    struct fail why;
    assert_int_equal(store->ops->staff_get(store->self, "1001", &back, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->staff_put(store->self, &account, NULL), ERR_OK);
    account.wrong = 7;
    assert_int_equal(store->ops->staff_put(store->self, &account, NULL), ERR_OK);
    assert_int_equal(store->ops->staff_get(store->self, "1001", &back, NULL), ERR_OK);
    assert_string_equal(back.number, "1001");
    assert_string_equal(back.role, "clerk");
    assert_memory_equal(back.salt, account.salt, sizeof back.salt);
    assert_memory_equal(back.hash, account.hash, sizeof back.hash);
    assert_int_equal(back.operations, 2);
    assert_int_equal(back.memory_bytes, 64 << 20);
    assert_int_equal(back.wrong, 7);
    assert_true(back.locked);
    assert_int_equal(back.wait.left_ms, 30000);
    assert_int_equal(back.wait.from_ms, 12345);
    assert_string_equal(back.wait.boot_id, "boot");
}

void calls_get_ids_and_are_closed_once(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    struct store_call first = {.place = "counter 007", .opened = {.utc_ms = 66}},
                      second = {.place = "counter 007",
                                .opened = {.utc_ms = 77, .boot_id = "boot"}},
                      all = {.closed_utc_ms = 9};
    struct store_counts counts;
    struct fail why;
    assert_int_equal(store->ops->call_open(store->self, &first, NULL), ERR_OK);
    assert_int_equal(store->ops->call_open(store->self, &second, NULL), ERR_OK);
    assert_true(first.id > 0 && second.id > first.id);
    assert_int_equal(store->ops->counts(store->self, &counts, NULL), ERR_OK);
    assert_int_equal(counts.oldest_call, first.id); // answered one by one, the oldest first
    assert_int_equal(counts.oldest_call_utc_ms, 66);
    first.closed_utc_ms = 5;
    assert_int_equal(store->ops->call_close(store->self, &first, NULL), ERR_OK);
    assert_int_equal(store->ops->call_close(store->self, &first, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->counts(store->self, &counts, NULL), ERR_OK);
    assert_int_equal(counts.open_calls, 1);
    assert_string_equal(counts.newest_call.boot_id, second.opened.boot_id);
    assert_int_equal(counts.newest_call.utc_ms, 77);
    assert_int_equal(counts.oldest_call, second.id);
    assert_int_equal(store->ops->call_close(store->self, &all, NULL), ERR_OK);
    assert_int_equal(store->ops->call_close(store->self, &all, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->counts(store->self, &counts, NULL), ERR_OK);
    assert_int_equal(counts.oldest_call, 0);
}

static int state_of(struct kiosk_store *store, const char *name)
{
    struct store_print_job job;
    assert_int_equal(store->ops->print_job_get(store->self, name, &job, NULL), ERR_OK);
    return job.state;
}

void print_jobs_move_by_state_and_instance(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct fail why;
    stores_insert(stores, "uuid:1", "n1", false);
    stores_insert(stores, "uuid:2", "n2", false);
    struct store_print_job jobs[] = {{.name = "a", .instance = "uuid:1", .state = 0},
                                     {.name = "b", .instance = "uuid:1", .state = 2},
                                     {.name = "c", .instance = "uuid:2", .state = 0}};
    for (int at = 0; at < 3; at++)
        assert_int_equal(store->ops->print_job_insert(store->self, &jobs[at], NULL), ERR_OK);
    assert_int_equal(store->ops->print_job_insert(store->self, &jobs[0], &why), ERR_CONFLICT);
    struct store_print_job homeless = {.name = "d", .instance = "uuid:none"};
    assert_int_equal(store->ops->print_job_insert(store->self, &homeless, &why), ERR_CONFLICT);
    assert_int_equal(store->ops->print_jobs_move(store->self, "uuid:1", 1u << 0, 5, 77, NULL),
                     ERR_OK);
    assert_int_equal(state_of(store, "a"), 5);
    assert_int_equal(state_of(store, "b"), 2);
    assert_int_equal(state_of(store, "c"), 0);
    assert_int_equal(store->ops->print_jobs_move(store->self, NULL, 1u << 0 | 1u << 2, 5, 78, NULL),
                     ERR_OK);
    assert_int_equal(state_of(store, "b"), 5);
    assert_int_equal(state_of(store, "c"), 5);
    text_copy(jobs[1].detail, sizeof jobs[1].detail, "media-empty");
    assert_int_equal(store->ops->print_job_update(store->self, &jobs[1], NULL), ERR_OK);
    struct store_print_job back;
    assert_int_equal(store->ops->print_job_get(store->self, "b", &back, NULL), ERR_OK);
    assert_int_equal(back.state, 2);
    assert_string_equal(back.detail, "media-empty");
}
