// SPDX-License-Identifier: GPL-3.0-or-later
// When a run cannot begin (a damaged store, a missing device): people are told plainly, the lamp
// calls staff, emergency and call lead to the telephones, and the run is tried again.
#include "kiosk_run.h"
#include "yimen/base/log.h"
#include "yimen/driver/system.h"

enum { TRY_AGAIN_MS = 30000, LOOK_MS = 1000 };

struct outage {
    struct kiosk *kiosk;
    struct view view;
};

static void take_intent(void *self, const struct intent *intent)
{
    struct outage *outage = self;
    if (intent->kind == INTENT_URGENT || intent->kind == INTENT_CALL) {
        outage->view.overlay = OVERLAY_CALL;
        outage->view.call_unanswered = true; // nothing here would notice an answer: the telephones
        outage->view.call_reached = kiosk_call(
            outage->kiosk,
            &(struct call_wanted){.calling = true, .urgent = intent->kind == INTENT_URGENT});
    } else if (intent->kind == INTENT_CLOSE_OVERLAY) {
        outage->view.overlay = OVERLAY_NONE;
    } else {
        return;
    }
    outage->view.change++;
    ui_show(outage->kiosk->ui, &outage->view);
}

enum run_end kiosk_outage(struct kiosk *kiosk, enum err err)
{
    bool damaged = err == ERR_CORRUPT;
    struct outage outage = {.kiosk = kiosk};
    outage.view = (struct view){
        .screen = SCREEN_PROBLEM,
        .change = 1,
        .language = texts_languages(kiosk->content.texts)[0],
        .size = TEXT_SIZE_M,
        .catalogue = kiosk->content.catalogue,
        .counter_name = kiosk->config.counter,
        .counter_phone = "",
        .who = "",
        .problem_what_key = damaged ? "problem.store-damaged.what" : "problem.not-ready.what",
        .problem_safe_key = damaged ? "problem.store-damaged.safe" : "problem.not-ready.safe",
        .problem_next_key = damaged ? "problem.store-damaged.next" : "problem.not-ready.next",
        .problem_code = err_name(err),
    };
    int64_t until = clock_now(&kiosk->clock).monotonic_ms + TRY_AGAIN_MS;
    // Seen, not heard: it may last for hours, and whoever wants to be heard presses "call".
    (void)kiosk_call(kiosk, &(struct call_wanted){.calling = true, .silent = true});
    ui_show(kiosk->ui, &outage.view);
    while (!atomic_load(&kiosk->is_ending)) {
        int64_t now = clock_now(&kiosk->clock).monotonic_ms;
        if (now >= until)
            return RUN_AGAIN;
        if (kiosk->end_at_ms >= 0 && now >= kiosk->end_at_ms)
            return RUN_OVER;
        system_notify_alive();
        if (!ui_wait(kiosk->ui, LOOK_MS, take_intent, &outage))
            return RUN_OVER;
    }
    return RUN_OVER;
}
