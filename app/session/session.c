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
    for (int i = ROOM_NONE + 1; i < ROOM_COUNT; i++)
        if (session_rooms[i].intent && session_rooms[i].intent(session, intent))
            return;
}

// Nobody waits any more. A copy nobody waits for is not printed, and is not lost.
static void drop(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_OUTBOX)
        receipt_unclaimed(session, &input->outbox);
    log_event(input->err ? LOG_WARNING : LOG_INFO, "session", "late-answer", "kind=%d err=%s",
              (int)input->kind, err_name(input->err));
}

// An answer goes to the room that asked; what nobody asked for is told to all.
static void take_answer(struct session *session, struct session_input *input)
{
    enum room room = ROOM_NONE;
    if (!input->id) {
        for (int i = ROOM_NONE + 1; i < ROOM_COUNT; i++)
            if (session_rooms[i].reply)
                session_rooms[i].reply(session, input);
    } else if (session_expects(session, input->id, &room)) {
        session->dirty = true;
        session_rooms[room].reply(session, input);
    } else {
        drop(session, input);
    }
}

static void pass_time(struct session *session)
{
    for (int i = ROOM_NONE + 1; i < ROOM_COUNT; i++) {
        if (!session_rooms[i].tick)
            continue;
        session_rooms[i].tick(session);
        go_there(session);
    }
}

void session_step(struct session *session, struct session_input *input)
{
    session->now = clock_now(session->options.clock);
    if (input->kind == SESSION_INTENT)
        take_intent(session, input->intent);
    else if (input->kind != SESSION_TICK)
        take_answer(session, input);
    session_input_clear(input);
    go_there(session);
    pass_time(session);
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

int session_wait_ms(const struct session *session)
{
    int64_t least = -1;
    for (int i = ROOM_NONE + 1; i < ROOM_COUNT; i++) {
        int64_t wait = session_rooms[i].wait ? session_rooms[i].wait(session) : -1;
        if (wait >= 0 && (least < 0 || wait < least))
            least = wait;
    }
    return least < 0 ? 0 : (int)least;
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
    view_build(session);
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
