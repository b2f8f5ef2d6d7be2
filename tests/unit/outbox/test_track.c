// SPDX-License-Identifier: GPL-3.0-or-later
// What a kiosk tells of its own cases: to whom, how often one may guess, and the receipt once more.
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/case/renewal.h"
#include "yimen/case/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000 };

static void save_owned(struct kiosk *kiosk, int number, const char *factor, const char *of,
                       char receipt[LIMIT_RECEIPT_NUMBER])
{
    kiosk_save_owned(kiosk, number, factor, of);
    text_copy(receipt, LIMIT_RECEIPT_NUMBER, kiosk->owned.number);
}

static const struct track_case *ask_with(struct kiosk *kiosk, const char *receipt,
                                         const char *token, const char *factor)
{
    struct outbox_request request = {.kind = OUTBOX_TRACK, .question = {.id = 7}};
    text_copy(request.question.number, sizeof request.question.number, receipt);
    text_copy(request.question.token, sizeof request.question.token, token);
    text_copy(request.question.factor, sizeof request.question.factor, factor);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_TRACKED);
    assert_non_null(kiosk->reply.track);
    assert_int_equal(kiosk->reply.track->question, 7);
    return kiosk->reply.track;
}

// By its number alone: enough as long as its receipt is not known to be printed.
static const struct track_case *ask(struct kiosk *kiosk, const char *receipt, const char *factor)
{
    return ask_with(kiosk, receipt, "", factor);
}

static void print(struct kiosk *kiosk, const char *job)
{
    struct outbox_request printed = {.kind = OUTBOX_PRINT_STATE, .print_state = PRINT_PRINTED};
    text_copy(printed.job, sizeof printed.job, job);
    kiosk_ask(kiosk, &printed);
}

static void its_owner_is_told_that_it_is_safe_here_and_not_sent_yet(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "002X", "", receipt);
    const struct track_case *told = ask_with(kiosk, receipt, kiosk->owned.token, "002X");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_int_equal(told->place, TRACK_HERE);
    assert_true(told->owner && told->own && told->may_add && told->may_withdraw &&
                told->may_reprint);
    assert_string_equal(told->status, "");
    assert_string_equal(told->counter, "007");
    assert_false(told->from_district || told->newer_receipt);
    assert_int_equal(kiosk_audit_count(kiosk, "case.asked"), 1);
}

static void the_number_alone_gets_a_receipt_that_waits_and_nothing_more(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "002X", "", receipt);
    const struct track_case *told = ask(kiosk, receipt, "002X");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_true(told->may_reprint);
    assert_false(told->owner || told->may_add || told->may_withdraw);
    print(kiosk, kiosk->owned.job);
    told = ask(kiosk, receipt, "002X"); // it is on paper: the code on it is wanted
    assert_int_equal(told->result, TRACK_NEEDS_RECEIPT);
    assert_string_equal(told->service, "");
    told = ask_with(kiosk, receipt, kiosk->owned.token, "002X");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_true(told->owner && told->may_add && told->may_withdraw && told->may_reprint);
    assert_int_equal(ask_with(kiosk, receipt, kiosk->owned.token, "0021")->result, TRACK_NO_FIT);
    kiosk_restart(kiosk);
    assert_int_equal(ask_with(kiosk, receipt, kiosk->owned.token, "002X")->result, TRACK_FOUND);
    kiosk_send(kiosk, SEND_RECEIVED, receipt);
    assert_int_equal(ask(kiosk, receipt, "002X")->result, TRACK_NO_ANSWER); // the district can tell
}

static void whose_a_case_is_may_be_computed_after_its_receipt_came_out(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    kiosk_ask(kiosk, &request);
    kiosk_note_owned(kiosk);
    print(kiosk, kiosk->owned.job);
    const char *receipt = kiosk->owned.number, *token = kiosk->owned.token;
    assert_int_equal(ask_with(kiosk, receipt, token, "0021")->result, TRACK_NEEDS_RECEIPT);
    kiosk_own(kiosk, "0021");
    assert_int_equal(ask_with(kiosk, receipt, token, "0021")->result, TRACK_FOUND);
}

