// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/stage.h"
#include "unit/district/office_bench.h"
#include "yimen/outbox/outbox.h"
#include "yimen/receipt/print.h"
#include "yimen/session/session.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// One counter with all that is real (session, forms, screens, queue, receipts on paper, district),
// in one thread, on a clock moved by hand and with randomness from a seed: two visits that differ
// in one answer differ in nothing else but what that answer lets out. Everything that leaves the
// case is written down, each kind for itself.

enum trace {
    TRACE_SCREENS,  // the semantic tree, until it is saved: drawn from it, spoken from it
    TRACE_AFTER,    // the same, from "saved" to the attract screen
    TRACE_RECEIPT,  // the draw list, item by item
    TRACE_RASTER,   // what the printer got, dot for dot
    TRACE_JOBS,     // names the print system knows
    TRACE_ROWS,     // the staff's list
    TRACE_AUDIT,    // the audit chain, but for the touch on "urgent"
    TRACE_LOG,      // the log, without the time of day
    TRACE_MANIFEST, // what the clear part of the submission says
    TRACE_PAGES,    // the tracking page, before and after the district has it, in three languages;
                    // of a restricted case also after something is wanted
    TRACE_COUNT
};
extern const char *const trace_names[TRACE_COUNT];

enum { WHOLE_REQUESTS = 64 };

struct whole {
    struct bench office;
    char folder[64], database[96];
    struct kiosk_store store;
    struct outbox *outbox;
    struct printer printer, named; // `named` writes the jobs' names down
    struct paper paper;
    struct print *print;
    struct session *session;
    struct stage *stage;
    struct text_entry *no_entry;
    uint8_t root_secret[CRYPTO_KEY];
    size_t store_count, print_count, load_count;
    struct outbox_request store_requests[WHOLE_REQUESTS];
    struct print_request print_requests[WHOLE_REQUESTS];
    char loads[WHOLE_REQUESTS][40];
    uint64_t load_ids[WHOLE_REQUESTS];
    struct policies *policies;
    struct strbuf traces[TRACE_COUNT];
    int log_file, log_before; // descriptors
    char receipt[LIMIT_RECEIPT_NUMBER], qr_text[LIMIT_QR_TEXT];
    bool restricted, saved; // what the draft said
};

void whole_open(struct whole *whole, uint64_t seed);
void whole_close(struct whole *whole);
void whole_touch(struct whole *whole, const struct intent *intent);
// Time passes for everybody.
void whole_wait(struct whole *whole, int64_t ms);
const struct view *whole_view(const struct whole *whole);
// Everything is sent to the district and looked at there.
void whole_send(struct whole *whole);

// whole_walk.c: one visit from the first touch to the last, with the made-up resident's answers but
// for those of the test; the first of these is to the question that tells, and the screen that asks
// it is the only one not written down.
struct whole_answer {
    const char *ref, *value;
};
void whole_walk(struct whole *whole, const char *service, const struct whole_answer *own,
                size_t count);
