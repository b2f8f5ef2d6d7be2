// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/staff/staff.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static void print_state(struct kiosk *kiosk, const char *job, enum print_state print)
{
    struct outbox_request request = {.kind = OUTBOX_PRINT_STATE, .print_state = print};
    text_copy(request.job, sizeof request.job, job);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

static void end_visit(struct kiosk *kiosk, const char *receipt)
{
    struct outbox_request request = {.kind = OUTBOX_VISIT_ENDED};
    text_copy(request.instance, sizeof request.instance, kiosk_row(kiosk, receipt).instance);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

static void a_receipt_not_printed_waits_for_its_owner_after_the_visit(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], job[64];
    kiosk_save(kiosk, 1, false, receipt);
    text_copy(job, sizeof job, kiosk->reply.job);
    print_state(kiosk, job, PRINT_ACCEPTED);
    assert_int_equal(kiosk_row(kiosk, receipt).print_state, PRINT_ACCEPTED);
    end_visit(kiosk, receipt);
    assert_int_equal(kiosk_row(kiosk, receipt).print_state, PRINT_WAITING_FOR_OWNER);
    print_state(kiosk, job, PRINT_CANCELLED); // the print worker's own word comes later
    assert_int_equal(kiosk_row(kiosk, receipt).print_state, PRINT_WAITING_FOR_OWNER);
}

static void printed_is_the_last_word(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], job[64];
    kiosk_save(kiosk, 1, false, receipt);
    text_copy(job, sizeof job, kiosk->reply.job);
    print_state(kiosk, job, PRINT_PRINTED);
    end_visit(kiosk, receipt);
    print_state(kiosk, job, PRINT_FAILED);
    kiosk_restart(kiosk);
    assert_int_equal(kiosk_row(kiosk, receipt).print_state, PRINT_PRINTED);
    assert_int_equal(kiosk_audit_count(kiosk, "receipt.printed"), 1);
}

static void a_restart_leaves_unprinted_receipts_waiting_for_their_owners(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_restart(kiosk);
    assert_int_equal(kiosk_row(kiosk, receipt).print_state, PRINT_WAITING_FOR_OWNER);
}

static void a_reprint_is_counted_marked_and_logged_and_says_the_same(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], qr[LIMIT_QR_TEXT], job[64];
    kiosk_save(kiosk, 1, false, receipt);
    text_copy(qr, sizeof qr, kiosk->reply.facts->qr_text);
    text_copy(job, sizeof job, kiosk->reply.job);
    kiosk_restart(kiosk);
    struct outbox_request request = {.kind = OUTBOX_RECEIPT, .staff = "1001"};
    text_copy(request.receipt, sizeof request.receipt, receipt);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_RECEIPT_READY);
    assert_int_equal(kiosk->reply.facts->print_count, 2);
    assert_string_equal(kiosk->reply.facts->qr_text, qr);
    assert_string_equal(kiosk->reply.facts->papers[0].id, "household-register");
    assert_string_not_equal(kiosk->reply.job, job);
    assert_int_equal(kiosk_row(kiosk, receipt).print_count, 2);
    assert_int_equal(kiosk_audit_count(kiosk, "receipt.reprint"), 1);
    text_copy(request.receipt, sizeof request.receipt, "370212007261123240000");
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.err, ERR_NOT_FOUND);
}

static void an_urgent_call_stays_open_until_staff_close_it(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request open = {
        .kind = OUTBOX_URGENT_OPEN, .when = kiosk->clock.now, .text = "counter 007"};
    kiosk_ask(kiosk, &open);
    assert_int_equal(kiosk->reply.kind, OUTBOX_URGENT_OPENED);
    long long id = kiosk->reply.number;
    assert_true(id > 0);
    fake_clock_pass(&kiosk->clock, 90000);
    kiosk_restart(kiosk);
    kiosk_ask(kiosk, NULL);
    assert_int_equal(kiosk->reply.open_calls, 1);
    assert_int_equal(kiosk->reply.newest_call_ms, 90000); // presses go on joining it
    struct outbox_request close = {
        .kind = OUTBOX_URGENT_CLOSE, .number = id, .staff = "1001", .text = "helped"};
    kiosk_ask(kiosk, &close);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    kiosk_rows(kiosk);
    assert_int_equal(kiosk->reply.open_calls, 0);
    kiosk_ask(kiosk, &close);
    assert_int_equal(kiosk->reply.err, ERR_NOT_FOUND);
    assert_int_equal(kiosk_audit_count(kiosk, "urgent.opened"), 1);
    assert_int_equal(kiosk_audit_count(kiosk, "urgent.closed"), 1);
}

