// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/session/intent.h"
#include "yimen/session/message.h"
#include "yimen/session/view.h"
#include <stdbool.h>

/// One resident's visit, step by step, and the staff's sessions: every decision between two
/// touches.
///
/// A step module on the UI thread: `session_step` takes one input (an intent, a worker's reply, or
/// the passing of time) and asks the workers through its output (session/message.h); it never waits
/// and owns no device. The picture to draw is session_view(). At the end of a visit
/// everything of it is zeroed and the comfort settings are reset. A form is loaded when its service
/// is chosen (the urgent ones at the start) and kept until session_close; one that cannot be loaded
/// is said at once and tried again when its service is chosen again.
///
/// A restricted case (violence at home, a child in danger) is told from no other while it is filled
/// in, and from the moment it is saved screens, speech, steps and log are an enquiry's. The audit
/// holds the touch on "urgent" ("urgent.opened", "call.opened"), which came before anything was
/// said, and no entry says to which service a visit went: whoever touched it, left and then asked
/// something leaves the same lines. What goes on is the call itself, until staff come.
///
/// Life cycle: `session_open` -> `session_step` for every input and after `session_wait_ms` ->
/// `session_end` -> the workers finish -> `session_close`.

/// What a print job's event means for whoever waits for the paper; problem_key "printer.no-paper",
/// ... or NULL.
enum receipt_state receipt_state_of(const struct print_event *event, const char **problem_key);

/// The session's one way out. The request is borrowed during the call and to be copied; what it
/// points to (draft, facts, ...) changes owner with it. Must not call the session.
struct session_output {
    void *context;
    void (*ask)(void *context, struct session_request *request);
};
struct session_options {
    const struct texts *texts;
    const struct catalogue *catalogue;
    const struct policies *policies; ///< NULL: the content has none
    const struct clock *clock;
    const struct crypto *crypto;
    const char *counter; ///< "001"
    const char *device_id;
    const char *time_zone; ///< "Asia/Shanghai"
    const char *pack_version;
    int64_t content_ends_ms; ///< UTC, 0 = open: past it limits are to be confirmed, staff is told
    const uint8_t (*district_keys)[CRYPTO_PUBLIC]; ///< who signs correction lists
    size_t district_key_count;
    const char *language; ///< at the start of each visit; NULL: the first of the texts
    bool stand_in;        ///< cases are sealed to each form's own key: all forms are looked at at
                          ///< the start, a service without a key does not open, staff is told
    bool practice;        ///< a demo kiosk: the attract screen says so
    bool preview;         ///< a form author's walk: every screen says that nothing is kept
    /// Without a touch until "are you still there?", the same on the papers step, and from then to
    /// the end of the visit. 0 = 120000, 300000, 45000.
    int idle_alert_ms, idle_papers_ms, countdown_ms;
};

struct session;
/// Starts at the attract screen. Everything in `options` and `output` is borrowed until
/// session_close. ERR_INPUT: the content offers no service. ERR_FULL: no memory.
enum err session_open(const struct session_options *options, const struct session_output *output,
                      struct session **out, struct fail *why) MUST_USE;
/// The program is closing: an open visit ends now, with everything it tells the workers.
void session_end(struct session *session);
/// NULL-safe; an open visit is wiped. What the workers still hold of it (a form, a record) must
/// have come back or been freed.
void session_close(struct session *session);
/// Takes one input, and what it points to; asks what it leads to before it returns. An answer that
/// nobody waits for is dropped here.
void session_step(struct session *session, struct session_input *input);
/// Something of a resident who may come back is in memory: the content is not changed now.
bool session_keeps_visit(const struct session *session);
/// Borrowed until the next step.
const struct view *session_view(const struct session *session);
/// Milliseconds until SESSION_TICK is wanted; -1 = none.
int session_wait_ms(const struct session *session);
