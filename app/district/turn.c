// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are there at once are filed with one commit, and answered after it: the sync of the
// disk is most of what a small case costs, and the same for one as for many.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/district/district.h"

void turn_add(struct district *district, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    struct turn *turn = &district->turn;
    if (!store->ops->has_waiting(store->self))
        return;
    exchange->after_turn = true;
    if (exchange->peer_fingerprint && turn->count < TURN_DEVICES)
        text_copy(turn->fingerprints[turn->count++], sizeof turn->fingerprints[0],
                  exchange->peer_fingerprint);
}

// Whoever had something in it pays for the commit, which no handler's time shows.
bool district_end_turn(void *context)
{
    struct district *district = context;
    const struct district_store *store = district->options.store;
    struct turn *turn = &district->turn;
    struct fail why = {0};
    if (!store->ops->has_waiting(store->self))
        return true;
    int64_t begun_ms = clock_now(district->options.clock).monotonic_ms;
    enum err err = store->ops->commit(store->self, &why);
    int64_t took_ms = clock_now(district->options.clock).monotonic_ms - begun_ms;
    for (size_t i = 0; i < turn->count; i++)
        fair_charge_work(district, turn->fingerprints[i],
                         (took_ms + (int64_t)turn->count - 1) / (int64_t)turn->count);
    turn->count = 0;
    if (err)
        log_fail(LOG_ERROR, "district", "turn-not-filed", &why);
    return !err;
}
