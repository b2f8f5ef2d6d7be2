// SPDX-License-Identifier: GPL-3.0-or-later
// Large cases in the kiosk_store port: pages of a visit, and parts read in pieces.
#include "stores.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LONG = 1300000, SHORT = 5000 }; // three pieces, and one

static char *filled(size_t length, unsigned seed)
{
    char *bytes = malloc(length);
    for (size_t at = 0; at < length; at++)
        bytes[at] = (char)(at * 31 + at / 4099 + seed);
    return bytes;
}

static void put_page(struct kiosk_store *store, const char *instance, int number, size_t length)
{
    char *bytes = filled(length, (unsigned)number);
    struct bytes sealed = {bytes, length};
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->page_put(store->self, instance, number, &sealed, NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    free(bytes);
}

static enum err get_page(struct kiosk_store *store, const char *instance, int number,
                         struct strbuf *out)
{
    struct fail why;
    strbuf_clear(out);
    return store->ops->page_get(store->self, instance, number, out, &why);
}

static void expect_page(struct kiosk_store *store, const char *instance, int number, unsigned seed,
                        size_t length)
{
    struct strbuf out;
    char *bytes = filled(length, seed);
    strbuf_init(&out, LIMIT_PART_BYTES);
    assert_int_equal(get_page(store, instance, number, &out), ERR_OK);
    assert_int_equal(out.length, length);
    assert_memory_equal(out.data, bytes, length);
    free(bytes);
    strbuf_free(&out);
}

static void expect_no_page(struct kiosk_store *store, const char *instance, int number)
{
    struct strbuf out;
    strbuf_init(&out, LIMIT_PART_BYTES);
    assert_int_equal(get_page(store, instance, number, &out), ERR_NOT_FOUND);
    strbuf_free(&out);
}

static enum err save_with_pages(struct kiosk_store *store, const char *instance, int pages)
{
    struct store_submission row = stores_row(instance, "n1", false);
    struct store_part parts[3] = {{.name = "p0.enc", .type = "x/y", .length = LONG, .page = 0},
                                  {.name = "p1.enc", .type = "x/y", .length = SHORT, .page = 1}};
    parts[pages] = (struct store_part){
        .name = "submission.xml.enc", .type = "x/y", .data = "record", .length = 6};
    struct strbuf text;
    struct fail why;
    strbuf_init(&text, 100);
    strbuf_adds(&text, "<data/>");
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    enum err err = store->ops->submission_insert(store->self, &row, &text, &text, parts,
                                                 (size_t)pages + 1, &why);
    if (err)
        store->ops->rollback(store->self);
    else
        assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    strbuf_free(&text);
    return err;
}

static void drop(struct kiosk_store *store, const char *instance, int from)
{
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->pages_drop(store->self, instance, from, NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
}

static void a_page_is_held_replaced_and_dropped(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    put_page(store, "uuid:1", 0, LONG);
    put_page(store, "uuid:1", 1, SHORT);
    put_page(store, "uuid:2", 0, SHORT);
    stores_reopen(stores);
    expect_page(store, "uuid:1", 0, 0, LONG);
    expect_page(store, "uuid:1", 1, 1, SHORT);
    put_page(store, "uuid:1", 0, SHORT); // shorter than before: nothing of the old is left
    expect_page(store, "uuid:1", 0, 0, SHORT);
    drop(store, "uuid:1", 1);
    expect_no_page(store, "uuid:1", 1);
    expect_page(store, "uuid:1", 0, 0, SHORT);
    drop(store, NULL, 0);
    expect_no_page(store, "uuid:1", 0);
    expect_no_page(store, "uuid:2", 0);
}

static void a_case_takes_its_pages_and_they_are_no_visits_any_more(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_submission row;
    struct store_part about;
    struct strbuf out;
    char *bytes = filled(LONG, 0);
    strbuf_init(&out, LIMIT_PART_BYTES);
    put_page(store, "uuid:1", 0, LONG);
    put_page(store, "uuid:1", 1, SHORT);
    put_page(store, "uuid:1", 2, SHORT); // not of the case
    assert_int_equal(save_with_pages(store, "uuid:1", 2), ERR_OK);
    drop(store, NULL, 0);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, NULL), ERR_OK);
    assert_int_equal(row.total_bytes, LONG + SHORT + 6);
    assert_int_equal(store->ops->part_get(store->self, "uuid:1", 0, &about, &out, NULL), ERR_OK);
    assert_string_equal(about.name, "p0.enc");
    assert_int_equal(out.length, LONG);
    assert_memory_equal(out.data, bytes, LONG);
    for (size_t at = 0; at < 3; at++)
        assert_int_equal(store->ops->part_check(store->self, "uuid:1", at, NULL), ERR_OK);
    expect_no_page(store, "uuid:1", 0);
    expect_no_page(store, "uuid:1", 2);
    free(bytes);
    strbuf_free(&out);
}