static void login_says_the_role_or_how_long_to_wait(void **state)
{
    struct kiosk *kiosk = *state;
    struct staff staff;
    staff_begin(&staff, &kiosk->store, &kiosk->crypto, &kiosk->clock.clock, kiosk->root);
    assert_int_equal(staff_add(&staff, "1001", "supervisor", "739164", false, NULL), ERR_OK);
    struct outbox_request request = {.kind = OUTBOX_LOGIN, .staff = "1001", .text = "739164"};
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_LOGGED_IN);
    assert_string_equal(kiosk->reply.role, "supervisor");
    assert_string_equal(request.text, ""); // the PIN is wiped
    for (int at = 0; at < 5; at++) {
        text_copy(request.text, sizeof request.text, "000001");
        kiosk_ask(kiosk, &request);
        assert_int_equal(kiosk->reply.kind, OUTBOX_LOGIN_REFUSED);
    }
    assert_int_equal(kiosk->reply.wait_s, 15);
    assert_int_equal(kiosk_audit_count(kiosk, "staff.login"), 1);
    assert_int_equal(kiosk_audit_count(kiosk, "staff.refused"), 5);
}

// Changes the file behind the kiosk's back.
static void tamper(const struct kiosk *kiosk, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(kiosk->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void the_self_test_says_that_all_is_well(void **state)
{
    struct kiosk *kiosk = *state;
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_SELF_TEST});
    assert_int_equal(kiosk->reply.kind, OUTBOX_SELF_TESTED);
    assert_true(kiosk->reply.database_good);
    assert_true(kiosk->reply.audit_good);
    assert_true(kiosk->reply.disk_free > 0 && kiosk->reply.disk_total >= kiosk->reply.disk_free);
}

static void the_self_test_finds_audit_entries_changed_removed_moved_or_cut_off(void **state)
{
    struct kiosk *kiosk = *state;
    static const char *const damages[] = {
        "UPDATE audit SET line = replace(line, 'note.2', 'note.9')",
        "DELETE FROM audit WHERE sequence = 3",
        ("UPDATE audit SET sequence = CASE sequence WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE sequence "
         "END;"
         "UPDATE audit SET sequence = -sequence WHERE sequence < 0"),
        "DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)",
        "DELETE FROM audit",
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE sequence = 2) WHERE sequence = 3",
    };
    for (int at = 1; at <= 4; at++) {
        struct outbox_request note = {.kind = OUTBOX_NOTE};
        snprintf(note.text, sizeof note.text, "note.%d", at);
        kiosk_ask(kiosk, &note);
    }
    for (size_t at = 0; at < sizeof damages / sizeof damages[0]; at++) {
        tamper(kiosk, "CREATE TABLE kept AS SELECT * FROM audit");
        tamper(kiosk, damages[at]);
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_SELF_TEST});
        assert_true(kiosk->reply.database_good);
        assert_false(kiosk->reply.audit_good);
        assert_non_null(strstr(kiosk->reply.why, "audit entry"));
        tamper(kiosk, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept");
    }
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_SELF_TEST});
    assert_true(kiosk->reply.audit_good);
}

static void a_damaged_case_is_set_aside_and_the_next_one_is_sent(void **state)
{
    struct kiosk *kiosk = *state;
    char damaged[LIMIT_RECEIPT_NUMBER], sound[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, damaged);
    kiosk_save(kiosk, 2, false, sound);
    tamper(kiosk, "UPDATE piece SET data = zeroblob(length(data)) "
                  "WHERE submission = 1 AND position = 0");
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, sound);
    assert_string_equal(kiosk_row(kiosk, damaged).state, "quarantined");
}

