// SPDX-License-Identifier: GPL-3.0-or-later
// Starting and stopping the workers.
#include "kiosk_workers_internal.h"
#include <stdlib.h>

enum {
    QUEUE_UI = 256,
    QUEUE_STORE = 128,
    QUEUE_PRINT = 32,
    QUEUE_SYNC = 64,
    QUEUE_COMPUTE = 64,
    QUEUE_DEVICES = 1,
    QUEUE_ASK = 4
};
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
    [WORKER_ASK] = {"ask", ask_run, QUEUE_ASK, sizeof(struct session_request)},
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
    workers->ui = queue_new(QUEUE_UI, sizeof(struct session_input));
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

void workers_stop(struct workers *workers)
{
    // Whoever asks others ends before those it asks: sync and print still store what they did.
    static const enum worker_id order[] = {WORKER_ASK,  WORKER_DEVICES, WORKER_COMPUTE,
                                           WORKER_SYNC, WORKER_PRINT,   WORKER_STORE};
    if (!workers)
        return;
    queue_close(workers->ui); // the UI thread takes nothing any more
    workers_send_kept(workers);
    for (size_t i = 0; i < WORKER_COUNT; i++) {
        struct worker *worker = &workers->worker[order[i]];
        atomic_store(&worker->is_stopping, true);
        queue_close(worker->queue);
        if (worker->is_running)
            (void)pthread_join(worker->thread, NULL);
    }
    workers_drop_all(workers);
    for (size_t i = 0; i < WORKER_COUNT; i++)
        queue_free(workers->worker[i].queue);
    queue_free(workers->started);
    queue_free(workers->ui);
    free(workers);
}