static void what_is_computed_late_never_opens_a_case_for_a_receipt_that_was_replaced(void **state)
{
    struct kiosk *kiosk = *state;
    char retired[LIMIT_TOKEN_TEXT], fresh[LIMIT_TOKEN_TEXT];
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    kiosk_ask(kiosk, &request);
    kiosk_note_owned(kiosk);
    print(kiosk, kiosk->owned.job);
    text_copy(retired, sizeof retired, kiosk->owned.token);
    struct outbox_request again = {.kind = OUTBOX_RECEIPT, .staff = "1001"};
    text_copy(again.receipt, sizeof again.receipt, kiosk->owned.number);
    kiosk_ask(kiosk, &again);
    kiosk_note_owned(kiosk);
    print(kiosk, kiosk->owned.job);
    text_copy(fresh, sizeof fresh, kiosk->owned.token);
    text_copy(kiosk->owned.token, sizeof kiosk->owned.token, retired);
    kiosk_own(kiosk, "0021"); // for the first receipt
    const char *receipt = kiosk->owned.number;
    assert_int_equal(ask_with(kiosk, receipt, retired, "0021")->result, TRACK_NEEDS_RECEIPT);
    assert_int_equal(ask_with(kiosk, receipt, fresh, "0021")->result, TRACK_NEEDS_RECEIPT);
}

static void
a_receipt_printed_again_by_staff_opens_as_before_unless_its_code_was_erased(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], token[LIMIT_TOKEN_TEXT];
    save_owned(kiosk, 1, "0021", "", receipt);
    struct outbox_request unknown = {.kind = OUTBOX_PRINT_STATE, .print_state = PRINT_UNKNOWN};
    text_copy(unknown.job, sizeof unknown.job, kiosk->owned.job);
    kiosk_ask(kiosk, &unknown);
    struct outbox_request again = {.kind = OUTBOX_RECEIPT, .staff = "1001"};
    text_copy(again.receipt, sizeof again.receipt, receipt);
    struct outbox_request once_more = again;
    kiosk_ask(kiosk, &again);
    text_copy(token, sizeof token, kiosk->owned.token);
    kiosk_note_owned(kiosk); // perhaps a copy is somewhere: it has a new code
    assert_string_not_equal(token, kiosk->owned.token);
    assert_true(ask_with(kiosk, receipt, kiosk->owned.token, "0021")->owner);
    assert_true(ask_with(kiosk, receipt, token, "0021")->newer_receipt);
    print(kiosk, kiosk->owned.job);
    kiosk_ask(kiosk, &once_more); // nobody here knows the four, and the old code is gone
    kiosk_note_owned(kiosk);
    print(kiosk, kiosk->owned.job);
    assert_int_equal(ask_with(kiosk, receipt, kiosk->owned.token, "0021")->result,
                     TRACK_NEEDS_RECEIPT);
}

static void what_the_district_said_is_told_with_the_time_it_is_from(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    kiosk_send(kiosk, SEND_RECEIVED, receipt);
    int64_t heard = kiosk->clock.now.utc_ms;
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_CONTACT});
    struct outbox_news *news = calloc(1, sizeof *news + sizeof news->items[0]);
    news->count = 1;
    text_copy(news->items[0].instance, sizeof news->items[0].instance,
              kiosk_row(kiosk, receipt).instance);
    text_copy(news->items[0].status, sizeof news->items[0].status, "70");
    news->items[0].utc_ms = heard - HOUR_MS;
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_STATUS, .number = 1, .news = news});
    fake_clock_pass(&kiosk->clock, 5 * HOUR_MS);
    const struct track_case *told = ask_with(kiosk, receipt, kiosk->owned.token, "0021");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_int_equal(told->place, TRACK_SENT);
    assert_string_equal(told->status, "70");
    assert_int_equal(told->known_utc_ms, heard);
    assert_int_equal(told->status_utc_ms, heard - HOUR_MS);
    assert_false(told->may_add || told->may_withdraw); // it is decided
}

static void a_number_of_another_counter_is_elsewhere_and_never_counted(void **state)
{
    struct kiosk *kiosk = *state;
    for (int i = 0; i < 9; i++)
        assert_int_equal(ask(kiosk, "370212002251123110017", "1234")->result, TRACK_ELSEWHERE);
}

