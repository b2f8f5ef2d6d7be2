// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_workers.h"
#include "yimen/base/queue.h"
#include <pthread.h>
#include <stdatomic.h>

/// What the workers share: one worker a file (kiosk_store.c, ...), each with its queue and its
/// thread; kiosk_post.c carries messages between them, kiosk_workers.c starts and stops them.

struct started { ///< a worker's answer when it is ready, or why it is not
    enum err err;
    struct fail why;
};

/// To the sync worker. Only one NUDGE is on its way at a time.
enum sync_order { SYNC_NUDGE, SYNC_ASKED, SYNC_REPLY };
struct sync_message {
    enum sync_order order;
    union {
        struct session_request asked;
        struct outbox_reply reply;
    };
};

/// To the compute worker.
enum compute_order { COMPUTE_ASKED, COMPUTE_CLEAN };
struct compute_message {
    enum compute_order order;
    union {
        struct session_request asked;
        int64_t oldest_open_utc_ms; ///< CLEAN
    };
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
    WORKER_STORE, ///< struct outbox_request
    WORKER_PRINT, ///< struct print_request
    WORKER_SYNC,
    WORKER_COMPUTE,
    WORKER_DEVICES, ///< is asked nothing
    WORKER_ASK,     ///< struct session_request
    WORKER_COUNT
};

/// On the heap, first in first out.
struct kept_list {
    struct kept *first, *last;
};

struct workers {
    struct workers_options with;
    struct queue *ui, *started;
    struct worker worker[WORKER_COUNT];
    atomic_bool is_nudged;      ///< a NUDGE is on its way
    atomic_bool waits_for_room; ///< something is kept
    // the UI thread's own
    struct kept_list kept[WORKER_COUNT];    ///< told, and there was no room yet
    struct kept_list refused, refused_next; ///< answers to what there was no room for
};

// ---- for the workers
/// To another worker, which always drains; false: it has ended.
bool worker_put(struct workers *workers, enum worker_id to, const void *message);
/// The next message, as queue_take.
bool worker_take(struct workers *workers, enum worker_id own, void *message, int64_t timeout_ms);
/// The answer to what the session asked, into the place that was kept for it: never waits. Takes
/// what it points to.
void worker_answer(struct workers *workers, const struct session_input *answer);
/// What the session asked is answered by nothing.
void worker_no_answer(struct workers *workers);
/// What nobody asked for; waits for room, and takes what it points to.
void worker_tell_ui(struct workers *workers, struct session_input *input);
/// Ready, or not and why: the thread that started the worker waits for it.
void worker_is_ready(struct workers *workers, enum err err, const struct fail *why);
// ---- for kiosk_workers.c
/// Everything that is kept goes to its worker.
void workers_send_kept(struct workers *workers);
/// What was not taken any more is freed.
void workers_drop_all(struct workers *workers);

void store_run(struct workers *workers);
void print_run(struct workers *workers);
void sync_run(struct workers *workers);
void compute_run(struct workers *workers);
void devices_run(struct workers *workers);
void ask_run(struct workers *workers);
