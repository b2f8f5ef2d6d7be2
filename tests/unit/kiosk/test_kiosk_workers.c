// SPDX-License-Identifier: GPL-3.0-or-later
// Full queues between the kiosk's workers: the real store and sync workers with their queues, over
// an outbox and a line that wait for this test.
#include "app/main/kiosk_workers_internal.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/ui/ui.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MORE_THAN_FIT = 600 };

static struct {
    sem_t sync_is_sending, sync_may_end;  ///< the first step of sync is a long post
    sem_t store_is_busy, store_may_go_on; ///< each OUTBOX_SELF_TEST
    sem_t sync_has_reply, ui_is_woken;
    atomic_int steps, notes, compute_orders;
} world;

// ------------------------------------------------------------------ what the workers run

enum err sqlite_kiosk_store_open(const struct sqlite_kiosk_store_options *options,
                                 struct kiosk_store *out, struct fail *why)
{
    (void)options, (void)out, (void)why;
    return ERR_OK;
}

void sqlite_kiosk_store_close(struct kiosk_store *store)
{
    (void)store;
}

enum err outbox_open(const struct outbox_options *options, struct outbox **out, struct fail *why)
{
    (void)options, (void)out, (void)why;
    return ERR_OK;
}

void outbox_close(struct outbox *outbox)
{
    (void)outbox;
}

void outbox_reply_clear(struct outbox_reply *reply)
{
    *reply = (struct outbox_reply){0};
}

void outbox_sealed_free(struct outbox_sealed *sealed)
{
    (void)sealed;
}

void outbox_step(struct outbox *outbox, struct outbox_request *request,
                 void (*emit)(void *context, struct outbox_reply *reply), void *context)
{
    (void)outbox;
    struct outbox_reply reply = {.kind = request ? OUTBOX_DONE : OUTBOX_READY};
    if (request) {
        reply.to = request->kind;
        reply.id = request->id;
    }
    world.notes += request && request->kind == OUTBOX_NOTE;
    if (request && request->kind == OUTBOX_SELF_TEST) {
        sem_post(&world.store_is_busy);
        sem_wait(&world.store_may_go_on);
    }
    emit(context, &reply);
}

enum err curl_client_open(const struct curl_client_options *options, struct http_client *out,
                          struct fail *why)
{
    (void)options, (void)out, (void)why;
    return ERR_OK;
}

void curl_client_close(struct http_client *http)
{
    (void)http;
}

void certificates_judge_by(void *tls, const struct when *now)
{
    (void)tls, (void)now;
}

enum err sync_open(const struct sync_options *options, struct sync **out, struct fail *why)
{
    (void)options, (void)out, (void)why;
    return ERR_OK;
}

void sync_close(struct sync *sync)
{
    (void)sync;
}

void sync_step(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output)
{
    (void)sync;
    if (world.steps++ == 0) { // asks, and then something takes long
        output->request(output->context, &(struct outbox_request){.kind = OUTBOX_NEXT});
        sem_post(&world.sync_is_sending);
        sem_wait(&world.sync_may_end);
    }
    if (reply)
        sem_post(&world.sync_has_reply);
}

int sync_wait_ms(const struct sync *sync)
{
    (void)sync;
    return -1;
}

enum err sync_check(struct sync *sync, struct fail *why)
{
    (void)sync, (void)why;
    return ERR_OK;
}

void sync_fetch_draft(struct sync *sync, const char *id, int64_t have,
                      struct sync_draft_answer *out)
{
    (void)sync, (void)id, (void)have;
    out->answer = DRAFT_UNKNOWN;
}

void system_clock_set_district(struct clock *clock, int64_t district_utc_ms)
{
    (void)clock, (void)district_utc_ms;
}

void ui_wake(void)
{
    sem_post(&world.ui_is_woken);
}

static void idle_run(struct workers *workers, enum worker_id own)
{
    union {
        struct print_request print;
        struct session_request asked;
        struct compute_message compute;
    } message;
    worker_is_ready(workers, ERR_OK, NULL);
    while (worker_take(workers, own, &message, -1))
        world.compute_orders += own == WORKER_COMPUTE;
}

void print_run(struct workers *workers)
{
    idle_run(workers, WORKER_PRINT);
}

void compute_run(struct workers *workers)
{
    idle_run(workers, WORKER_COMPUTE);
}

void ask_run(struct workers *workers)
{
    idle_run(workers, WORKER_ASK);
}

void devices_run(struct workers *workers)
{
    worker_is_ready(workers, ERR_OK, NULL);
}

