// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bounded queue of plain messages between two threads (any number of writers and readers).
///
/// Messages are copied in and out whole; pointers inside change owner with them. Life cycle:
/// `queue_new` -> put/take from any thread -> `queue_close` (takers drain what is left, then get
/// false) -> `queue_free` when no thread uses it any more.

struct queue;

/// `capacity` messages of `message_size` bytes.
struct queue *queue_new(size_t capacity, size_t message_size);
void queue_free(struct queue *queue);
/// False when full or closed: the caller keeps the message. Never waits.
bool queue_put(struct queue *queue, const void *message);
/// Waits for room. False: it was closed meanwhile; the caller keeps the message.
bool queue_put_waiting(struct queue *queue, const void *message);
/// Keeps a place for an answer, before the question is asked: then the answer never finds the queue
/// full, and whoever answers never waits. False when there is none. Beside its capacity a queue has
/// as many places for answers. Also when it is closed: who ends still asks what must be done.
bool queue_reserve(struct queue *queue);
/// Into a place that was kept, also when the queue is closed.
void queue_put_reserved(struct queue *queue, const void *message);
/// The question was not asked after all, or nothing came of it.
void queue_unreserve(struct queue *queue);
/// Waits up to `timeout_ms` (-1: for ever, 0: not at all). False when nothing came or it is closed
/// and empty.
bool queue_take(struct queue *queue, void *message, int64_t timeout_ms);
void queue_close(struct queue *queue);
size_t queue_count(struct queue *queue);
