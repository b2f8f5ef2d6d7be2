// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/text.h"

enum { FIRST_MS = 5000, LONGEST_MS = 1800000, DOUBLINGS = 9 };

int64_t outbox_backoff_ms(const struct crypto *crypto, int attempts)
{
    int doublings = attempts < 1 ? 0 : attempts - 1;
    int64_t delay = (int64_t)FIRST_MS << (doublings < DOUBLINGS ? doublings : DOUBLINGS);
    if (delay > LONGEST_MS)
        delay = LONGEST_MS;
    // Thirty kiosks that lost one district must not come back in one second.
    uint32_t random;
    crypto->ops->random(crypto->self, &random, sizeof random);
    return delay / 2 + random % (delay / 2 + 1);
}

void outbox_try_after(struct store_submission *row, const struct when *now, int64_t delay_ms)
{
    row->next_try_utc_ms = now->utc_ms + delay_ms;
    row->next_try_monotonic_ms = now->monotonic_ms + delay_ms;
    text_copy(row->next_try_boot, sizeof row->next_try_boot, now->boot_id);
}
