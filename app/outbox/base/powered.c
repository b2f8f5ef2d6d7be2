// SPDX-License-Identifier: GPL-3.0-or-later
// How long this machine has been on in all: what lock-outs run in.
#include "base.h"

enum { POWERED_EVERY_MS = 600000 };
static const char powered_key[] = "powered.ms";

int64_t outbox_powered_ms(const struct outbox *outbox)
{
    int64_t now = clock_now(outbox->options.clock).monotonic_ms;
    return outbox->powered_ms + (now - outbox->powered_from_ms);
}

enum err outbox_powered_begin(struct outbox *outbox, struct fail *why)
{
    outbox->powered_from_ms = clock_now(outbox->options.clock).monotonic_ms;
    return outbox_counter(outbox, powered_key, &outbox->powered_ms, why);
}

enum err outbox_powered_write(struct outbox *outbox, struct fail *why)
{
    int64_t powered_ms = outbox_powered_ms(outbox);
    outbox->powered_written_ms = powered_ms;
    return outbox_set_number(outbox, powered_key, powered_ms, why);
}

enum err outbox_powered_keep(struct outbox *outbox, struct fail *why)
{
    int64_t powered_ms = outbox_powered_ms(outbox);
    if (powered_ms - outbox->powered_written_ms < POWERED_EVERY_MS)
        return ERR_OK;
    return outbox_powered_write(outbox, why);
}