static void five_wrong_tries_lock_the_number_for_a_day_of_power(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], other[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    save_owned(kiosk, 2, "0021", "", other);
    for (int i = 1; i < TRACK_TRIES; i++) {
        const struct track_case *told = ask(kiosk, receipt, "9999");
        assert_int_equal(told->result, TRACK_NO_FIT);
        assert_int_equal(told->tries_left, TRACK_TRIES - i);
        assert_string_equal(told->service, ""); // nothing is told
        if (i == 2)
            kiosk_restart(kiosk); // pulling the plug gives nothing back
    }
    assert_int_equal(ask(kiosk, receipt, "9999")->result, TRACK_LOCKED);
    assert_int_equal(ask(kiosk, receipt, "0021")->result, TRACK_LOCKED); // also the right one
    assert_int_equal(ask(kiosk, other, "0021")->result, TRACK_FOUND);
    kiosk->clock.now.utc_ms += 48LL * HOUR_MS; // a moved clock
    assert_int_equal(ask(kiosk, receipt, "0021")->result, TRACK_LOCKED);
    kiosk_restart(kiosk);
    const struct track_case *told = ask(kiosk, receipt, "0021");
    assert_int_equal(told->result, TRACK_LOCKED);
    assert_in_range(told->wait_ms, 23LL * HOUR_MS, 24LL * HOUR_MS);
    fake_clock_pass(&kiosk->clock, 24LL * HOUR_MS + 1);
    assert_int_equal(ask(kiosk, receipt, "0021")->result, TRACK_FOUND);
}

static void powered_on_time_is_kept_over_restarts_but_for_minutes(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    for (int i = 0; i < TRACK_TRIES; i++)
        (void)ask(kiosk, receipt, "9999");
    for (int day = 0; day < 3; day++) { // three days of eight hours and a little
        for (int minute = 0; minute < 8 * 60 + 30; minute += 5) {
            fake_clock_pass(&kiosk->clock, 5 * 60000);
            kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
            if (kiosk->reply.kind == OUTBOX_ITEM)
                kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
        }
        kiosk_restart(kiosk);
    }
    assert_int_equal(ask(kiosk, receipt, "0021")->result, TRACK_FOUND);
}

static void a_right_one_forgives_what_was_wrong_before(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    for (int round = 0; round < 3; round++) {
        for (int i = 1; i < TRACK_TRIES; i++)
            assert_int_equal(ask(kiosk, receipt, "9999")->result, TRACK_NO_FIT);
        assert_int_equal(ask(kiosk, receipt, "0021")->result, TRACK_FOUND);
    }
}

static void who_left_no_number_is_opened_by_nothing(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "", "", receipt);
    assert_int_equal(ask(kiosk, receipt, "0000")->result, TRACK_NEEDS_RECEIPT);
    assert_int_equal(ask(kiosk, receipt, "")->result, TRACK_NEEDS_RECEIPT);
    kiosk_send(kiosk, SEND_RECEIVED, receipt);
    assert_int_equal(ask(kiosk, receipt, "0000")->result, TRACK_NO_ANSWER); // the district decides
}

static void what_belongs_to_a_case_is_shown_as_that_case(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], linked[LIMIT_RECEIPT_NUMBER];
    char instance[LIMIT_INSTANCE_ID];
    save_owned(kiosk, 1, "0021", "", receipt);
    text_copy(instance, sizeof instance, kiosk_row(kiosk, receipt).instance);
    save_owned(kiosk, 2, "0021", instance, linked);
    const struct track_case *told = ask(kiosk, linked, "0021");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_string_equal(told->number, receipt);
    assert_string_equal(told->instance, instance);
    assert_int_equal(told->linked_count, 1);
    assert_string_equal(told->linked[0].number, linked);
}

static void reprint(struct kiosk *kiosk, const char *receipt, const char *staff, bool by_owner)
{
    struct outbox_request request = {.kind = OUTBOX_RECEIPT, .question = {.reprint = by_owner}};
    if (by_owner)
        text_copy(request.question.factor, sizeof request.question.factor, "0021");
    text_copy(request.receipt, sizeof request.receipt, receipt);
    text_copy(request.staff, sizeof request.staff, staff);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_RECEIPT_READY);
}

static void next_token(struct kiosk *kiosk, struct renewal *out, long long *id)
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_TOKEN_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_TOKEN);
    assert_int_equal(renewal_read(kiosk->reply.message, strlen(kiosk->reply.message), out, NULL),
                     ERR_OK);
    *id = kiosk->reply.number;
}

