// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/clock.h"
#include "yimen/port/paper.h"
#include "yimen/port/printer.h"
#include "yimen/receipt/slip.h"
#include "yimen/receipt/ticket_slip.h"
#include <stdbool.h>

/// The print worker's step: receipts to paper, with their true state.
///
/// Runs on the print worker, which owns printer and paper. `print_step` handles one request (or
/// none: NULL) and looks after running jobs (call it again after `print_wait_ms`). Every change of
/// state is emitted and stored by the outbox (OUTBOX_PRINT_STATE). A receipt prints only while its
/// owner's visit is open: PRINT_VISIT_ENDED takes back what the printer has not begun, and at
/// start-up everything of ours still in the print system is cancelled before anything else. A job
/// that may have printed is never repeated.

enum print_request_kind {
    PRINT_RECEIPT,     ///< facts (taken), job: compose, render, create, send, watch
    PRINT_TICKET,      ///< ticket (taken), job: as a receipt, but it is nobody's to remember
    PRINT_VISIT_ENDED, ///< cancel what has not begun
    PRINT_STATUS,      ///< ask the printer -> PRINT_EVENT_STATUS
    PRINT_SELF_TEST,   ///< prints a short test slip while a technician is there -> job events under
                       ///< `job`
    PRINT_SLIP,        ///< slip (taken), job: as a receipt, but nobody's case -> job events
};
struct print_request {
    enum print_request_kind kind;
    uint64_t id;                 ///< STATUS: its event repeats it. A job's bear its name instead
    char job[64];                ///< its name, never used twice; VISIT_ENDED: "" = every job
    struct receipt_facts *facts; ///< RECEIPT: freed by print_step, NULL afterwards
    struct slip *slip;           ///< SLIP: likewise
    struct ticket_slip *ticket;  ///< TICKET: likewise
};

enum print_event_kind { PRINT_EVENT_JOB, PRINT_EVENT_STATUS };
struct print_event {
    enum print_event_kind kind;
    uint64_t id; ///< STATUS: of the request
    char job[64], receipt[LIMIT_RECEIPT_NUMBER];
    enum print_state state;
    unsigned reasons; ///< PRINTER_... bits
    char detail[160]; ///< for staff
};

struct print_options {
    struct printer *printer;
    struct paper *paper;
    const struct clock *clock;
    const struct texts *texts;
    const struct catalogue *catalogue;
    const struct policies *policies; ///< NULL: no slip of them is asked for
    bool practice; ///< a machine to try things on: every paper says so, above all else
    const char *keep_folder_pdf; ///< development only: also write each receipt's pwg/pdf/png into
                                 ///< this folder of `keep` ("" = its root); NULL on a kiosk
    const struct files *keep;
};
struct print;
/// What the options point to is borrowed until print_close. Nothing is asked of the printer yet.
enum err print_open(const struct print_options *options, struct print **out,
                    struct fail *why) MUST_USE;
/// NULL-safe. Jobs in the printer are left to the next start, which cancels them.
void print_close(struct print *print);
/// One request, or NULL: time passed. `emit` gets each event, borrowed during the call. Blocks for
/// as long as the printer port does (seconds).
void print_step(struct print *print, struct print_request *request,
                void (*emit)(void *context, const struct print_event *event), void *context);
/// Milliseconds until print_step(NULL) wants to be called; -1 = only on a request.
int print_wait_ms(const struct print *print);
