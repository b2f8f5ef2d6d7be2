// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    size_t capacity, message_size, first, count;
    size_t places, reserved; ///< in all; kept for answers that are still to come
    bool closed;
    unsigned char messages[];
};

struct queue *queue_new(size_t capacity, size_t message_size)
{
    assert(capacity > 0 && message_size > 0);
    struct queue *queue = calloc(1, sizeof *queue + 2 * capacity * message_size);
    if (!queue)
        abort();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); // a clock jump must not stretch a wait
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->not_empty, &attributes);
    pthread_cond_init(&queue->not_full, &attributes);
    pthread_condattr_destroy(&attributes);
    queue->capacity = capacity;
    queue->places = 2 * capacity;
    queue->message_size = message_size;
    return queue;
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    explicit_bzero(queue->messages, queue->places * queue->message_size);
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

static unsigned char *slot(struct queue *queue, size_t index)
{
    return queue->messages + (queue->first + index) % queue->places * queue->message_size;
}

static bool has_room(const struct queue *queue)
{
    return queue->count < queue->capacity && queue->count + queue->reserved < queue->places;
}

static void append(struct queue *queue, const void *message)
{
    memcpy(slot(queue, queue->count), message, queue->message_size);
    queue->count++;
    pthread_cond_signal(&queue->not_empty);
}

bool queue_put(struct queue *queue, const void *message)
{
    pthread_mutex_lock(&queue->mutex);
    bool room = !queue->closed && has_room(queue);
    if (room)
        append(queue, message);
    pthread_mutex_unlock(&queue->mutex);
    return room;
}

bool queue_put_waiting(struct queue *queue, const void *message)
{
    pthread_mutex_lock(&queue->mutex);
    while (!queue->closed && !has_room(queue))
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    bool room = !queue->closed;
    if (room)
        append(queue, message);
    pthread_mutex_unlock(&queue->mutex);
    return room;
}

bool queue_reserve(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool room = queue->count + queue->reserved < queue->places;
    queue->reserved += room;
    pthread_mutex_unlock(&queue->mutex);
    return room;
}

void queue_put_reserved(struct queue *queue, const void *message)
{
    pthread_mutex_lock(&queue->mutex);
    assert(queue->reserved > 0);
    queue->reserved--;
    append(queue, message);
    pthread_mutex_unlock(&queue->mutex);
}

void queue_unreserve(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    assert(queue->reserved > 0);
    queue->reserved--;
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->mutex);
}

static struct timespec deadline_in(int64_t timeout_ms)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += timeout_ms / 1000;
    deadline.tv_nsec += timeout_ms % 1000 * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    return deadline;
}

static void wait_for_message(struct queue *queue, int64_t timeout_ms)
{
    struct timespec deadline = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
    while (queue->count == 0 && !queue->closed) {
        if (timeout_ms < 0)
            pthread_cond_wait(&queue->not_empty, &queue->mutex);
        else if (pthread_cond_timedwait(&queue->not_empty, &queue->mutex, &deadline) == ETIMEDOUT)
            return;
    }
}

bool queue_take(struct queue *queue, void *message, int64_t timeout_ms)
{
    pthread_mutex_lock(&queue->mutex);
    wait_for_message(queue, timeout_ms);
    bool some = queue->count > 0;
    if (some) {
        memcpy(message, slot(queue, 0), queue->message_size);
        explicit_bzero(slot(queue, 0), queue->message_size); // messages may carry answers
        queue->first = (queue->first + 1) % queue->places;
        queue->count--;
        pthread_cond_signal(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->mutex);
    return some;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->not_empty);
    pthread_cond_broadcast(&queue->not_full);
    pthread_mutex_unlock(&queue->mutex);
}

size_t queue_count(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t count = queue->count;
    pthread_mutex_unlock(&queue->mutex);
    return count;
}
