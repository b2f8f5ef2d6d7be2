// SPDX-License-Identifier: GPL-3.0-or-later
// How long cases stay, what stops new visits, and what the comparison with the district mends.
#include "kiosk.h"

#include "yimen/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t day_ms = 86400000;

static void contact(struct kiosk *kiosk, int64_t backup_utc_ms, const char *text)
{
    struct outbox_request request = {.kind = OUTBOX_CONTACT, .number = backup_utc_ms};
    text_copy(request.text, sizeof request.text, text);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

static const char *frozen(struct kiosk *kiosk)
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    assert_int_equal(kiosk->reply.kind, OUTBOX_LISTED);
    return kiosk->reply.frozen;
}

static struct outbox_news *news_of(const char *instance, const char *status)
{
    struct outbox_news *news = calloc(1, sizeof *news + sizeof news->items[0]);
    news->count = 1;
    text_copy(news->items[0].instance, sizeof news->items[0].instance, instance);
    text_copy(news->items[0].status, sizeof news->items[0].status, status);
    news->items[0].utc_ms = 77;
    return news;
}

static void a_case_is_pruned_when_it_is_old_and_inside_a_verified_backup(void **state)
{
    static const struct {
        const char *name;
        int days, backup_days; ///< since it was received; the backup's, 0 = none
        enum time_quality quality;
        bool pruned;
    } table[] = {
        {"too young", 34, 34, TIME_DISTRICT, false},
        {"no backup", 36, 0, TIME_DISTRICT, false},
        {"a backup from before", 36, -1, TIME_DISTRICT, false},
        {"a backup of the same day", 36, 1, TIME_DISTRICT, false},
        {"a date that nobody vouches for", 36, 30, TIME_RTC, false},
        {"old and safe", 36, 30, TIME_DISTRICT, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct kiosk *kiosk;
        char number[LIMIT_RECEIPT_NUMBER];
        assert_int_equal(kiosk_set_up(state), 0);
        kiosk = *state;
        kiosk_save(kiosk, 1, false, number);
        kiosk_send(kiosk, SEND_RECEIVED, number);
        int64_t received = kiosk->clock.now.utc_ms;
        fake_clock_pass(&kiosk->clock, table[i].days * day_ms);
        kiosk->clock.now.quality = table[i].quality;
        contact(kiosk, table[i].backup_days ? received + table[i].backup_days * day_ms : 0, "");
        bool pruned = text_equal(kiosk_row(kiosk, number).state, "pruned");
        if (pruned != table[i].pruned)
            fail_msg("%s: %d", table[i].name, pruned);
        assert_int_equal(kiosk_audit_count(kiosk, "case.pruned"), pruned);
        assert_int_equal(kiosk_audit_count(kiosk, "audit.checkpoint"), pruned);
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_SELF_TEST});
        assert_true(kiosk->reply.audit_good && kiosk->reply.database_good);
        kiosk_tear_down(state);
    }
    assert_int_equal(kiosk_set_up(state), 0);
}

static void what_is_not_received_is_never_pruned(void **state)
{
    struct kiosk *kiosk = *state;
    static const enum send_outcome outcomes[] = {SEND_RETRY, SEND_HELD, SEND_QUARANTINED};
    char number[LIMIT_RECEIPT_NUMBER];
    for (int i = 0; i < 3; i++) {
        kiosk_save(kiosk, i + 1, false, number);
        kiosk_send(kiosk, outcomes[i], number);
    }
    fake_clock_pass(&kiosk->clock, 400 * day_ms);
    kiosk->clock.now.quality = TIME_DISTRICT;
    contact(kiosk, kiosk->clock.now.utc_ms, "");
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    assert_int_equal(kiosk->reply.unsent, 3);
    assert_int_equal(kiosk_audit_count(kiosk, "case.pruned"), 0);
}

static void a_pruned_receipt_cannot_be_printed_again(void **state)
{
    struct kiosk *kiosk = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, number);
    kiosk_send(kiosk, SEND_RECEIVED, number);
    fake_clock_pass(&kiosk->clock, 40 * day_ms);
    kiosk->clock.now.quality = TIME_DISTRICT;
    contact(kiosk, kiosk->clock.now.utc_ms, "");
    struct outbox_request receipt = {.kind = OUTBOX_RECEIPT};
    text_copy(receipt.receipt, sizeof receipt.receipt, number);
    kiosk_ask(kiosk, &receipt);
    assert_int_equal(kiosk->reply.kind, OUTBOX_FAILED);
    assert_int_equal(kiosk->reply.err, ERR_NOT_FOUND);
}

static void an_old_queue_warns_and_then_stops_new_visits_but_no_saving(void **state)
{
    struct kiosk *kiosk = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    assert_string_equal(frozen(kiosk), "");
    kiosk_save(kiosk, 1, false, number);
    fake_clock_pass(&kiosk->clock, 3 * day_ms);
    assert_string_equal(frozen(kiosk), "");
    assert_string_equal(kiosk->reply.warning[0] == 'd' ? "age" : kiosk->reply.warning, "age");
    fake_clock_pass(&kiosk->clock, 12 * day_ms);
    assert_string_equal(frozen(kiosk), "age");
    kiosk_save(kiosk, 2, false, number); // a visit that had begun
    kiosk_save(kiosk, 3, true, number);
    while (kiosk_send(kiosk, SEND_RECEIVED, number), kiosk_rows(kiosk), kiosk->reply.unsent > 0) {
    }
    assert_string_equal(frozen(kiosk), "");
}

