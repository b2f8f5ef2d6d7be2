// SPDX-License-Identifier: GPL-3.0-or-later
// A visit's start and its end. Everything a resident gives lives in one arena a visit; ending it
// zeroes that arena, the record, and what the view showed, resets comfort and overdraws the screen.
#include "session_internal.h"
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

const struct service *visit_shown(const struct visit *visit)
{
    return visit->shown ? visit->shown : visit->service;
}

bool visit_is_restricted(const struct visit *visit)
{
    const char *said = visit->record ? record_value(visit->record, "/data/restricted") : NULL;
    return visit->service->restricted || (said && text_equal(said, "yes"));
}

void visit_problem(struct problem *problem, const char *kind, const char *code, bool retry)
{
    static const struct {
        const char *kind, *what, *safe, *next;
    } texts[] = {
        {"disk-full", "problem.disk-full.what", "problem.disk-full.safe", "problem.disk-full.next"},
        {"save-failed", "problem.save-failed.what", "problem.save-failed.safe",
         "problem.save-failed.next"},
        {"correction-bad", "problem.correction-bad.what", "problem.correction-bad.safe",
         "problem.correction-bad.next"},
        {"correction-over", "problem.correction-over.what", "problem.correction-over.safe",
         "problem.correction-over.next"},
        {"form-broken", "problem.form-broken.what", "problem.form-broken.safe",
         "problem.form-broken.next"},
        {"closed", "problem.closed.what", "problem.closed.safe", "problem.closed.next"},
        {"clock", "problem.clock.what", "problem.clock.safe", "problem.clock.next"},
        {"preview", "problem.preview.what", "problem.preview.safe", "problem.preview.next"},
        {"busy", "problem.busy.what", "problem.busy.safe", "problem.busy.next"},
        {"ticket-spent", "problem.ticket-spent.what", "problem.ticket-spent.safe",
         "problem.ticket-spent.next"},
        {"ticket-expired", "problem.ticket-expired.what", "problem.ticket-expired.safe",
         "problem.ticket-expired.next"},
        {"ticket-locked", "problem.ticket-locked.what", "problem.ticket-locked.safe",
         "problem.ticket-locked.next"},
        {"ticket-offline", "problem.ticket-offline.what", "problem.ticket-offline.safe",
         "problem.ticket-offline.next"},
        {"ticket-unknown", "problem.ticket-unknown.what", "problem.ticket-unknown.safe",
         "problem.ticket-unknown.next"},
        {"ticket-gone", "problem.ticket-gone.what", "problem.ticket-gone.safe",
         "problem.ticket-gone.next"},
        {"parked-gone", "problem.parked-gone.what", "problem.parked-gone.safe",
         "problem.parked-gone.next"},
        {"store-damaged", "problem.store-damaged.what", "problem.store-damaged.safe",
         "problem.store-damaged.next"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!text_equal(texts[i].kind, kind))
            continue;
        problem->what_key = texts[i].what;
        problem->safe_key = texts[i].safe;
        problem->next_key = texts[i].next;
    }
    problem->open = true;
    problem->retry = retry;
    text_copy(problem->code, sizeof problem->code, code);
}

enum err visit_record_from(struct session *session, struct visit *visit, const char *edit,
                           struct fail *why)
{
    struct record_options options = {
        .clock = session->options.clock,
        .crypto = session->options.crypto,
        .time_zone = session->options.time_zone,
        .language = NULL,
        .instance_id = visit->instance,
        .device_id = session->options.device_id,
        .edit = edit,
    };
    return record_new(forms_slot(session, visit->service)->form, &options, &visit->record, why);
}

