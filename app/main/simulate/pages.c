// SPDX-License-Identifier: GPL-3.0-or-later
// A visit with scanned pages: given one by one, some of them taken back, so that the case is too
// large for one request.
#include "simulate.h"
#include "yimen/base/text.h"

#include <stdlib.h>

enum { PAGES_MOST = 6, PAGE_LEAST = 250000, PAGE_MOST = 600000, TAKEN_BACK = 200 };

static void give(struct sim_kiosk *kiosk, int number)
{
    struct outbox_request request = {.kind = OUTBOX_PAGE,
                                     .page = calloc(1, sizeof(struct attachment))};
    size_t length = (size_t)sim_random_between(&kiosk->random, PAGE_LEAST, PAGE_MOST);
    if (!request.page || !(request.page->data = malloc(length)))
        abort(); // a simulation without memory has nothing to say
    unsigned char *bytes = request.page->data;
    uint64_t state = sim_random_next(&kiosk->random);
    for (size_t at = 0; at < length; at++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        bytes[at] = (unsigned char)(state >> 56);
    }
    request.page->length = length;
    (void)snprintf(request.page->name, sizeof request.page->name, "page-%d.jpg", number);
    text_copy(request.page->type, sizeof request.page->type, "image/jpeg");
    text_copy(request.instance, sizeof request.instance, kiosk->visit_instance);
    sim_kiosk_ask(kiosk, &request);
}

static void take_back(struct sim_kiosk *kiosk, int number)
{
    struct outbox_request request = {.kind = OUTBOX_PAGE_DROP};
    (void)snprintf(request.text, sizeof request.text, "page-%d.jpg", number);
    text_copy(request.instance, sizeof request.instance, kiosk->visit_instance);
    sim_kiosk_ask(kiosk, &request);
}

void sim_pages_give(struct sim_kiosk *kiosk)
{
    int count = (int)sim_random_between(&kiosk->random, 1, PAGES_MOST);
    for (int number = 1; number <= count; number++) {
        give(kiosk, number);
        if (sim_random_chance(&kiosk->random, TAKEN_BACK))
            take_back(kiosk, (int)sim_random_between(&kiosk->random, 1, number));
    }
}

void sim_pages_answered(struct sim_kiosk *kiosk, const struct outbox_reply *reply)
{
    if (reply->kind == OUTBOX_PAGE_HELD && kiosk->in_visit)
        kiosk->pages = (int)reply->number;
    sim_trace(kiosk->sim, kiosk->index, "pages held %d%s%s", kiosk->pages,
              reply->refused[0] ? ", refused: " : "", reply->refused);
}