static void a_kiosk_that_went_back_stays_closed_over_restarts_until_it_is_enrolled(void **state)
{
    struct kiosk *kiosk = *state;
    contact(kiosk, 0, "enrol");
    contact(kiosk, 0, "enrol");
    assert_string_equal(frozen(kiosk), "enrol");
    kiosk_restart(kiosk);
    assert_string_equal(frozen(kiosk), "enrol");
    contact(kiosk, 0, "");
    assert_string_equal(frozen(kiosk), "");
    assert_int_equal(kiosk_audit_count(kiosk, "visits.frozen"), 1);
    assert_int_equal(kiosk_audit_count(kiosk, "visits.open"), 1);
}

static void held_cases_go_at_once_when_the_forms_have_changed(void **state)
{
    struct kiosk *kiosk = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, number);
    kiosk_send(kiosk, SEND_HELD, number);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_RELEASE});
    kiosk_send(kiosk, SEND_RECEIVED, number);
}

static void what_the_district_lost_is_sent_again_as_it_was(void **state)
{
    struct kiosk *kiosk = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, number);
    kiosk_send(kiosk, SEND_RECEIVED, number);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LEDGER});
    assert_int_equal(kiosk->reply.kind, OUTBOX_LEDGER_READY);
    assert_int_equal(kiosk->reply.ledger_count, 1);
    assert_string_equal(kiosk->reply.ledger[0].number, number);
    struct outbox_request repair = {.kind = OUTBOX_REPAIR,
                                    .news = news_of(kiosk->reply.ledger[0].instance, "")};
    kiosk_ask(kiosk, &repair);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    assert_null(repair.news);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LEDGER});
    assert_int_equal(kiosk->reply.ledger_count, 0);
    kiosk_send(kiosk, SEND_RECEIVED, number);
    assert_int_equal(kiosk_audit_count(kiosk, "reconcile.resent"), 1);
    struct outbox_request stranger = {.kind = OUTBOX_REPAIR, .news = news_of("uuid:x", "")};
    kiosk_ask(kiosk, &stranger);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

static void the_last_known_state_is_listed_and_the_cursor_kept(void **state)
{
    struct kiosk *kiosk = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, number);
    struct outbox_row row = kiosk_row(kiosk, number);
    assert_string_equal(row.status, "");
    struct outbox_request status = {
        .kind = OUTBOX_STATUS, .number = 9, .news = news_of(row.instance, "21")};
    kiosk_ask(kiosk, &status);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    kiosk_restart(kiosk);
    row = kiosk_row(kiosk, number);
    assert_string_equal(row.status, "21");
    assert_int_equal(row.status_utc_ms, 77);
    assert_int_equal(kiosk->reply.status_cursor, 9);
}

// Each store call of a request is made to fail once; then it is either not done at all, or done
// when it is asked again. Afterwards the store and the chain are sound.
static void a_fault_anywhere_leaves_nothing_half_done(void **state)
{
    static const struct {
        enum outbox_request_kind kind;
        const char *event; ///< that the work leaves once, or NULL
    } table[] = {{OUTBOX_CONTACT, "case.pruned"},
                 {OUTBOX_REPAIR, "reconcile.resent"},
                 {OUTBOX_STATUS, NULL},
                 {OUTBOX_RELEASE, NULL}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct kiosk *kiosk;
        char number[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID];
        assert_int_equal(kiosk_set_up(state), 0);
        kiosk = *state;
        kiosk_save(kiosk, 1, false, number);
        kiosk_send(kiosk, SEND_RECEIVED, number);
        fake_clock_pass(&kiosk->clock, 60 * day_ms);
        kiosk->clock.now.quality = TIME_DISTRICT;
        text_copy(instance, sizeof instance, kiosk_row(kiosk, number).instance);
        kiosk->reply.kind = OUTBOX_FAILED;
        for (long at = 1; kiosk->reply.kind == OUTBOX_FAILED; at++) {
            assert_true(at < 100);
            struct outbox_request request = {.kind = table[i].kind,
                                             .number = kiosk->clock.now.utc_ms,
                                             .news = news_of(instance, "21")};
            kiosk->failing_store.calls = 0;
            kiosk->failing_store.fail_at = at;
            kiosk_ask(kiosk, &request);
            kiosk->failing_store.fail_at = 0;
        }
        assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
        if (table[i].event)
            assert_int_equal(kiosk_audit_count(kiosk, table[i].event), 1);
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_SELF_TEST});
        assert_true(kiosk->reply.audit_good && kiosk->reply.database_good);
        kiosk_tear_down(state);
    }
    assert_int_equal(kiosk_set_up(state), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kiosk_set_up, kiosk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_case_is_pruned_when_it_is_old_and_inside_a_verified_backup,
                                  kiosk_tear_down),
        cmocka_unit_test_teardown(a_fault_anywhere_leaves_nothing_half_done, kiosk_tear_down),
        TEST(what_is_not_received_is_never_pruned),
        TEST(a_pruned_receipt_cannot_be_printed_again),
        TEST(an_old_queue_warns_and_then_stops_new_visits_but_no_saving),
        TEST(a_kiosk_that_went_back_stays_closed_over_restarts_until_it_is_enrolled),
        TEST(held_cases_go_at_once_when_the_forms_have_changed),
        TEST(what_the_district_lost_is_sent_again_as_it_was),
        TEST(the_last_known_state_is_listed_and_the_cursor_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
