// SPDX-License-Identifier: GPL-3.0-or-later
// What only the file shows: its settings, its hashes, its versions, a second reader.
#include "stores.h"

#include "yimen/driver/sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Changes the file behind the store's back, as rot or a thief would.
static void tamper(const struct stores *stores, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open_v2(stores->path, &database, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(database));
    sqlite3_close(database);
}

static int read_pragma(const struct stores *stores, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(stores->path, &database, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
}

static void the_file_is_made_with_its_lasting_settings_and_for_its_owner_only(void **state)
{
    struct stores *stores = *state;
    struct stat about;
    assert_int_equal(read_pragma(stores, "PRAGMA page_size"), 8192);
    assert_int_equal(read_pragma(stores, "PRAGMA auto_vacuum"), 2);
    assert_int_equal(read_pragma(stores, "SELECT count(*) FROM pragma_journal_mode "
                                         "WHERE journal_mode = 'wal'"),
                     1);
    assert_int_equal(stat(stores->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void rot_in_a_row_a_manifest_or_a_part_is_noticed(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    static const char *const damages[] = {
        "UPDATE submission SET manifest = CAST('<other/>' AS BLOB)",
        "UPDATE submission SET number = 'n9'",
        "UPDATE submission SET saved_utc_ms = 0",
        "UPDATE piece SET data = CAST('part b' AS BLOB)",
        "DELETE FROM piece",
    };
    for (size_t at = 0; at < sizeof damages / sizeof damages[0]; at++) {
        char instance[16];
        struct strbuf out;
        struct store_part part;
        struct fail why;
        strbuf_init(&out, 1000);
        snprintf(instance, sizeof instance, "uuid:%zu", at);
        stores_insert(stores, instance, "n1", false);
        char sql[200];
        snprintf(sql, sizeof sql, "%s WHERE %s = (SELECT max(id) FROM submission)", damages[at],
                 strstr(damages[at], "piece") ? "submission" : "id");
        tamper(stores, sql);
        enum err manifest = store->ops->manifest_get(store->self, instance, &out, &why);
        enum err bytes = store->ops->part_get(store->self, instance, 0, &part, &out, &why);
        assert_int_equal(manifest, at < 3 ? ERR_CORRUPT : ERR_OK);
        assert_int_equal(bytes, at < 3 ? ERR_OK : ERR_CORRUPT);
        strbuf_free(&out);
    }
}

static enum err open_as(const struct stores *stores, bool read_only, struct kiosk_store *out,
                        struct fail *why)
{
    struct sqlite_kiosk_store_options options = {
        .path = stores->path, .crypto = &stores->crypto, .read_only = read_only};
    return sqlite_kiosk_store_open(&options, out, why);
}

static void a_second_reader_sees_what_is_committed_and_can_change_nothing(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store reader;
    struct store_counts counts;
    struct fail why;
    assert_int_equal(open_as(stores, true, &reader, &why), ERR_OK);
    stores_insert(stores, "uuid:1", "n1", false);
    assert_int_equal(reader.ops->counts(reader.self, &counts, &why), ERR_OK);
    assert_int_equal(counts.unsent, 1);
    assert_int_not_equal(reader.ops->meta_set(reader.self, "a", "b", 1, &why), ERR_OK);
    sqlite_kiosk_store_close(&reader);
}

static void a_newer_or_foreign_file_is_refused(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store other;
    struct fail why;
    char newest[64];
    snprintf(newest, sizeof newest, "PRAGMA user_version = %d",
             read_pragma(stores, "PRAGMA user_version"));
    tamper(stores, "PRAGMA user_version = 99");
    assert_int_equal(open_as(stores, false, &other, &why), ERR_CORRUPT);
    assert_int_equal(open_as(stores, true, &other, &why), ERR_CORRUPT);
    tamper(stores, newest);
    assert_int_equal(open_as(stores, true, &other, &why), ERR_OK);
    sqlite_kiosk_store_close(&other);
    struct stores foreign = *stores;
    snprintf(foreign.path, sizeof foreign.path, "%s/none.db", stores->folder);
    assert_int_equal(open_as(&foreign, true, &other, &why), ERR_NOT_FOUND);
    FILE *file = fopen(foreign.path, "w");
    for (int at = 0; at < 2000; at++)
        fputs("this is not a database", file);
    fclose(file);
    assert_int_equal(open_as(&foreign, false, &other, &why), ERR_CORRUPT);
    remove(foreign.path);
}

// Takes back what each migration did, the newest first.
static const char undo[] = "ALTER TABLE submission DROP COLUMN not_asked;"
                           "DROP TABLE draft;"
                           "DROP TABLE owner; DROP TABLE try; DROP TABLE token;"
                           "DROP TABLE page_piece; DROP TABLE page;"
                           "ALTER TABLE part DROP COLUMN page;"
                           "ALTER TABLE submission DROP COLUMN total_bytes;"
                           "ALTER TABLE submission DROP COLUMN sent_bytes;"
                           "ALTER TABLE submission DROP COLUMN unverified;"
                           "DROP INDEX submission_received; DROP INDEX submission_saved;"
                           "ALTER TABLE submission DROP COLUMN status;"
                           "ALTER TABLE submission DROP COLUMN status_utc_ms;"
                           "PRAGMA user_version = 1";

static void a_file_of_the_version_before_keeps_its_cases(void **state)
{
    struct stores *stores = *state;
    struct store_submission row;
    struct strbuf manifest;
    struct fail why = {0};
    stores_insert(stores, "uuid:1", "n1", true);
    int newest = read_pragma(stores, "PRAGMA user_version");
    tamper(stores, undo);
    stores_reopen(stores);
    struct kiosk_store *store = stores->store;
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, &why), ERR_OK);
    assert_string_equal(row.number, "n1");
    assert_string_equal(row.status, "");
    assert_int_equal(row.not_asked, 0);
    assert_int_equal(row.total_bytes, strlen("part a"));
    strbuf_init(&manifest, 1000);
    assert_int_equal(store->ops->manifest_get(store->self, "uuid:1", &manifest, &why), ERR_OK);
    strbuf_free(&manifest);
    assert_int_equal(store->ops->status_set(store->self, "uuid:1", "10", 5, &why), ERR_OK);
    assert_int_equal(read_pragma(stores, "PRAGMA user_version"), newest);
}

static bool file_has(const char *path, const char *text)
{
    static char bytes[4 << 20];
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

static void what_is_pruned_is_nowhere_in_the_files(void **state)
{
    struct stores *stores = *state;
    struct kiosk_store *store = stores->store;
    struct store_submission row;
    struct store_part about;
    struct strbuf out;
    struct fail why = {0};
    char log[128];
    snprintf(log, sizeof log, "%s-wal", stores->path);
    stores_insert(stores, "uuid:1", "n1", false);
    assert_int_equal(store->ops->submission_prune(store->self, "uuid:1", &why), ERR_CONFLICT);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, &why), ERR_OK);
    row.state = STORE_RECEIVED;
    row.received_utc_ms = 1000;
    assert_int_equal(store->ops->submission_update(store->self, &row, &why), ERR_OK);
    assert_true(file_has(log, "part a") || file_has(stores->path, "part a"));
    assert_int_equal(store->ops->submission_prunable(store->self, 1000, &row, &why), ERR_NOT_FOUND);
    assert_int_equal(store->ops->submission_prunable(store->self, 1001, &row, &why), ERR_OK);
    assert_int_equal(store->ops->begin(store->self, &why), ERR_OK);
    assert_int_equal(store->ops->submission_prune(store->self, row.instance, &why), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, &why), ERR_OK);
    assert_int_equal(store->ops->tidy(store->self, &why), ERR_OK);
    assert_false(file_has(log, "part a") || file_has(stores->path, "part a"));
    strbuf_init(&out, 1000);
    assert_int_equal(store->ops->part_get(store->self, "uuid:1", 0, &about, &out, &why),
                     ERR_NOT_FOUND);
    strbuf_free(&out);
    assert_int_equal(store->ops->submission_get(store->self, "uuid:1", false, &row, &why), ERR_OK);
    assert_int_equal(row.state, STORE_PRUNED);
    assert_int_equal(store->ops->integrity(store->self, &why), ERR_OK);
}

int main(void)
{
#define ON_FILE(test) cmocka_unit_test_setup_teardown(test, stores_open_real, stores_close)
    const struct CMUnitTest tests[] = {
        ON_FILE(the_file_is_made_with_its_lasting_settings_and_for_its_owner_only),
        ON_FILE(rot_in_a_row_a_manifest_or_a_part_is_noticed),
        ON_FILE(a_second_reader_sees_what_is_committed_and_can_change_nothing),
        ON_FILE(a_newer_or_foreign_file_is_refused),
        ON_FILE(a_file_of_the_version_before_keeps_its_cases),
        ON_FILE(what_is_pruned_is_nowhere_in_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
