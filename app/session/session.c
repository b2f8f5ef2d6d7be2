// SPDX-License-Identifier: GPL-3.0-or-later
// Dispatch: one input comes in, goes to the aspect it belongs to, time is looked after, and the
// view is built anew when something changed. Everything here runs on the UI thread.
#include "session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool overlay_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind == INTENT_HELP) {
        session->overlay = OVERLAY_HELP;
        return true;
    }
    if (intent->kind != INTENT_CLOSE_OVERLAY)
        return false;
    session->overlay = OVERLAY_NONE;
    return true;
}

static void doors_intent(struct session *session, const struct intent *intent)
{
    const struct service *service;
    if (intent->kind == INTENT_TRACK) {
        track_open(session);
    } else if (intent->kind == INTENT_CONTINUE) {
        park_open(session);
    } else if (intent->kind == INTENT_DOOR) {
        text_copy(session->door, sizeof session->door, intent->text);
        session->problem.open = false;
        session->place = PLACE_SERVICES;
    } else if (intent->kind == INTENT_SERVICE) {
        service = catalogue_service(session->options.catalogue, intent->text);
        if (service && !service->linked)
            visit_start(session, service);
    } else if (policy_intent(session, intent)) {
        return;
    } else if (intent->kind == INTENT_BACK && session->problem.open) {
        session->problem.open = false; // the door stays as it was
    } else if (intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE ||
               intent->kind == INTENT_LEAVE_SURE || intent->kind == INTENT_NEXT) {
        session->problem.open = false;
        visit_end_all(session, "left");
    }
}

static void take_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind == INTENT_CONTACT_STUCK) { // something lies there: nobody's touch
        session->stuck_contacts = intent->number;
        session->dirty = true;
        log_event(LOG_WARNING, "session", "contact-stuck", "count=%d", intent->number);
        return;
    }
    bool alert = session->overlay == OVERLAY_IDLE;
    idle_touch(session);
    if (intent->kind == INTENT_NONE || intent->kind == INTENT_ACTIVITY) {
        session->dirty |= alert;
        return;
    }
    session->dirty = true;
    if (urgent_intent(session, intent) || staff_intent(session, intent) ||
        call_intent(session, intent) || overlay_intent(session, intent))
        return;
    if (comfort_intent(session, intent)) {
        if (intent->kind == INTENT_LANGUAGE)
            visit_speak(session);
        return;
    }
    if (intent->kind == INTENT_HIDE) {
        park_hide(session);
        return;
    }
    if (items_intent(session, intent))
        return;
    if (session->place == PLACE_VISIT)
        visit_intent(session, intent);
    else if (intent->kind == INTENT_TICKET_TYPE) {
        leave_track(session);
        resume_type(session);
    }
    else if (session->place == PLACE_TRACK)
        track_intent(session, intent);
    else if (session->place == PLACE_RESUME && !session->problem.open)
        (void)resume_intent(session, intent);
    else if (session->place == PLACE_PARKED && !session->problem.open)
        (void)park_intent(session, intent);
    else
        doors_intent(session, intent);
}

// Nobody asked: the store has opened.
static void take_ready(struct session *session, const struct outbox_reply *ready)
{
    if (ready->kind != OUTBOX_READY)
        return;
    session->dirty = true;
    visit_gate(session, ready);
    if (ready->open_calls)
        urgent_recall(session, ready->newest_call_ms);
    if (ready->just_saved[0])
        session->just_saved_until_ms = session_now_ms(session) + JUST_SAVED_MS;
}

// ------------------------------------------------------------------ answers, each to its room

static void forms_reply(struct session *session, struct session_input *input)
{
    const struct form_slot *slot = forms_loaded(session, input);
    const struct visit *visit = session->visit;
    if (!slot)
        return;
    bool concerns = visit && visit->service == slot->service;
    if (slot == &session->earlier.slot && slot->state == FORM_BROKEN)
        earlier_gone(session);
    // A broken one is said at once, not when everything about the service has been read.
    else if (concerns && (visit->waits_for_form || visit->draft || slot->state != FORM_READY))
        steps_form_came(session);
}

static void visit_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        receipt_event(session, &input->print);
    else if (input->outbox.to == OUTBOX_SAVE)
        save_reply(session, &input->outbox);
    else if (input->outbox.to == OUTBOX_RECEIPT)
        receipt_reply(session, &input->outbox);
    else if (input->outbox.kind == OUTBOX_LISTED)
        visit_gate(session, &input->outbox);
}

static void ticket_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_KEY)
        ticket_key_came(session, input);
    else
        checkpoint_reply(session, &input->outbox);
}

