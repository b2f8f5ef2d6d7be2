// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk.h"

#include "yimen/base/text.h"

#include <string.h>

enum { SECOND_MS = 1000, HOUR_MS = 3600000 };

static void urgent_goes_first_then_the_oldest(void **state)
{
    struct kiosk *kiosk = *state;
    char first[LIMIT_RECEIPT_NUMBER], second[LIMIT_RECEIPT_NUMBER], urgent[LIMIT_RECEIPT_NUMBER];
    char sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, first);
    kiosk_save(kiosk, 2, false, second);
    kiosk_save(kiosk, 3, true, urgent);
    const char *const order[] = {urgent, first, second};
    for (int at = 0; at < 3; at++) {
        kiosk_send(kiosk, SEND_RECEIVED, sent);
        assert_string_equal(sent, order[at]);
        assert_string_equal(kiosk_row(kiosk, sent).state, "received");
    }
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
    assert_int_equal(kiosk->reply.retry_at_ms, -1);
}

static void a_failed_item_waits_ever_longer_and_the_others_pass(void **state)
{
    struct kiosk *kiosk = *state;
    char first[LIMIT_RECEIPT_NUMBER], second[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, first);
    kiosk_save(kiosk, 2, false, second);
    kiosk_send(kiosk, SEND_RETRY, sent);
    assert_string_equal(sent, first);
    assert_string_equal(kiosk_row(kiosk, first).state, "retry");
    assert_string_equal(kiosk_row(kiosk, first).reason, "HTTP 500");
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, second);
    int64_t shortest = 5 * SECOND_MS / 2, longest = 5 * SECOND_MS;
    for (int attempt = 1; attempt < 12; attempt++) {
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
        assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
        int64_t wait = kiosk->reply.retry_at_ms - kiosk->clock.now.monotonic_ms;
        assert_in_range(wait, shortest, longest);
        fake_clock_pass(&kiosk->clock, wait);
        kiosk_send(kiosk, SEND_RETRY, sent);
        shortest = shortest * 2 > HOUR_MS / 4 ? HOUR_MS / 4 : shortest * 2;
        longest = longest * 2 > HOUR_MS / 2 ? HOUR_MS / 2 : longest * 2;
    }
    assert_string_equal(kiosk_row(kiosk, first).state, "retry"); // being offline condemns nobody
}

static void an_item_that_fails_while_others_pass_is_quarantined_and_never_in_the_way(void **state)
{
    struct kiosk *kiosk = *state;
    char poisoned[LIMIT_RECEIPT_NUMBER], other[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, true, poisoned);
    int round = 0;
    while (text_equal(kiosk_row(kiosk, poisoned).state, round ? "retry" : "saved")) {
        assert_true(++round < 20);
        kiosk_send(kiosk, SEND_RETRY, sent);
        assert_string_equal(sent, poisoned);
        kiosk_save(kiosk, 100 + round, false, other);
        if (text_equal(kiosk_row(kiosk, poisoned).state, "quarantined"))
            break;
        kiosk_send(kiosk, SEND_RECEIVED, sent);
        assert_string_equal(sent, other);
        fake_clock_pass(&kiosk->clock, HOUR_MS);
    }
    assert_in_range(round, 8, 10);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, other);
    assert_int_equal(kiosk_audit_count(kiosk, "case.quarantined"), 1);
    struct outbox_request retry = {.kind = OUTBOX_RETRY, .staff = "1001"};
    text_copy(retry.receipt, sizeof retry.receipt, poisoned);
    kiosk_ask(kiosk, &retry);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, poisoned);
}

static void whom_the_district_asks_to_come_again_is_never_taken_for_poisoned(void **state)
{
    enum { WAIT_S = 60, ROUNDS = 20 };
    struct kiosk *kiosk = *state;
    char patient[LIMIT_RECEIPT_NUMBER], other[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, true, patient);
    for (int round = 1; round <= ROUNDS; round++) {
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
        assert_int_equal(kiosk->reply.kind, OUTBOX_ITEM);
        assert_string_equal(kiosk->reply.item->number, patient);
        struct outbox_request later = {.kind = OUTBOX_SENT,
                                       .outcome = SEND_LATER,
                                       .number = -1,
                                       .wait_s = WAIT_S,
                                       .detail = "429 enough for today"};
        text_copy(later.instance, sizeof later.instance, kiosk->reply.item->instance);
        kiosk_ask(kiosk, &later);
        assert_string_equal(kiosk_row(kiosk, patient).state, "retry");
        assert_string_equal(kiosk_row(kiosk, patient).reason, "429 enough for today");
        kiosk_save(kiosk, 100 + round, false, other);
        kiosk_send(kiosk, SEND_RECEIVED, sent);
        assert_string_equal(sent, other);
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
        assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
        int64_t wait_ms = kiosk->reply.retry_at_ms - kiosk->clock.now.monotonic_ms;
        assert_in_range(wait_ms, 1, WAIT_S * SECOND_MS);
        fake_clock_pass(&kiosk->clock, wait_ms);
    }
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, patient);
}

