// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when: a heap, earliest first.
#include "simulate.h"

#include <assert.h>
#include <stdlib.h>

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void swap(struct sim_event *a, struct sim_event *b)
{
    struct sim_event kept = *a;
    *a = *b;
    *b = kept;
}

uint64_t sim_events_add(struct sim_events *events, struct sim_event event)
{
    if (events->count == events->room) {
        events->room = events->room ? 2 * events->room : 256;
        events->heap = realloc(events->heap, events->room * sizeof *events->heap);
        if (!events->heap)
            abort(); // a simulation without memory has nothing to say
    }
    event.order = ++events->order;
    size_t at = events->count++;
    events->heap[at] = event;
    for (; at > 0 && is_before(&events->heap[at], &events->heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&events->heap[at], &events->heap[(at - 1) / 2]);
    return event.order;
}

bool sim_events_take(struct sim_events *events, struct sim_event *out)
{
    if (events->count == 0)
        return false;
    *out = events->heap[0];
    events->heap[0] = events->heap[--events->count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < events->count; child++)
            if (is_before(&events->heap[child], &events->heap[least]))
                least = child;
        if (least == at)
            return true;
        swap(&events->heap[at], &events->heap[least]);
        at = least;
    }
}

static void clear_request(struct outbox_request *request)
{
    case_draft_free(request->draft);
    if (request->page)
        attachments_clear(request->page, 1);
    free(request->page);
}

void sim_event_clear(struct sim_event *event)
{
    if (!event->payload)
        return;
    switch (event->what) {
    case SIM_STORE: clear_request(event->payload); break;
    case SIM_SYNC: outbox_reply_clear(event->payload); break;
    case SIM_PRINT: free(((struct print_request *)event->payload)->facts); break;
    case SIM_TRY_AGAIN:
        case_draft_free(event->payload);
        event->payload = NULL;
        return;
    case SIM_SYNC_WAKE:
    case SIM_PRINT_WAKE:
    case SIM_VISITOR:
    case SIM_VISIT_END:
    case SIM_STAFF:
    case SIM_FAULT:
    case SIM_FAULT_END:
    case SIM_POWER_ON:
    case SIM_EVENING:
    case SIM_DELIVER:
    case SIM_DISTRICT_WORK:
    case SIM_DISTRICT_FAULT:
    case SIM_DISTRICT_ON:
    case SIM_DISTRICT_BACKUP: assert(event->payload == NULL); break;
    }
    free(event->payload);
    event->payload = NULL;
}

void sim_events_free(struct sim_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        sim_event_clear(&events->heap[i]);
    free(events->heap);
    *events = (struct sim_events){0};
}