static void a_case_without_its_page_is_not_inserted(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    put_page(store, "uuid:1", 0, SHORT); // not the length that the case was sealed with
    assert_int_equal(save_with_pages(store, "uuid:1", 1), ERR_NOT_FOUND);
    assert_int_equal(save_with_pages(store, "uuid:2", 1), ERR_NOT_FOUND);
    expect_page(store, "uuid:1", 0, 0, SHORT);
}

static void a_part_is_read_from_any_byte_on(void **state)
{
    static const struct store_range ranges[] = {
        {0, 10},     {524287, 2},   {524288, 524288}, {LONG - 5, 100},
        {LONG, 100}, {1, LONG - 1}, {0, 0},           {1048570, 100000},
    };
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct strbuf out;
    struct fail why;
    char *bytes = filled(LONG, 0);
    strbuf_init(&out, LIMIT_PART_BYTES);
    put_page(store, "uuid:1", 0, LONG);
    assert_int_equal(save_with_pages(store, "uuid:1", 1), ERR_OK);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        size_t rest = (size_t)(LONG - ranges[i].offset);
        size_t wanted = ranges[i].length < rest ? ranges[i].length : rest;
        strbuf_clear(&out);
        assert_int_equal(store->ops->part_read(store->self, "uuid:1", 0, &ranges[i], &out, NULL),
                         ERR_OK);
        assert_int_equal(out.length, wanted);
        assert_memory_equal(strbuf_text(&out), bytes + ranges[i].offset, wanted);
    }
    strbuf_clear(&out);
    assert_int_equal(
        store->ops->part_read(store->self, "uuid:1", 1, &(struct store_range){2, 3}, &out, NULL),
        ERR_OK);
    assert_string_equal(strbuf_text(&out), "cor");
    assert_int_equal(store->ops->part_read(store->self, "uuid:1", 0,
                                           &(struct store_range){LONG + 1, 1}, &out, &why),
                     ERR_INPUT);
    assert_int_equal(
        store->ops->part_about(store->self, "uuid:1", 2, &(struct store_part){0}, &why),
        ERR_NOT_FOUND);
    free(bytes);
    strbuf_free(&out);
}

static void a_pruned_case_leaves_nothing_of_its_pages(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_submission row;
    struct store_part about;
    struct fail why;
    put_page(store, "uuid:1", 0, LONG);
    assert_int_equal(save_with_pages(store, "uuid:1", 1), ERR_OK);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, NULL), ERR_OK);
    row.state = STORE_RECEIVED;
    row.received_utc_ms = 5;
    row.sent_bytes = 77;
    row.unverified = true; // a stand-in server's word is no reason to let go of anything
    assert_int_equal(store->ops->submission_update(store->self, &row, NULL), ERR_OK);
    assert_int_equal(store->ops->submission_prunable(store->self, 100, &row, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, NULL), ERR_OK);
    assert_true(row.unverified);
    assert_int_equal(row.sent_bytes, 77);
    row.unverified = false;
    assert_int_equal(store->ops->submission_update(store->self, &row, NULL), ERR_OK);
    assert_int_equal(store->ops->submission_prunable(store->self, 100, &row, NULL), ERR_OK);
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->submission_prune(store->self, "uuid:1", NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    assert_int_equal(store->ops->part_about(store->self, "uuid:1", 0, &about, &why), ERR_NOT_FOUND);
    put_page(store, "uuid:1", 0, SHORT); // its number is free again
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_BOTH(test)                                                                              \
    cmocka_unit_test_setup_teardown(test, stores_open_real, stores_close),                         \
        cmocka_unit_test_setup_teardown(test, stores_open_wrapped, stores_close)
        ON_BOTH(a_page_is_held_replaced_and_dropped),
        ON_BOTH(a_case_takes_its_pages_and_they_are_no_visits_any_more),
        ON_BOTH(a_case_without_its_page_is_not_inserted),
        ON_BOTH(a_part_is_read_from_any_byte_on),
        ON_BOTH(a_pruned_case_leaves_nothing_of_its_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
