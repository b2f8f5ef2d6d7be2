// SPDX-License-Identifier: GPL-3.0-or-later
// Taking a resume ticket: its key is made here and leaves this memory only on the paper. The order
// matters: key, first checkpoint on the disk, then the paper, so that a ticket in somebody's hand
// always opens something. An older one is spent when the newer has printed, not before.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t lifetime_ms = (int64_t)TICKET_DAYS * 24 * 60 * 60 * 1000;

bool ticket_may(const struct session *session)
{
    const struct visit *visit = session->visit;
    return visit && !visit->service->urgent && !visit->of_instance[0] && visit->record &&
           !visit->problem.open && visit->step >= STEP_WHO && visit->step < STEP_SAVING;
}

static void derive(struct session *session)
{
    struct ticket_state *state = &session->visit->ticket;
    state->serial = ask_key(session, ROOM_TICKET, &state->pending, state->pending_code);
}

static void make(struct session *session, enum ticket_code kind, const char *code)
{
    struct ticket_state *state = &session->visit->ticket;
    ticket_draw(session->options.crypto, kind, &state->pending);
    text_copy(state->pending_code, sizeof state->pending_code, code);
    memory_wipe(&state->entry, sizeof state->entry);
    state->stage = TICKET_MAKING;
    state->rekeying = false;
    state->problem_key = NULL;
    derive(session);
}

void ticket_take(struct session *session, bool leaving)
{
    struct ticket_state *state = &session->visit->ticket;
    char code[TICKET_CODE_TEXT];
    if (!ticket_may(session) || state->stage != TICKET_NONE)
        return;
    session->overlay = OVERLAY_NONE;
    state->leaving = leaving;
    state->problem_key = NULL;
    if (steps_apply(session->visit, STEP_IDENTITY))
        identity_check(session->visit, session);
    if (steps_apply(session->visit, STEP_IDENTITY) && code_of_id(session->visit, code))
        make(session, TICKET_LAST_FOUR, code);
    else if (session->visit->chosen_code[0])
        make(session, TICKET_CHOSEN, session->visit->chosen_code);
    else
        state->stage = TICKET_CHOOSE;
    memory_wipe(code, sizeof code);
}

static void give_up(struct session *session, const char *problem_key)
{
    struct ticket_state *state = &session->visit->ticket;
    memory_wipe(&state->pending, sizeof state->pending);
    memory_wipe(&state->entry, sizeof state->entry);
    memory_wipe(state->pending_code, sizeof state->pending_code);
    state->stage = problem_key ? TICKET_FAILED : TICKET_NONE;
    state->problem_key = problem_key;
    session->dirty = true;
}

// The paper is here, or the code was photographed: on, or home.
static void done(struct session *session)
{
    struct ticket_state *state = &session->visit->ticket;
    bool leaving = state->leaving;
    state->stage = TICKET_NONE;
    state->leaving = false;
    if (leaving)
        go_to(session, &(struct go){.kind = GO_END, .reason = "ticket"});
    else if (session->visit->step == STEP_TICKET)
        steps_forward(session);
}

static bool choose_intent(struct session *session, const struct intent *intent)
{
    struct ticket_state *state = &session->visit->ticket;
    bool full = intent->kind == INTENT_CODE_DIGIT &&
                code_entry_digit(&state->entry, TICKET_CHOSEN, intent->text);
    if ((full || intent->kind == INTENT_CODE_ENTER) && code_entry_chosen(&state->entry)) {
        char code[TICKET_CODE_TEXT];
        text_copy(code, sizeof code, state->entry.typed);
        if (session->visit->document == DOCUMENT_NONE) // nobody chooses two of them
            text_copy(session->visit->chosen_code, sizeof code, code);
        make(session, TICKET_CHOSEN, code);
        memory_wipe(code, sizeof code);
    } else if (intent->kind == INTENT_BACK) {
        give_up(session, NULL);
    }
    return true;
}

bool ticket_intent(struct session *session, const struct intent *intent)
{
    struct ticket_state *state = &session->visit->ticket;
    switch (state->stage) {
    case TICKET_NONE: return false;
    case TICKET_CHOOSE: return choose_intent(session, intent);
    case TICKET_MAKING: return true;
    case TICKET_FAILED:
        if (intent->kind == INTENT_RETRY) {
            give_up(session, NULL);
            ticket_take(session, state->leaving);
        } else if (intent->kind == INTENT_BACK || intent->kind == INTENT_NEXT)
            give_up(session, NULL);
        return true;
    case TICKET_SHOWN:
        if (intent->kind == INTENT_HAVE_RECEIPT || intent->kind == INTENT_NEXT)
            done(session);
        return true;
    }
    return true;
}

// ------------------------------------------------------------------ made

static struct visit *waiting_for(struct session *session, uint64_t serial)
{
    struct visit *visits[] = {session->visit, session->kept};
    for (size_t i = 0; i < sizeof visits / sizeof visits[0]; i++)
        if (visits[i] && visits[i]->ticket.serial == serial)
            return visits[i];
    return NULL;
}

static void take_pending(struct session *session, struct ticket_state *state)
{
    if (state->taken)
        state->before = state->held;
    state->held = (struct ticket_held){.ticket = state->pending,
                                       .expires_utc_ms = session->now.utc_ms + lifetime_ms};
    state->taken = true;
    state->in_flight = state->again = false; // what is on its way is the older one's
    ticket_text(session->options.crypto, &state->held.ticket, state->qr);
}

