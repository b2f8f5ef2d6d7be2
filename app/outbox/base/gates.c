// SPDX-License-Identifier: GPL-3.0-or-later
// What the whole says of itself: the gates that stop new ordinary visits before anything breaks,
// how far the news of the district were read, and the grades so far.
#include "base.h"

#include "yimen/base/text.h"

enum {
    FROZEN_ROWS = LIMIT_QUEUE_ROWS - LIMIT_QUEUE_ROWS / 20,
    WARNED_ROWS = LIMIT_QUEUE_ROWS / 2,
    FROZEN_DAYS = 14,
    WARNED_DAYS = 2,
};
static const int64_t day_ms = 86400000;

enum err outbox_gates(struct outbox *outbox, struct outbox_reply *reply, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_counts counts = {0};
    struct store_health health = {0};
    struct when now = clock_now(outbox->options.clock);
    int64_t wants_enrolment = 0;
    enum err err = store->ops->counts(store->self, &counts, why);
    if (!err)
        err = store->ops->health(store->self, &health, why);
    if (!err)
        err = outbox_counter(outbox, OUTBOX_ENROL_KEY, &wants_enrolment, why);
    if (err)
        return err;
    bool is_dated = counts.oldest_unsent_utc_ms && now.quality != TIME_UNKNOWN;
    int64_t age = is_dated ? now.utc_ms - counts.oldest_unsent_utc_ms : 0;
    const struct {
        const char *reason;
        bool frozen, warned;
    } gates[] = {
        {"enrol", wants_enrolment != 0, false},
        {"disk", !health.reserve || health.disk_free < health.disk_total / 20,
         health.disk_free < health.disk_total / 5},
        {"count", counts.unsent >= FROZEN_ROWS, counts.unsent >= WARNED_ROWS},
        {"age", age > FROZEN_DAYS * day_ms, age > WARNED_DAYS * day_ms},
    };
    for (size_t i = sizeof gates / sizeof gates[0]; i-- > 0;) {
        if (gates[i].frozen)
            text_copy(reply->frozen, sizeof reply->frozen, gates[i].reason);
        if (gates[i].frozen || gates[i].warned)
            text_copy(reply->warning, sizeof reply->warning, gates[i].reason);
    }
    return ERR_OK;
}

enum err outbox_status_cursor(struct outbox *outbox, int64_t *out, struct fail *why)
{
    return outbox_counter(outbox, OUTBOX_CURSOR_KEY, out, why);
}

enum err outbox_ratings(struct outbox *outbox, struct strbuf *out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->meta_get(store->self, OUTBOX_RATINGS_KEY, out, why);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
