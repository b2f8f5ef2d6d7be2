// SPDX-License-Identifier: GPL-3.0-or-later
// What goes between the UI thread and the workers, and what happens when a queue is full. It is
// ordinary: nothing is lost and nobody waits for ever.
//   - What the session asks is refused with the answer that belongs to it; a draft goes back.
//   - What it only tells (an audit entry, that a visit has ended) is kept, in order, and goes as
//     soon as there is room.
//   - The place for an answer is kept before the question is asked.
//   - Who tells the UI something unasked waits: the UI thread never waits, so it always drains.
#include "kiosk_workers_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/ui/ui.h"
#include <assert.h>
#include <stdlib.h>

struct kept {
    struct kept *next;
    union {
        struct session_request request;
        struct session_input answer;
    };
};

static struct kept *keep(struct kept_list *list)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        abort(); // as every queue
    if (list->last)
        list->last->next = kept;
    else
        list->first = kept;
    list->last = kept;
    return kept;
}

static void drop_first(struct kept_list *list)
{
    struct kept *first = list->first;
    list->first = first->next;
    if (!list->first)
        list->last = NULL;
    memory_wipe(first, sizeof *first);
    free(first);
}

// ------------------------------------------------------------------ to the workers

static enum worker_id worker_of(enum session_request_kind kind)
{
    static const enum worker_id of[] = {
        [SESSION_STORE] = WORKER_STORE,    [SESSION_PAPER] = WORKER_PRINT,
        [SESSION_NUDGE] = WORKER_SYNC,     [SESSION_DISTRICT] = WORKER_SYNC,
        [SESSION_FETCH] = WORKER_SYNC,     [SESSION_TRACK] = WORKER_ASK,
        [SESSION_FORM] = WORKER_COMPUTE,   [SESSION_EARLIER] = WORKER_COMPUTE,
        [SESSION_PACK] = WORKER_COMPUTE,   [SESSION_CORRECTION] = WORKER_COMPUTE,
        [SESSION_DERIVE] = WORKER_COMPUTE,
    };
    assert(kind != SESSION_CALL && kind != SESSION_TIME && kind != SESSION_WIPE);
    return of[kind];
}

static bool put(struct workers *workers, enum worker_id to, const struct session_request *request,
                bool waits)
{
    bool (*queue_it)(struct queue * queue, const void *message) =
        waits ? queue_put_waiting : queue_put;
    struct queue *queue = workers->worker[to].queue;
    bool is_put = false;
    if (to == WORKER_STORE) {
        is_put = queue_it(queue, &request->store);
    } else if (to == WORKER_PRINT) {
        is_put = queue_it(queue, &request->print);
    } else if (to == WORKER_ASK) {
        is_put = queue_it(queue, request);
    } else if (to == WORKER_SYNC) {
        struct sync_message message = {
            .order = request->kind == SESSION_NUDGE ? SYNC_NUDGE : SYNC_ASKED, .asked = *request};
        is_put = queue_it(queue, &message);
    } else {
        struct compute_message message = {.order = COMPUTE_ASKED, .asked = *request};
        is_put = queue_it(queue, &message);
        memory_wipe(&message, sizeof message); // a code
    }
    return is_put;
}

// What waits for room goes first: the order stays.
static bool send_kept_to(struct workers *workers, enum worker_id to, bool waits)
{
    struct kept_list *kept = &workers->kept[to];
    while (kept->first && put(workers, to, &kept->first->request, waits))
        drop_first(kept);
    return !kept->first;
}

static bool send(struct workers *workers, enum worker_id to, const struct session_request *request)
{
    if (!send_kept_to(workers, to, false))
        return false;
    if (!request->id)
        return put(workers, to, request, false);
    if (!queue_reserve(workers->ui))
        return false;
    if (put(workers, to, request, false))
        return true;
    queue_unreserve(workers->ui);
    return false;
}

