// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: what every driver of it must do. Two handles stand for two processes.
#include "stores.h"

#include <signal.h>
#include <sys/wait.h>
#include <sqlite3.h>

static const uint8_t code[CRYPTO_HASH] = {7};

static struct district_device a_device(int number)
{
    struct district_device device = {.counter = "001", .incarnation = number % 10};
    snprintf(device.id, sizeof device.id, "device-%d", number);
    snprintf(device.key_id, sizeof device.key_id, "key-%d", number);
    snprintf(device.fingerprint, sizeof device.fingerprint, "print-%d", number);
    device.enrolled_utc_ms = 1000 + number;
    device.public_key[0] = (uint8_t)number;
    return device;
}

static void add_device(struct stores *stores, int number)
{
    struct district_device device = a_device(number);
    uint8_t hash[CRYPTO_HASH] = {(uint8_t)(100 + number)};
    assert_int_equal(CALL(stores->one, code_put, hash, "001", 5000), ERR_OK);
    assert_int_equal(CALL(stores->one, device_add, hash, &device), ERR_OK);
}

static struct district_submission a_submission(int number)
{
    struct district_submission s = {.form_id = "form",
                                    .version = "1",
                                    .counter = "001",
                                    .device_id = "device-1",
                                    .key_id = "key-1",
                                    .service = "service",
                                    .saved_utc_ms = 5,
                                    .received_utc_ms = 10 + number,
                                    .manifest = {"<data/>", 7}};
    snprintf(s.instance, sizeof s.instance, "uuid:%d", number);
    snprintf(s.receipt, sizeof s.receipt, "receipt-%d", number);
    s.token_hash[0] = s.manifest_digest[0] = (uint8_t)number;
    return s;
}

static const struct district_part parts[2] = {
    {.name = "a.enc", .size = 3, .digest = {1}, .data = "a\0b"},
    {.name = "submission.xml.enc", .size = 4, .digest = {2}, .data = "wxyz"}};

static enum err put(struct district_store *store, int number, const struct district_part *given,
                    struct district_put *out)
{
    struct district_submission submission = a_submission(number);
    return store->ops->submission_put(store->self, &submission, given, 2, out, NULL);
}

static void a_code_is_good_once(void **state)
{
    struct stores *stores = *state;
    struct district_device first = a_device(1), second = a_device(2);
    char counter[4];
    assert_int_equal(CALL(stores->one, code_put, code, "001", 500), ERR_OK);
    assert_int_equal(CALL(stores->two, code_counter, code, 499, counter), ERR_OK);
    assert_string_equal(counter, "001");
    assert_int_equal(CALL(stores->two, code_counter, code, 500, counter), ERR_DENIED);
    assert_int_equal(CALL(stores->one, device_add, code, &first), ERR_OK);
    assert_int_equal(CALL(stores->two, device_add, code, &second), ERR_DENIED);
    assert_int_equal(CALL(stores->two, code_counter, code, 1, counter), ERR_DENIED);
}

static void a_device_is_found_by_certificate_and_by_key(void **state)
{
    struct stores *stores = *state;
    struct district_device found;
    add_device(stores, 1);
    assert_int_equal(CALL(stores->two, device_by_fingerprint, "print-1", &found), ERR_OK);
    assert_string_equal(found.id, "device-1");
    assert_int_equal(found.public_key[0], 1);
    assert_int_equal(CALL(stores->two, device_by_key, "key-1", &found), ERR_OK);
    assert_int_equal(CALL(stores->two, device_by_key, "key-2", &found), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->two, device_by_fingerprint, "", &found), ERR_NOT_FOUND);
}

static void the_last_nine_incarnations_are_told_newest_first(void **state)
{
    struct stores *stores = *state;
    int digits[DISTRICT_INCARNATIONS];
    size_t count = 99;
    assert_int_equal(CALL(stores->one, incarnations, "001", digits, &count), ERR_OK);
    assert_int_equal(count, 0);
    for (int i = 0; i < 12; i++)
        add_device(stores, i);
    assert_int_equal(CALL(stores->one, incarnations, "001", digits, &count), ERR_OK);
    assert_int_equal(count, 9);
    assert_int_equal(digits[0], 1); // device 11
    assert_int_equal(digits[8], 3);
}

