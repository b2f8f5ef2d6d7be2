// SPDX-License-Identifier: GPL-3.0-or-later
// Who owns what a message points to, and what is answered when nobody can do what was asked: here
// and nowhere else, for every queue that is full and every worker that there is not.
#include "yimen/session/message.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include <assert.h>
#include <stdlib.h>

static void clear_store(struct outbox_request *store)
{
    case_draft_free(store->draft);
    outbox_sealed_free(store->sealed);
    free(store->news);
    if (!store->page)
        return;
    attachments_clear(store->page, 1);
    free(store->page);
}

static void clear_print(struct print_request *print)
{
    free(print->facts);
    free(print->slip);
    free(print->ticket);
}

static void clear_list(struct correction_list *list)
{
    if (list)
        memory_wipe(list, sizeof *list);
    free(list);
}

void session_request_clear(struct session_request *request)
{
    if (request->kind == SESSION_STORE)
        clear_store(&request->store);
    else if (request->kind == SESSION_PAPER)
        clear_print(&request->print);
    else if (request->kind == SESSION_CORRECTION)
        clear_list(request->list);
    memory_wipe(request, sizeof *request);
}

void session_input_clear(struct session_input *input)
{
    if (input->kind == SESSION_TICK || input->kind == SESSION_INTENT)
        return; // nothing in it is its own
    if (input->kind == SESSION_OUTBOX)
        outbox_reply_clear(&input->outbox);
    else if (input->kind == SESSION_FORM_LOADED)
        form_free(input->form);
    else if (input->kind == SESSION_TRACKED)
        track_case_free(input->tracked);
    else if (input->kind == SESSION_DRAFT)
        outbox_sealed_free(input->draft.sealed);
    memory_wipe(input, sizeof *input);
}

// Nothing was done, so nothing is lost: the draft goes back, a page is scanned again later.
static void refuse_store(struct outbox_request *store, enum err err, const char *why,
                         struct outbox_reply *out)
{
    *out = (struct outbox_reply){.kind = store->kind == OUTBOX_SAVE   ? OUTBOX_SAVE_FAILED
                                         : store->kind == OUTBOX_PAGE ? OUTBOX_PAGE_REFUSED
                                                                      : OUTBOX_FAILED,
                                 .to = store->kind,
                                 .id = store->id,
                                 .err = err,
                                 .draft = store->draft,
                                 .retry_at_ms = -1};
    text_copy(out->why, sizeof out->why, why);
    text_copy(out->draft_id, sizeof out->draft_id, store->text);
    text_copy(out->refused, sizeof out->refused, "store");
    store->draft = NULL;
}

static void refuse_print(const struct print_request *print, const char *why,
                         struct print_event *out)
{
    *out = (struct print_event){.kind = print->kind == PRINT_STATUS ? PRINT_EVENT_STATUS
                                                                    : PRINT_EVENT_JOB,
                                .state = PRINT_FAILED,
                                .reasons = PRINTER_OTHER};
    text_copy(out->job, sizeof out->job, print->job);
    text_copy(out->detail, sizeof out->detail, why);
}

void session_refusal(struct session_request *request, enum err err, const char *why,
                     struct session_input *out)
{
    static const enum session_input_kind kinds[] = {
        [SESSION_STORE] = SESSION_OUTBOX,
        [SESSION_PAPER] = SESSION_PRINT,
        [SESSION_FORM] = SESSION_FORM_LOADED,
        [SESSION_EARLIER] = SESSION_FORM_LOADED,
        [SESSION_CORRECTION] = SESSION_FORM_LOADED,
        [SESSION_PACK] = SESSION_PACK_INSTALLED,
        [SESSION_DISTRICT] = SESSION_DISTRICT_TESTED,
        [SESSION_TRACK] = SESSION_TRACKED,
        [SESSION_DERIVE] = SESSION_KEY,
        [SESSION_FETCH] = SESSION_DRAFT,
    };
    assert(request->id && err);
    *out = (struct session_input){.kind = kinds[request->kind], .id = request->id, .err = err};
    text_copy(out->why, sizeof out->why, why);
    if (request->kind == SESSION_STORE)
        refuse_store(&request->store, err, why, &out->outbox);
    else if (request->kind == SESSION_PAPER)
        refuse_print(&request->print, why, &out->print);
    else if (request->kind == SESSION_TRACK) // as good as no network: what the kiosk knows is said
        out->tracked = track_case_new(&request->question);
    else if (request->kind == SESSION_FETCH)
        text_copy(out->draft.id, sizeof out->draft.id, request->fetch.id); // DRAFT_OFFLINE
    session_request_clear(request);
}
