// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: drafts of tickets, which a counter leaves and any counter takes up.
#include "stores.h"

#define DRAFT_ID "000102030405060708090a0b0c0d0e0f"

static enum err put_draft(struct district_store *store, const char *id, int64_t revision,
                          const char *bytes, int quota)
{
    struct district_draft draft = {
        .id = "", .device_id = "device-1", .revision = revision, .expires_utc_ms = 9000};
    struct bytes sealed = {bytes, strlen(bytes)};
    struct district_draft_rules rules = {.now_utc_ms = 1000, .quota = quota, .lifetime_ms = 100000};
    text_copy(draft.id, sizeof draft.id, id);
    draft.spent = bytes[0] == '\0';
    return CALL(*store, draft_put, &draft, &sealed, &rules);
}

static void a_draft_is_replaced_by_newer_ones_only_whoever_sends_them(void **state)
{
    struct stores *stores = *state;
    struct district_draft_rules rules = {.now_utc_ms = 1000, .releases = 2, .lock_ms = 500};
    struct district_draft out;
    struct strbuf sealed;
    strbuf_init(&sealed, 100);
    assert_int_equal(CALL(stores->two, draft_take, DRAFT_ID, 0, &rules, &out, &sealed),
                     ERR_NOT_FOUND);
    assert_int_equal(put_draft(&stores->one, DRAFT_ID, 2, "two", 1), ERR_OK);
    assert_int_equal(put_draft(&stores->two, DRAFT_ID, 2, "two", 1), ERR_OK);
    assert_int_equal(put_draft(&stores->two, DRAFT_ID, 2, "zwo", 1), ERR_CONFLICT);
    assert_int_equal(put_draft(&stores->two, DRAFT_ID, 1, "one", 1), ERR_CONFLICT);
    assert_int_equal(put_draft(&stores->two, DRAFT_ID, 3, "three", 1), ERR_OK);
    assert_int_equal(put_draft(&stores->one, "another", 1, "one", 1), ERR_FULL);
    assert_int_equal(CALL(stores->one, draft_take, DRAFT_ID, 2, &rules, &out, &sealed), ERR_OK);
    assert_true(out.is_newer);
    assert_string_equal(strbuf_text(&sealed), "three");
    strbuf_clear(&sealed);
    assert_int_equal(CALL(stores->one, draft_take, DRAFT_ID, 3, &rules, &out, &sealed), ERR_OK);
    assert_false(out.is_newer);
    assert_int_equal(sealed.length, 0);
    strbuf_free(&sealed);
}

static void a_draft_is_handed_out_so_often_and_no_more(void **state)
{
    struct stores *stores = *state;
    struct district_draft_rules rules = {.now_utc_ms = 1000, .releases = 2, .lock_ms = 500};
    struct district_draft out;
    struct strbuf sealed;
    strbuf_init(&sealed, 100);
    assert_int_equal(put_draft(&stores->one, DRAFT_ID, 1, "one", 9), ERR_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(CALL(stores->two, draft_take, DRAFT_ID, 0, &rules, &out, &sealed), ERR_OK);
    strbuf_clear(&sealed);
    assert_int_equal(CALL(stores->one, draft_take, DRAFT_ID, 0, &rules, &out, &sealed), ERR_OK);
    assert_false(out.is_newer);
    assert_int_equal(out.wait_ms, 500);
    assert_int_equal(sealed.length, 0);
    assert_int_equal(put_draft(&stores->one, DRAFT_ID, 2, "", 9), ERR_OK);
    assert_int_equal(CALL(stores->one, draft_take, DRAFT_ID, 0, &rules, &out, &sealed), ERR_OK);
    assert_true(out.spent);
    assert_int_equal(put_draft(&stores->one, DRAFT_ID, 9, "nine", 9), ERR_DENIED);
    strbuf_free(&sealed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stores_open, stores_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_is_replaced_by_newer_ones_only_whoever_sends_them),
        TEST(a_draft_is_handed_out_so_often_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