static void a_freeze_is_never_lifted_by_a_contact(void **state)
{
    struct stores *stores = *state;
    const char *const unsent[] = {"receipt-9", NULL};
    struct district_device found;
    add_device(stores, 1);
    struct district_contact contact = {
        .device_id = "device-1", .saves = 4, .audit_head = "ab", .utc_ms = 7, .unsent = unsent};
    for (int frozen = 1; frozen >= 0; frozen--) {
        contact.frozen = frozen;
        assert_int_equal(CALL(stores->one, device_contact, &contact), ERR_OK);
        assert_int_equal(CALL(stores->two, device_by_key, "key-1", &found), ERR_OK);
        assert_true(found.frozen);
        assert_int_equal(found.saves, 4);
    }
    contact.device_id = "nobody";
    assert_int_equal(CALL(stores->one, device_contact, &contact), ERR_NOT_FOUND);
}

static void a_form_version_never_changes(void **state)
{
    struct stores *stores = *state;
    struct district_form form = {.id = "f", .version = "1", .title = "t", .md5 = "aa"}, found = {0};
    struct strbuf xml;
    strbuf_init(&xml, 100);
    assert_int_equal(CALL(stores->one, form_put, &form, "<x/>", 4, 1), ERR_OK);
    assert_int_equal(CALL(stores->one, form_put, &form, "<x/>", 4, 2), ERR_OK);
    text_copy(form.md5, sizeof form.md5, "bb");
    assert_int_equal(CALL(stores->two, form_put, &form, "<y/>", 4, 3), ERR_CONFLICT);
    found.xml = &xml;
    assert_int_equal(CALL(stores->two, form_get, "f", "1", &found), ERR_OK);
    assert_string_equal(strbuf_text(&xml), "<x/>");
    assert_int_equal(CALL(stores->two, form_get, "f", "2", &found), ERR_NOT_FOUND);
    strbuf_free(&xml);
}

static void a_submission_is_filed_once_whoever_sends_it(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    assert_true(result.is_new && result.became_complete && result.missing == 0);
    assert_int_equal(put(&stores->two, 1, parts, &result), ERR_OK);
    assert_true(!result.is_new && !result.became_complete && result.missing == 0);
    struct district_submission other = a_submission(1);
    other.manifest_digest[5] = 1;
    assert_int_equal(
        stores->two.ops->submission_put(stores->two.self, &other, parts, 2, &result, NULL),
        ERR_CONFLICT);
}

static void the_last_missing_part_opens_the_case(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct district_case at;
    struct district_part some[2] = {parts[0], parts[1]};
    add_device(stores, 1);
    some[1].data = NULL;
    assert_int_equal(put(&stores->one, 1, some, &result), ERR_OK);
    assert_true(result.is_new && result.missing == 1);
    assert_int_equal(CALL(stores->one, case_get, "uuid:1", &at), ERR_OK);
    assert_string_equal(at.status, "");
    some[0].data = NULL;
    some[1].data = parts[1].data;
    assert_int_equal(put(&stores->two, 1, some, &result), ERR_OK);
    assert_true(!result.is_new && result.became_complete);
    assert_int_equal(CALL(stores->one, case_get, "uuid:1", &at), ERR_OK);
    assert_string_equal(at.status, "10");
}

struct seen {
    char names[64];
    size_t bytes, count;
};

static void see(void *context, const char *name, const void *data, size_t length)
{
    struct seen *seen = context;
    seen->bytes += length;
    seen->count++;
    assert_non_null(data);
    snprintf(seen->names + strlen(seen->names), sizeof seen->names - strlen(seen->names), "%s ",
             name);
}

static void sealed_parts_come_back_in_order_and_unchanged(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct seen seen = {0};
    struct strbuf manifest;
    strbuf_init(&manifest, 100);
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    assert_int_equal(CALL(stores->two, sealed_read, "uuid:1", &manifest, see, &seen), ERR_OK);
    assert_string_equal(strbuf_text(&manifest), "<data/>");
    assert_string_equal(seen.names, "a.enc submission.xml.enc ");
    assert_int_equal(seen.bytes, 7);
    assert_int_equal(CALL(stores->two, sealed_read, "uuid:2", &manifest, see, &seen),
                     ERR_NOT_FOUND);
    strbuf_free(&manifest);
}

