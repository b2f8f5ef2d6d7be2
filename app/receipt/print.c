// SPDX-License-Identifier: GPL-3.0-or-later
#include "print_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

static const char OURS[] = "yimen-";

enum err print_open(const struct print_options *options, struct print **out, struct fail *why)
{
    struct print *print = calloc(1, sizeof *print);
    if (!print)
        return fail_set(why, ERR_RETRY, "no memory for the print worker");
    print->options = *options;
    *out = print;
    return ERR_OK;
}

void print_close(struct print *print)
{
    if (!print)
        return;
    for (size_t i = 0; i < PRINT_JOBS; i++)
        strbuf_free(&print->work[i].pwg);
    memory_wipe(print, sizeof *print);
    free(print);
}

// What an earlier run, or a print system that went away, still holds must not come out for
// whoever stands there now.
static void clear_leftovers(struct print *print)
{
    if (print->cleared || print_now(print) < print->clear_ms)
        return;
    struct fail why = {0};
    const struct printer *printer = print->options.printer;
    for (size_t i = 0; i < PRINT_JOBS; i++)
        if (print->work[i].stage == STAGE_WATCH || print->work[i].stage == STAGE_TAKE_BACK)
            return; // it would take these with it
    print->cleared = printer->ops->cancel_all(printer->self, OURS, &why) == ERR_OK;
    if (!print->cleared) {
        log_fail(LOG_WARNING, "print", "not-cleared", &why);
        print->clear_ms = print_now(print) + PRINT_CLEAR_MS;
    }
}

static struct print_work *free_work(struct print *print)
{
    for (size_t i = 0; i < PRINT_JOBS; i++)
        if (print->work[i].stage == STAGE_FREE)
            return &print->work[i];
    return NULL;
}

static void start(struct print *print, const struct print_request *request)
{
    const char *job = request->job;
    const char *receipt = request->kind == PRINT_RECEIPT ? request->facts->number : "";
    struct fail why = {0};
    struct print_work *work = free_work(print);
    if (!work) {
        print_emit_job(print, job, receipt, PRINT_FAILED, PRINTER_OTHER, "too many print jobs");
        return;
    }
    (void)text_copy(work->job, sizeof work->job, job);
    (void)text_copy(work->receipt, sizeof work->receipt, receipt);
    work->stage = STAGE_SUBMIT;
    if (print_render(print, request, work, &why)) {
        log_fail(LOG_ERROR, "print", "not-rendered", &why);
        print_finish(print, work, PRINT_FAILED, why.text);
        return;
    }
    print_emit(print, work, PRINT_COMPOSED, "");
    print->clear_ms = 0;
    clear_leftovers(print);
    if (!print->cleared) {
        work->reasons = PRINTER_OFFLINE;
        print_finish(print, work, PRINT_FAILED, "the print system does not answer");
        return;
    }
    print_submit(print, work);
}

static void visit_ended(struct print *print, const char *job)
{
    for (size_t i = 0; i < PRINT_JOBS; i++) {
        struct print_work *work = &print->work[i];
        if (work->stage == STAGE_FREE || (*job && !text_equal(job, work->job)))
            continue;
        work->visit_ended = true;
        if (work->stage == STAGE_SUBMIT)
            print_finish(print, work, PRINT_WAITING_FOR_OWNER, "");
        else
            print_take_back(print, work);
    }
}

static void tell_status(struct print *print, uint64_t id)
{
    const struct printer *printer = print->options.printer;
    struct printer_status status = {0};
    struct fail why = {0};
    struct print_event event = {.kind = PRINT_EVENT_STATUS, .id = id};
    if (printer->ops->status(printer->self, &status, &why)) {
        status.reasons = PRINTER_OTHER;
        (void)text_copy(status.detail, sizeof status.detail, why.text);
    }
    event.reasons = status.reasons;
    (void)text_copy(event.detail, sizeof event.detail, status.detail);
    print->emit(print->context, &event);
}

static void handle(struct print *print, struct print_request *request)
{
    switch (request->kind) {
    case PRINT_RECEIPT:
        if (request->facts)
            start(print, request);
        break;
    case PRINT_SLIP:
        if (request->slip && (print->options.policies || request->slip->kind == SLIP_HAND))
            start(print, request);
        break;
    case PRINT_TICKET:
        if (request->ticket)
            start(print, request);
        break;
    case PRINT_VISIT_ENDED: visit_ended(print, request->job); break;
    case PRINT_STATUS: tell_status(print, request->id); break;
    case PRINT_SELF_TEST: start(print, request); break;
    }
    if (request->facts) {
        memory_wipe(request->facts, sizeof *request->facts);
        free(request->facts);
        request->facts = NULL;
    }
    if (request->slip) {
        memory_wipe(request->slip, sizeof *request->slip);
        free(request->slip);
        request->slip = NULL;
    }
    if (request->ticket) {
        memory_wipe(request->ticket, sizeof *request->ticket);
        free(request->ticket);
        request->ticket = NULL;
    }
}

static void look_after(struct print *print)
{
    for (size_t i = 0; i < PRINT_JOBS; i++) {
        struct print_work *work = &print->work[i];
        if (work->stage == STAGE_FREE || print_now(print) < work->next_ms)
            continue;
        if (work->stage == STAGE_SUBMIT)
            print_submit(print, work);
        else if (work->stage == STAGE_WATCH)
            print_watch(print, work);
        else
            print_take_back(print, work);
    }
}

void print_step(struct print *print, struct print_request *request,
                void (*emit)(void *context, const struct print_event *event), void *context)
{
    print->emit = emit;
    print->context = context;
    clear_leftovers(print);
    if (request)
        handle(print, request);
    look_after(print); // also then: a run of requests holds nothing up
}

int print_wait_ms(const struct print *print)
{
    int64_t now = print_now(print), next = print->cleared ? INT64_MAX : print->clear_ms;
    for (size_t i = 0; i < PRINT_JOBS; i++)
        if (print->work[i].stage != STAGE_FREE && print->work[i].next_ms < next)
            next = print->work[i].next_ms;
    if (next == INT64_MAX)
        return -1;
    return next <= now ? 0 : (int)(next - now);
}
