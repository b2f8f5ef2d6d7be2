// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/session/session.h"
#include <jansson.h>

/// People at a counter, made up, one after the other: they read the view and touch what stands
/// there, as fast as the kiosk lets them. What they are told is written to standard output, a line
/// at a time, for the watching test:
///   saved RECEIPT              the receipt's number was shown
///   printed RECEIPT            and the printer said that it has printed it
///   refused CODE               told that this does not go on, with the code for staff
///   stuck SCREEN               nothing they touch leads on: the test has failed

struct resident {
    struct session *session;
    const struct catalogue *catalogue;
    json_t *plans; ///< by service: what the demo's resident answers
    const char *const *services;
    size_t service_count;
    int urgent_percent;
    unsigned seed;
    // the visit
    const json_t *plan;
    const char *wanted;
    int members, touches;
    bool told, told_printed;
    int64_t saved_ms; ///< monotonic
    int visits;
};

/// Reads the residents of the demo from app/demo/residents. False when there are none.
bool residents_load(struct resident *resident);
void residents_free(struct resident *resident);
/// One touch. `may_begin`: somebody new may come. True: something was done.
bool resident_act(struct resident *resident, int64_t now_ms, bool may_begin);
/// Writes a line to standard output, at once.
void tell(const char *word, const char *what);
