// SPDX-License-Identifier: GPL-3.0-or-later
// A visit's start and its end. Everything a resident gives lives in one arena a visit; ending it
// zeroes that arena, the record, and what the view showed, resets comfort and overdraws the screen.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

// Random version 4, as "uuid:...". Made before anything is asked, so that no retry makes two.
static void make_instance_id(const struct session *session, char out[LIMIT_INSTANCE_ID])
{
    const struct crypto *crypto = session->options.crypto;
    unsigned char b[16];
    crypto->ops->random(crypto->self, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    snprintf(out, LIMIT_INSTANCE_ID,
             "uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}

struct visit *visit_new(struct session *session, const struct service *service)
{
    struct arena *arena = arena_new_locked(0);
    struct visit *visit = ARENA_NEW(arena, struct visit);
    visit->arena = arena;
    visit->service = service;
    visit->first_touch = session->now;
    make_instance_id(session, visit->instance);
    return visit;
}

static void show_gate(struct session *session)
{
    struct visit *visit = session->visit;
    char code[32];
    if (!visit || visit->service->urgent || visit->record || visit->draft)
        return;
    snprintf(code, sizeof code, "CLOSED-%s", session->closed);
    if (session->closed[0])
        visit_problem(&visit->problem, "closed", code, false);
    else if (text_starts(visit->problem.code, code)) // open again
        visit->problem.open = false;
}

void visit_gate(struct session *session, const struct outbox_reply *reply)
{
    text_copy(session->closed, sizeof session->closed, reply->frozen);
    show_gate(session);
}

// What is known may be hours old: shown at once, and asked for anew.
static void pass_gate(struct session *session)
{
    struct outbox_request list = {.kind = OUTBOX_LIST};
    show_gate(session);
    (void)ask_store(session, ROOM_VISIT, &list);
}

// False: it may not begin, and why not is on screen.
static bool begin(struct session *session, const struct service *service)
{
    struct form_slot *slot = forms_slot(session, service);
    session->overlay = OVERLAY_NONE;
    session->problem.open = false;
    session->items.open = false;
    if (!clock_allows(session, service)) {
        // Its limits count from the day it is handed in: a clerk has to confirm that first.
        visit_problem(&session->problem, "clock", CLOCK_UNKNOWN_CODE, false);
        return false;
    }
    if (slot && slot->state == FORM_UNSEALED) {
        visit_problem(&session->problem, "closed", "FORM-NO-KEY", false);
        return false;
    }
    if (slot && slot->state == FORM_BROKEN && !service->urgent) {
        slot->state = FORM_UNKNOWN; // choosing it again loads it again
        visit_problem(&session->problem, "form-broken", "FORM-BROKEN", false);
        return false;
    }
    session->visit = visit_new(session, service);
    session->place = PLACE_VISIT;
    forms_want(session, service);
    return true;
}

void visit_start(struct session *session, const struct service *service)
{
    if (!begin(session, service))
        return;
    steps_begin(session);
    if (!service->urgent)
        pass_gate(session);
}

void visit_start_linked(struct session *session, const struct service *service,
                        const struct track_case *of)
{
    if (!begin(session, service)) // the case stays underneath
        return;
    struct visit *visit = session->visit;
    text_copy(visit->of_instance, sizeof visit->of_instance, of->instance);
    text_copy(visit->of_number, sizeof visit->of_number, of->number);
    visit->of_service = catalogue_service(session->options.catalogue, of->service);
    text_copy(visit->of_name, sizeof visit->of_name, of->masked_name);
    text_copy(visit->of_drawn, sizeof visit->of_drawn, of->drawn);
    text_copy(visit->of_id, sizeof visit->of_id, of->masked_id);
    memcpy(visit->factor, session->track->question.factor, sizeof visit->factor);
    memcpy(visit->of_token, session->track->question.token, sizeof visit->of_token);
    steps_begin(session); // what is known of a case is never refused for want of room for new ones
}

static void speak(struct visit *visit, const char *language)
{
    if (visit && visit->record && record_set_language(visit->record, language, NULL))
        log_event(LOG_WARNING, "session", "form-language", "service=%s language=%s",
                  visit->service->id, language);
}

void visit_speak(struct session *session)
{
    struct visit *visit = session->visit;
    speak(session->visit, session->comfort.language);
    speak(session->kept, session->comfort.language);
    if (!visit || !visit->record)
        return;
    if (visit->step == STEP_IDENTITY)
        identity_check(visit, session);
    if (visit->step == STEP_REVIEW)
        review_list(session);
}

void visit_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        receipt_event(session, &input->print);
    else if (input->kind != SESSION_OUTBOX)
        return;
    else if (input->outbox.to == OUTBOX_SAVE && input->id)
        save_reply(session, &input->outbox);
    else if (input->outbox.to == OUTBOX_RECEIPT && input->id)
        receipt_reply(session, &input->outbox);
    else if (input->outbox.kind == OUTBOX_LISTED || input->outbox.kind == OUTBOX_READY)
        visit_gate(session, &input->outbox);
}

// Longer where there is something to choose.
static int64_t done_ms(const struct visit *visit)
{
    return visit->next_arena ? DONE_CHOICE_MS : DONE_MS;
}

// When it goes on by itself; -1: it waits for somebody.
static int64_t passes_at(const struct session *session)
{
    const struct visit *visit = session->visit;
    if (!visit || session->staff.screen != STAFF_OFF)
        return -1;
    if (visit->step == STEP_RATING)
        return visit->step_since_ms + RATING_MS;
    return visit->step == STEP_DONE ? visit->step_since_ms + done_ms(visit) : -1;
}

void visit_tick(struct session *session)
{
    int64_t at = passes_at(session);
    receipt_tick(session);
    if (at >= 0 && session_now_ms(session) >= at)
        go_forward(session);
}

int64_t visit_wait(const struct session *session)
{
    int64_t at = passes_at(session), receipt = receipt_wait(session);
    int64_t left = at < 0 ? -1 : at - session_now_ms(session);
    return receipt >= 0 && (left < 0 || receipt < left) ? receipt : left;
}
