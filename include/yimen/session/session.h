// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/correction.h"
#include "yimen/case/ticket.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/outbox/outbox.h"
#include "yimen/port/call.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/receipt/print.h"
#include "yimen/session/intent.h"
#include "yimen/session/view.h"
#include "yimen/sync/client.h"
#include <stdbool.h>

/// One resident's visit, step by step, and the staff's sessions: every decision between two
/// touches.
///
/// A step module on the UI thread: `session_step` takes one input (an intent, a worker's reply, or
/// the passing of time) and answers with effects for the workers through the output table; it never
/// waits and owns no device. The picture to draw is session_view(). At the end of a visit
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

enum session_input_kind {
    SESSION_TICK, ///< time passed
    SESSION_INTENT,
    SESSION_OUTBOX,
    SESSION_PRINT,
    SESSION_SYNC,
    SESSION_FORM_LOADED,    ///< form (taken), form_service; or form NULL and err, why
    SESSION_PACK_INSTALLED, ///< err, why
    SESSION_CODE,    ///< code: the text that was held up to the reader; or err: it is refused
    SESSION_TRACKED, ///< tracked (taken)
    SESSION_KEY,     ///< serial, ticket, key; or err: the key of a ticket that was asked for
    SESSION_DRAFT,   ///< draft: what the district answered for a ticket
};
/// Everything is borrowed during session_step but what is taken: that is the session's then, or
/// freed.
struct session_input {
    enum session_input_kind kind;
    const struct intent *intent;
    struct outbox_reply *outbox; ///< taken
    const struct print_event *print;
    const struct sync_event *sync;
    struct form *form; ///< taken
    const char *form_service;
    const char *code;
    struct track_case *tracked; ///< taken
    uint64_t serial;
    const uint8_t *key;              ///< CRYPTO_KEY bytes
    const struct ticket *ticket;     ///< with its id and key
    struct sync_draft_answer *draft; ///< its `sealed` is taken
    enum err err;
    const char *why;
};
/// What a print job's event means for whoever waits for the paper; problem_key "printer.no-paper",
/// ... or NULL.
enum receipt_state receipt_state_of(const struct print_event *event, const char **problem_key);

/// Requests and strings are borrowed during the call and to be copied; what a request points to
/// (draft, facts) changes owner with it. None may call the session.
struct session_output {
    void *context;
    void (*store)(void *context, struct outbox_request *request);
    void (*print)(void *context, struct print_request *request);
    void (*load_form)(
        void *context,
        const char *service); ///< or the id of a form of several services ("one-visit:a+b"): by
                              ///< the compute worker; answered with SESSION_FORM_LOADED
    /// Lamp, loudspeaker, ...; returns CALL_REACHED_*.
    unsigned (*call)(void *context, const struct call_wanted *wanted);
    void (*install_pack)(void *context);
    void (*self_test_district)(
        void *context); ///< answered with a SESSION_SYNC event ONLINE / OFFLINE / ALARM
    void (*nudge_sync)(void *context);
    /// A clerk has said what time it is: the clock of the options counts from it at once.
    void (*confirm_time)(void *context, int64_t utc_ms);
    void (*wipe)(void *context); ///< end of the visit: overdraw the screen, reset text entry
    /// Asks the district about a case that was handed in, by the worker that asks; the question is
    /// borrowed. Answered with SESSION_TRACKED; not at all is an answer too.
    void (*track)(void *context, const struct track_question *question);
    /// The form that answers a list, which is borrowed: as load_form, form_service = the list's id.
    void (*load_correction)(void *context, const struct correction_list *list);
    /// A service's form as an earlier pack has it, for a ticket that was begun with it: answered
    /// with SESSION_FORM_LOADED, form_service = the version. When it is gone the present form takes
    /// the answers that still fit.
    void (*load_earlier)(void *context, const char *service, const char *version);
    /// By the compute worker (ticket_work); answered with SESSION_KEY. Without a code only the ticket
    /// is unfolded.
    void (*derive_key)(void *context, const struct ticket *ticket, const char *code,
                       uint64_t serial);
    /// The draft of a ticket, if the district has a newer one than revision `have`; answered with
    /// SESSION_DRAFT.
    void (*fetch_draft)(void *context, const char *id, int64_t have);
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
    const char *language;    ///< at the start of each visit; NULL: the first of the texts
    bool stand_in;           ///< cases are sealed to each form's own key: all forms are looked at at
                             ///< the start, a service without a key does not open, staff is told
    bool practice;           ///< a demo kiosk: the attract screen says so
    bool preview;            ///< a form author's walk: every screen says that nothing is kept
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
/// Takes one input, calls the outputs it leads to before it returns.
void session_step(struct session *session, const struct session_input *input);
/// Something of a resident who may come back is in memory: the content is not changed now.
bool session_keeps_visit(const struct session *session);
/// Borrowed until the next step.
const struct view *session_view(const struct session *session);
/// Milliseconds until SESSION_TICK is wanted; -1 = none.
int session_wait_ms(const struct session *session);
