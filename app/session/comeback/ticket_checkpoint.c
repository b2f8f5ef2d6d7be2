// SPDX-License-Identifier: GPL-3.0-or-later
// After each screen, and when the resident pauses within one, the whole visit is sealed and goes
// to the store worker: nothing but ciphertext leaves this memory. One is on its way at a time; what
// changed meanwhile goes with the next.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdlib.h>

enum { PAUSE_MS = 2000, TELL_DISTRICT_MS = 20000 };

static bool may_keep(const struct visit *visit)
{
    const struct ticket_state *state = &visit->ticket;
    return state->taken && visit->record && !visit->saved && visit->step < STEP_SAVING;
}

static bool has_moved(const struct visit *visit)
{
    const struct ticket_state *state = &visit->ticket;
    return visit->step != state->at_step || visit->consent != state->at_consent ||
           (visit->step == STEP_QUESTIONS && !text_equal(visit->screen, state->at_screen));
}

static enum err seal(struct session *session, struct visit *visit, struct outbox_sealed *sealed,
                     struct fail *why)
{
    struct ticket_state *state = &visit->ticket;
    struct strbuf plain;
    strbuf_init(&plain, LIMIT_DRAFT_BYTES);
    enum err err = draft_write(session, visit, &plain, why);
    if (!err)
        err = ticket_seal(session->options.crypto, state->held.key, state->held.ticket.id,
                          sealed->revision, plain.data, plain.length, &sealed->bytes, why);
    strbuf_free(&plain);
    return err;
}

static enum err make(struct session *session, struct visit *visit, struct outbox_sealed **out,
                     struct fail *why)
{
    struct ticket_state *state = &visit->ticket;
    struct outbox_sealed *sealed = calloc(1, sizeof *sealed);
    if (!sealed)
        return fail_set(why, ERR_RETRY, "no memory");
    text_copy(sealed->id, sizeof sealed->id, state->held.ticket.id);
    text_copy(sealed->instance, sizeof sealed->instance, visit->instance);
    sealed->revision = state->held.revision + 1;
    sealed->expires_utc_ms = state->held.expires_utc_ms;
    strbuf_init(&sealed->bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
    enum err err = seal(session, visit, sealed, why);
    if (err) {
        outbox_sealed_free(sealed);
        return err;
    }
    *out = sealed;
    return ERR_OK;
}

static void remember_place(struct visit *visit)
{
    struct ticket_state *state = &visit->ticket;
    state->at_step = visit->step;
    state->at_consent = visit->consent;
    text_copy(state->at_screen, sizeof state->at_screen, visit->screen);
    state->changed = false;
}

void checkpoint_now(struct session *session, struct visit *visit)
{
    struct ticket_state *state = &visit->ticket;
    struct outbox_request request = {.kind = OUTBOX_DRAFT_PUT};
    struct fail why = {0};
    if (!may_keep(visit))
        return;
    if (state->in_flight) {
        state->again = true;
        return;
    }
    remember_place(visit);
    enum err err = make(session, visit, &request.sealed, &why);
    if (err) {
        log_fail(LOG_ERROR, "session", "checkpoint", &why);
        state->behind = true;
        ticket_kept(session, visit, err);
        return;
    }
    state->held.revision++;
    state->in_flight = true;
    text_copy(request.text, sizeof request.text, state->held.ticket.id);
    request.number = state->held.revision;
    (void)ask_store(session, ROOM_TICKET, &request);
}

// The visit is about to go away: also what was typed on the screen that is open now.
void checkpoint_last(struct session *session, struct visit *visit)
{
    if (!may_keep(visit) || (!visit->ticket.changed && !has_moved(visit) && !visit->ticket.again &&
                             !visit->ticket.behind))
        return;
    visit->ticket.in_flight = false; // the queue keeps the order
    checkpoint_now(session, visit);
    nudge_sync(session);
}

// Not after each screen: the district is for the day on which this kiosk is not there.
static void tell_district(struct session *session)
{
    if (session_now_ms(session) < session->told_district_ms + TELL_DISTRICT_MS)
        return;
    session->told_district_ms = session_now_ms(session);
    nudge_sync(session);
}

static void answered(struct session *session, struct visit *visit, const struct outbox_reply *reply)
{
    struct ticket_state *state = &visit->ticket;
    bool failed = reply->kind == OUTBOX_FAILED;
    state->in_flight = false;
    state->behind = failed;
    if (failed)
        log_event(LOG_ERROR, "session", "checkpoint", "err=%s why=\"%s\"", err_name(reply->err),
                  reply->why);
    ticket_kept(session, visit, failed ? reply->err : ERR_OK);
    if (!failed)
        tell_district(session);
    if (state->again) {
        state->again = false;
        checkpoint_now(session, visit);
    }
}

void checkpoint_reply(struct session *session, const struct outbox_reply *reply)
{
    struct visit *visits[] = {session->visit, session->kept};
    for (size_t i = 0; i < sizeof visits / sizeof visits[0]; i++)
        if (visits[i] && visits[i]->ticket.in_flight &&
            text_equal(visits[i]->ticket.held.ticket.id, reply->draft_id)) {
            answered(session, visits[i], reply);
            return;
        }
}

static int64_t due_ms(const struct session *session)
{
    return session->touched_ms + PAUSE_MS;
}

static bool is_waiting(const struct visit *visit)
{
    return visit && may_keep(visit) && visit->ticket.stage == TICKET_NONE &&
           !visit->ticket.serial && visit->ticket.changed;
}

void checkpoint_tick(struct session *session)
{
    struct visit *visit = session->visit;
    if (!is_waiting(visit))
        return;
    if (has_moved(visit) || session_now_ms(session) >= due_ms(session))
        checkpoint_now(session, visit);
}

int64_t checkpoint_wait(const struct session *session)
{
    if (!is_waiting(session->visit))
        return -1;
    int64_t left = due_ms(session) - session_now_ms(session);
    return left > 0 ? left : 0;
}
