// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_workers.h"
#include "yimen/base/queue.h"
#include <pthread.h>
#include <stdatomic.h>

/// What the files kiosk_workers*.c share: one worker a file, each with its queue and its thread.

struct started { ///< a worker's answer when it is ready, or why it is not
    enum err err;
    struct fail why;
};

enum sync_order { SYNC_NUDGE, SYNC_TEST, SYNC_REPLY, SYNC_FETCH_DRAFT };
struct sync_message {
    enum sync_order order;
    char draft_id[TICKET_ID_TEXT]; ///< FETCH_DRAFT, newer than `have`
    int64_t have;
    struct outbox_reply reply;
};

enum compute_order {
    COMPUTE_FORM,
    COMPUTE_EARLIER,
    COMPUTE_PACK,
    COMPUTE_CLEAN,
    COMPUTE_CORRECTION,
    COMPUTE_KEY
};
struct compute_message {
    enum compute_order order;
    int64_t oldest_open_utc_ms; ///< CLEAN
    struct ticket ticket;       ///< KEY, with the next two
    char code[TICKET_CODE_TEXT];
    uint64_t serial;
    char service[LIMIT_FORM_ID];
    char version[PACK_VERSION]; ///< EARLIER
    struct correction_list *list; ///< CORRECTION: owned
};

struct worker {
    const char *name;
    void (*run)(struct workers *workers);
    struct queue *queue;
    pthread_t thread;
    bool is_running;
    atomic_bool is_stopping;
};

enum worker_id {
    WORKER_STORE,
    WORKER_PRINT,
    WORKER_SYNC,
    WORKER_COMPUTE,
    WORKER_DEVICES,
    WORKER_ASK,
    WORKER_COUNT
};

struct workers {
    struct workers_options with;
    struct queue *ui, *started;
    atomic_bool is_closing; ///< the UI thread takes nothing any more
    struct worker worker[WORKER_COUNT];
};

/// Puts a message, waiting for room; for workers only.
void worker_put(struct queue *queue, const void *message);
/// Takes what the message points to.
void worker_tell_ui(struct workers *workers, struct ui_message *message);
/// Ready, or not and why: the thread that started the worker waits for it.
void worker_is_ready(struct workers *workers, enum err err, const struct fail *why);

void store_run(struct workers *workers);
void print_run(struct workers *workers);
void sync_run(struct workers *workers);
void compute_run(struct workers *workers);
void devices_run(struct workers *workers);
void ask_run(struct workers *workers);
