// SPDX-License-Identifier: GPL-3.0-or-later
// What durability asks for is what the connection has, or there is no connection and no
// transaction: an SQLite that does not take a setting says so nowhere else.
#include "stores.h"

#include "yimen/driver/sqlite.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

// What SQLite is made to do with one setting.
static struct {
    const char *pragma, *value;
    int answer;
} stubborn;
static bool has_no_text;

static int authorize(void *context, int action, const char *pragma, const char *value,
                     const char *database, const char *trigger)
{
    (void)context, (void)database, (void)trigger;
    bool hit = action == SQLITE_PRAGMA && stubborn.pragma && value &&
               strcmp(pragma, stubborn.pragma) == 0 && strcmp(value, stubborn.value) == 0;
    return hit ? stubborn.answer : SQLITE_OK;
}

static int watch(sqlite3 *database, char **why, const struct sqlite3_api_routines *routines)
{
    (void)why, (void)routines;
    return sqlite3_set_authorizer(database, authorize, NULL);
}

const unsigned char *__real_sqlite3_column_text(sqlite3_stmt *statement, int column);
const unsigned char *__wrap_sqlite3_column_text(sqlite3_stmt *statement, int column);
const unsigned char *__wrap_sqlite3_column_text(sqlite3_stmt *statement, int column)
{
    return has_no_text ? NULL : __real_sqlite3_column_text(statement, column);
}

// From nothing, as a new kiosk does.
static enum err open_new(struct stores *stores, struct fail *why)
{
    struct sqlite_kiosk_store_options options = {.path = stores->path, .crypto = &stores->crypto};
    sqlite_kiosk_store_close(&stores->real);
    (void)unlink(stores->path);
    return sqlite_kiosk_store_open(&options, &stores->real, why);
}

static void a_setting_that_is_not_taken_is_no_open_store(void **state)
{
    struct stores *stores = *state;
    struct fail why = {0};
    stubborn.pragma = "journal_mode";
    stubborn.value = "WAL";
    stubborn.answer = SQLITE_IGNORE; // as if it had never been said
    assert_int_equal(open_new(stores, &why), ERR_TECHNICIAN);
    assert_non_null(strstr(why.text, "journal_mode"));
    stubborn.pragma = NULL;
    assert_int_equal(open_new(stores, NULL), ERR_OK);
}

static void nothing_is_promised_while_the_log_is_not_flushed(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    static const int answers[] = {SQLITE_DENY, SQLITE_IGNORE};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        assert_int_equal(store->ops->begin_soft(store->self, NULL), ERR_OK);
        assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
        stubborn.pragma = "synchronous";
        stubborn.value = "FULL";
        stubborn.answer = answers[i];
        assert_int_not_equal(store->ops->begin(store->self, NULL), ERR_OK);
        assert_int_not_equal(store->ops->begin(store->self, NULL), ERR_OK); // nor when asked again
        stubborn.pragma = NULL;
        assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
        assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    }
}

static void a_check_without_an_answer_is_no_sound_file(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    has_no_text = true; // no memory for it
    assert_int_not_equal(store->ops->integrity(store->self, NULL), ERR_OK);
    has_no_text = false;
    assert_int_equal(store->ops->integrity(store->self, NULL), ERR_OK);
}

int main(void)
{
    sqlite3_auto_extension((void (*)(void))watch);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_setting_that_is_not_taken_is_no_open_store,
                                        stores_open_real, stores_close),
        cmocka_unit_test_setup_teardown(nothing_is_promised_while_the_log_is_not_flushed,
                                        stores_open_real, stores_close),
        cmocka_unit_test_setup_teardown(a_check_without_an_answer_is_no_sound_file,
                                        stores_open_real, stores_close),
    };
    return cmocka_run_group_tests_name("kiosk_store_settings", tests, NULL, NULL);
}
