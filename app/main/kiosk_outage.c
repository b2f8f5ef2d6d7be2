// SPDX-License-Identifier: GPL-3.0-or-later
// When a run cannot begin (a damaged store, a missing device, what provisioning made is gone):
// people are told plainly, the lamp calls staff, emergency and call lead to the telephones, urgent
// help to a slip as well, and the run is tried again.
#include "kiosk_run.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include "yimen/session/session.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TRY_AGAIN_MS = 30000, SLIP_EVERY_MS = 20000, LOOK_MS = 1000 };

struct outage {
    struct kiosk *kiosk;
    struct workers *paper; ///< NULL: nothing can be printed
    int64_t slip_ms;       ///< when the last slip went to the printer; 0 = none did
    char slip_job[48];     ///< whose events are shown
    int64_t until_ms;
    struct view view;
};

// Without a number: there is no case. A second press within moments is the same person's.
static void print_slip(struct outage *outage)
{
    struct kiosk *kiosk = outage->kiosk;
    struct when now = clock_now(&kiosk->clock);
    bool again = outage->slip_ms && now.monotonic_ms - outage->slip_ms < SLIP_EVERY_MS;
    if (again) // what is shown is still of that slip
        return;
    struct slip *slip = outage->paper ? calloc(1, sizeof *slip) : NULL;
    outage->view.slip_asked = outage->paper != NULL;
    outage->view.slip_state = RECEIPT_FAILED;
    outage->view.slip_problem_key = NULL;
    if (!slip)
        return;
    *slip = (struct slip){.kind = SLIP_UNSAVED, .made = now};
    text_copy(slip->language, sizeof slip->language, outage->view.language);
    text_copy(slip->counter_code, sizeof slip->counter_code, kiosk->config.counter);
    struct session_request request = {.kind = SESSION_PAPER,
                                      .print = {.kind = PRINT_SLIP, .slip = slip}};
    snprintf(request.print.job, sizeof request.print.job, "unsaved-%" PRId64, now.monotonic_ms);
    text_copy(outage->slip_job, sizeof outage->slip_job, request.print.job);
    outage->view.slip_state = RECEIPT_COMPOSED;
    workers_ask(outage->paper, &request);
    outage->slip_ms = now.monotonic_ms;
    outage->until_ms = now.monotonic_ms + TRY_AGAIN_MS; // it is printed before the next try
}

// Whom to go to: its name in the language of the moment, its telephone where one was set.
static void name_counter(struct outage *outage)
{
    const struct kiosk *kiosk = outage->kiosk;
    struct view *view = &outage->view;
    const struct counter *counter =
        kiosk->content.catalogue
            ? catalogue_counter(kiosk->content.catalogue, kiosk->config.counter)
            : NULL;
    view->counter_phone = counter ? counter->phone : "";
    view->counter_name = !counter ? kiosk->config.counter
                         : counter->name_key[0]
                             ? texts_get(kiosk->content.texts, view->language, counter->name_key)
                             : counter->name;
}

// Whoever stands there still has to be able to read it.
static bool take_comfort(struct outage *outage, const struct intent *intent)
{
    struct view *view = &outage->view;
    int number = intent->number;
    const char *const *known = texts_languages(outage->kiosk->content.texts);
    if (intent->kind == INTENT_COMFORT || intent->kind == INTENT_HELP)
        view->overlay = intent->kind == INTENT_HELP ? OVERLAY_HELP : OVERLAY_COMFORT;
    else if (intent->kind == INTENT_SIZE && number >= TEXT_SIZE_S && number <= TEXT_SIZE_XL)
        view->size = (enum text_size)number;
    else if (intent->kind == INTENT_CONTRAST && number >= CONTRAST_DEFAULT &&
             number <= CONTRAST_LOW)
        view->contrast = (enum contrast)number;
    else if (intent->kind != INTENT_LANGUAGE)
        return false;
    for (; intent->kind == INTENT_LANGUAGE && *known; known++)
        if (text_equal(*known, intent->text))
            view->language = *known;
    name_counter(outage);
    return true;
}

