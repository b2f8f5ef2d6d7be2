// SPDX-License-Identifier: GPL-3.0-or-later
// Owners withdraw their cases, and nobody else does.
#include "lookup_scene.h"

#include "yimen/base/text.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/sync/lookup.h"

#include <pthread.h>
#include <semaphore.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_MS = 3600000 };

static void a_withdrawal_moves_its_case_and_is_shown_with_it(void **state)
{
    struct line *line = *state;
    struct strbuf shown;
    strbuf_init(&shown, 1 << 20);
    arrive(line, &(struct bench_record){0});
    open_all(line);
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = "370212001251123170027",
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0029"),
                                        .of_instance = OF_FIRST});
    open_all(line);
    struct track_case *told = ask(line, "370212001251123170027", "0029"); // either number
    assert_int_equal(told->result, TRACK_FOUND);
    assert_string_equal(told->number, FIRST);
    assert_string_equal(told->status, "96");
    assert_false(told->may_add || told->may_withdraw);
    assert_int_equal(told->linked_count, 1);
    assert_string_equal(told->linked[0].service, "withdraw");
    track_case_free(told);
    assert_int_equal(district_show(line->bench->district, FIRST, "clerk", "test", &shown, NULL),
                     ERR_OK);
    assert_non_null(strstr(strbuf_text(&shown), "\"linked\": [\n"));
    assert_non_null(strstr(strbuf_text(&shown), "370212001251123170027"));
    strbuf_free(&shown);
}

static void a_withdrawal_may_come_before_its_case(void **state)
{
    struct line *line = *state;
    struct bench_submission *first = save(line, &(struct bench_record){0});
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = "370212001251123170027",
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0029"),
                                        .of_instance = OF_FIRST});
    open_all(line);
    post(line, first);
    open_all(line);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_string_equal(told->status, "96");
    track_case_free(told);
}

static void a_withdrawal_that_proves_nothing_takes_no_other_one_s_place(void **state)
{
    struct line *line = *state;
    struct bench_submission *first = save(line, &(struct bench_record){0});
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = "370212001251123170027",
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0029"),
                                        .of_instance = OF_FIRST});
    arrive(line, &(struct bench_record){.instance = THIRD_INSTANCE,
                                        .receipt = THIRD,
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0030"),
                                        .of_instance = OF_FIRST});
    open_all(line);
    post(line, first);
    open_all(line);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_string_equal(told->status, "96");
    track_case_free(told);
}

static void what_is_decided_is_not_withdrawn(void **state)
{
    static const char *const steps[] = {"20", "30", "50", "60", "70"};
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        assert_int_equal(district_set_status(
                             line->bench->district,
                             &(struct district_decision){
                                 .receipt = FIRST, .status = steps[i], .reason = "", .actor = "c"},
                             NULL),
                         ERR_OK);
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = "370212001251123170027",
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0029"),
                                        .of_instance = OF_FIRST});
    open_all(line);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_string_equal(told->status, "70");
    assert_int_equal(told->linked_count, 1); // a clerk sees that it was wished
    track_case_free(told);
}

static void a_withdrawal_whose_record_names_another_case_moves_nothing(void **state)
{
    struct line *line = *state;
    arrive(line, &(struct bench_record){0});
    open_all(line);
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = "370212001251123170027",
                                        .service = "withdraw",
                                        .of_instance = OF_FIRST,
                                        .record_of = "uuid:somebody-elses"});
    open_all(line);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_string_equal(told->status, "10");
    track_case_free(told);
}

// Somebody's withdrawal of the first case arrives and is looked at until nothing waits any more.
static void wish(struct line *line, int number, const char *proof)
{
    char instance[LIMIT_INSTANCE_ID], receipt[LIMIT_RECEIPT_NUMBER];
    const struct receipt_number parts = {"001", 251123, 5, 7, 20 + number};
    snprintf(instance, sizeof instance, "uuid:%08d-2222-4333-8444-555555555555", number);
    assert_int_equal(receipt_number_format(&parts, receipt, NULL), ERR_OK);
    arrive(line, &(struct bench_record){.instance = instance,
                                        .receipt = receipt,
                                        .service = "withdraw",
                                        .of_proof = proof,
                                        .of_instance = OF_FIRST});
    for (int i = 0; i < 6; i++) {
        open_all(line);
        fake_clock_pass(&line->bench->clock, HOUR_MS);
    }
}

static void status_is(struct line *line, const char *token, const char *status)
{
    struct track_case *told = ask_with(line, FIRST, token, "0029");
    assert_int_equal(told->result, TRACK_FOUND);
    assert_string_equal(told->status, status);
    track_case_free(told);
}

// The thief of a kiosk has its device's keys, every number and instance, and of each receipt the
// hash of its code (the seal carries it); not the four, not the code.
static void a_stolen_kiosk_withdraws_nothing_and_its_owner_does(void **state)
{
    struct line *line = *state;
    struct tracking first = arrive(line, &(struct bench_record){0});
    struct tracking own = fresh_token(line, FIRST), announced = fresh_token(line, FIRST);
    char proof[160];
    open_all(line);
    wish(line, 1, "");
    wish(line, 2, "0029");
    snprintf(proof, sizeof proof, "%s 0029", first.token_hash); // even with the right four
    wish(line, 3, proof);
    snprintf(proof, sizeof proof, "%s 0029", own.token); // a code of the thief's own
    wish(line, 4, proof);
    status_is(line, first.token, "10");
    assert_int_equal(tell_token_of(line, FIRST, OF_FIRST, 2, &announced), 200);
    snprintf(proof, sizeof proof, "%s 1234", announced.token); // announced, and a guess
    wish(line, 5, proof);
    status_is(line, announced.token, "10");
    int64_t entries;
    assert_int_equal(district_audit_verify(line->bench->district, &entries, NULL), ERR_OK);
    snprintf(proof, sizeof proof, "%s 0029", first.token); // its owner
    wish(line, 6, proof);
    status_is(line, announced.token, "96");
}