static void its_owner_gets_a_new_token_and_the_district_is_told_until_it_answers(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], number[LIMIT_RECEIPT_NUMBER], before[LIMIT_QR_TEXT];
    char hash[TRACKING_HASH_TEXT];
    struct tracking code;
    struct renewal renewal;
    long long id;
    save_owned(kiosk, 1, "0021", "", receipt);
    text_copy(before, sizeof before, kiosk->owned.qr_text);
    print(kiosk, kiosk->owned.job);
    reprint(kiosk, receipt, "", true);
    assert_string_not_equal(kiosk->reply.facts->qr_text, before);
    assert_int_equal(kiosk->reply.facts->print_count, 2);
    assert_int_equal(tracking_parse(kiosk->reply.facts->qr_text, &code, number, NULL), ERR_OK);
    assert_int_equal(tracking_token_hash(&kiosk->crypto, code.token, hash, NULL), ERR_OK);
    kiosk_restart(kiosk); // a cut does not lose it
    assert_true(ask_with(kiosk, receipt, code.token, "0021")->owner);
    next_token(kiosk, &renewal, &id);
    assert_string_equal(renewal.receipt, receipt);
    assert_string_equal(renewal.token_hash, hash);
    assert_int_equal(renewal.print, 2);
    assert_int_equal(renewal_verify(&kiosk->crypto, kiosk->public_key, &renewal, NULL), ERR_OK);
    renewal.print = 3;
    assert_int_equal(renewal_verify(&kiosk->crypto, kiosk->public_key, &renewal, NULL), ERR_DENIED);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_TOKEN_TOLD, .number = id});
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_TOKEN_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_NOTHING);
    assert_int_equal(kiosk_audit_count(kiosk, "token.told"), 1);
}

static void the_old_code_is_told_from_the_new_one(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    const struct track_case *told = ask_with(kiosk, receipt, kiosk->owned.token, "0021");
    assert_true(told->owner && !told->newer_receipt);
    reprint(kiosk, receipt, "", true);
    told = ask_with(kiosk, receipt, kiosk->owned.token, "0021");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_true(told->newer_receipt);
    assert_false(told->owner || told->may_withdraw); // the old paper is retired
}

static void staff_renew_the_token_only_when_a_copy_may_be_somewhere(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], before[LIMIT_QR_TEXT], job[64];
    save_owned(kiosk, 1, "0021", "", receipt);
    text_copy(before, sizeof before, kiosk->owned.qr_text);
    reprint(kiosk, receipt, "1001", false); // it never left the printer
    assert_string_equal(kiosk->reply.facts->qr_text, before);
    text_copy(job, sizeof job, kiosk->reply.job);
    print(kiosk, job);
    reprint(kiosk, receipt, "1001", false);
    assert_string_not_equal(kiosk->reply.facts->qr_text, before);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_TOKEN_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_TOKEN);
}

static void whatever_write_fails_a_try_is_counted_or_not_judged(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    save_owned(kiosk, 1, "0021", "", receipt);
    for (int at = 1; at < 60; at++) {
        struct outbox_request request = {.kind = OUTBOX_TRACK};
        text_copy(request.question.number, sizeof request.question.number, receipt);
        text_copy(request.question.factor, sizeof request.question.factor, "9999");
        kiosk->failing_store.calls = 0;
        kiosk->failing_store.fail_at = at;
        kiosk_ask(kiosk, &request);
        kiosk->failing_store.fail_at = 0;
        if (kiosk->reply.kind == OUTBOX_TRACKED) {
            assert_int_equal(kiosk->reply.track->result, TRACK_NO_FIT);
            assert_int_equal(kiosk->reply.track->tries_left, TRACK_TRIES - 1);
            return; // no call failed any more: this one was the first that counted
        }
        assert_int_equal(kiosk->reply.kind, OUTBOX_FAILED);
    }
    fail_msg("it never ends");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kiosk_set_up, kiosk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(its_owner_is_told_that_it_is_safe_here_and_not_sent_yet),
        TEST(the_number_alone_gets_a_receipt_that_waits_and_nothing_more),
        TEST(whose_a_case_is_may_be_computed_after_its_receipt_came_out),
        TEST(what_is_computed_late_never_opens_a_case_for_a_receipt_that_was_replaced),
        TEST(a_receipt_printed_again_by_staff_opens_as_before_unless_its_code_was_erased),
        TEST(what_the_district_said_is_told_with_the_time_it_is_from),
        TEST(a_number_of_another_counter_is_elsewhere_and_never_counted),
        TEST(five_wrong_tries_lock_the_number_for_a_day_of_power),
        TEST(powered_on_time_is_kept_over_restarts_but_for_minutes),
        TEST(a_right_one_forgives_what_was_wrong_before),
        TEST(who_left_no_number_is_opened_by_nothing),
        TEST(what_belongs_to_a_case_is_shown_as_that_case),
        TEST(its_owner_gets_a_new_token_and_the_district_is_told_until_it_answers),
        TEST(the_old_code_is_told_from_the_new_one),
        TEST(staff_renew_the_token_only_when_a_copy_may_be_somewhere),
        TEST(whatever_write_fails_a_try_is_counted_or_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