static void take_intent(void *self, const struct intent *intent)
{
    struct outage *outage = self;
    if (take_comfort(outage, intent)) {
        outage->until_ms = clock_now(&outage->kiosk->clock).monotonic_ms + TRY_AGAIN_MS;
    } else if (intent->kind == INTENT_URGENT || intent->kind == INTENT_CALL) {
        outage->view.overlay = OVERLAY_CALL;
        outage->view.call_unanswered = true; // nothing here would notice an answer: the telephones
        outage->view.call_reached = kiosk_call(
            outage->kiosk,
            &(struct call_wanted){.calling = true, .urgent = intent->kind == INTENT_URGENT});
        log_event(LOG_ERROR, "kiosk", "outage-call", "urgent=%d", intent->kind == INTENT_URGENT);
        if (intent->kind == INTENT_URGENT)
            print_slip(outage);
        else
            outage->view.slip_asked = false; // this sheet is about the call
    } else if (intent->kind == INTENT_CLOSE_OVERLAY) {
        outage->view.overlay = OVERLAY_NONE;
    } else {
        return;
    }
    outage->view.change++;
    ui_show(outage->kiosk->ui, &outage->view);
}

static void open_paper(struct outage *outage)
{
    struct fail why = {0};
    struct workers_options options = kiosk_workers_options(outage->kiosk);
    if (workers_start_paper(&options, &outage->paper, &why))
        log_fail(LOG_WARNING, "kiosk", "outage-paper", &why);
}

// What became of the slip is said while its sheet is open.
static void take_events(struct outage *outage)
{
    struct view *view = &outage->view;
    struct session_input input;
    while (outage->paper && workers_take(outage->paper, &input)) {
        const struct print_event *event = &input.print;
        if (input.kind != SESSION_PRINT || event->kind != PRINT_EVENT_JOB ||
            !text_equal(event->job, outage->slip_job))
            continue;
        view->slip_state = receipt_state_of(event, &view->slip_problem_key);
        view->change++;
        ui_show(outage->kiosk->ui, view);
    }
}

static void tell(struct outage *outage, enum err err)
{
    struct kiosk *kiosk = outage->kiosk;
    bool closed = kiosk->base.code[0] != '\0', damaged = err == ERR_CORRUPT;
    outage->view = (struct view){
        .screen = SCREEN_PROBLEM,
        .change = 1,
        .outage = true,
        .language = texts_languages(kiosk->content.texts)[0],
        .size = TEXT_SIZE_M,
        .catalogue = kiosk->content.catalogue,
        .who = "",
        .problem_what_key = closed    ? "problem.base.what"
                            : damaged ? "problem.store-damaged.what"
                                      : "problem.not-ready.what",
        .problem_safe_key = closed    ? "problem.base.safe"
                            : damaged ? "problem.store-damaged.safe"
                                      : "problem.not-ready.safe",
        .problem_next_key = closed    ? "problem.base.next"
                            : damaged ? "problem.store-damaged.next"
                                      : "problem.not-ready.next",
        .problem_code = closed ? kiosk->base.code : err_name(err),
    };
    name_counter(outage);
}

static enum run_end wait_outside(struct outage *outage)
{
    struct kiosk *kiosk = outage->kiosk;
    while (!atomic_load(&kiosk->is_ending)) {
        int64_t now = clock_now(&kiosk->clock).monotonic_ms;
        if (now >= outage->until_ms)
            return RUN_AGAIN;
        if (kiosk->end_at_ms >= 0 && now >= kiosk->end_at_ms)
            return RUN_OVER;
        system_notify_alive();
        take_events(outage);
        if (!ui_wait(kiosk->ui, LOOK_MS, take_intent, outage))
            return RUN_OVER;
    }
    return RUN_OVER;
}

enum run_end kiosk_outage(struct kiosk *kiosk, enum err err)
{
    struct outage outage = {.kiosk = kiosk};
    tell(&outage, err);
    open_paper(&outage);
    outage.until_ms = clock_now(&kiosk->clock).monotonic_ms + TRY_AGAIN_MS;
    // Seen, not heard: it may last for hours, and whoever wants to be heard presses "call".
    (void)kiosk_call(kiosk, &(struct call_wanted){.calling = true, .silent = true});
    ui_show(kiosk->ui, &outage.view);
    enum run_end end = wait_outside(&outage);
    workers_stop(outage.paper);
    return end;
}