static void a_case_is_opened_by_one_opener(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct seen seen = {0};
    struct strbuf key;
    char instance[LIMIT_INSTANCE_ID];
    int64_t cursor = 0;
    const struct district_file file = {"submission.xml", {"sealed", 6}};
    const struct district_mark mark = {INDEX_PHONE, {9}};
    struct district_opening opening = {.instance = "uuid:1",
                                       .wrapped_key = {"key", 3},
                                       .files = &file,
                                       .file_count = 1,
                                       .marks = &mark,
                                       .mark_count = 1};
    strbuf_init(&key, 100);
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    assert_int_equal(CALL(stores->one, next_sealed, &cursor, 1000, instance), ERR_OK);
    assert_string_equal(instance, "uuid:1");
    assert_int_equal(CALL(stores->one, next_sealed, &cursor, 1000, instance), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->one, opening_read, "uuid:1", &key, see, &seen), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->one, opening_put, &opening), ERR_OK);
    assert_int_equal(CALL(stores->two, opening_put, &opening), ERR_CONFLICT);
    assert_int_equal(CALL(stores->two, opening_read, "uuid:1", &key, see, &seen), ERR_OK);
    assert_string_equal(strbuf_text(&key), "key");
    assert_int_equal(seen.count, 1);
    cursor = 0;
    assert_int_equal(CALL(stores->two, next_sealed, &cursor, 1000, instance), ERR_NOT_FOUND);
    strbuf_free(&key);
}

static void a_case_that_cannot_be_opened_now_waits_by_itself(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct district_case at;
    char instance[LIMIT_INSTANCE_ID];
    int64_t cursor = 0;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    assert_int_equal(CALL(stores->one, opening_wait, "uuid:1", "no room", 5000), ERR_OK);
    assert_int_equal(CALL(stores->two, next_sealed, &cursor, 4999, instance), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->two, case_get, "uuid:1", &at), ERR_OK);
    assert_int_equal(at.tries, 1);
    assert_int_equal(at.due_utc_ms, 5000);
    assert_string_equal(at.reason, "no room");
    assert_int_equal(CALL(stores->two, next_sealed, &cursor, 5000, instance), ERR_OK);
    assert_int_equal(CALL(stores->one, opening_wait, "uuid:2", "no room", 5000), ERR_NOT_FOUND);
}

static void of_two_decisions_the_first_counts(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct district_event event = {.instance = "uuid:1", .from = "10", .status = "20"};
    char status[DISTRICT_STATUS], receipt[LIMIT_RECEIPT_NUMBER];
    const uint8_t token[CRYPTO_HASH] = {1}, unknown[CRYPTO_HASH] = {2};
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    assert_int_equal(CALL(stores->one, status_set, &event), ERR_OK);
    text_copy(event.status, sizeof event.status, "14");
    assert_int_equal(CALL(stores->two, status_set, &event), ERR_CONFLICT);
    assert_int_equal(CALL(stores->two, track, token, status, receipt), ERR_OK);
    assert_string_equal(status, "20");
    assert_string_equal(receipt, "receipt-1");
    assert_int_equal(CALL(stores->two, track, unknown, status, receipt), ERR_NOT_FOUND);
}

static void add_rating(void *context, const char *counter, const struct rating *row)
{
    strbuf_addf(context, "%s %d %s %d %d;", counter, row->day, row->service, row->grade,
                row->count);
}

static void of_two_counts_the_higher_is_kept(void **state)
{
    struct stores *stores = *state;
    struct rating rows[] = {{261123, "nappies", 5, 3}, {261123, "nappies", 1, 1}};
    struct strbuf text;
    assert_int_equal(CALL(stores->one, ratings_put, "001", rows, 2), ERR_OK);
    assert_int_equal(CALL(stores->two, ratings_put, "001", rows, 2), ERR_OK); // told again
    rows[0].count = 2; // overtaken on its way
    rows[1].count = 4;
    assert_int_equal(CALL(stores->one, ratings_put, "001", rows, 2), ERR_OK);
    strbuf_init(&text, 200);
    assert_int_equal(CALL(stores->two, ratings_each, add_rating, &text), ERR_OK);
    assert_string_equal(strbuf_text(&text), "001 261123 nappies 1 4;001 261123 nappies 5 3;");
    strbuf_free(&text);
}

