// SPDX-License-Identifier: GPL-3.0-or-later
// Between session and workers. A full queue is an ordinary answer: the session gets the failure
// that belongs to its request, after the step that asked.
#include "kiosk_run.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/driver/system.h"
#include <stdlib.h>

static void owe(struct kiosk *kiosk, const struct ui_message *message)
{
    if (kiosk->late_count < LATE_REPLIES) {
        kiosk->late[kiosk->late_count++] = *message;
        return;
    }
    struct outbox_reply lost = message->outbox;
    log_event(LOG_ERROR, "kiosk", "answer-lost", "kind=%d", (int)message->kind);
    outbox_reply_clear(&lost);
    track_case_free(message->tracked);
}

static void store(void *context, struct outbox_request *request)
{
    struct kiosk *kiosk = context;
    if (workers_store(kiosk->workers, request))
        return;
    struct ui_message answer = {.kind = UI_OUTBOX};
    answer.outbox = (struct outbox_reply){
        .kind = request->kind == OUTBOX_SAVE ? OUTBOX_SAVE_FAILED : OUTBOX_FAILED,
        .to = request->kind,
        .err = ERR_RETRY,
        .why = "the store worker's queue is full",
        .draft = request->draft,
        .retry_at_ms = -1,
    };
    text_copy(answer.outbox.draft_id, sizeof answer.outbox.draft_id, request->text);
    outbox_sealed_free(request->sealed);
    if (request->page) { // scanned again, when the worker has caught up
        attachments_clear(request->page, 1);
        free(request->page);
        request->page = NULL;
        answer.outbox.kind = OUTBOX_PAGE_REFUSED;
        text_copy(answer.outbox.refused, sizeof answer.outbox.refused, "store");
    }
    owe(kiosk, &answer);
}

static void print(void *context, struct print_request *request)
{
    struct kiosk *kiosk = context;
    if (workers_print(kiosk->workers, request))
        return;
    struct ui_message answer = {.kind = UI_PRINT};
    answer.print = (struct print_event){.kind = request->kind == PRINT_STATUS ? PRINT_EVENT_STATUS
                                                                              : PRINT_EVENT_JOB,
                                        .state = PRINT_FAILED,
                                        .reasons = PRINTER_OTHER,
                                        .detail = "the print worker's queue is full"};
    text_copy(answer.print.job, sizeof answer.print.job, request->job);
    free(request->slip);
    free(request->facts);
    free(request->ticket);
    owe(kiosk, &answer);
}

static void load_form(void *context, const char *service)
{
    struct kiosk *kiosk = context;
    if (workers_load_form(kiosk->workers, service))
        return;
    struct ui_message answer = {
        .kind = UI_FORM, .err = ERR_RETRY, .why = "the compute worker's queue is full"};
    text_copy(answer.service, sizeof answer.service, service);
    owe(kiosk, &answer);
}

static void load_earlier(void *context, const char *service, const char *version)
{
    struct kiosk *kiosk = context;
    if (workers_load_earlier(kiosk->workers, service, version))
        return;
    struct ui_message answer = {
        .kind = UI_FORM, .err = ERR_RETRY, .why = "the compute worker's queue is full"};
    text_copy(answer.service, sizeof answer.service, version);
    owe(kiosk, &answer);
}

static void load_correction(void *context, const struct correction_list *list)
{
    struct kiosk *kiosk = context;
    if (workers_load_correction(kiosk->workers, list))
        return;
    struct ui_message answer = {
        .kind = UI_FORM, .err = ERR_RETRY, .why = "the compute worker's queue is full"};
    text_copy(answer.service, sizeof answer.service, list->id);
    owe(kiosk, &answer);
}

unsigned kiosk_call(struct kiosk *kiosk, const struct call_wanted *wanted)
{
    const struct call *calls[] = {&kiosk->lamp, &kiosk->bell};
    unsigned reached = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct fail why = {0};
        if (calls[i]->ops && calls[i]->ops->set(calls[i]->self, wanted, &reached, &why))
            log_fail(LOG_ERROR, "kiosk", "call", &why);
    }
    return reached;
}

static unsigned call(void *context, const struct call_wanted *wanted)
{
    return kiosk_call(context, wanted);
}

static void install_pack(void *context)
{
    struct kiosk *kiosk = context;
    struct ui_message answer = {
        .kind = UI_PACK, .err = ERR_RETRY, .why = "the compute worker's queue is full"};
    if (!workers_install_pack(kiosk->workers))
        owe(kiosk, &answer);
}

static void test_district(void *context)
{
    struct kiosk *kiosk = context;
    struct ui_message answer = {
        .kind = UI_SYNC,
        .sync = {.kind = SYNC_OFFLINE, .detail = "the sync worker's queue is full"}};
    if (!workers_test_district(kiosk->workers))
        owe(kiosk, &answer);
}

