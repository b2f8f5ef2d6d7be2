// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: what owners are told by, wrong tries, renewed tokens. Two handles stand
// for two processes.
#include "stores.h"

static void put_case(struct stores *stores, int number, const char *of_instance)
{
    static const struct district_part part = {
        .name = "submission.xml.enc", .size = 4, .digest = {2}, .data = "wxyz"};
    struct district_put out;
    struct district_submission s = {.form_id = "form",
                                    .version = "1",
                                    .counter = "001",
                                    .device_id = "device-1",
                                    .key_id = "device-1",
                                    .service = "service",
                                    .manifest = {"<data/>", 7}};
    snprintf(s.instance, sizeof s.instance, "uuid:%d", number);
    snprintf(s.receipt, sizeof s.receipt, "receipt-%d", number);
    text_copy(s.of_instance, sizeof s.of_instance, of_instance);
    s.token_hash[0] = s.manifest_digest[0] = (uint8_t)number;
    assert_int_equal(CALL(stores->one, submission_put, &s, &part, 1, &out), ERR_OK);
    assert_true(out.became_complete);
}

static int open_stores(void **state)
{
    int code = stores_open(state);
    stores_enrol(*state, "device-1");
    return code;
}

static void what_its_owner_is_told_by_is_filed_with_the_opening(void **state)
{
    struct stores *stores = *state;
    const struct district_file file = {"submission.xml", {"sealed", 6}};
    const uint8_t factor[CRYPTO_HASH] = {9, 8};
    struct district_opening opening = {.instance = "uuid:1",
                                       .wrapped_key = {"key", 3},
                                       .files = &file,
                                       .file_count = 1,
                                       .factor = factor,
                                       .facts = {"facts", 5}};
    uint8_t back[CRYPTO_HASH];
    bool has = false;
    struct strbuf facts;
    strbuf_init(&facts, 100);
    put_case(stores, 1, "");
    put_case(stores, 2, "");
    assert_int_equal(CALL(stores->two, lookup_get, "uuid:1", &has, back, &facts), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->one, opening_put, &opening), ERR_OK);
    assert_int_equal(CALL(stores->two, lookup_get, "uuid:1", &has, back, &facts), ERR_OK);
    assert_true(has);
    assert_memory_equal(back, factor, sizeof factor);
    assert_string_equal(strbuf_text(&facts), "facts");
    opening.instance = "uuid:2";
    opening.factor = NULL; // no ID number was given
    assert_int_equal(CALL(stores->one, opening_put, &opening), ERR_OK);
    assert_int_equal(CALL(stores->two, lookup_get, "uuid:2", &has, back, &facts), ERR_OK);
    assert_false(has);
    strbuf_free(&facts);
}

static void tries_count_over_all_processes_and_the_last_one_locks(void **state)
{
    struct stores *stores = *state;
    struct district_try tries;
    for (int i = 1; i < 5; i++) {
        struct district_store *store = i % 2 ? &stores->one : &stores->two;
        assert_int_equal(CALL(*store, try_take, "n1", 1000, 5, 500, &tries), ERR_OK);
        assert_int_equal(tries.wrong, i);
        assert_int_equal(tries.until_utc_ms, 0);
    }
    assert_int_equal(CALL(stores->one, try_take, "n1", 1000, 5, 500, &tries), ERR_OK);
    assert_int_equal(tries.until_utc_ms, 1500);
    assert_int_equal(CALL(stores->two, try_take, "n1", 1499, 5, 500, &tries), ERR_DENIED);
    assert_int_equal(tries.until_utc_ms, 1500);
    assert_int_equal(CALL(stores->two, try_take, "n2", 1499, 5, 500, &tries), ERR_OK);
    assert_int_equal(CALL(stores->two, try_take, "n1", 1501, 5, 500, &tries), ERR_OK);
    assert_int_equal(tries.wrong, 1); // begins anew
    assert_int_equal(CALL(stores->one, try_clear, "n1"), ERR_OK);
    assert_int_equal(CALL(stores->one, try_take, "n1", 1502, 5, 500, &tries), ERR_OK);
    assert_int_equal(tries.wrong, 1);
}

static void the_highest_print_is_in_force_also_before_its_case_comes(void **state)
{
    struct stores *stores = *state;
    struct district_token second = {
        .hash = {22}, .instance = "uuid:1", .receipt = "receipt-1", .print = 2};
    struct district_token third = {
        .hash = {33}, .instance = "uuid:1", .receipt = "receipt-1", .print = 3};
    const uint8_t first[CRYPTO_HASH] = {1};
    char status[DISTRICT_STATUS], receipt[LIMIT_RECEIPT_NUMBER];
    struct district_case found;
    bool renewed = true;
    int print = 0;
    assert_int_equal(CALL(stores->one, token_put, &third), ERR_OK);
    put_case(stores, 1, "");
    assert_int_equal(CALL(stores->two, token_renewed, first, &renewed), ERR_OK);
    assert_true(renewed);
    assert_int_equal(CALL(stores->one, token_put, &second), ERR_OK); // late, and twice
    assert_int_equal(CALL(stores->one, token_put, &second), ERR_OK);
    assert_int_equal(CALL(stores->two, token_newest, "uuid:1", &print), ERR_OK);
    assert_int_equal(print, 3);
    assert_int_equal(CALL(stores->two, token_renewed, second.hash, &renewed), ERR_OK);
    assert_true(renewed);
    assert_int_equal(CALL(stores->two, token_renewed, third.hash, &renewed), ERR_OK);
    assert_false(renewed);
    assert_int_equal(CALL(stores->two, case_by_token, third.hash, &found), ERR_OK);
    assert_string_equal(found.submission.receipt, "receipt-1");
    assert_int_equal(CALL(stores->two, track, third.hash, status, receipt), ERR_OK);
    assert_string_equal(status, "10");
    const uint8_t nobody[CRYPTO_HASH] = {99};
    assert_int_equal(CALL(stores->two, case_by_token, nobody, &found), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->two, token_newest, "uuid:9", &print), ERR_OK);
    assert_int_equal(print, 1);
}

enum { SEEN = 64 };
static void collect(void *context, const struct district_case *row)
{
    char *out = context;
    size_t length = strlen(out);
    (void)text_copy(out + length, SEEN - length, row->submission.receipt + 8);
}

static void what_belongs_to_a_case_is_walked_in_order(void **state)
{
    struct stores *stores = *state;
    char seen[SEEN] = "";
    put_case(stores, 1, "");
    put_case(stores, 2, "uuid:1");
    put_case(stores, 3, "uuid:1");
    assert_int_equal(CALL(stores->two, linked_each, "uuid:1", collect, seen), ERR_OK);
    assert_string_equal(seen, "23");
    assert_int_equal(CALL(stores->two, linked_each, "", collect, seen), ERR_OK);
    assert_string_equal(seen, "23"); // an empty name is nobody's
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stores, stores_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_its_owner_is_told_by_is_filed_with_the_opening),
        TEST(tries_count_over_all_processes_and_the_last_one_locks),
        TEST(the_highest_print_is_in_force_also_before_its_case_comes),
        TEST(what_belongs_to_a_case_is_walked_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