static struct district_correction a_list(const char *id, const char *replaces)
{
    struct district_correction row = {.issued_utc_ms = 20, .due_utc_ms = 30};
    text_copy(row.id, sizeof row.id, id);
    text_copy(row.instance, sizeof row.instance, "uuid:1");
    text_copy(row.actor, sizeof row.actor, "1001");
    text_copy(row.came_from, sizeof row.came_from, "10");
    text_copy(row.replaces, sizeof row.replaces, replaces);
    return row;
}

static struct district_event a_move(const char *from, const char *to)
{
    struct district_event event = {.utc_ms = 20, .instance = "uuid:1", .actor = "1001"};
    text_copy(event.from, sizeof event.from, from);
    text_copy(event.status, sizeof event.status, to);
    return event;
}

static void collect_list(void *context, const struct district_correction *row, const char *json)
{
    struct strbuf *out = context;
    strbuf_addf(out, "%s:%d:%s ", row->id, (int)row->state, json);
}

static void a_case_waits_for_one_list_and_its_first_answer_moves_it(void **state)
{
    struct stores *stores = *state;
    struct district_put out;
    struct district_correction row = a_list("c1", ""), found;
    struct district_event wait = a_move("10", "14"), again = a_move("14", "14"),
                          back = a_move("14", "10");
    struct strbuf text;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &out), ERR_OK);
    assert_int_equal(put(&stores->one, 2, parts, &out), ERR_OK);
    assert_int_equal(CALL(stores->one, correction_open, "uuid:1", &found, NULL), ERR_NOT_FOUND);
    assert_int_equal(CALL(stores->one, correction_put, &row, "{1}", &wait), ERR_OK);
    row = a_list("c2", "");
    assert_int_equal(CALL(stores->two, correction_put, &row, "{2}", &wait), ERR_CONFLICT);
    row = a_list("c2", "c9");
    assert_int_equal(CALL(stores->two, correction_put, &row, "{2}", &again), ERR_CONFLICT);
    row = a_list("c2", "c1");
    assert_int_equal(CALL(stores->two, correction_put, &row, "{2}", &again), ERR_OK);
    strbuf_init(&text, 100);
    assert_int_equal(CALL(stores->one, correction_open, "uuid:1", &found, &text), ERR_OK);
    assert_string_equal(found.id, "c2");
    assert_string_equal(strbuf_text(&text), "{2}");
    const struct district_correction_answer answer = {"c2", "uuid:2", "look", 25};
    for (int i = 0; i < 2; i++) // as after a stop in between
        assert_int_equal(CALL(stores->one, correction_answer, &answer, &back), ERR_OK);
    assert_int_equal(CALL(stores->one, correction_get, "c2", &found, NULL), ERR_OK);
    assert_string_equal(found.answered_by, "uuid:2");
    assert_int_equal(CALL(stores->one, correction_open, "uuid:1", &found, NULL), ERR_NOT_FOUND);
    struct district_case at;
    assert_int_equal(CALL(stores->one, case_get, "uuid:1", &at), ERR_OK);
    assert_string_equal(at.status, "10");
    assert_int_equal(CALL(stores->one, case_get, "uuid:2", &at), ERR_OK);
    assert_string_equal(at.submission.flag, "look");
    strbuf_clear(&text);
    assert_int_equal(CALL(stores->one, correction_each, "uuid:1", collect_list, &text), ERR_OK);
    assert_string_equal(strbuf_text(&text), "c1:2:{1} c2:1:{2} ");
    strbuf_free(&text);
}

static void the_audit_chain_has_one_next_entry(void **state)
{
    struct stores *stores = *state;
    uint8_t hash[CRYPTO_HASH] = {3}, read[CRYPTO_HASH];
    int64_t sequence = -1;
    assert_int_equal(CALL(stores->one, audit_head, &sequence, read), ERR_OK);
    assert_int_equal(sequence, 0);
    assert_int_equal(CALL(stores->one, audit_put, 1, "line", hash), ERR_OK);
    assert_int_equal(CALL(stores->two, audit_put, 1, "other", hash), ERR_CONFLICT);
    assert_int_equal(CALL(stores->two, audit_head, &sequence, read), ERR_OK);
    assert_int_equal(sequence, 1);
    assert_memory_equal(read, hash, sizeof hash);
}

