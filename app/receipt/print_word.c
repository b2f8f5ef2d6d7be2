// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a print job, and its end.
#include "print_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

int64_t print_now(const struct print *print)
{
    return clock_now(print->options.clock).monotonic_ms;
}

void print_emit_job(struct print *print, const char *job, const char *receipt,
                    enum print_state state, unsigned reasons, const char *detail)
{
    struct print_event event = {.kind = PRINT_EVENT_JOB, .state = state, .reasons = reasons};
    (void)text_copy(event.job, sizeof event.job, job);
    (void)text_copy(event.receipt, sizeof event.receipt, receipt);
    (void)text_copy(event.detail, sizeof event.detail, detail);
    print->emit(print->context, &event);
}

void print_emit(struct print *print, const struct print_work *work, enum print_state state,
                const char *detail)
{
    print_emit_job(print, work->job, work->receipt, state, work->reasons, detail);
}

void print_finish(struct print *print, struct print_work *work, enum print_state state,
                  const char *detail)
{
    log_event(LOG_INFO, "print", "finished", "job=%s state=%d reasons=%u attempts=%d", work->job,
              (int)state, work->reasons, work->attempt);
    print_emit(print, work, state, detail);
    strbuf_free(&work->pwg);
    memory_wipe(work, sizeof *work);
}
