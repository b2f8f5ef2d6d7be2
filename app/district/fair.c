// SPDX-License-Identifier: GPL-3.0-or-later
// Each device has its share of a listener: a bucket that a kiosk which sends one case after the
// other never empties, and one that has gone mad empties at once. What is refused costs much more
// than what is taken. In memory, because a limit that wrote a row for each refused request would
// do the flood's work.
#include "district_internal.h"

#include "yimen/base/text.h"

enum { FAIR_FULL = 2000, FAIR_A_SECOND = 2500, FAIR_REFUSED = 100 };

static struct fair_share *find_share(struct district *district, const char *fingerprint,
                                     int64_t now_ms)
{
    struct fair_share *oldest = &district->shares[0];
    for (size_t i = 0; i < FAIR_DEVICES; i++) {
        struct fair_share *share = &district->shares[i];
        if (text_equal(share->fingerprint, fingerprint))
            return share;
        if (share->seen_ms < oldest->seen_ms)
            oldest = share;
    }
    *oldest = (struct fair_share){.tokens = FAIR_FULL, .seen_ms = now_ms};
    text_copy(oldest->fingerprint, sizeof oldest->fingerprint, fingerprint);
    return oldest;
}

bool fair_take(struct district *district, const struct http_exchange *exchange)
{
    if (!exchange->peer_fingerprint)
        return true; // gets no further than the enrolment, which has limits of its own
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    struct fair_share *share = find_share(district, exchange->peer_fingerprint, now_ms);
    int64_t more = (now_ms - share->seen_ms) * FAIR_A_SECOND / 1000;
    if (more > 0) {
        share->tokens = more > FAIR_FULL - share->tokens ? FAIR_FULL : share->tokens + more;
        share->seen_ms = now_ms;
    }
    if (share->tokens <= 0)
        return false;
    share->tokens--;
    return true;
}

void fair_charge_refusal(struct district *district, const struct http_exchange *exchange)
{
    if (!exchange->peer_fingerprint)
        return;
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    find_share(district, exchange->peer_fingerprint, now_ms)->tokens -= FAIR_REFUSED;
}