static void grades_are_counted_and_told_as_counts_so_far(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request list = {.kind = OUTBOX_LIST, .from = OUTBOX_FROM_SYNC};
    kiosk_ask(kiosk, &list);
    assert_null(kiosk->reply.ratings);
    for (int i = 0; i < 3; i++) {
        struct outbox_request rated = {.kind = OUTBOX_RATED, .number = i < 2 ? 5 : 2};
        text_copy(rated.text, sizeof rated.text, "nappies");
        kiosk_ask(kiosk, &rated);
        assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    }
    for (int i = 0; i < 2; i++) { // whether or not the district heard it
        kiosk_ask(kiosk, &list);
        const char *first = strstr(kiosk->reply.ratings, " nappies 5 2\n");
        assert_non_null(first);
        assert_non_null(strstr(kiosk->reply.ratings, " nappies 2 1\n"));
    }
    struct outbox_request bad = {.kind = OUTBOX_RATED, .number = 6, .text = "nappies"};
    kiosk_ask(kiosk, &bad);
    assert_int_equal(kiosk->reply.kind, OUTBOX_FAILED);
    struct outbox_request for_staff = {.kind = OUTBOX_LIST};
    kiosk_ask(kiosk, &for_staff);
    assert_null(kiosk->reply.ratings);
}

static void the_audit_is_given_from_where_the_district_has_it(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request list = {.kind = OUTBOX_LIST, .from = OUTBOX_FROM_SYNC, .number = -1};
    struct outbox_request note = {.kind = OUTBOX_NOTE, .text = "visit.started"};
    for (int i = 0; i < 3; i++)
        kiosk_ask(kiosk, &note);
    kiosk_ask(kiosk, &list); // nothing ever left: from the first entry on
    int64_t newest = kiosk->reply.audit_head.sequence;
    assert_true(newest >= 3);
    assert_int_equal(kiosk->reply.audit_after, 0);
    assert_true(text_starts(kiosk->reply.audit_entries, "1\t"));
    struct outbox_request contact = {.kind = OUTBOX_CONTACT, .exported = kiosk->reply.audit_head};
    kiosk_ask(kiosk, &contact);
    kiosk_ask(kiosk, &note);
    kiosk_ask(kiosk, &list);
    assert_int_equal(kiosk->reply.audit_after, newest);
    assert_int_equal(kiosk->reply.audit_head.sequence, newest + 1);
    list.number = newest - 1; // the district has a backup back
    kiosk_ask(kiosk, &list);
    assert_int_equal(kiosk->reply.audit_after, newest - 1);
    uint8_t hash[AUDIT_HASH];
    int64_t sequence = 0;
    list.number = 0;
    kiosk_ask(kiosk, &list);
    memset(hash, 0, sizeof hash);
    const char *lines = kiosk->reply.audit_entries;
    assert_int_equal(audit_follow(&kiosk->crypto, &sequence, hash, lines, strlen(lines), NULL),
                     ERR_OK);
    assert_int_equal(sequence, kiosk->reply.audit_head.sequence);
    assert_memory_equal(hash, kiosk->reply.audit_head.hash, AUDIT_HASH);
    list.number = 1 << 20; // of another disk
    kiosk_ask(kiosk, &list);
    assert_null(kiosk->reply.audit_entries);
    assert_int_equal(kiosk->reply.audit_head.sequence, newest + 1);
}