static void who_only_looks_sees_what_others_write_and_writes_nothing(void **state)
{
    struct stores *stores = *state;
    struct district_store looking = {0}, none = {0};
    struct district_case at;
    struct district_put out;
    add_device(stores, 1);
    assert_int_equal(sqlite_district_open_read_only(stores->path, &looking, NULL), ERR_OK);
    assert_int_equal(put(&stores->one, 1, parts, &out), ERR_OK);
    assert_int_equal(CALL(looking, case_get, "uuid:1", &at), ERR_OK);
    assert_int_equal(CALL(looking, backup_put, 5), ERR_TECHNICIAN);
    assert_int_not_equal(put(&looking, 2, parts, &out), ERR_OK);
    assert_int_equal(CALL(stores->one, case_get, "uuid:2", &at), ERR_NOT_FOUND);
    sqlite_district_close(&looking);
    assert_int_equal(sqlite_district_open_read_only("/tmp/nothing/district.db", &none, NULL),
                     ERR_NOT_FOUND);
}

// A child files one after the other and tells each number after its commit, until it is killed.
static void file_until_killed(const char *path, int tell)
{
    struct district_store store;
    struct district_put result;
    if (sqlite_district_open(path, &store, NULL) != ERR_OK)
        _exit(1);
    for (int i = 1; i < 200; i++) {
        if (put(&store, i, parts, &result) != ERR_OK || write(tell, &i, sizeof i) < 0)
            _exit(1);
    }
    _exit(0);
}

static int rows;
static void count_row(void *context, const struct district_case *row)
{
    (void)context;
    (void)row;
    rows++;
}

static void what_was_answered_survives_a_kill(void **state)
{
    struct stores *stores = *state;
    int line[2], told = 0, number;
    add_device(stores, 1);
    assert_int_equal(pipe(line), 0);
    pid_t child = fork();
    if (child == 0)
        file_until_killed(stores->path, line[1]);
    close(line[1]);
    while (told < 30 && read(line[0], &number, sizeof number) == sizeof number)
        told = number;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(line[0], &number, sizeof number) == sizeof number)
        told = number;
    close(line[0]);
    rows = 0;
    assert_int_equal(CALL(stores->two, case_each, count_row, NULL), ERR_OK);
    assert_in_range(rows, told, told + 1);
    struct district_put result;
    for (int i = 1; i <= told + 1; i++) // all is sent again
        assert_int_equal(put(&stores->two, i, parts, &result), ERR_OK);
    rows = 0;
    assert_int_equal(CALL(stores->one, case_each, count_row, NULL), ERR_OK);
    assert_int_equal(rows, told + 1);
}

// A program of its own, as yimenctl is: a fork alone would share what SQLite knows of this one.
static int look(const char *path, const char *instance)
{
    struct district_store store;
    struct district_case at;
    if (sqlite_district_open(path, &store, NULL) != ERR_OK)
        return 2;
    enum err err = CALL(store, case_get, instance, &at);
    sqlite_district_close(&store);
    return err == ERR_OK ? 0 : 1;
}

static void in_another_process(const char *path, const char *instance)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "look", path, instance, (char *)NULL);
        _exit(9);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

// The last connection to leave takes the write-ahead log away: it must not believe to be the last.
static void a_process_that_comes_and_goes_takes_nothing_along(void **state)
{
    struct stores *stores = *state;
    struct district_put result;
    struct district_case at;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &result), ERR_OK);
    in_another_process(stores->path, "uuid:1");
    assert_int_equal(put(&stores->one, 2, parts, &result), ERR_OK);
    assert_int_equal(CALL(stores->two, case_get, "uuid:2", &at), ERR_OK);
    in_another_process(stores->path, "uuid:2");
}

static void count_instance(void *context, const char *instance, const char *receipt)
{
    assert_true(text_starts(instance, "uuid:"));
    assert_true(text_starts(receipt, "receipt-"));
    ++*(int *)context;
}

static void a_counters_complete_cases_of_a_time_are_walked(void **state)
{
    struct stores *stores = *state;
    struct district_put out;
    struct district_part some[2] = {parts[0], parts[1]};
    int count = 0;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &out), ERR_OK);
    some[1].data = NULL;
    assert_int_equal(put(&stores->one, 2, some, &out), ERR_OK);
    assert_int_equal(CALL(stores->two, counter_each, "001", 5, 6, count_instance, &count), ERR_OK);
    assert_int_equal(count, 1); // the other is not complete
    assert_int_equal(CALL(stores->two, counter_each, "001", 6, 9, count_instance, &count), ERR_OK);
    assert_int_equal(CALL(stores->two, counter_each, "002", 5, 6, count_instance, &count), ERR_OK);
    assert_int_equal(count, 1);
}