// Nor can it guess on by sending withdrawals, of somebody's receipt that it has seen; and its owner
// is not locked out of asking.
static void a_stolen_kiosk_guesses_five_times_with_withdrawals(void **state)
{
    struct line *line = *state;
    struct tracking first = arrive(line, &(struct bench_record){0});
    char proof[160];
    open_all(line);
    for (int number = 1; number <= TRACK_TRIES; number++) {
        snprintf(proof, sizeof proof, "%s %04d", first.token, 1000 + number);
        wish(line, number, proof);
    }
    snprintf(proof, sizeof proof, "%s 0029", first.token); // the sixth would be right
    wish(line, TRACK_TRIES + 1, proof);
    status_is(line, first.token, "10");
}

static void a_withdrawal_waits_a_little_for_the_news_of_its_receipts_new_code(void **state)
{
    struct line *line = *state;
    char proof[160];
    arrive(line, &(struct bench_record){0});
    open_all(line);
    struct tracking fresh = fresh_token(line, FIRST);
    snprintf(proof, sizeof proof, "%s 0029", fresh.token);
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = SECOND,
                                        .service = "withdraw",
                                        .of_proof = proof,
                                        .of_instance = OF_FIRST});
    open_all(line);
    assert_int_equal(tell_token_of(line, FIRST, OF_FIRST, 2, &fresh), 200);
    status_is(line, fresh.token, "10");
    fake_clock_pass(&line->bench->clock, 5001);
    open_all(line);
    status_is(line, fresh.token, "96");
}

// Two who open at the same moment: the one is at the withdrawal, when the other, a command of the
// desk's, wants the case.
struct other {
    struct line *line;
    struct district_store store;
    struct district *district;
    pthread_t thread;
    sem_t seen; ///< it has done what it could without the first
    bool has_begun;
    enum err err;
};
static struct other *other;
static struct district_store_ops first_ops, other_ops;
static const struct district_store_ops *real_ops;

static enum err begin_and_tell(void *self, struct fail *why)
{
    sem_post(&other->seen);
    return real_ops->opening_begin(self, why);
}

static void *open_the_case(void *context)
{
    struct other *own = context;
    own->err = district_open_again(own->district, FIRST, "clerk", NULL);
    sem_post(&own->seen);
    return NULL;
}

static enum err put_beside_the_other(void *self, const struct district_opening *opening,
                                     struct fail *why)
{
    if (!other->has_begun) {
        other->has_begun = true;
        assert_int_equal(pthread_create(&other->thread, NULL, open_the_case, other), 0);
        sem_wait(&other->seen);
    }
    return real_ops->opening_put(self, opening, why);
}

static void a_case_and_its_withdrawal_that_are_opened_together_find_each_other(void **state)
{
    struct line *line = *state;
    struct bench *bench = line->bench;
    struct other own = {.line = line};
    other = &own;
    sem_init(&own.seen, 0, 0);
    struct bench_submission *first = save(line, &(struct bench_record){0});
    arrive(line, &(struct bench_record){.instance = SECOND_INSTANCE,
                                        .receipt = SECOND,
                                        .service = "withdraw",
                                        .of_proof = proof_of(line, FIRST, "0029"),
                                        .of_instance = OF_FIRST});
    post(line, first);
    bench_second(bench, &own.store, &own.district);
    real_ops = bench->store.ops;
    first_ops = other_ops = *real_ops;
    first_ops.opening_put = put_beside_the_other;
    other_ops.opening_begin = begin_and_tell;
    bench->store.ops = &first_ops;
    own.store.ops = &other_ops;
    open_all(line);
    assert_true(own.has_begun);
    pthread_join(own.thread, NULL);
    assert_int_equal(own.err, ERR_OK);
    bench->store.ops = own.store.ops = real_ops;
    district_close(own.district);
    sqlite_district_close(&own.store);
    struct track_case *told = ask(line, FIRST, "0029");
    assert_string_equal(told->status, "96");
    track_case_free(told);
    sem_destroy(&own.seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_withdrawal_moves_its_case_and_is_shown_with_it),
        TEST(a_withdrawal_may_come_before_its_case),
        TEST(a_withdrawal_that_proves_nothing_takes_no_other_one_s_place),
        TEST(a_case_and_its_withdrawal_that_are_opened_together_find_each_other),
        TEST(what_is_decided_is_not_withdrawn),
        TEST(a_withdrawal_whose_record_names_another_case_moves_nothing),
        TEST(a_stolen_kiosk_withdraws_nothing_and_its_owner_does),
        TEST(a_stolen_kiosk_guesses_five_times_with_withdrawals),
        TEST(a_withdrawal_waits_a_little_for_the_news_of_its_receipts_new_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