// ------------------------------------------------------------------ the tests

static struct kiosk_config config;
static struct kiosk_options options;
static struct kiosk_content content;

static struct workers *begin(void)
{
    struct workers *workers = NULL;
    struct fail why = {0};
    memset(&world, 0, sizeof world);
    sem_init(&world.sync_is_sending, 0, 0);
    sem_init(&world.sync_may_end, 0, 0);
    sem_init(&world.store_is_busy, 0, 0);
    sem_init(&world.store_may_go_on, 0, 0);
    sem_init(&world.sync_has_reply, 0, 0);
    sem_init(&world.ui_is_woken, 0, 0);
    const struct workers_options with = {
        .config = &config, .options = &options, .content = &content};
    if (workers_start(&with, &workers, &why))
        fail_msg("%s", why.text);
    return workers;
}

static void tell_note(struct workers *workers)
{
    struct session_request note = {.kind = SESSION_STORE,
                                   .store = {.kind = OUTBOX_NOTE, .from = OUTBOX_FROM_SESSION}};
    workers_ask(workers, &note);
}

static void ask(struct workers *workers, enum session_request_kind kind, uint64_t id)
{
    struct session_request request = {.kind = kind, .id = id};
    if (kind == SESSION_STORE)
        request.store =
            (struct outbox_request){.kind = OUTBOX_LIST, .from = OUTBOX_FROM_SESSION, .id = id};
    workers_ask(workers, &request);
}

// Answers that came back so far, refused ones among them.
static size_t take_all(struct workers *workers, size_t *refused)
{
    struct session_input input;
    size_t count = 0;
    for (int round = 0; round < 2; round++) // refusals come with the round after
        while (workers_take(workers, &input)) {
            enum err err = input.kind == SESSION_OUTBOX ? input.outbox.err : input.err;
            count += input.id != 0;
            *refused += err == ERR_RETRY;
            session_input_clear(&input);
        }
    return count;
}

static void the_outbox_reply_reaches_sync_whatever_fills_its_queue(void **state)
{
    (void)state;
    struct workers *workers = begin();
    size_t refused = 0;
    sem_wait(&world.sync_is_sending);
    for (uint64_t id = 1; id <= MORE_THAN_FIT; id++)
        ask(workers, SESSION_DISTRICT, id);
    (void)take_all(workers, &refused);
    assert_true(refused > 0);                       // it is full
    ask(workers, SESSION_STORE, MORE_THAN_FIT + 1); // behind what sync asked: then that is answered
    for (struct session_input input = {0}; input.id != MORE_THAN_FIT + 1;)
        if (!workers_take(workers, &input))
            sem_wait(&world.ui_is_woken);
    sem_post(&world.sync_may_end);
    sem_wait(&world.sync_has_reply); // else this would wait for ever, and so did the sync worker
    workers_stop(workers);
}

static void what_is_told_is_kept_and_what_is_asked_is_refused(void **state)
{
    (void)state;
    struct workers *workers = begin();
    struct session_request busy = {
        .kind = SESSION_STORE,
        .id = 1,
        .store = {.kind = OUTBOX_SELF_TEST, .from = OUTBOX_FROM_SESSION, .id = 1}};
    workers_ask(workers, &busy);
    sem_wait(&world.store_is_busy);
    for (size_t i = 0; i < MORE_THAN_FIT; i++)
        tell_note(workers);
    size_t refused = 0;
    ask(workers, SESSION_STORE, 2); // there is no room behind them
    assert_int_equal(take_all(workers, &refused), 1);
    assert_int_equal(refused, 1);
    sem_post(&world.store_may_go_on);
    sem_post(&world.sync_may_end);
    workers_stop(workers);
    assert_int_equal(world.notes, MORE_THAN_FIT);
}

static void every_question_has_one_answer(void **state)
{
    (void)state;
    struct workers *workers = begin();
    size_t refused = 0, answers = 0;
    sem_post(&world.sync_may_end);
    for (uint64_t id = 1; id <= MORE_THAN_FIT; id++)
        ask(workers, SESSION_STORE, id);
    for (answers = take_all(workers, &refused); answers < MORE_THAN_FIT;
         answers += take_all(workers, &refused))
        sem_wait(&world.ui_is_woken);
    workers_stop(workers);
    assert_int_equal(answers, MORE_THAN_FIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_outbox_reply_reaches_sync_whatever_fills_its_queue),
        cmocka_unit_test(what_is_told_is_kept_and_what_is_asked_is_refused),
        cmocka_unit_test(every_question_has_one_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
