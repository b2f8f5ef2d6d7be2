// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosks tell of themselves, and what they ask about their cases.
#include "audit_proof.h"
#include "lookup_internal.h"
#include "split.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { UNSENT_MAXIMUM = LIMIT_QUEUE_ROWS, EVENTS_AT_ONCE = 200 };

// A store that counts less than it did, a chain that is shorter, or another enrolment
// under this certificate: a restored or copied disk. Numbers could repeat, so the kiosk must be
// enrolled again.
static bool went_back(const struct district_device *device, const json_t *beat,
                      const struct told_head *head)
{
    if (head->signature && head->sequence < device->audit_sequence)
        return true;
    const json_t *incarnation = json_object_get(beat, "incarnation");
    if (incarnation && json_integer_value(incarnation) != device->incarnation)
        return true;
    return json_integer_value(json_object_get(beat, "saves")) < device->saves;
}

static const char **unsent_numbers(const json_t *list)
{
    size_t count = json_array_size(list), kept = 0;
    if (count > UNSENT_MAXIMUM)
        count = UNSENT_MAXIMUM;
    const char **numbers = calloc(count + 1, sizeof *numbers);
    for (size_t i = 0; numbers && i < count; i++) {
        const char *number = json_string_value(json_array_get(list, i));
        if (number && strlen(number) < LIMIT_RECEIPT_NUMBER)
            numbers[kept++] = number;
    }
    return numbers;
}

void contact_heartbeat(struct district *district, const struct district_device *device,
                       struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    json_t *beat = json_loadb(exchange->body, exchange->length, JSON_REJECT_DUPLICATES, NULL);
    struct told_head head;
    if (!json_is_integer(json_object_get(beat, "saves")) ||
        !told_head_read(district, device, beat, &head)) {
        log_event(LOG_WARNING, "district", "heartbeat-refused", "device=%s", device->id);
        exchange->status = 400;
        json_decref(beat);
        return;
    }
    const char **unsent = unsent_numbers(json_object_get(beat, "unsent"));
    enum audit_step step = audit_step(district, device, &head);
    bool moves = step == AUDIT_MOVES;
    bool back = step == AUDIT_FORKED || went_back(device, beat, &head);
    int still = audit_still(district, device, step, &head);
    int64_t saves = json_integer_value(json_object_get(beat, "saves"));
    struct district_contact contact = {
        .device_id = device->id,
        .saves = saves > device->saves ? saves : device->saves,
        .audit_head = moves ? head.hash : device->audit_head,
        .audit_signature = moves ? head.signature : NULL,
        .audit_sequence = moves ? head.sequence : device->audit_sequence,
        .forked = step == AUDIT_FORKED,
        .audit_still = still,
        .utc_ms = clock_now(district->options.clock).utc_ms,
        .frozen = back,
        .unsent = (const char *const *)unsent,
    };
    int64_t backup_utc_ms = 0;
    enum err err = still < 0 ? ERR_RETRY : ERR_OK;
    if (!err && step == AUDIT_FORKED)
        err = audit_alarm(district, device, &head, NULL);
    if (!err && still == AUDIT_STANDS_STILL && device->audit_still < still)
        err = audit_still_alarm(district, device, NULL);
    if (!err)
        err = store->ops->device_contact(store->self, &contact, NULL);
    if (!err)
        err = store->ops->backup_last(store->self, &backup_utc_ms, NULL);
    if (!err)
        ratings_take(district, device->counter,
                     json_string_value(json_object_get(beat, "ratings")));
    if (back)
        log_event(LOG_WARNING, "district", "device-went-back", "device=%s", device->id);
    if (json_is_true(json_object_get(beat, "content_ended")))
        log_event(LOG_WARNING, "district", "device-content-ended", "device=%s counter=%s",
                  device->id, device->counter);
    if (err)
        exchange->status = 503;
    else
        json_answer(exchange, 200,
                    json_pack("{s:b, s:I, s:I}", "frozen", back || device->frozen, "backup_utc_ms",
                              (json_int_t)backup_utc_ms, "audit_sequence",
                              (json_int_t)contact.audit_sequence));
    free(unsent);
    json_decref(beat);
}

struct events {
    json_t *list;
    int64_t last;
};

static void add_event(void *context, const struct district_event *event)
{
    struct events *events = context;
    events->last = event->sequence;
    json_array_append_new(events->list,
                          json_pack("{s:I, s:s, s:s, s:s, s:I}", "sequence",
                                    (json_int_t)event->sequence, "receipt", event->receipt,
                                    "instance", event->instance, "status", event->status, "utc_ms",
                                    (json_int_t)event->utc_ms));
}

// Of a case of several items also where each of them is now.
static void add_items(struct district *district, json_t *events)
{
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        const char *instance = json_string_value(json_object_get(event, "instance"));
        json_t *items = split_describe(district, instance);
        if (json_array_size(items) > 0)
            json_object_set(event, "items", items);
        json_decref(items);
    }
}

// Which list a case waits for; the list itself comes with the lookup, to its owner.
static void name_lists(const struct district_store *store, json_t *events)
{
    struct district_correction row;
    for (size_t i = 0; i < json_array_size(events); i++) {
        json_t *event = json_array_get(events, i);
        const char *instance = json_string_value(json_object_get(event, "instance"));
        if (store->ops->correction_open(store->self, instance, &row, NULL, NULL) == ERR_OK)
            json_object_set_new(event, "correction", json_string(row.id));
    }
}

// Also to a kiosk a restricted case is an enquiry that was received, and stays one.
static void hide_restricted(struct district *district, json_t *events)
{
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        if (!lookup_tells_enquiry(district, json_string_value(json_object_get(event, "instance"))))
            continue;
        json_object_set_new(event, "status", json_string("10"));
        json_object_del(event, "correction");
    }
}

void contact_status(struct district *district, const struct district_device *device,
                    struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    const char *since = exchange->query(exchange, "since");
    int64_t cursor = 0;
    if (since && (!text_to_int64(since, &cursor) || cursor < 0)) {
        exchange->status = 400;
        return;
    }
    struct events events = {.list = json_array(), .last = cursor};
    enum err err = store->ops->status_since(store->self, device->counter, cursor, EVENTS_AT_ONCE,
                                            add_event, &events, NULL);
    if (err) {
        exchange->status = 503;
        json_decref(events.list);
        return;
    }
    add_items(district, events.list);
    name_lists(store, events.list);
    hide_restricted(district, events.list);
    json_answer(exchange, 200,
                json_pack("{s:o, s:I}", "events", events.list, "next", (json_int_t)events.last));
}
