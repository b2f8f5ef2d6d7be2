// SPDX-License-Identifier: GPL-3.0-or-later
// A ticket comes back. Each try is counted on the disk before the code is looked at. Then three
// things come together: the slow key, the draft that is here, and the district's word: it may have
// a newer one, from another kiosk, or know that the ticket is spent. Without a network its own
// kiosk opens what it has.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <string.h>

enum { FETCH_MS = 10000 };

static void forget_tried(struct resume *resume)
{
    outbox_sealed_free(resume->here);
    outbox_sealed_free(resume->there);
    resume->here = resume->there = NULL;
    memory_wipe(resume->key, sizeof resume->key);
    memory_wipe(&resume->entry, sizeof resume->entry);
    resume->has_key = resume->was_asked = false;
    resume->serial = 0;
    resume->answer = DRAFT_OFFLINE;
}

void resume_end(struct session *session)
{
    struct resume *resume = session->resume;
    session->resume = NULL;
    if (!resume)
        return;
    session_forget_asked(session, ROOM_RESUME);
    forget_tried(resume);
    arena_free(resume->arena);
}

static void ask_draft(struct session *session, enum outbox_request_kind kind, int number)
{
    struct outbox_request request = {.kind = kind, .number = number};
    text_copy(request.text, sizeof request.text, session->resume->ticket.id);
    if (kind == OUTBOX_DRAFT_LOOK || kind == OUTBOX_DRAFT_TRY)
        (void)ask_store(session, ROOM_RESUME, &request);
    else
        tell_store(session, &request);
}

// False: it cannot be now, and the screen says so.
static bool begin(struct session *session, enum resume_stage stage)
{
    if (session->now.quality == TIME_UNKNOWN) { // nothing could be handed in today
        session->place = PLACE_ATTRACT;
        visit_problem(&session->problem, "clock", CLOCK_UNKNOWN_CODE, false);
        return false;
    }
    struct arena *arena = arena_new_locked(0);
    resume_end(session);
    session->resume = ARENA_NEW(arena, struct resume);
    session->resume->arena = arena;
    session->resume->stage = stage;
    session->resume->tries_left = -1;
    session->place = PLACE_RESUME;
    session->overlay = OVERLAY_NONE;
    session->problem.open = false;
    session->dirty = true;
    return true;
}

// What is spent need not be tried.
static void look_for(struct session *session, const struct ticket *ticket)
{
    session->resume->stage = RESUME_ASK;
    session->resume->ticket = *ticket;
    ask_draft(session, OUTBOX_DRAFT_LOOK, 0);
}

void resume_begin(struct session *session, const struct ticket *ticket)
{
    if (begin(session, RESUME_ASK))
        look_for(session, ticket);
}

void resume_type(struct session *session)
{
    (void)begin(session, RESUME_TYPE);
}

static void refuse(struct session *session, const char *kind, const char *code)
{
    resume_end(session);
    session->place = PLACE_ATTRACT;
    visit_problem(&session->problem, kind, code, false);
    session->dirty = true;
}

// ------------------------------------------------------------------ the ticket's own code

static void find(struct session *session)
{
    struct resume *resume = session->resume;
    struct ticket ticket;
    if (ticket_type(resume->typed, &ticket, NULL)) { // what is there stays, to be put right
        resume->entry.problem_key = "code.typed-wrong";
        return;
    }
    resume->stage = RESUME_FIND;
    resume->serial = ask_key(session, ROOM_RESUME, &ticket, "");
    memory_wipe(&ticket, sizeof ticket);
}

static void type_symbol(struct session *session, const char *text)
{
    struct resume *resume = session->resume;
    size_t length = strlen(resume->typed);
    resume->entry.problem_key = NULL;
    if (text[0] == '\b' && length)
        resume->typed[length - 1] = '\0';
    else if (text[0] && !text[1] && strchr(ticket_alphabet(), text[0]) && length < TICKET_TYPED - 1)
        resume->typed[length++] = text[0];
    if (text[0] != '\b' && length == TICKET_TYPED - 1)
        find(session);
}

static void found(struct session *session, struct session_input *input)
{
    struct resume *resume = session->resume;
    resume->serial = 0;
    session->dirty = true;
    if (input->err) {
        resume->stage = RESUME_TYPE;
        resume->entry.problem_key = "code.not-now";
        return;
    }
    memory_wipe(resume->typed, sizeof resume->typed);
    look_for(session, &input->key.ticket);
}

// ------------------------------------------------------------------ the second factor