static void resume_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_KEY)
        resume_key_came(session, input);
    else if (input->kind == SESSION_DRAFT)
        resume_fetched(session, input);
    else
        resume_stored(session, &input->outbox);
}

static void track_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_TRACKED)
        track_answer(session, input);
    else if (input->outbox.to == OUTBOX_TRACK)
        track_outbox(session, &input->outbox);
    else if (!track_receipt(session, &input->outbox))
        receipt_unclaimed(session, &input->outbox);
}

static void staff_stored(struct session *session, struct outbox_reply *reply)
{
    if (reply->kind == OUTBOX_LISTED)
        visit_gate(session, reply);
    if (reply->to == OUTBOX_LOGIN)
        staff_login_reply(session, reply);
    else if (reply->to == OUTBOX_SELF_TEST)
        tech_reply(session, reply);
    else
        desk_reply(session, reply);
}

static void staff_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        tech_print(session, &input->print);
    else if (input->kind == SESSION_DISTRICT_TESTED)
        tech_district(session, input);
    else if (input->kind == SESSION_PACK_INSTALLED)
        tech_pack(session, input);
    else
        staff_stored(session, &input->outbox);
}

static void (*const replies[ROOM_COUNT])(struct session *session, struct session_input *input) = {
    [ROOM_FORMS] = forms_reply,   [ROOM_VISIT] = visit_reply,     [ROOM_TICKET] = ticket_reply,
    [ROOM_RESUME] = resume_reply, [ROOM_PARK] = park_key_came,    [ROOM_OWNER] = owner_key_came,
    [ROOM_TRACK] = track_reply,   [ROOM_STAFF] = staff_reply,
};

// Nobody waits any more. A copy nobody waits for is not printed, and is not lost.
static void drop(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_OUTBOX)
        receipt_unclaimed(session, &input->outbox);
    log_event(input->err ? LOG_WARNING : LOG_INFO, "session", "late-answer", "kind=%d err=%s",
              (int)input->kind, err_name(input->err));
}

static void take_answer(struct session *session, struct session_input *input)
{
    enum room room = ROOM_NONE;
    if (!session_expects(session, input->id, &room)) {
        drop(session, input);
        return;
    }
    session->dirty = true;
    replies[room](session, input);
}

// What the printer tells of a job: whoever knows its name takes it.
static void take_print(struct session *session, const struct print_event *event)
{
    receipt_event(session, event);
    if (event->kind == PRINT_EVENT_JOB)
        track_print(session, event);
    slip_event(session, event);
    ticket_print_event(session, event);
    tech_print(session, event);
}

// Longer where there is something to choose.
static int64_t done_ms(const struct visit *visit)
{
    return visit->next_arena ? DONE_CHOICE_MS : DONE_MS;
}

static void take_time(struct session *session)
{
    struct visit *visit = session->visit;
    int64_t now = session_now_ms(session);
    if (session->just_saved_until_ms && now >= session->just_saved_until_ms) {
        session->just_saved_until_ms = 0;
        session->dirty = true;
    }
    call_tick(session);
    park_tick(session);
    code_tick(session);
    receipt_tick(session);
    resume_tick(session);
    checkpoint_tick(session);
    staff_tick(session);
    track_tick(session);
    if (session->staff.screen != STAFF_OFF)
        return;
    if (visit && visit->step == STEP_RATING && now - visit->step_since_ms >= RATING_MS)
        steps_forward(session);
    else if (visit && visit->step == STEP_DONE && now - visit->step_since_ms >= done_ms(visit))
        visit_end_current(session, "done");
    else if (idle_tick(session)) {
        park_timed_out(session); // the rest ends all the same
        go_there(session);
        visit_end_all(session, "idle");
    }
}

static void take(struct session *session, struct session_input *input)
{
    switch (input->kind) {
    case SESSION_TICK: break;
    case SESSION_INTENT: take_intent(session, input->intent); break;
    case SESSION_SYNC: clock_sync(session, &input->sync); break;
    case SESSION_CODE: code_scanned(session, input->err ? "" : input->code); break;
    case SESSION_OUTBOX:
    case SESSION_PRINT:
    case SESSION_FORM_LOADED:
    case SESSION_PACK_INSTALLED:
    case SESSION_DISTRICT_TESTED:
    case SESSION_TRACKED:
    case SESSION_KEY:
    case SESSION_DRAFT:
        if (input->id)
            take_answer(session, input);
        else if (input->kind == SESSION_OUTBOX)
            take_ready(session, &input->outbox);
        else if (input->kind == SESSION_PRINT)
            take_print(session, &input->print);
        break;
    }
}

