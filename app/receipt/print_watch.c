// SPDX-License-Identifier: GPL-3.0-or-later
// One job's way through the printer. "Accepted" is not "printed": only the printer's word counts,
// and what may have printed is never sent again.
#include "print_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum {
    CANNOT_PRINT =
        PRINTER_NO_PAPER | PRINTER_COVER_OPEN | PRINTER_JAM | PRINTER_OFFLINE | PRINTER_OTHER
};

bool print_stands_still(unsigned reasons)
{
    return (reasons & CANNOT_PRINT) != 0;
}

// Surely nothing came out: another try while somebody is there to take it.
static void again_or_fail(struct print *print, struct print_work *work, const char *detail)
{
    if (work->visit_ended) {
        print_finish(print, work, PRINT_WAITING_FOR_OWNER, detail);
    } else if (work->attempt >= LIMIT_PRINT_ATTEMPTS) {
        print_finish(print, work, PRINT_FAILED, detail);
    } else {
        work->stage = STAGE_SUBMIT;
        work->next_ms = print_now(print) + PRINT_AGAIN_MS;
    }
}

static void accepted(struct print *print, struct print_work *work)
{
    work->stage = STAGE_WATCH;
    work->accepted_ms = print_now(print);
    work->deadline_ms = work->accepted_ms + PRINT_DEADLINE_MS;
    work->next_ms = work->accepted_ms + PRINT_POLL_MS;
    work->standstill_ms = 0;
    log_event(LOG_INFO, "print", "accepted", "job=%s attempt=%d", work->job, work->attempt);
    print_emit(print, work, PRINT_ACCEPTED, "");
}

static enum err hand_over(struct print *print, struct print_work *work, struct fail *why)
{
    const struct printer *printer = print->options.printer;
    work->printer = (struct printer_job){0};
    // The printer is asked by this name: it must never have heard it before.
    (void)snprintf(work->printer.name, sizeof work->printer.name, "yimen-%.36s-%d-%llx", work->job,
                   work->attempt, (unsigned long long)clock_now(print->options.clock).utc_ms);
    enum err err = printer->ops->create(printer->self, &work->printer, work->media, why);
    if (err) {
        // An answer that was lost may have left a job without a document: it never prints, but it
        // is in the way.
        (void)printer->ops->cancel_all(printer->self, work->printer.name, NULL);
        return err == ERR_UNKNOWN ? ERR_RETRY : err;
    }
    return printer->ops->send(printer->self, &work->printer, work->pwg.data, work->pwg.length, why);
}

void print_submit(struct print *print, struct print_work *work)
{
    const struct printer *printer = print->options.printer;
    struct printer_status status = {0};
    struct fail why = {0};
    work->attempt++;
    enum err err = printer->ops->status(printer->self, &status, &why);
    work->reasons = status.reasons;
    if (err || print_stands_still(status.reasons)) {
        // Refused before anything is in the printer: nothing can come out later.
        print_finish(print, work, PRINT_FAILED, err ? why.text : status.detail);
        return;
    }
    err = hand_over(print, work, &why);
    if (!err) {
        accepted(print, work);
        return;
    }
    log_fail(LOG_WARNING, "print", "not-accepted", &why);
    if (err == ERR_RETRY)
        again_or_fail(print, work, why.text);
    else
        print_finish(print, work, err == ERR_UNKNOWN ? PRINT_UNKNOWN : PRINT_FAILED, why.text);
}

// The visit is over, or the printer stands still: what it has not begun comes back.
static void take_back_as(struct print *print, struct print_work *work, enum print_state state)
{
    const struct printer *printer = print->options.printer;
    struct fail why = {0};
    int64_t now = print_now(print);
    enum err err = printer->ops->cancel(printer->self, &work->printer, &why);
    if (err == ERR_OK) {
        print_finish(print, work, state, "");
    } else if (err == ERR_CONFLICT) {
        // It has begun: its word is awaited a little longer.
        work->stage = STAGE_WATCH;
        work->standstill_ms = 0;
        work->next_ms = now + PRINT_POLL_MS;
        if (work->deadline_ms > now + PRINT_GRACE_MS)
            work->deadline_ms = now + PRINT_GRACE_MS;
    } else if (err == ERR_RETRY && now < work->deadline_ms) {
        work->stage = STAGE_TAKE_BACK;
        work->next_ms = now + PRINT_TAKE_BACK_MS;
    } else {
        // Whatever the print system still holds goes before the next receipt.
        print->cleared = print->cleared && err == ERR_UNKNOWN;
        print_finish(print, work, PRINT_UNKNOWN, why.text);
    }
}

void print_take_back(struct print *print, struct print_work *work)
{
    take_back_as(print, work, work->visit_ended ? PRINT_WAITING_FOR_OWNER : PRINT_FAILED);
}

static void deadline(struct print *print, struct print_work *work, bool begun)
{
    if (!begun) {
        print_take_back(print, work);
        return;
    }
    print->cleared = false;
    print_finish(print, work, PRINT_UNKNOWN, "no word from the printer in time");
}

static void go_on(struct print *print, struct print_work *work, enum printer_job_state state,
                  const struct printer_status *status)
{
    int64_t now = print_now(print);
    if (status->reasons != work->reasons) {
        work->reasons = status->reasons;
        print_emit(print, work, PRINT_ACCEPTED, status->detail);
    }
    bool stands_still = print_stands_still(work->reasons);
    if (!stands_still)
        work->standstill_ms = 0;
    else if (!work->standstill_ms)
        work->standstill_ms = now;
    if (now >= work->deadline_ms)
        deadline(print, work, state == PRINTER_JOB_PRINTING);
    else if (stands_still && now - work->standstill_ms >= PRINT_STANDSTILL_MS)
        print_take_back(print, work); // after a refill nothing prints by itself
    else
        work->next_ms =
            now + (now - work->accepted_ms < PRINT_POLL_FAST_FOR_MS ? PRINT_POLL_MS
                                                                    : PRINT_POLL_LATER_MS);
}

void print_watch(struct print *print, struct print_work *work)
{
    const struct printer *printer = print->options.printer;
    enum printer_job_state state = PRINTER_JOB_UNKNOWN;
    struct printer_status status = {0};
    struct fail why = {0};
    enum err err = printer->ops->job_state(printer->self, &work->printer, &state, &status, &why);
    if (err) {
        status.reasons = PRINTER_OFFLINE;
        (void)text_copy(status.detail, sizeof status.detail, why.text);
        // Without its word it counts as begun.
        state = PRINTER_JOB_PRINTING;
    }
    switch (state) {
    case PRINTER_JOB_PENDING:
    case PRINTER_JOB_PRINTING: go_on(print, work, state, &status); break;
    case PRINTER_JOB_PRINTED:
        work->reasons = 0;
        print_finish(print, work, PRINT_PRINTED, status.detail);
        break;
    case PRINTER_JOB_NOT_PRINTED: again_or_fail(print, work, status.detail); break;
    case PRINTER_JOB_UNKNOWN:
        work->reasons = status.reasons;
        print_finish(print, work, PRINT_UNKNOWN, status.detail);
        break;
    }
}