static void try_code(struct session *session)
{
    struct resume *resume = session->resume;
    resume->stage = RESUME_COUNT;
    resume->entry.problem_key = NULL;
    ask_draft(session, OUTBOX_DRAFT_TRY, 0);
}

bool resume_intent(struct session *session, const struct intent *intent)
{
    struct resume *resume = session->resume;
    if (intent->kind == INTENT_TICKET_TYPE && session->place != PLACE_VISIT) {
        go_to(session, &(struct go){.kind = GO_TYPE_TICKET});
        return true;
    }
    if (session->place != PLACE_RESUME || session->problem.open)
        return false;
    if (!resume)
        return true;
    if (intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE ||
        intent->kind == INTENT_LEAVE_SURE)
        go_home(session, "left");
    else if (resume->stage == RESUME_TYPE && intent->kind == INTENT_CODE_DIGIT)
        type_symbol(session, intent->text);
    else if (resume->stage == RESUME_ASK && intent->kind == INTENT_CODE_DIGIT &&
             code_entry_digit(&resume->entry, resume->ticket.code, intent->text))
        try_code(session);
    else if (resume->stage == RESUME_ASK && intent->kind == INTENT_CODE_ENTER &&
             strlen(resume->entry.typed) == TICKET_CODE_TEXT - 1)
        try_code(session);
    return true;
}

static bool refused(struct session *session, enum outbox_draft_state state)
{
    switch (state) {
    case OUTBOX_DRAFT_IS_SPENT: refuse(session, "ticket-spent", "TICKET-SPENT"); return true;
    case OUTBOX_DRAFT_IS_EXPIRED: refuse(session, "ticket-expired", "TICKET-EXPIRED"); return true;
    case OUTBOX_DRAFT_IS_LOCKED: refuse(session, "ticket-locked", "TICKET-LOCKED"); return true;
    case OUTBOX_DRAFT_IS_HERE:
    case OUTBOX_DRAFT_IS_ELSEWHERE: break;
    }
    return false;
}

static void begin_work(struct session *session, struct outbox_reply *reply)
{
    struct resume *resume = session->resume;
    resume->stage = RESUME_WORK;
    resume->since_ms = session_now_ms(session);
    resume->tries_left = (int)reply->number;
    resume->here = reply->sealed;
    reply->sealed = NULL;
    resume->serial = ask_key(session, ROOM_RESUME, &resume->ticket, resume->entry.typed);
    struct session_request fetch = {.kind = SESSION_FETCH,
                                    .fetch.have = resume->here ? resume->here->revision : 0};
    text_copy(fetch.fetch.id, sizeof fetch.fetch.id, resume->ticket.id);
    (void)session_ask(session, ROOM_RESUME, &fetch);
}

static void try_again(struct session *session, const char *problem_key)
{
    struct resume *resume = session->resume;
    forget_tried(resume);
    resume->stage = RESUME_ASK;
    resume->entry.problem_key = problem_key;
    session->dirty = true;
}

void resume_stored(struct session *session, struct outbox_reply *reply)
{
    struct resume *resume = session->resume;
    if (!resume || !text_equal(reply->draft_id, resume->ticket.id))
        return;
    bool look = reply->to == OUTBOX_DRAFT_LOOK, tried = reply->to == OUTBOX_DRAFT_TRY;
    if (reply->kind == OUTBOX_FAILED) {
        log_event(LOG_ERROR, "session", "ticket-store", "err=%s why=\"%s\"", err_name(reply->err),
                  reply->why);
        if (tried)
            try_again(session, "code.not-now");
    } else if ((look || tried) && refused(session, reply->draft_state)) {
        return;
    } else if (tried && resume->stage == RESUME_COUNT) {
        begin_work(session, reply);
    }
}

// ------------------------------------------------------------------ together

// The draft is a visit again as soon as its form is there.
static void begin_visit(struct session *session, const struct outbox_sealed *sealed,
                        const struct strbuf *plain)
{
    struct resume *resume = session->resume;
    struct visit *visit = draft_begin(session, plain->data, plain->length);
    if (!visit) {
        refuse(session, "ticket-gone", "TICKET-SERVICE");
        return;
    }
    visit->ticket.taken = true;
    visit->ticket.held = (struct ticket_held){.ticket = resume->ticket,
                                              .revision = sealed->revision,
                                              .expires_utc_ms = sealed->expires_utc_ms};
    memcpy(visit->ticket.held.key, resume->key, sizeof resume->key);
    text_copy(visit->ticket.held.code, sizeof visit->ticket.held.code, resume->entry.typed);
    ticket_text(session->options.crypto, &resume->ticket, visit->ticket.qr);
    resume_end(session);
    session_note(session, "visit.resumed", "");
    go_to(session, &(struct go){.kind = GO_DRAFT, .visit = visit});
}

