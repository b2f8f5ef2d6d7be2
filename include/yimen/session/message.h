// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/correction.h"
#include "yimen/case/ticket.h"
#include "yimen/case/track.h"
#include "yimen/content/pack.h"
#include "yimen/outbox/outbox.h"
#include "yimen/port/call.h"
#include "yimen/port/code_reader.h"
#include "yimen/receipt/print.h"
#include "yimen/session/intent.h"
#include "yimen/sync/client.h"

/// What goes between a session and the workers: one request type out, one input type in, each a
/// kind with a struct of its own.
///
/// A request that is *asked* has a number (`id`), which its answer repeats; it is answered exactly
/// once, by its worker or by session_refusal. One that is only *told* has none and is answered by
/// nothing. The session drops an answer that nobody waits for any more; whoever leaves a screen
/// need not think of what is still under way.

enum session_request_kind {
    // told
    SESSION_CALL,  ///< call: lamp, loudspeaker, ...; `reached` is filled in before ask returns
    SESSION_TIME,  ///< time: a clerk has said what time it is; the clock counts from it at once
    SESSION_WIPE,  ///< the visit is over: overdraw the screen, reset text entry
    SESSION_NUDGE, ///< sync: there is something to send
    // asked or told
    SESSION_STORE, ///< store -> SESSION_OUTBOX
    SESSION_PAPER, ///< print -> SESSION_PRINT, as often as its state changes
    // asked
    SESSION_FORM,       ///< form -> SESSION_FORM_LOADED
    SESSION_EARLIER,    ///< earlier: a form as an earlier pack has it -> SESSION_FORM_LOADED
    SESSION_CORRECTION, ///< list: the form that answers it -> SESSION_FORM_LOADED
    SESSION_PACK,       ///< from the configured folder -> SESSION_PACK_INSTALLED
    SESSION_DISTRICT,   ///< can it be reached? -> SESSION_DISTRICT_TESTED
    SESSION_TRACK,      ///< question: to the district -> SESSION_TRACKED
    SESSION_DERIVE,     ///< derive: ticket_work -> SESSION_KEY
    SESSION_FETCH,      ///< fetch: a ticket's draft, if the district has a newer -> SESSION_DRAFT
};

struct session_request {
    enum session_request_kind kind;
    uint64_t id; ///< 0: told, not asked
    union {
        struct {
            struct call_wanted wanted;
            unsigned reached; ///< CALL_REACHED_*
        } call;
        int64_t time; ///< UTC ms
        struct outbox_request store;
        struct print_request print;
        struct {
            char name[LIMIT_FORM_ID]; ///< a service, or several as one ("one-visit:a+b")
        } form;
        struct {
            char service[LIMIT_FORM_ID], version[PACK_VERSION];
        } earlier;
        struct correction_list *list; ///< on the heap, wiped
        struct track_question question;
        struct {
            struct ticket ticket;
            char code[TRACK_FACTOR]; ///< "": the ticket is only unfolded
        } derive;
        struct {
            char id[TICKET_ID_TEXT];
            int64_t have; ///< a revision
        } fetch;
    };
};

enum session_input_kind {
    SESSION_TICK, ///< time passed
    SESSION_INTENT,
    // what nobody asked for
    SESSION_SYNC,
    SESSION_CODE, ///< code: the text that was held up to the reader; or err: it is refused
    // answers
    SESSION_OUTBOX, ///< also OUTBOX_READY, which nobody asked for
    SESSION_PRINT,
    SESSION_FORM_LOADED, ///< form; or NULL and err, why
    SESSION_PACK_INSTALLED,
    SESSION_DISTRICT_TESTED, ///< err RETRY: no answer; any other: it refuses this kiosk
    SESSION_TRACKED,         ///< tracked; NULL: nothing is known
    SESSION_KEY,             ///< key; or err
    SESSION_DRAFT,           ///< draft: what the district answered for a ticket
};

struct session_input {
    enum session_input_kind kind;
    uint64_t id; ///< of the request that this answers; 0: nobody asked
    enum err err;
    char why[480]; ///< for staff and the log
    union {
        const struct intent *intent; ///< borrowed during session_step
        struct outbox_reply outbox;
        struct print_event print;
        struct sync_event sync;
        struct form *form;
        char code[CODE_TEXT]; ///< may be a ticket, which is a key
        struct track_case *tracked;
        struct {
            struct ticket ticket; ///< with id and key
            uint8_t key[CRYPTO_KEY];
        } key;
        struct sync_draft_answer draft;
    };
};

/// Frees what a request points to, and wipes it: nobody has taken it.
void session_request_clear(struct session_request *request);
/// Frees what an input still points to, and wipes it; an intent is borrowed and stays.
void session_input_clear(struct session_input *input);
/// The answer to a request that nobody can do now (ERR_RETRY: a full queue) or ever
/// (ERR_UNSUPPORTED: there is no such worker). The request is taken: a case that was to be saved
/// goes back to the session. Only for one that was asked.
void session_refusal(struct session_request *request, enum err err, const char *why,
                     struct session_input *out);
