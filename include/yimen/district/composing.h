// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Forms of several services ("one-visit:a+b") are composed away from the listener, which would
/// keep everybody waiting for seconds: it notes what is wanted and answers "later", and a worker
/// with a district handle of its own composes and publishes it.
///
/// Life cycle: `composing_new` -> given in the options of the listener's district and of the
/// worker's -> `composing_close` (the worker's wait ends) -> `composing_free` when both are closed.
/// Of the two threads each keeps to its side. Bounded: at most eight forms wait, one of a device;
/// what no content composes is remembered for ten minutes; what the work took is charged to the
/// device that asked (its share of the listener).

struct composing;
struct district;

/// Never NULL.
struct composing *composing_new(void);
void composing_close(struct composing *composing);
/// NULL-safe.
void composing_free(struct composing *composing);

/// The worker's turn: waits for a form that is wanted (-1: for ever), composes and publishes it.
/// False: nothing came, or it was closed.
bool district_compose_next(struct district *worker, int64_t timeout_ms);