static void open_draft(struct session *session)
{
    struct resume *resume = session->resume;
    const struct outbox_sealed *sealed = resume->there ? resume->there : resume->here;
    struct strbuf plain;
    strbuf_init(&plain, LIMIT_DRAFT_BYTES);
    enum err err =
        ticket_open(session->options.crypto, resume->key, resume->ticket.id, sealed->revision,
                    sealed->bytes.data, sealed->bytes.length, &plain, NULL);
    session->dirty = true;
    if (err == ERR_OK) {
        ask_draft(session, OUTBOX_DRAFT_TRIED, 1);
        begin_visit(session, sealed, &plain);
    } else if (resume->tries_left > 0) {
        try_again(session, "code.wrong");
    } else {
        refuse(session, "ticket-locked", "TICKET-LOCKED");
    }
    strbuf_free(&plain);
}

// Nothing was tried: nothing is counted.
static void refuse_uncounted(struct session *session, const char *kind, const char *code)
{
    ask_draft(session, OUTBOX_DRAFT_TRIED, 0);
    refuse(session, kind, code);
}

static void go_on(struct session *session)
{
    struct resume *resume = session->resume;
    if (!resume->was_asked)
        return;
    if (resume->answer == DRAFT_SPENT) {
        ask_draft(session, OUTBOX_DRAFT_SPEND, 0);
        refuse_uncounted(session, "ticket-spent", "TICKET-SPENT");
    } else if (resume->answer == DRAFT_EXPIRED && !resume->here) {
        refuse_uncounted(session, "ticket-expired", "TICKET-EXPIRED");
    } else if (resume->answer == DRAFT_LOCKED && !resume->here) {
        refuse_uncounted(session, "ticket-locked", "TICKET-LOCKED");
    } else if (!resume->here && !resume->there) {
        bool offline = resume->answer == DRAFT_OFFLINE;
        refuse_uncounted(session, offline ? "ticket-offline" : "ticket-unknown",
                         offline ? "TICKET-OFFLINE" : "TICKET-UNKNOWN");
    } else if (resume->has_key) {
        open_draft(session);
    }
}

void resume_key_came(struct session *session, struct session_input *input)
{
    struct resume *resume = session->resume;
    if (!resume || !resume->serial || resume->serial != input->id)
        return;
    if (resume->stage == RESUME_FIND) {
        found(session, input);
        return;
    }
    if (resume->stage != RESUME_WORK)
        return;
    if (input->err) {
        ask_draft(session, OUTBOX_DRAFT_TRIED, 0);
        try_again(session, "code.not-now");
        return;
    }
    memcpy(resume->key, input->key.key, sizeof resume->key);
    resume->has_key = true;
    go_on(session);
}

void resume_fetched(struct session *session, struct session_input *input)
{
    struct resume *resume = session->resume;
    struct sync_draft_answer *draft = &input->draft;
    bool wanted = resume && resume->stage == RESUME_WORK && !resume->was_asked &&
                  text_equal(draft->id, resume->ticket.id);
    if (!wanted)
        return;
    resume->was_asked = true;
    resume->answer = draft->answer;
    resume->wait_s = draft->wait_s;
    resume->there = draft->sealed;
    draft->sealed = NULL;
    go_on(session);
}

// ------------------------------------------------------------------ time

// A district that is silent for so long is not waited for.
void resume_tick(struct session *session)
{
    struct resume *resume = session->resume;
    if (!resume || resume->stage != RESUME_WORK || resume->was_asked ||
        session_now_ms(session) < resume->since_ms + FETCH_MS)
        return;
    resume->was_asked = true;
    go_on(session);
}

int64_t resume_wait(const struct session *session)
{
    const struct resume *resume = session->resume;
    if (!resume || resume->stage != RESUME_WORK || resume->was_asked)
        return -1;
    int64_t left = resume->since_ms + FETCH_MS - session_now_ms(session);
    return left > 0 ? left : 0;
}

void resume_reply(struct session *session, struct session_input *input)
{
    if (!input->id)
        return;
    if (input->kind == SESSION_KEY)
        resume_key_came(session, input);
    else if (input->kind == SESSION_DRAFT)
        resume_fetched(session, input);
    else
        resume_stored(session, &input->outbox);
}