static void nudge_sync(void *context)
{
    struct kiosk *kiosk = context;
    if (!workers_nudge_sync(kiosk->workers)) // it is awake then, and asks by itself
        log_event(LOG_WARNING, "kiosk", "nudge-dropped", "%s", "");
}

static void confirm_time(void *context, int64_t utc_ms)
{
    struct kiosk *kiosk = context;
    system_clock_confirm(&kiosk->clock, utc_ms);
}

// Busy is as good as no network: what the kiosk knows by itself is said.
static void track(void *context, const struct track_question *question)
{
    struct kiosk *kiosk = context;
    struct ui_message answer = {.kind = UI_TRACKED};
    if (workers_track(kiosk->workers, question))
        return;
    answer.tracked = track_case_new(question);
    owe(kiosk, &answer);
}

static void derive_key(void *context, const struct ticket *ticket, const char *code,
                       uint64_t serial)
{
    struct kiosk *kiosk = context;
    struct ui_message answer = {.kind = UI_KEY,
                                .serial = serial,
                                .err = ERR_RETRY,
                                .why = "the compute worker's queue is full"};
    if (!workers_derive_key(kiosk->workers, ticket, code, serial))
        owe(kiosk, &answer);
}

static void fetch_draft(void *context, const char *id, int64_t have)
{
    struct kiosk *kiosk = context;
    struct ui_message answer = {.kind = UI_DRAFT, .draft = {.answer = DRAFT_OFFLINE}};
    text_copy(answer.draft.id, sizeof answer.draft.id, id);
    if (!workers_fetch_draft(kiosk->workers, id, have))
        owe(kiosk, &answer);
}

static void wipe(void *context)
{
    struct kiosk *kiosk = context;
    struct fail why = {0};
    kiosk->visit_wiped = true;
    if (kiosk->text_entry.ops && kiosk->text_entry.ops->reset(kiosk->text_entry.self, &why))
        log_fail(LOG_ERROR, "kiosk", "text-entry", &why);
}

struct session_output kiosk_wire(struct kiosk *kiosk)
{
    return (struct session_output){.context = kiosk,
                                   .store = store,
                                   .print = print,
                                   .load_form = load_form,
                                   .load_correction = load_correction,
                                   .load_earlier = load_earlier,
                                   .call = call,
                                   .install_pack = install_pack,
                                   .self_test_district = test_district,
                                   .nudge_sync = nudge_sync,
                                   .confirm_time = confirm_time,
                                   .wipe = wipe,
                                   .track = track,
                                   .derive_key = derive_key,
                                   .fetch_draft = fetch_draft};
}

static void give(struct kiosk *kiosk, struct ui_message *message)
{
    struct session_input input = {0};
    switch (message->kind) {
    case UI_OUTBOX:
        // Once a run; a queue that is full then is asked at the next start.
        if (message->outbox.kind == OUTBOX_READY && !message->outbox.err)
            (void)workers_clean_packs(kiosk->workers, message->outbox.oldest_open_utc_ms);
        input.kind = SESSION_OUTBOX;
        input.outbox = &message->outbox;
        break;
    case UI_PRINT:
        input.kind = SESSION_PRINT;
        input.print = &message->print;
        break;
    case UI_SYNC:
        input.kind = SESSION_SYNC;
        input.sync = &message->sync;
        break;
    case UI_FORM:
        input.kind = SESSION_FORM_LOADED;
        input.form = message->form;
        input.form_service = message->service;
        break;
    case UI_PACK:
        input.kind = SESSION_PACK_INSTALLED;
        kiosk->pack_installed |= message->err == ERR_OK;
        break;
    case UI_TRACKED:
        input.kind = SESSION_TRACKED;
        input.tracked = message->tracked;
        break;
    case UI_KEY:
        input.kind = SESSION_KEY;
        input.serial = message->serial;
        input.key = message->key;
        input.ticket = &message->ticket;
        break;
    case UI_DRAFT:
        input.kind = SESSION_DRAFT;
        input.draft = &message->draft;
        break;
    case UI_CODE:
        input.kind = SESSION_CODE;
        input.code = message->code;
        break;
    }
    input.err = message->err;
    input.why = message->why;
    session_step(kiosk->session, &input);
}

void kiosk_take_answers(struct kiosk *kiosk)
{
    struct ui_message message;
    while (workers_take(kiosk->workers, &message))
        give(kiosk, &message);
    size_t owed = kiosk->late_count; // what giving them leads to waits for the next round
    for (size_t i = 0; i < owed; i++) {
        message = kiosk->late[i];
        give(kiosk, &message);
    }
    for (size_t i = owed; i < kiosk->late_count; i++)
        kiosk->late[i - owed] = kiosk->late[i];
    kiosk->late_count -= owed;
    memory_wipe(&message, sizeof message);
}
