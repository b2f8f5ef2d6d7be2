// SPDX-License-Identifier: GPL-3.0-or-later
// Each device has its share of a listener, in two measures. Requests: a bucket that a kiosk which
// sends one case after the other never empties, and one that has gone mad empties at once; what is
// refused costs much more than what is taken. Work: the time that its requests held the listener,
// of which it may have its part while others are there, and a quarter more, and all of it when it
// is alone: were it the part exactly, all would be refused by turns when the disk is slow for all.
// In memory, because a limit that wrote a row for each refused request would do the flood's work.
#include "district_internal.h"

#include "yimen/base/text.h"

enum {
    FAIR_FULL = 2000,
    FAIR_A_SECOND = 2500,
    FAIR_REFUSED = 100,
    WORK_FIRST_MS = 200, ///< held ready for a device that is new
    WORK_FULL_MS =
        1000, ///< and for one that was quiet: the disk stands still for some, now and then
    WORK_DEBT_MS = 6000, ///< one very dear request is paid for so long
    RESTS_MS = 500,      ///< the connection of who asks all the same
    WORK_QUARTERS = 5,   ///< of its part
    HERE_MS = 1000,      ///< who asked so lately is there
};

struct fair_share *fair_share_of(struct district *district, const char *fingerprint, int64_t now_ms)
{
    struct fair_share *oldest = &district->shares[0];
    for (size_t i = 0; i < FAIR_DEVICES; i++) {
        struct fair_share *share = &district->shares[i];
        if (text_equal(share->fingerprint, fingerprint))
            return share;
        if (share->seen_ms < oldest->seen_ms)
            oldest = share;
    }
    *oldest = (struct fair_share){.tokens = FAIR_FULL, .work_ms = WORK_FIRST_MS, .seen_ms = now_ms};
    text_copy(oldest->fingerprint, sizeof oldest->fingerprint, fingerprint);
    return oldest;
}

int fair_devices_here(const struct district *district, const struct fair_share *own, int64_t now_ms)
{
    int count = 1;
    for (size_t i = 0; i < FAIR_DEVICES; i++) {
        const struct fair_share *share = &district->shares[i];
        count += share != own && share->fingerprint[0] && now_ms - share->seen_ms <= HERE_MS;
    }
    return count;
}

static int64_t filled(int64_t now, int64_t more, int64_t full)
{
    return more > full - now ? full : now + more;
}

void fair_refuse(struct http_exchange *exchange)
{
    exchange->status = 429; // not worth a line in the log
    exchange->answer_after_ms = RESTS_MS;
    answer_header(exchange, "Retry-After: 1");
}

bool fair_take(struct district *district, const struct http_exchange *exchange)
{
    if (!exchange->peer_fingerprint)
        return true; // gets no further than the enrolment, which has limits of its own
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    struct fair_share *share = fair_share_of(district, exchange->peer_fingerprint, now_ms);
    int64_t passed_ms = now_ms - share->seen_ms;
    int here = fair_devices_here(district, share, now_ms);
    if (passed_ms > 0) {
        share->tokens = filled(share->tokens, passed_ms * FAIR_A_SECOND / 1000, FAIR_FULL);
        share->parts_ms += passed_ms; // so that short pauses are not rounded away
        int64_t parts = share->parts_ms * WORK_QUARTERS / (4 * here);
        share->work_ms = filled(share->work_ms, parts, WORK_FULL_MS);
        share->parts_ms = parts > 0 ? 0 : share->parts_ms;
        share->seen_ms = now_ms;
    }
    if (share->tokens <= 0 || (here > 1 && share->work_ms <= 0))
        return false;
    share->tokens--;
    return true;
}

void fair_charge_work(struct district *district, const char *fingerprint, int64_t work_ms)
{
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    struct fair_share *share = fair_share_of(district, fingerprint, now_ms);
    share->work_ms -= work_ms;
    if (share->work_ms < -WORK_DEBT_MS)
        share->work_ms = -WORK_DEBT_MS;
}

void fair_charge(struct district *district, const struct http_exchange *exchange, int64_t begun_ms,
                 bool refused)
{
    if (!exchange->peer_fingerprint)
        return;
    int64_t now_ms = clock_now(district->options.clock).monotonic_ms;
    fair_charge_work(district, exchange->peer_fingerprint, now_ms - begun_ms);
    if (refused)
        fair_share_of(district, exchange->peer_fingerprint, now_ms)->tokens -= FAIR_REFUSED;
}
