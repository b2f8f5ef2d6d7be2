// SPDX-License-Identifier: GPL-3.0-or-later
// Grades are counted by day and service, and told with the heartbeat as counts so far.
#include "verb.h"

#include "yimen/case/rating.h"
#include "yimen/case/receipt_number.h"
#include "yimen/base/text.h"

static const int64_t day_ms = 86400000;

static enum err count_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct rating *one = context;
    int64_t now_utc_ms = clock_now(outbox->options.clock).utc_ms;
    struct strbuf before, after;
    strbuf_init(&before, RATING_BYTES);
    strbuf_init(&after, RATING_BYTES);
    enum err err = outbox_ratings(outbox, &before, why);
    if (!err) {
        rating_add(strbuf_text(&before), one, receipt_day(now_utc_ms - RATING_DAYS * day_ms),
                   &after);
        err = strbuf_result(&after, why);
    }
    if (!err)
        err = store->ops->meta_set(store->self, OUTBOX_RATINGS_KEY, after.data, after.length, why);
    strbuf_free(&before);
    strbuf_free(&after);
    return err;
}

void outbox_rated(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct when now = clock_now(outbox->options.clock);
    struct rating one = {.day = receipt_day(now.utc_ms), .grade = (int)request->number};
    struct fail why = {0};
    enum err err = ERR_OK;
    if (!text_copy(one.service, sizeof one.service, request->text) || one.grade < 1 ||
        one.grade > RATING_GRADES)
        err = fail_set(&why, ERR_INPUT, "not a grade of a service");
    else if (now.quality != TIME_UNKNOWN) // a day nobody vouches for counts nowhere
        err = outbox_transaction(outbox, count_work, &one, &why);
    outbox_emit_done(answer, err, &why);
}
