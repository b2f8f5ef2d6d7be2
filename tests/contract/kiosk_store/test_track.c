// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk_store port: whose a case is, wrong tries, tokens to be told.
#include "stores.h"

#include "yimen/base/text.h"

#include <string.h>

static void whose_a_case_is_comes_back_and_goes_when_it_is_pruned(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_owner owner = {.instance = "uuid:1",
                                .salt = "0123",
                                .box = {1, 2, 3},
                                .box_length = 73},
                       back;
    struct store_submission row;
    struct fail why;
    stores_insert(stores, "uuid:1", "n1", false);
    assert_int_equal(store->ops->owner_get(store->self, "uuid:1", &back, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->owner_put(store->self, &owner, NULL), ERR_OK);
    stores_reopen(stores);
    store = stores->store;
    assert_int_equal(store->ops->owner_get(store->self, "uuid:1", &back, NULL), ERR_OK);
    assert_string_equal(back.salt, "0123");
    assert_int_equal(back.box_length, 73);
    assert_memory_equal(back.box, owner.box, owner.box_length);
    assert_string_equal(back.of_instance, "");
    row = stores_row("uuid:1", "n1", false);
    row.state = STORE_RECEIVED;
    assert_int_equal(store->ops->submission_update(store->self, &row, NULL), ERR_OK);
    assert_int_equal(store->ops->submission_prune(store->self, "uuid:1", NULL), ERR_OK);
    assert_int_equal(store->ops->owner_get(store->self, "uuid:1", &back, NULL), ERR_OK);
    assert_string_equal(back.salt, "");
    assert_int_equal(back.box_length, 0);
}

enum { SEEN = 64 };
static void collect(void *context, const struct store_submission *row)
{
    char *out = context;
    size_t length = strlen(out);
    (void)text_copy(out + length, SEEN - length, row->number);
}

static void what_belongs_to_a_case_is_walked_in_order(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    char seen[SEEN] = "";
    stores_insert(stores, "uuid:1", "n1", false);
    stores_insert(stores, "uuid:2", "n2", false);
    stores_insert(stores, "uuid:3", "n3", true);
    for (int i = 2; i <= 3; i++) {
        struct store_owner owner = {.of_instance = "uuid:1"};
        text_copy(owner.instance, sizeof owner.instance, i == 2 ? "uuid:2" : "uuid:3");
        assert_int_equal(store->ops->owner_put(store->self, &owner, NULL), ERR_OK);
    }
    assert_int_equal(store->ops->linked_each(store->self, "uuid:1", collect, seen, NULL), ERR_OK);
    assert_string_equal(seen, "n2n3");
    assert_int_equal(store->ops->linked_each(store->self, "", collect, seen, NULL), ERR_OK);
    assert_int_equal(store->ops->linked_each(store->self, "uuid:3", collect, seen, NULL), ERR_OK);
    assert_string_equal(seen, "n2n3"); // an empty name is nobody's
}

static void wrong_tries_are_kept_by_number(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_try tries = {.number = "n1", .wrong = 4, .tried_ms = 9, .until_ms = 77}, back;
    struct fail why;
    assert_int_equal(store->ops->try_get(store->self, "n1", &back, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->try_put(store->self, &tries, NULL), ERR_OK);
    tries.wrong = 5;
    assert_int_equal(store->ops->try_put(store->self, &tries, NULL), ERR_OK);
    stores_reopen(stores);
    store = stores->store;
    assert_int_equal(store->ops->try_get(store->self, "n1", &back, NULL), ERR_OK);
    assert_int_equal(back.wrong, 5);
    assert_int_equal(back.tried_ms, 9);
    assert_int_equal(back.until_ms, 77);
    assert_int_equal(store->ops->try_get(store->self, "n2", &back, &why), ERR_NOT_FOUND);
}

static void tokens_wait_oldest_first_until_they_were_told(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct strbuf message, sealed;
    int64_t first = 0, second = 0;
    struct fail why;
    strbuf_init(&message, 100);
    strbuf_init(&sealed, 100);
    stores_insert(stores, "uuid:1", "n1", false);
    assert_int_equal(store->ops->token_next(store->self, &first, &message, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->token_put(store->self, "uuid:1", "a", NULL), ERR_OK);
    assert_int_equal(store->ops->token_put(store->self, "uuid:1", "b", NULL), ERR_OK);
    assert_int_equal(store->ops->token_next(store->self, &first, &message, NULL), ERR_OK);
    assert_int_equal(store->ops->token_done(store->self, first, NULL), ERR_OK);
    stores_reopen(stores);
    store = stores->store;
    assert_int_equal(store->ops->token_next(store->self, &second, &message, NULL), ERR_OK);
    assert_int_not_equal(first, second);
    assert_string_equal(strbuf_text(&message), "ab");
    strbuf_adds(&sealed, "new");
    assert_int_equal(store->ops->receipt_set(store->self, "uuid:1", &sealed, NULL), ERR_OK);
    assert_int_equal(store->ops->receipt_set(store->self, "uuid:9", &sealed, &why), ERR_NOT_FOUND);
    strbuf_clear(&message);
    assert_int_equal(store->ops->receipt_get(store->self, "uuid:1", &message, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&message), "new");
    strbuf_free(&message);
    strbuf_free(&sealed);
}

#define BOTH(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, stores_open_real, stores_close),                         \
        cmocka_unit_test_setup_teardown(name, stores_open_wrapped, stores_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(whose_a_case_is_comes_back_and_goes_when_it_is_pruned),
        BOTH(what_belongs_to_a_case_is_walked_in_order),
        BOTH(wrong_tries_are_kept_by_number),
        BOTH(tokens_wait_oldest_first_until_they_were_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