void session_step(struct session *session, struct session_input *input)
{
    session->now = clock_now(session->options.clock);
    take(session, input);
    session_input_clear(input);
    go_there(session);
    take_time(session);
    go_there(session);
    content_end_tick(session);
    clock_tick(session);
    if (session->dirty)
        view_build(session);
    session->dirty = false;
}

bool session_keeps_visit(const struct session *session)
{
    return park_holds_any(session) || session->away;
}

const struct view *session_view(const struct session *session)
{
    return &session->view;
}

static void earliest(int64_t *wait, int64_t other)
{
    if (other >= 0 && (*wait < 0 || other < *wait))
        *wait = other;
}

int session_wait_ms(const struct session *session)
{
    const struct visit *visit = session->visit;
    int64_t now = session_now_ms(session), wait = 60000 - session->now.utc_ms % 60000;
    earliest(&wait, call_wait(session));
    earliest(&wait, park_wait(session));
    earliest(&wait, code_wait(session));
    earliest(&wait, receipt_wait(session));
    earliest(&wait, resume_wait(session));
    earliest(&wait, checkpoint_wait(session));
    earliest(&wait, staff_wait(session));
    earliest(&wait, track_wait(session));
    if (session->just_saved_until_ms)
        earliest(&wait, session->just_saved_until_ms - now);
    if (session->staff.screen == STAFF_OFF) {
        earliest(&wait, idle_wait(session));
        if (visit && visit->step == STEP_RATING)
            earliest(&wait, visit->step_since_ms + RATING_MS - now);
        if (visit && visit->step == STEP_DONE)
            earliest(&wait, visit->step_since_ms + done_ms(visit) - now);
    }
    return wait < 0 ? 0 : (int)wait;
}

static const char *counter_name(const struct session *session)
{
    const struct counter *counter =
        catalogue_counter(session->options.catalogue, session->options.counter);
    if (!counter)
        return session->options.counter;
    return counter->name_key[0] ? session_text(session, counter->name_key) : counter->name;
}

static void content_begin(struct session *session)
{
    size_t count = catalogue_service_count(session->options.catalogue);
    session->form_count = count < VIEW_SERVICES ? count : VIEW_SERVICES;
    for (size_t i = 0; i < session->form_count; i++) {
        const struct service *service = catalogue_service_at(session->options.catalogue, i);
        session->forms[i] = (struct form_slot){.service = service};
        // Its first question must be there at the first touch.
        if (service->urgent)
            forms_want(session, service);
    }
    forms_look_on(session);
    comfort_reset(session);
    session->counter_name = counter_name(session);
}

enum err session_open(const struct session_options *options, const struct session_output *output,
                      struct session **out, struct fail *why)
{
    assert(options->texts && options->catalogue && options->clock && options->crypto);
    *out = NULL;
    if (catalogue_service_count(options->catalogue) == 0)
        return fail_set(why, ERR_INPUT, "the content offers no service");
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return fail_set(why, ERR_FULL, "no memory for the session");
    session->staff.cases = calloc(VIEW_ITEMS, sizeof *session->staff.cases);
    if (!session->staff.cases) {
        free(session);
        return fail_set(why, ERR_FULL, "no memory for the session");
    }
    session->options = *options;
    session->output = *output;
    if (!session->options.idle_alert_ms)
        session->options.idle_alert_ms = IDLE_ALERT_MS;
    if (!session->options.idle_papers_ms)
        session->options.idle_papers_ms = IDLE_PAPERS_MS;
    if (!session->options.countdown_ms)
        session->options.countdown_ms = COUNTDOWN_MS;
    session->now = clock_now(options->clock);
    session->touched_ms = session->now.monotonic_ms;
    content_begin(session);
    clock_tick(session);
    view_build(session);
    session->dirty = false;
    *out = session;
    return ERR_OK;
}

void session_end(struct session *session)
{
    staff_leave(session);
    park_wipe(session);
    visit_end_all(session, "closing");
    park_away_ends(session);
    go_there(session);
}

void session_close(struct session *session)
{
    if (!session)
        return;
    park_wipe(session);
    visit_end_all(session, "closing");
    park_away_ends(session);
    go_there(session);
    correction_forget(session);
    earlier_forget(session);
    forms_free(session);
    memory_wipe(session->staff.cases, VIEW_ITEMS * sizeof *session->staff.cases);
    free(session->staff.cases);
    memory_wipe(session, sizeof *session);
    free(session);
}