static void the_last_backup_said_counts(void **state)
{
    struct stores *stores = *state;
    int64_t at = 7;
    assert_int_equal(CALL(stores->one, backup_last, &at), ERR_OK);
    assert_int_equal(at, 0);
    assert_int_equal(CALL(stores->one, backup_put, 500), ERR_OK);
    assert_int_equal(CALL(stores->one, backup_put, 400), ERR_OK);
    assert_int_equal(CALL(stores->two, backup_last, &at), ERR_OK);
    assert_int_equal(at, 400);
}

static void a_database_of_the_version_before_keeps_its_cases(void **state)
{
    struct stores *stores = *state;
    struct district_put out;
    struct district_case at;
    int64_t backup = 0;
    sqlite3 *database;
    add_device(stores, 1);
    assert_int_equal(put(&stores->one, 1, parts, &out), ERR_OK);
    sqlite_district_close(&stores->one);
    sqlite_district_close(&stores->two);
    assert_int_equal(sqlite3_open(stores->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "DROP TABLE item; ALTER TABLE status_event DROP COLUMN item;"
                                  "DROP TABLE lookup; DROP TABLE lookup_try; DROP TABLE token;"
                                  "DROP INDEX submission_by_of;"
                                  "DROP TABLE device_head; DROP TABLE device_stored;"
                                  "CREATE TABLE use_count (key TEXT PRIMARY KEY);"
                                  "ALTER TABLE device DROP COLUMN audit_sequence;"
                                  "ALTER TABLE device DROP COLUMN forked_utc_ms;"
                                  "ALTER TABLE device DROP COLUMN audit_chain;"
                                  "ALTER TABLE device DROP COLUMN audit_moved_utc_ms;"
                                  "ALTER TABLE device DROP COLUMN audit_still;"
                                  "DROP INDEX submission_by_device;"
                                  "DROP INDEX submission_incomplete;"
                                  "DROP TABLE rating; DROP TABLE draft; DROP TABLE correction;"
                                  "DROP TABLE upload_piece; DROP TABLE upload;"
                                  "ALTER TABLE part DROP COLUMN upload;"
                                  "ALTER TABLE submission DROP COLUMN open_tries;"
                                  "ALTER TABLE submission DROP COLUMN open_due_utc_ms;"
                                  "DROP TABLE backup; DROP INDEX submission_by_counter;"
                                  "PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(sqlite_district_open(stores->path, &stores->one, NULL), ERR_OK);
    assert_int_equal(CALL(stores->one, case_get, "uuid:1", &at), ERR_OK);
    assert_int_equal(CALL(stores->one, backup_last, &backup), ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stores_open, stores_close)

int main(int argc, char **argv)
{
    if (argc == 3)
        return look(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        TEST(a_code_is_good_once),
        TEST(a_device_is_found_by_certificate_and_by_key),
        TEST(the_last_nine_incarnations_are_told_newest_first),
        TEST(a_freeze_is_never_lifted_by_a_contact),
        TEST(a_form_version_never_changes),
        TEST(a_submission_is_filed_once_whoever_sends_it),
        TEST(the_last_missing_part_opens_the_case),
        TEST(sealed_parts_come_back_in_order_and_unchanged),
        TEST(a_case_is_opened_by_one_opener),
        TEST(a_case_that_cannot_be_opened_now_waits_by_itself),
        TEST(of_two_decisions_the_first_counts),
        TEST(of_two_counts_the_higher_is_kept),
        TEST(a_case_waits_for_one_list_and_its_first_answer_moves_it),
        TEST(the_audit_chain_has_one_next_entry),
        TEST(who_only_looks_sees_what_others_write_and_writes_nothing),
        TEST(what_was_answered_survives_a_kill),
        TEST(a_process_that_comes_and_goes_takes_nothing_along),
        TEST(a_counters_complete_cases_of_a_time_are_walked),
        TEST(the_last_backup_said_counts),
        TEST(a_database_of_the_version_before_keeps_its_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
