// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the session asks goes out here with a number, and every answer comes in here by its
// number: to the room that asked, if it still waits.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

static void send(struct session *session, struct session_request *request)
{
    if (request->kind == SESSION_STORE) {
        request->store.id = request->id;
        request->store.from = OUTBOX_FROM_SESSION;
    }
    if (request->kind == SESSION_PAPER)
        request->print.id = request->id;
    session->output.ask(session->output.context, request);
}

// A PIN, a code, a name; what it pointed to is the worker's now.
static void wipe(struct session_request *request)
{
    memory_wipe(request, sizeof *request);
}

// The oldest gives way: a worker that answers none of so many is stuck.
static struct asked *place_for(struct session *session)
{
    struct asked *oldest = &session->asked[0];
    for (size_t i = 0; i < ASKED; i++) {
        if (!session->asked[i].id)
            return &session->asked[i];
        if (session->asked[i].id < oldest->id)
            oldest = &session->asked[i];
    }
    log_event(LOG_ERROR, "session", "not-answered", "room=%d", (int)oldest->room);
    return oldest;
}

uint64_t session_ask(struct session *session, enum room room, struct session_request *request)
{
    request->id = ++session->asked_last;
    *place_for(session) = (struct asked){.id = request->id, .room = room};
    uint64_t id = request->id;
    send(session, request);
    wipe(request);
    return id;
}

void session_tell(struct session *session, struct session_request *request)
{
    request->id = 0;
    send(session, request);
    wipe(request);
}

unsigned session_call(struct session *session, const struct call_wanted *wanted)
{
    struct session_request request = {.kind = SESSION_CALL, .call.wanted = *wanted};
    send(session, &request);
    return request.call.reached;
}

bool session_expects(struct session *session, uint64_t id, enum room *room)
{
    for (size_t i = 0; id && i < ASKED; i++) {
        if (session->asked[i].id != id)
            continue;
        *room = session->asked[i].room;
        session->asked[i] = (struct asked){0};
        return true;
    }
    return false;
}

void session_forget_asked(struct session *session, enum room room)
{
    for (size_t i = 0; i < ASKED; i++)
        if (session->asked[i].room == room)
            session->asked[i] = (struct asked){0};
}

// ------------------------------------------------------------------ shorter

uint64_t ask_store(struct session *session, enum room room, struct outbox_request *store)
{
    struct session_request request = {.kind = SESSION_STORE, .store = *store};
    return session_ask(session, room, &request);
}

void tell_store(struct session *session, struct outbox_request *store)
{
    struct session_request request = {.kind = SESSION_STORE, .store = *store};
    session_tell(session, &request);
}

uint64_t ask_printer(struct session *session, enum room room, struct print_request *print)
{
    struct session_request request = {.kind = SESSION_PAPER, .print = *print};
    return session_ask(session, room, &request);
}

void tell_printer(struct session *session, struct print_request *print)
{
    struct session_request request = {.kind = SESSION_PAPER, .print = *print};
    session_tell(session, &request);
}

uint64_t ask_key(struct session *session, enum room room, const struct ticket *ticket,
                 const char *code)
{
    struct session_request request = {.kind = SESSION_DERIVE, .derive = {.ticket = *ticket}};
    text_copy(request.derive.code, sizeof request.derive.code, code);
    return session_ask(session, room, &request);
}

void nudge_sync(struct session *session)
{
    session_tell(session, &(struct session_request){.kind = SESSION_NUDGE});
}
