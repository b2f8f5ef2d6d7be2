// SPDX-License-Identifier: GPL-3.0-or-later
// Which number a receipt gets: the day never goes back, the serial is a random one not used that
// day, so that a number says nothing about how many came before.
#include "base.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

enum {
    AHEAD_DAYS = 31, ///< of the district's day: more is no busy month, but a clock that was wrong
};

static const char last_day_key[] = "last-receipt-day";

static enum err pick_serial(struct outbox *outbox, int day, int *serial, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct crypto *crypto = outbox->options.crypto;
    bool used[STORE_SERIALS];
    int free_serials[STORE_SERIALS];
    uint32_t count = 0, random;
    enum err err = store->ops->serials_used(store->self, day, used, why);
    if (err)
        return err;
    for (int at = 0; at < STORE_SERIALS; at++)
        if (!used[at])
            free_serials[count++] = at;
    if (count == 0)
        return ERR_NOT_FOUND;
    crypto->ops->random(crypto->self, &random, sizeof random);
    *serial = free_serials[random % count];
    return ERR_OK;
}

// The day never goes back, and never follows a clock that nobody vouches for: its time is a guess.
static int number_day(const struct when *now, int last_day)
{
    int today = receipt_day(now->utc_ms);
    int ahead = last_day ? receipt_days_between(today, last_day) : 0;
    bool is_believed = ahead > 0 && (ahead <= AHEAD_DAYS || now->quality != TIME_DISTRICT);
    return is_believed ? last_day : today;
}

enum err outbox_take_number(struct outbox *outbox, const struct when *now, int type,
                            char out[LIMIT_RECEIPT_NUMBER], struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct receipt_number number = {.type = type, .incarnation = outbox->options.incarnation};
    int64_t last_day;
    enum err err = outbox_counter(outbox, last_day_key, &last_day, why);
    if (err)
        return err;
    text_copy(number.counter, sizeof number.counter, outbox->options.counter);
    number.day = number_day(now, (int)last_day);
    // A thousand in one day is never a reason to send somebody home: the next day's block begins.
    while ((err = pick_serial(outbox, number.day, &number.serial, why)) == ERR_NOT_FOUND)
        number.day = receipt_day_after(number.day);
    if (!err)
        err = store->ops->serial_take(store->self, number.day, number.serial, why);
    if (!err && now->quality != TIME_UNKNOWN)
        err = outbox_set_number(outbox, last_day_key, number.day, why);
    return err ? err : receipt_number_format(&number, out, why);
}
