// SPDX-License-Identifier: GPL-3.0-or-later
// Between session and workers: what is done here and now, and what goes to a worker.
#include "kiosk_run.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"

unsigned kiosk_call(struct kiosk *kiosk, const struct call_wanted *wanted)
{
    const struct call *calls[] = {&kiosk->lamp, &kiosk->bell};
    unsigned reached = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct fail why = {0};
        if (calls[i]->ops && calls[i]->ops->set(calls[i]->self, wanted, &reached, &why))
            log_fail(LOG_ERROR, "kiosk", "call", &why);
    }
    return reached;
}

static void wipe(struct kiosk *kiosk)
{
    struct fail why = {0};
    kiosk->visit_wiped = true;
    if (kiosk->text_entry.ops && kiosk->text_entry.ops->reset(kiosk->text_entry.self, &why))
        log_fail(LOG_ERROR, "kiosk", "text-entry", &why);
}

static void ask(void *context, struct session_request *request)
{
    struct kiosk *kiosk = context;
    if (request->kind == SESSION_CALL)
        request->call.reached = kiosk_call(kiosk, &request->call.wanted);
    else if (request->kind == SESSION_TIME)
        system_clock_confirm(&kiosk->clock, request->time);
    else if (request->kind == SESSION_WIPE)
        wipe(kiosk);
    else
        workers_ask(kiosk->workers, request);
}

struct session_output kiosk_wire(struct kiosk *kiosk)
{
    return (struct session_output){.context = kiosk, .ask = ask};
}

void kiosk_take_answers(struct kiosk *kiosk)
{
    struct session_input input;
    while (workers_take(kiosk->workers, &input)) {
        const struct outbox_reply *ready = input.kind == SESSION_OUTBOX ? &input.outbox : NULL;
        if (ready && ready->kind == OUTBOX_READY && !ready->err) // once a run
            workers_clean_packs(kiosk->workers, ready->oldest_open_utc_ms);
        kiosk->pack_installed |= input.kind == SESSION_PACK_INSTALLED && !input.err;
        session_step(kiosk->session, &input);
    }
    memory_wipe(&input, sizeof input);
}