static void settings_and_notes_are_logged(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request setting = {
        .kind = OUTBOX_SETTING, .staff = "1001", .text = "volume", .detail = "3"};
    kiosk_ask(kiosk, &setting);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    struct outbox_request note = {
        .kind = OUTBOX_NOTE, .text = "service.closed", .detail = "nappies"};
    kiosk_ask(kiosk, &note);
    assert_int_equal(kiosk_audit_count(kiosk, "setting.changed"), 1);
    assert_int_equal(kiosk_audit_count(kiosk, "service.closed"), 1);
    struct strbuf value;
    strbuf_init(&value, 100);
    assert_int_equal(kiosk->store.ops->meta_get(kiosk->store.self, "setting.volume", &value, NULL),
                     ERR_OK);
    assert_string_equal(value.data, "3");
    strbuf_free(&value);
}

// A public form may require what no kiosk asks: the list says so, whatever becomes of the case.
static void what_was_not_asked_is_on_the_list(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request list = {.kind = OUTBOX_LIST};
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_ask(kiosk, &list);
    assert_int_equal(kiosk->reply.rows[0].not_asked, 0);
    struct outbox_request save = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 2)};
    assert_int_equal(record_answer(save.draft->record, "/data/name", "photo", NULL), ERR_OK);
    kiosk_ask(kiosk, &save);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    kiosk_ask(kiosk, &list);
    assert_int_equal(kiosk->reply.rows[0].not_asked + kiosk->reply.rows[1].not_asked, 1);
}

static void a_restricted_case_is_not_told_apart_on_the_list(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    request.draft->restricted = true;
    kiosk_ask(kiosk, &request);
    char receipt[LIMIT_RECEIPT_NUMBER];
    text_copy(receipt, sizeof receipt, kiosk->reply.facts->number);
    assert_string_equal(kiosk_row(kiosk, receipt).service, "expenditure-relief");
}

static void a_hand_slip_has_a_number_of_its_own_and_is_no_case(void **state)
{
    struct kiosk *kiosk = *state;
    char first[LIMIT_RECEIPT_NUMBER], receipt[LIMIT_RECEIPT_NUMBER];
    struct outbox_request request = {.kind = OUTBOX_HAND_SLIP, .staff = "1001"};
    struct receipt_number number;
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_NUMBERED);
    text_copy(first, sizeof first, kiosk->reply.slip);
    assert_int_equal(receipt_number_parse(first, &number, NULL), ERR_OK);
    assert_int_equal(number.type, 9);
    kiosk_ask(kiosk, &request);
    assert_string_not_equal(kiosk->reply.slip, first);
    kiosk_save(kiosk, 1, false, receipt); // shares the day's serials, never one of them
    struct receipt_number of_case;
    assert_int_equal(receipt_number_parse(receipt, &of_case, NULL), ERR_OK);
    assert_int_not_equal(of_case.serial, number.serial);
    assert_int_equal(kiosk_rows(kiosk), 1);
    assert_int_equal(kiosk_audit_count(kiosk, "slip.numbered"), 2);
}

int main(void)
{
#define ON_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
    const struct CMUnitTest tests[] = {
        ON_KIOSK(a_receipt_not_printed_waits_for_its_owner_after_the_visit),
        ON_KIOSK(printed_is_the_last_word),
        ON_KIOSK(a_restart_leaves_unprinted_receipts_waiting_for_their_owners),
        ON_KIOSK(a_reprint_is_counted_marked_and_logged_and_says_the_same),
        ON_KIOSK(an_urgent_call_stays_open_until_staff_close_it),
        ON_KIOSK(login_says_the_role_or_how_long_to_wait),
        ON_KIOSK(the_self_test_says_that_all_is_well),
        ON_KIOSK(the_self_test_finds_audit_entries_changed_removed_moved_or_cut_off),
        ON_KIOSK(a_damaged_case_is_set_aside_and_the_next_one_is_sent),
        ON_KIOSK(grades_are_counted_and_told_as_counts_so_far),
        ON_KIOSK(the_audit_is_given_from_where_the_district_has_it),
        ON_KIOSK(settings_and_notes_are_logged),
        ON_KIOSK(a_hand_slip_has_a_number_of_its_own_and_is_no_case),
        ON_KIOSK(what_was_not_asked_is_on_the_list),
        ON_KIOSK(a_restricted_case_is_not_told_apart_on_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