void workers_ask(struct workers *workers, struct session_request *request)
{
    enum worker_id to = worker_of(request->kind);
    if (request->kind == SESSION_NUDGE && atomic_exchange(&workers->is_nudged, true))
        return; // it has not taken the one before
    if (send(workers, to, request))
        return;
    if (!workers->kept[to].first && !workers->refused_next.first) // once, not for each
        log_event(LOG_WARNING, "kiosk", "queue-full", "worker=%s request=%d",
                  workers->worker[to].name, (int)request->kind);
    if (request->id) {
        session_refusal(request, ERR_RETRY, "the worker's queue is full",
                        &keep(&workers->refused_next)->answer);
        ui_wake();
        return;
    }
    keep(&workers->kept[to])->request = *request;
    atomic_store(&workers->waits_for_room, true);
}

void workers_send_kept(struct workers *workers)
{
    for (size_t i = 0; i < WORKER_COUNT; i++)
        if (workers->worker[i].is_running)
            (void)send_kept_to(workers, (enum worker_id)i, true);
}

void workers_clean_packs(struct workers *workers, int64_t oldest_open_utc_ms)
{
    const struct compute_message message = {.order = COMPUTE_CLEAN,
                                            .oldest_open_utc_ms = oldest_open_utc_ms};
    if (!queue_put(workers->worker[WORKER_COMPUTE].queue, &message))
        log_event(LOG_INFO, "kiosk", "packs-not-cleaned", "%s", "");
}

// ------------------------------------------------------------------ from the workers

bool workers_take(struct workers *workers, struct session_input *out)
{
    for (size_t i = 0; i < WORKER_COUNT; i++)
        (void)send_kept_to(workers, (enum worker_id)i, false);
    if (queue_take(workers->ui, out, 0))
        return true;
    if (workers->refused.first) {
        *out = workers->refused.first->answer;
        drop_first(&workers->refused);
        return true;
    }
    // What the refusals of this round led to waits for the next.
    workers->refused = workers->refused_next;
    workers->refused_next = (struct kept_list){0};
    if (workers->refused.first)
        ui_wake();
    return false;
}

void workers_drop_all(struct workers *workers)
{
    struct kept_list *answers[] = {&workers->refused, &workers->refused_next};
    struct session_input input;
    struct sync_message late;
    while (queue_take(workers->ui, &input, 0))
        session_input_clear(&input);
    while (queue_take(workers->worker[WORKER_SYNC].queue, &late, 0))
        if (late.order == SYNC_REPLY)
            outbox_reply_clear(&late.reply);
    for (size_t i = 0; i < 2; i++)
        for (; answers[i]->first; drop_first(answers[i]))
            session_input_clear(&answers[i]->first->answer);
    for (size_t i = 0; i < WORKER_COUNT; i++)
        for (struct kept_list *kept = &workers->kept[i]; kept->first; drop_first(kept))
            session_request_clear(&kept->first->request);
}

bool worker_put(struct workers *workers, enum worker_id to, const void *message)
{
    return queue_put_waiting(workers->worker[to].queue, message);
}

bool worker_take(struct workers *workers, enum worker_id own, void *message, int64_t timeout_ms)
{
    bool got = queue_take(workers->worker[own].queue, message, timeout_ms);
    if (got && atomic_exchange(&workers->waits_for_room, false))
        ui_wake(); // there is room
    return got;
}

void worker_answer(struct workers *workers, const struct session_input *answer)
{
    assert(answer->id);
    queue_put_reserved(workers->ui, answer);
    ui_wake();
}

void worker_no_answer(struct workers *workers)
{
    queue_unreserve(workers->ui);
}

void worker_tell_ui(struct workers *workers, struct session_input *input)
{
    if (queue_put_waiting(workers->ui, input))
        ui_wake();
    else
        session_input_clear(input); // the UI thread takes nothing any more
}

void worker_is_ready(struct workers *workers, enum err err, const struct fail *why)
{
    struct started started = {.err = err};
    if (err)
        started.why = *why;
    (void)queue_put_waiting(workers->started, &started);
}
