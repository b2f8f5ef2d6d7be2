// SPDX-License-Identifier: GPL-3.0-or-later
// Which number a receipt gets: the day never goes back, the serial is a random one not used that
// day, so that a number says nothing about how many came before.
#include "outbox_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    TYPE_HAND_SLIP = 9,
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

static enum err keep_day(struct outbox *outbox, int day, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    char text[16];
    int length = snprintf(text, sizeof text, "%d", day);
    return store->ops->meta_set(store->self, last_day_key, text, (size_t)length, why);
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
        err = keep_day(outbox, number.day, why);
    return err ? err : receipt_number_format(&number, out, why);
}

struct numbering {
    struct when now;
    const char *staff;
    char number[LIMIT_RECEIPT_NUMBER];
};

static enum err take_slip(struct outbox *outbox, void *context, struct fail *why)
{
    struct numbering *slip = context;
    enum err err = outbox_take_number(outbox, &slip->now, TYPE_HAND_SLIP, slip->number, why);
    return err ? err : outbox_audit(outbox, "slip.numbered", slip->number, slip->staff, "", why);
}

void outbox_hand_slip(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_NUMBERED);
    struct numbering slip = {.now = clock_now(outbox->options.clock),
                             .staff = answer->request->staff};
    struct fail why = {0};
    enum err err = outbox_transaction_once(outbox, take_slip, &slip, &why);
    if (err) {
        outbox_emit_done(answer, err, &why);
        return;
    }
    text_copy(reply.slip, sizeof reply.slip, slip.number);
    outbox_emit(answer, &reply);
}

enum err outbox_number_slip(const struct outbox_options *options, const char *staff,
                            char out[LIMIT_RECEIPT_NUMBER], struct fail *why)
{
    struct numbering slip = {.now = clock_now(options->clock), .staff = staff};
    struct outbox *outbox = calloc(1, sizeof *outbox);
    if (!outbox)
        return fail_set(why, ERR_FULL, "no memory for a number");
    outbox->options = *options;
    enum err err = outbox_transaction_once(outbox, take_slip, &slip, why);
    text_copy(out, LIMIT_RECEIPT_NUMBER, err ? "" : slip.number);
    free(outbox);
    return err;
}
