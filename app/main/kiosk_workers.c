// SPDX-License-Identifier: GPL-3.0-or-later
// Starting and stopping the workers, and the doors of their queues.
#include "kiosk_workers_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/ui/ui.h"
#include <stdlib.h>
#include <time.h>

enum {
    QUEUE_UI = 256,
    QUEUE_STORE = 128,
    QUEUE_PRINT = 32,
    QUEUE_SYNC = 64,
    QUEUE_COMPUTE = 64,
    QUEUE_DEVICES = 1,
    QUEUE_ASK = 4
};
enum { WAIT_FOR_ROOM_NS = 2000000 };

static void wait_for_room(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_FOR_ROOM_NS}, NULL);
}

void worker_put(struct queue *queue, const void *message)
{
    while (!queue_put(queue, message))
        wait_for_room();
}

static void clear(struct ui_message *message)
{
    outbox_reply_clear(&message->outbox);
    form_free(message->form);
    track_case_free(message->tracked);
    outbox_sealed_free(message->draft.sealed);
}

void worker_tell_ui(struct workers *workers, struct ui_message *message)
{
    while (!queue_put(workers->ui, message)) {
        if (atomic_load(&workers->is_closing)) {
            clear(message);
            return;
        }
        wait_for_room();
    }
    ui_wake();
}

void worker_is_ready(struct workers *workers, enum err err, const struct fail *why)
{
    struct started started = {.err = err};
    if (err)
        started.why = *why;
    worker_put(workers->started, &started);
}

struct start {
    struct workers *workers;
    void (*run)(struct workers *workers);
};

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;
    free(argument);
    start.run(start.workers);
    return NULL;
}

static enum err start_one(struct workers *workers, struct worker *worker, struct fail *why)
{
    struct start *start = malloc(sizeof *start);
    struct started started;
    if (!start)
        return fail_set(why, ERR_FULL, "no memory for a thread");
    *start = (struct start){workers, worker->run};
    if (pthread_create(&worker->thread, NULL, thread_main, start) != 0) {
        free(start);
        return fail_set(why, ERR_FULL, "no thread for the %s worker", worker->name);
    }
    worker->is_running = true;
    (void)pthread_setname_np(worker->thread, worker->name);
    (void)queue_take(workers->started, &started, -1);
    if (!started.err)
        return ERR_OK;
    if (why)
        *why = started.why;
    return fail_prefix(why, started.err, "starting the %s worker", worker->name);
}

static const struct {
    const char *name;
    void (*run)(struct workers *workers);
    size_t capacity, message_size;
} kinds[WORKER_COUNT] = {
    [WORKER_STORE] = {"store", store_run, QUEUE_STORE, sizeof(struct outbox_request)},
    [WORKER_PRINT] = {"print", print_run, QUEUE_PRINT, sizeof(struct print_request)},
    [WORKER_SYNC] = {"sync", sync_run, QUEUE_SYNC, sizeof(struct sync_message)},
    [WORKER_COMPUTE] = {"compute", compute_run, QUEUE_COMPUTE, sizeof(struct compute_message)},
    [WORKER_ASK] = {"ask", ask_run, QUEUE_ASK, sizeof(struct track_question)},
    [WORKER_DEVICES] = {"devices", devices_run, QUEUE_DEVICES, sizeof(char)}, // it is asked nothing
};

static enum err start_all(const struct workers_options *options, const enum worker_id *order,
                      size_t count, struct workers **out, struct fail *why)
{
    struct workers *workers = calloc(1, sizeof *workers);
    *out = NULL;
    if (!workers)
        return fail_set(why, ERR_FULL, "no memory for the workers");
    workers->with = *options;
    workers->ui = queue_new(QUEUE_UI, sizeof(struct ui_message));
    workers->started = queue_new(1, sizeof(struct started));
    for (size_t i = 0; i < WORKER_COUNT; i++) {
        workers->worker[i].name = kinds[i].name;
        workers->worker[i].run = kinds[i].run;
        workers->worker[i].queue = queue_new(kinds[i].capacity, kinds[i].message_size);
    }
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = start_one(workers, &workers->worker[order[i]], why);
    if (err) {
        workers_stop(workers);
        return err;
    }
    *out = workers;
    return ERR_OK;
}

enum err workers_start(const struct workers_options *options, struct workers **out,
                       struct fail *why)
{
    // Printing first: what an earlier run left in the print system is taken back before the store
    // recovers anything.
    static const enum worker_id order[] = {WORKER_PRINT,   WORKER_STORE,   WORKER_SYNC,
                                           WORKER_COMPUTE, WORKER_DEVICES, WORKER_ASK};
    return start_all(options, order, sizeof order / sizeof order[0], out, why);
}