static void a_refused_item_is_set_aside_at_once(void **state)
{
    struct kiosk *kiosk = *state;
    char first[LIMIT_RECEIPT_NUMBER], second[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, first);
    kiosk_save(kiosk, 2, false, second);
    kiosk_send(kiosk, SEND_QUARANTINED, sent);
    assert_string_equal(kiosk_row(kiosk, first).state, "quarantined");
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, second);
}

static void a_held_item_is_asked_about_again_later(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_send(kiosk, SEND_HELD, sent);
    assert_string_equal(kiosk_row(kiosk, receipt).state, "held");
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
    fake_clock_pass(&kiosk->clock, HOUR_MS);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, receipt);
}

static void a_refused_kiosk_stops_the_whole_queue_until_later_or_until_staff_say_so(void **state)
{
    struct kiosk *kiosk = *state;
    char first[LIMIT_RECEIPT_NUMBER], second[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, first);
    kiosk_save(kiosk, 2, false, second);
    kiosk_send(kiosk, SEND_STOPPED, sent);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
    assert_true(kiosk->reply.retry_at_ms > kiosk->clock.now.monotonic_ms);
    struct outbox_request retry = {.kind = OUTBOX_RETRY, .staff = "1001"};
    text_copy(retry.receipt, sizeof retry.receipt, second);
    kiosk_ask(kiosk, &retry);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, first);
}

static void what_was_being_sent_at_a_crash_is_sent_again_unchanged(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    struct strbuf before;
    strbuf_init(&before, LIMIT_MANIFEST);
    strbuf_add(&before, kiosk->reply.item->manifest, kiosk->reply.item->manifest_length);
    assert_string_equal(kiosk_row(kiosk, receipt).state, "sending");
    kiosk_restart(kiosk);
    assert_string_equal(kiosk_row(kiosk, receipt).state, "retry");
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_ITEM);
    assert_int_equal(kiosk->reply.item->manifest_length, before.length);
    assert_memory_equal(kiosk->reply.item->manifest, before.data, before.length);
    strbuf_free(&before);
}

static void a_back_off_of_an_earlier_boot_is_over(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_send(kiosk, SEND_RETRY, sent);
    fake_clock_reboot(&kiosk->clock);
    kiosk_restart(kiosk);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, receipt);
}

static void a_late_bad_answer_does_not_undo_received(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    struct outbox_request late = {.kind = OUTBOX_SENT, .outcome = SEND_QUARANTINED};
    text_copy(late.instance, sizeof late.instance, kiosk_row(kiosk, receipt).instance);
    kiosk_ask(kiosk, &late);
    assert_string_equal(kiosk_row(kiosk, receipt).state, "received");
    struct outbox_request retry = {.kind = OUTBOX_RETRY};
    text_copy(retry.receipt, sizeof retry.receipt, receipt);
    kiosk_ask(kiosk, &retry);
    assert_int_equal(kiosk->reply.err, ERR_CONFLICT);
}

int main(void)
{
#define ON_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
    const struct CMUnitTest tests[] = {
        ON_KIOSK(urgent_goes_first_then_the_oldest),
        ON_KIOSK(a_failed_item_waits_ever_longer_and_the_others_pass),
        ON_KIOSK(an_item_that_fails_while_others_pass_is_quarantined_and_never_in_the_way),
        ON_KIOSK(whom_the_district_asks_to_come_again_is_never_taken_for_poisoned),
        ON_KIOSK(a_refused_item_is_set_aside_at_once),
        ON_KIOSK(a_held_item_is_asked_about_again_later),
        ON_KIOSK(a_refused_kiosk_stops_the_whole_queue_until_later_or_until_staff_say_so),
        ON_KIOSK(what_was_being_sent_at_a_crash_is_sent_again_unchanged),
        ON_KIOSK(a_back_off_of_an_earlier_boot_is_over),
        ON_KIOSK(a_late_bad_answer_does_not_undo_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
