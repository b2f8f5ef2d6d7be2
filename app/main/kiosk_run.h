// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_base.h"
#include "kiosk_config.h"
#include "kiosk_content.h"
#include "kiosk_options.h"
#include "kiosk_workers.h"
#include "yimen/port/call.h"
#include "yimen/port/text_entry.h"
#include "yimen/session/session.h"
#include "yimen/ui/ui.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

/// One program: what is open, and the run on the UI thread.

enum run_end { RUN_OVER, RUN_AGAIN };

struct kiosk {
    struct kiosk_options options;
    struct kiosk_config config;
    struct crypto crypto;
    struct clock clock;
    sigset_t signals;
    atomic_bool is_ending; ///< a signal came
    int64_t end_at_ms;     ///< --seconds; -1 = never

    // one run
    struct kiosk_content content;
    struct files look;
    struct call lamp, bell;
    struct text_entry text_entry;
    struct workers *workers;
    struct ui *ui;
    struct session *session;
    struct base_finding base; ///< why this run may not open; code "" = it may
    bool pack_installed;
    bool visit_wiped; ///< the stack still holds what the last steps of the visit left
    int64_t alive_at_ms;
};

/// Opens the parts of one run, turns the loop, closes them. An error means that there is no window.
enum err kiosk_run(struct kiosk *kiosk, enum run_end *end, struct fail *why) MUST_USE;
/// The window is open but the rest is not: says so until it is time to try again. Urgent help leads
/// to the telephones and a slip that says that nothing was saved here.
enum run_end kiosk_outage(struct kiosk *kiosk, enum err err);
/// Asks every way of calling that is fitted; CALL_REACHED_*. What fails is logged.
unsigned kiosk_call(struct kiosk *kiosk, const struct call_wanted *wanted);
struct workers_options kiosk_workers_options(struct kiosk *kiosk);
/// The session's way to the workers. `context` of each output is the kiosk.
struct session_output kiosk_wire(struct kiosk *kiosk);
/// Everything the workers have answered, each as one step of the session.
void kiosk_take_answers(struct kiosk *kiosk);