void ticket_key_came(struct session *session, struct session_input *input)
{
    struct visit *visit = waiting_for(session, input->id);
    if (!visit)
        return;
    struct ticket_state *state = &visit->ticket;
    bool is_new = state->stage == TICKET_MAKING && !state->rekeying;
    state->serial = 0;
    if (input->err) {
        log_event(LOG_ERROR, "session", "ticket-key", "err=%s", err_name(input->err));
        state->rekeying = false;
        if (is_new && visit == session->visit)
            give_up(session, "ticket.failed");
        return;
    }
    if (is_new) {
        state->pending = input->key.ticket;
        take_pending(session, state);
    }
    memcpy(state->held.key, input->key.key, sizeof state->held.key);
    memcpy(state->held.code, state->pending_code, sizeof state->held.code);
    memory_wipe(state->pending_code, sizeof state->pending_code);
    memory_wipe(&state->pending, sizeof state->pending);
    state->rekeying = false;
    checkpoint_now(session, visit);
}

// The ID number was put right after the ticket was taken: from now on its new end opens the draft.
void ticket_follow_identity(struct session *session)
{
    struct ticket_state *state = &session->visit->ticket;
    char code[TICKET_CODE_TEXT];
    if (!state->taken || state->stage != TICKET_NONE ||
        state->held.ticket.code != TICKET_LAST_FOUR || state->serial ||
        !code_of_id(session->visit, code))
        return;
    if (!text_equal(code, state->held.code)) {
        state->pending = state->held.ticket;
        text_copy(state->pending_code, sizeof state->pending_code, code);
        state->rekeying = true;
        derive(session);
    }
    memory_wipe(code, sizeof code);
}

// ------------------------------------------------------------------ printed

static void print_slip(struct session *session, struct visit *visit)
{
    struct ticket_state *state = &visit->ticket;
    struct print_request request = {.kind = PRINT_TICKET,
                                    .ticket = calloc(1, sizeof *request.ticket)};
    uint8_t random[6];
    if (!request.ticket) {
        state->print_state = RECEIPT_FAILED;
        return;
    }
    const struct service *enquiry = catalogue_enquiry(session->options.catalogue);
    const char *secret = visit_is_restricted(visit) ? enquiry ? enquiry->id : "" : NULL;
    text_copy(request.ticket->qr_text, sizeof request.ticket->qr_text, state->qr);
    ticket_grouped(state->held.ticket.typed, request.ticket->typed);
    text_copy(request.ticket->language, sizeof request.ticket->language, session->comfort.language);
    text_copy(request.ticket->service, sizeof request.ticket->service,
              secret ? secret : visit->service->id);
    text_copy(request.ticket->counter, sizeof request.ticket->counter, session->options.counter);
    request.ticket->chosen_code = state->held.ticket.code == TICKET_CHOSEN;
    request.ticket->expires_utc_ms = state->held.expires_utc_ms;
    session->options.crypto->ops->random(session->options.crypto->self, random, sizeof random);
    snprintf(state->job, sizeof state->job, "yimen-slip-%02x%02x%02x%02x%02x%02x", random[0],
             random[1], random[2], random[3], random[4], random[5]);
    text_copy(request.job, sizeof request.job, state->job);
    state->print_state = RECEIPT_COMPOSED;
    tell_printer(session, &request);
}

void ticket_kept(struct session *session, struct visit *visit, enum err err)
{
    struct ticket_state *state = &visit->ticket;
    if (state->stage != TICKET_MAKING || state->serial)
        return;
    if (err) { // no paper without a draft behind it; an older ticket goes on
        state->held = state->before;
        state->taken = state->held.ticket.id[0] != '\0';
        memory_wipe(&state->before, sizeof state->before);
        if (visit == session->visit)
            give_up(session, "ticket.failed");
        return;
    }
    state->stage = TICKET_SHOWN;
    session_note(session, "ticket.taken", "");
    print_slip(session, visit);
    nudge_sync(session);
    session->dirty = true;
}

static void take_event(struct session *session, struct visit *visit,
                       const struct print_event *event)
{
    struct ticket_state *state = visit ? &visit->ticket : NULL;
    if (!state || !state->job[0] || !text_equal(state->job, event->job))
        return;
    const char *problem_key = NULL;
    state->print_state = receipt_state_of(event, &problem_key);
    session->dirty = true;
    if (state->print_state != RECEIPT_PRINTED || !state->before.ticket.id[0])
        return;
    struct outbox_request spend = {.kind = OUTBOX_DRAFT_SPEND};
    text_copy(spend.text, sizeof spend.text, state->before.ticket.id);
    memory_wipe(&state->before, sizeof state->before);
    tell_store(session, &spend);
}

void ticket_print_event(struct session *session, const struct print_event *event)
{
    if (event->kind != PRINT_EVENT_JOB)
        return;
    take_event(session, session->visit, event);
    take_event(session, session->kept, event);
}

void ticket_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        ticket_print_event(session, &input->print);
    else if (input->kind == SESSION_KEY)
        ticket_key_came(session, input);
    else if (input->id)
        checkpoint_reply(session, &input->outbox);
}