enum err workers_start_paper(const struct workers_options *options, struct workers **out,
                             struct fail *why)
{
    static const enum worker_id order[] = {WORKER_PRINT};
    return start_all(options, order, 1, out, why);
}

static void drain_ui(struct workers *workers)
{
    struct ui_message message;
    while (queue_take(workers->ui, &message, 0))
        clear(&message);
}

void workers_stop(struct workers *workers)
{
    // Whoever asks others ends before those it asks: sync and print still store what they did.
    static const enum worker_id order[] = {WORKER_ASK,  WORKER_DEVICES, WORKER_COMPUTE,
                                           WORKER_SYNC, WORKER_PRINT,   WORKER_STORE};
    if (!workers)
        return;
    atomic_store(&workers->is_closing, true);
    for (size_t i = 0; i < WORKER_COUNT; i++) {
        struct worker *worker = &workers->worker[order[i]];
        atomic_store(&worker->is_stopping, true);
        queue_close(worker->queue);
        if (worker->is_running)
            (void)pthread_join(worker->thread, NULL);
    }
    drain_ui(workers);
    for (size_t i = 0; i < WORKER_COUNT; i++)
        queue_free(workers->worker[i].queue);
    queue_free(workers->started);
    queue_free(workers->ui);
    free(workers);
}

bool workers_store(struct workers *workers, const struct outbox_request *request)
{
    return queue_put(workers->worker[WORKER_STORE].queue, request);
}

bool workers_print(struct workers *workers, const struct print_request *request)
{
    return queue_put(workers->worker[WORKER_PRINT].queue, request);
}

bool workers_load_correction(struct workers *workers, const struct correction_list *list)
{
    struct compute_message message = {.order = COMPUTE_CORRECTION, .list = malloc(sizeof *list)};
    if (!message.list)
        return false;
    *message.list = *list;
    if (queue_put(workers->worker[WORKER_COMPUTE].queue, &message))
        return true;
    free(message.list);
    return false;
}

bool workers_load_form(struct workers *workers, const char *service)
{
    struct compute_message message = {.order = COMPUTE_FORM};
    text_copy(message.service, sizeof message.service, service);
    return queue_put(workers->worker[WORKER_COMPUTE].queue, &message);
}

bool workers_load_earlier(struct workers *workers, const char *service, const char *version)
{
    struct compute_message message = {.order = COMPUTE_EARLIER};
    text_copy(message.service, sizeof message.service, service);
    text_copy(message.version, sizeof message.version, version);
    return queue_put(workers->worker[WORKER_COMPUTE].queue, &message);
}

bool workers_track(struct workers *workers, const struct track_question *question)
{
    return queue_put(workers->worker[WORKER_ASK].queue, question);
}

bool workers_install_pack(struct workers *workers)
{
    return queue_put(workers->worker[WORKER_COMPUTE].queue,
                     &(struct compute_message){.order = COMPUTE_PACK});
}

bool workers_clean_packs(struct workers *workers, int64_t oldest_open_utc_ms)
{
    return queue_put(workers->worker[WORKER_COMPUTE].queue,
                     &(struct compute_message){.order = COMPUTE_CLEAN,
                                               .oldest_open_utc_ms = oldest_open_utc_ms});
}

bool workers_nudge_sync(struct workers *workers)
{
    return queue_put(workers->worker[WORKER_SYNC].queue,
                     &(struct sync_message){.order = SYNC_NUDGE});
}

bool workers_test_district(struct workers *workers)
{
    return queue_put(workers->worker[WORKER_SYNC].queue,
                     &(struct sync_message){.order = SYNC_TEST});
}

bool workers_derive_key(struct workers *workers, const struct ticket *ticket, const char *code,
                        uint64_t serial)
{
    struct compute_message message = {.order = COMPUTE_KEY, .ticket = *ticket, .serial = serial};
    text_copy(message.code, sizeof message.code, code);
    bool put = queue_put(workers->worker[WORKER_COMPUTE].queue, &message);
    memory_wipe(&message, sizeof message);
    return put;
}

bool workers_fetch_draft(struct workers *workers, const char *id, int64_t have)
{
    struct sync_message message = {.order = SYNC_FETCH_DRAFT, .have = have};
    text_copy(message.draft_id, sizeof message.draft_id, id);
    return queue_put(workers->worker[WORKER_SYNC].queue, &message);
}

bool workers_take(struct workers *workers, struct ui_message *out)
{
    return queue_take(workers->ui, out, 0);
}
