// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

#include "yimen/base/text.h"

#include <string.h>

#define ID_A "000102030405060708090a0b0c0d0e0f"
#define ID_B "100102030405060708090a0b0c0d0e0f"

static void put(struct kiosk_store *store, const char *id, const char *instance, int64_t revision,
                const char *sealed)
{
    struct store_draft row = {
        .revision = revision, .created_utc_ms = 1000 + revision, .expires_utc_ms = 5000};
    struct bytes bytes = {sealed, strlen(sealed)};
    text_copy(row.id, sizeof row.id, id);
    text_copy(row.instance, sizeof row.instance, instance);
    assert_int_equal(store->ops->draft_put(store->self, &row, &bytes, NULL), ERR_OK);
}

static struct store_draft get(struct kiosk_store *store, const char *id, const char *sealed)
{
    struct store_draft row;
    struct strbuf bytes;
    strbuf_init(&bytes, 100);
    assert_int_equal(store->ops->draft_get(store->self, id, &row, &bytes, NULL), ERR_OK);
    assert_int_equal(bytes.length, strlen(sealed));
    assert_memory_equal(strbuf_text(&bytes), sealed, bytes.length);
    strbuf_free(&bytes);
    return row;
}

void a_draft_is_read_back_and_replaced(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    struct store_draft row;
    struct fail why;
    assert_int_equal(store->ops->draft_get(store->self, ID_A, &row, NULL, &why), ERR_NOT_FOUND);
    put(store, ID_A, "uuid:1", 1, "first");
    put(store, ID_A, "uuid:1", 2, "second");
    row = get(store, ID_A, "second");
    assert_string_equal(row.instance, "uuid:1");
    assert_int_equal(row.revision, 2);
    assert_int_equal(row.expires_utc_ms, 5000);
    row.wrong = 3;
    row.wait.left_ms = 7;
    text_copy(row.wait.boot_id, sizeof row.wait.boot_id, "boot");
    assert_int_equal(store->ops->draft_put(store->self, &row, NULL, NULL), ERR_OK);
    stores_reopen(*state);
    store = ((struct stores *)*state)->store;
    row = get(store, ID_A, "second");
    assert_int_equal(row.wrong, 3);
    assert_int_equal(row.wait.left_ms, 7);
    assert_string_equal(row.wait.boot_id, "boot");
    text_copy(row.id, sizeof row.id, ID_B);
    assert_int_equal(store->ops->draft_put(store->self, &row, NULL, &why), ERR_NOT_FOUND);
}

void drafts_are_sent_oldest_first_until_the_district_has_them(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    struct store_draft row;
    struct strbuf bytes;
    strbuf_init(&bytes, 100);
    put(store, ID_B, "uuid:2", 5, "later");
    put(store, ID_A, "uuid:1", 1, "sooner");
    assert_int_equal(store->ops->draft_unsent(store->self, &row, &bytes, NULL), ERR_OK);
    assert_string_equal(row.id, ID_A);
    assert_string_equal(strbuf_text(&bytes), "sooner");
    row.sent_revision = 1;
    assert_int_equal(store->ops->draft_put(store->self, &row, NULL, NULL), ERR_OK);
    assert_int_equal(store->ops->draft_unsent(store->self, &row, &bytes, NULL), ERR_OK);
    assert_string_equal(row.id, ID_B);
    row.sent_revision = 5;
    assert_int_equal(store->ops->draft_put(store->self, &row, NULL, NULL), ERR_OK);
    assert_int_equal(store->ops->draft_unsent(store->self, &row, &bytes, NULL), ERR_NOT_FOUND);
    put(store, ID_A, "uuid:1", 2, "newer"); // a fresh row: the district knows nothing of it
    assert_int_equal(store->ops->draft_unsent(store->self, &row, &bytes, NULL), ERR_OK);
    strbuf_free(&bytes);
}

void a_spent_draft_is_overwritten_and_says_so(void **state)
{
    struct kiosk_store *store = ((struct stores *)*state)->store;
    put(store, ID_A, "uuid:1", 1, "one ticket");
    put(store, ID_B, "uuid:1", 4, "another of the same visit");
    assert_int_equal(store->ops->drafts_spend(store->self, ID_A, NULL, NULL), ERR_OK);
    struct store_draft row = get(store, ID_A, "");
    assert_true(row.spent);
    assert_int_equal(row.revision, 2);
    assert_false(get(store, ID_B, "another of the same visit").spent);
    assert_int_equal(store->ops->drafts_spend(store->self, NULL, "uuid:1", NULL), ERR_OK);
    assert_true(get(store, ID_B, "").spent);
    assert_int_equal(get(store, ID_A, "").revision, 2); // once is enough
    assert_int_equal(store->ops->drafts_spend(store->self, NULL, "uuid:none", NULL), ERR_OK);
    assert_int_equal(store->ops->drafts_expire(store->self, 5000, NULL), ERR_OK);
    assert_true(get(store, ID_A, "").spent);
    assert_int_equal(store->ops->drafts_expire(store->self, 5001, NULL), ERR_OK);
    assert_int_equal(store->ops->draft_get(store->self, ID_A, &row, NULL, NULL), ERR_NOT_FOUND);
}