bool visit_make_record(struct session *session)
{
    struct visit *visit = session->visit;
    struct form_slot *slot = forms_slot(session, visit->service);
    struct fail why = {0};
    if (visit->record)
        return true;
    if (!slot || slot->state != FORM_READY)
        return false;
    if (visit_record_from(session, visit, NULL, &why)) {
        log_fail(LOG_ERROR, "session", "record-failed", &why);
        slot->state = FORM_BROKEN;
        form_free(slot->form);
        slot->form = NULL;
        return false;
    }
    if (record_set_language(visit->record, session->comfort.language, NULL))
        log_event(LOG_WARNING, "session", "form-language", "service=%s language=%s",
                  visit->service->id, session->comfort.language);
    identity_restore(visit);
    fit_carry(visit);
    return true;
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

const struct service *visit_papers_service(const struct visit *visit)
{
    bool adds = visit->of_service && text_equal(visit->service->id, "add-paper");
    return adds ? visit->of_service : visit->service;
}

static void visit_free(struct session *session, struct visit *visit)
{
    struct arena *arena = visit->arena;
    // While its record is with the store worker, so is its form.
    bool form_is_away = visit->step == STEP_SAVING && !visit->record;
    record_free(visit->record);
    if (correction_is_service(visit->service) && !form_is_away)
        correction_forget(session);
    if (visit->service == &session->earlier.service && !form_is_away)
        earlier_forget(session);
    if (visit->carried_arena)
        arena_free(visit->carried_arena);
    if (visit->next_arena)
        arena_free(visit->next_arena);
    arena_free(arena);
}

static void tell_ended(struct session *session, const struct visit *visit, const char *reason)
{
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    text_copy(ended.instance, sizeof ended.instance, visit->instance);
    text_copy(ended.detail, sizeof ended.detail, reason);
    tell_store(session, &ended);
}

void visit_forget(struct session *session, struct visit *visit, const char *reason)
{
    if (!visit->put_away) // then it was made before the visit was sealed
        checkpoint_last(session, visit);
    tell_ended(session, visit, reason);
    visit_free(session, visit);
}

// Tells the workers that its owner has gone: what has not begun to print is taken back.
static void visit_close(struct session *session, struct visit *visit, const char *reason)
{
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    tell_printer(session, &print);
    visit_forget(session, visit, reason);
}

// Its owner has gone: a copy that has not begun to print waits for them again.
static void track_close(struct session *session)
{
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    const struct track_case *told = track_case(session);
    if (told && session->track->printing) {
        text_copy(ended.instance, sizeof ended.instance, told->instance);
        tell_printer(session, &print);
        tell_store(session, &ended);
    }
    track_end(session);
}

// The same person goes on: a slip asked for here may still come out.
void visit_switch(struct session *session, const struct service *service, struct arena *arena,
                  struct carried *carried)
{
    struct visit *before = session->visit;
    char who[sizeof before->who];
    text_copy(who, sizeof who, before->who);
    session->visit = NULL;
    session->place = PLACE_SERVICES;
    tell_ended(session, before, "applied");
    visit_free(session, before);
    visit_start(session, service);
    if (!session->visit) { // it says why; "back" leads to the services
        arena_free(arena);
        return;
    }
    text_copy(session->visit->who, sizeof session->visit->who, who);
    session->visit->carried_arena = arena;
    session->visit->carried = carried;
}

void visit_end_all(struct session *session, const char *reason)
{
    struct visit *visits[] = {session->visit, session->kept};
    bool anything = session->place != PLACE_ATTRACT || session->visit || session->track ||
                    comfort_is_changed(session) || session->overlay != OVERLAY_NONE;
    session->visit = session->kept = NULL;
    resume_end(session);
    park_not_back(session);
    for (size_t i = 0; i < 2; i++)
        if (visits[i])
            visit_close(session, visits[i], reason);
    track_close(session);
    session->place = PLACE_ATTRACT;
    session->overlay = OVERLAY_NONE;
    session->door[0] = '\0';
    policy_end(session);
    items_forget(session);
    session->problem.open = false;
    code_forget(session);
    urgent_person_left(session);
    call_person_left(session, text_equal(reason, "hidden"));
    comfort_reset(session);
    view_build(session); // the old one pointed into what has been zeroed
    if (anything)
        session_tell(session, &(struct session_request){.kind = SESSION_WIPE});
}

void visit_end_current(struct session *session, const char *reason)
{
    struct visit *kept = session->kept;
    if (!kept && session->track && text_equal(reason, "back")) {
        visit_close(session, session->visit, reason);
        session->visit = NULL;
        session->place = PLACE_TRACK; // the case it belongs to
        session->dirty = true;
        return;
    }
    if (!kept) {
        visit_end_all(session, reason);
        return;
    }
    if (session->visit->saved)
        urgent_person_left(session);
    visit_close(session, session->visit, reason);
    session->visit = kept;
    session->kept = NULL;
    if (kept->draft) // urgent was pressed before its form had come
        draft_open(session, kept);
    session->overlay = OVERLAY_NONE;
    session->dirty = true;
    idle_touch(session);
}

// Before anything was typed and after everything is done there is nothing to ask about.
static bool may_leave_unasked(const struct visit *visit)
{
    return visit->step == STEP_NOTICE || visit->step == STEP_WANTED || fit_is_shown(visit) ||
           visit->step == STEP_RATING || visit->step == STEP_DONE;
}

static void leave(struct session *session)
{
    if (session->visit->step == STEP_SAVING && !session->visit->problem.open)
        return; // in a moment it is saved
    if (may_leave_unasked(session->visit))
        visit_end_current(session, "left");
    else
        session->overlay = OVERLAY_LEAVE;
}

static void problem_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_RETRY && visit->problem.retry)
        (void)save_retry(session);
    else if (intent->kind == INTENT_BACK || intent->kind == INTENT_NEXT) {
        visit->problem.open = false;
        if (!visit->record)
            visit_end_current(session, "form-broken");
        else if (visit->step == STEP_SAVING)
            steps_back(session);
    }
}

void visit_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    bool saving = visit->step == STEP_SAVING && !visit->problem.open;
    bool beside =
        visit->choosing || visit->choosing_code || visit->ticket.stage != TICKET_NONE;
    bool draws = visit->characters.is_open || intent->kind == INTENT_CHARACTER;
    visit->ticket.changed = true;
    visit->characters.goes_on = false;
    if (visit->service->urgent && intent->kind == INTENT_ANSWER && intent->text[0])
        urgent_is_meant(session);
    if (intent->kind == INTENT_TICKET)
        ticket_take(session, session->overlay == OVERLAY_LEAVE);
    else if (intent->kind == INTENT_PARK)
        park_choose(session);
    else if (intent->kind == INTENT_HIDE_CODE)
        park_choose_hiding(session);
    else if (beside && intent->kind != INTENT_LEAVE && intent->kind != INTENT_LEAVE_SURE)
        (void)(park_choose_intent(session, intent) || code_choose_intent(session, intent) ||
               ticket_intent(session, intent));
    else if (draws && intent->kind != INTENT_LEAVE && intent->kind != INTENT_LEAVE_SURE)
        (void)characters_intent(session, intent);
    else if (intent->kind == INTENT_LEAVE)
        leave(session);
    else if (intent->kind == INTENT_LEAVE_SURE && !saving)
        visit_end_current(session, "left");
    else if (visit->problem.open)
        problem_intent(session, intent);
    else if (saving || steps_intent(session, intent))
        return;
    else if (intent->kind == INTENT_NEXT || intent->kind == INTENT_SUBMIT)
        steps_forward(session);
    else if (intent->kind == INTENT_BACK)
        steps_back(session);
}
