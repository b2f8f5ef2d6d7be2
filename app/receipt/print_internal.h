// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/receipt/print.h"

enum {
    PRINT_JOBS = 4,      // at a time: a receipt, its reprint, a slip, one to spare
    PRINT_POLL_MS = 150, // at first: a receipt takes a second or two
    PRINT_POLL_LATER_MS = 1000,
    PRINT_POLL_FAST_FOR_MS = 5000,
    PRINT_DEADLINE_MS = 60000,  // after this nobody knows
    PRINT_GRACE_MS = 15000,     // for what the printer has begun
    PRINT_STANDSTILL_MS = 3000, // a cover that bounces is no standstill
    PRINT_AGAIN_MS = 500,       // between tries of what surely did not print
    PRINT_TAKE_BACK_MS = 2000,  // between tries to take a job back
    PRINT_CLEAR_MS = 5000,      // between tries to clear what an earlier run left
};

enum stage {
    STAGE_FREE,
    STAGE_SUBMIT, // to be handed to the printer, at next_ms
    STAGE_WATCH,
    STAGE_TAKE_BACK, // the visit ended and the print system did not answer yet
};

struct print_work {
    enum stage stage;
    char job[64], receipt[LIMIT_RECEIPT_NUMBER];
    struct strbuf pwg;
    char media[64];
    int attempt;
    struct printer_job printer;
    unsigned reasons;
    int64_t accepted_ms, deadline_ms, next_ms, standstill_ms; // monotonic; standstill_ms 0 = none
    bool visit_ended;
};

struct print {
    struct print_options options;
    struct print_work work[PRINT_JOBS];
    bool cleared; // nothing of an earlier run is left in the print system
    int64_t clear_ms;
    void (*emit)(void *context, const struct print_event *event);
    void *context;
};

int64_t print_now(const struct print *print);
// print_word.c
void print_emit_job(struct print *print, const char *job, const char *receipt,
                    enum print_state state, unsigned reasons, const char *detail);
void print_emit(struct print *print, const struct print_work *work, enum print_state state,
                const char *detail);
// Emits the last state and forgets the job.
void print_finish(struct print *print, struct print_work *work, enum print_state state,
                  const char *detail);
// print_render.c: what the request asks for, composed and rendered into work->pwg and work->media.
enum err print_render(struct print *print, const struct print_request *request,
                      struct print_work *work, struct fail *why);
// print_watch.c
void print_submit(struct print *print, struct print_work *work);
void print_watch(struct print *print, struct print_work *work);
void print_take_back(struct print *print, struct print_work *work);
bool print_stands_still(unsigned reasons);
