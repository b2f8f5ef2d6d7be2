// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "office.h"

#include <pthread.h>

/// A district's thread beside its listeners: composes the forms that they ask for (composing.h), at
/// a lower priority than they have, on a store handle of its own. `office->composing` is set.
struct office_worker {
    struct office_room room;
    pthread_t thread;
    bool runs;
};
enum err office_worker_start(const struct office *office, struct office_worker *out,
                             struct fail *why) MUST_USE;
/// After the listeners have closed. NULL-safe inside.
void office_worker_stop(const struct office *office, struct office_worker *worker);
