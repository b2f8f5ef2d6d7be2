// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the parts of large cases may come. Each piece is written and synced before it is
// answered, by the thread and the disk that the others' small cases wait for as well: while others
// are there, one device has so many bytes a second of them. Its pieces are filed all the same, and
// the answer waits, which is all that a kiosk notices: it sends the next when it has heard of the
// last. Only who sends on eight connections and more at once is told to come again.
#include "district_internal.h"

enum {
    PACE_A_SECOND = 2 << 20, ///< 30 MB in 15 s; a twentieth of what the thread and a small disk can
    PACE_FULL = 512 << 10,
    PACE_OWES = 4 << 20,
};

static struct fair_share *count(struct district *district, const struct http_exchange *exchange,
                                bool *alone)
{
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    struct fair_share *share = fair_share_of(district, exchange->peer_fingerprint, now_ms);
    int64_t passed_ms = now_ms - share->paced_ms;
    *alone = fair_devices_here(district, share, now_ms) == 1;
    share->paced_ms = now_ms;
    int64_t full_ms = (int64_t)(PACE_FULL - share->pace_bytes) * 1000 / PACE_A_SECOND;
    if (passed_ms > full_ms)
        share->pace_bytes = PACE_FULL;
    else
        share->pace_bytes += passed_ms * PACE_A_SECOND / 1000;
    return share;
}

bool pace_take(struct district *district, struct http_exchange *exchange)
{
    bool alone;
    if (!exchange->peer_fingerprint || exchange->is_cut)
        return true; // nobody waits for an answer to what was cut, and it is not sent again
    const struct fair_share *share = count(district, exchange, &alone);
    if (alone || share->pace_bytes > -PACE_OWES)
        return true;
    fair_refuse(exchange);
    return false;
}

void pace_charge(struct district *district, struct http_exchange *exchange)
{
    bool alone;
    if (!exchange->peer_fingerprint)
        return;
    struct fair_share *share = count(district, exchange, &alone);
    if (alone)
        return;
    share->pace_bytes -= (int64_t)exchange->length;
    if (share->pace_bytes < 0)
        exchange->answer_after_ms = (int)(-share->pace_bytes * 1000 / PACE_A_SECOND);
}
