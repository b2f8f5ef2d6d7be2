// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/audit/head.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/when.h"
#include "yimen/case/answers.h"
#include "yimen/case/draft.h"
#include "yimen/case/owner_lock.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/case/track.h"
#include <stdbool.h>
#include <stddef.h>

/// What is asked of the outbox and what it answers; outbox/outbox.h says how they are handled.

enum outbox_from { OUTBOX_FROM_SESSION, OUTBOX_FROM_PRINT, OUTBOX_FROM_SYNC };

enum outbox_request_kind {
    OUTBOX_SAVE,         ///< draft (taken)            -> OUTBOX_SAVED | OUTBOX_SAVE_FAILED
    OUTBOX_URGENT_OPEN,  ///< when, text = place       -> OUTBOX_URGENT_OPENED (number = id): a
                         ///< record without personal data
    OUTBOX_URGENT_CLOSE, ///< number = id (0: all), text = reason, staff -> OUTBOX_DONE
    OUTBOX_LIST,         ///< from sync, number: the entry behind which the district wants the audit
                         ///< (-1: the last that left)  -> OUTBOX_LISTED
    OUTBOX_RETRY,        ///< receipt, staff: try now, also out of quarantine -> OUTBOX_DONE
    OUTBOX_RECEIPT, ///< receipt, staff ("" = its owner in an open visit): facts with print_count +
                    ///< 1 and a new print job, logged -> OUTBOX_RECEIPT_READY. The token is a new
                    ///< one when its owner asked for it (question.reprint, with the factor that
                    ///< opened it), for staff when an earlier copy may be somewhere, and always
                    ///< when the old one is erased
    OUTBOX_PRINT_STATE, ///< job, print_state, detail: remember -> OUTBOX_DONE
    OUTBOX_VISIT_ENDED, ///< instance: print jobs not printed become "waiting for its owner" ->
                        ///< OUTBOX_DONE
    OUTBOX_NEXT,        ///< the item to send now     -> OUTBOX_ITEM | OUTBOX_NOTHING (retry_at_ms)
    OUTBOX_SENT,        ///< instance, outcome, detail; number = bytes of a large case that are
                        ///< there (-1: not known) -> OUTBOX_DONE
    OUTBOX_NOTE,        ///< text = event, staff, detail: an audit entry -> OUTBOX_DONE
    OUTBOX_RATED, ///< text = service, number = grade 1..5: counted, tied to nobody -> OUTBOX_DONE
    OUTBOX_SELF_TEST, ///<                          -> OUTBOX_SELF_TESTED
    OUTBOX_LOGIN, ///< staff = number, text = PIN -> OUTBOX_LOGGED_IN (role) | OUTBOX_LOGIN_REFUSED
                  ///< (wait_s)
    OUTBOX_SETTING, ///< staff, text = key, detail = value -> OUTBOX_DONE
    OUTBOX_CONTACT, ///< the district answered: number = everything received before (UTC ms) is in a
                    ///< verified backup (0: none is), text = "enrol" when it wants this kiosk
                    ///< enrolled again, exported = the head of the audit that it has now (sequence
                    ///< 0: none). What may go is pruned -> OUTBOX_DONE
    OUTBOX_TIME_KNOWN, ///< when: somebody vouched for it (staff, "" = the district): remembered
                       ///< over a restart, see outbox_known_time -> OUTBOX_DONE
    OUTBOX_RELEASE,    ///< its forms have changed: what is held is tried again -> OUTBOX_DONE
    OUTBOX_LEDGER,     ///<                          -> OUTBOX_LEDGER_READY
    OUTBOX_REPAIR,    ///< news (taken): the district has these no longer; sent again -> OUTBOX_DONE
    OUTBOX_HAND_SLIP, ///< staff: a number for a slip that is filled in by hand -> OUTBOX_NUMBERED
    OUTBOX_STATUS,    ///< news (taken): their states, number = the next cursor -> OUTBOX_DONE
    OUTBOX_TRACK, ///< question: what this kiosk itself knows -> OUTBOX_TRACKED. A wrong factor is
                  ///< counted durably before it is answered
    OUTBOX_OWNER, ///< instance, lock, question.token: of a case that was saved, what its owner
                  ///< proves themselves with -> OUTBOX_DONE
    OUTBOX_TOKEN_NEXT, ///< the oldest new token that the district was not told
                       ///< -> OUTBOX_TOKEN (number, message) | OUTBOX_NOTHING
    OUTBOX_TOKEN_TOLD, ///< number = its id, detail = "" or why it was refused -> OUTBOX_DONE
    // Large cases, see "Pages" below.
    OUTBOX_PAGE,      ///< instance, page (taken) -> OUTBOX_PAGE_HELD | OUTBOX_PAGE_REFUSED
    OUTBOX_PAGE_DROP, ///< instance, text = the page's name -> OUTBOX_PAGE_HELD | OUTBOX_FAILED
    OUTBOX_PART,      ///< instance, range: bytes of a part that did not come with its item, number
                      ///< = how many of the case's bytes are there -> OUTBOX_PART_READY
    // sealed drafts, one a ticket; text = the ticket's id
    OUTBOX_DRAFT_PUT,   ///< sealed (taken): a newer checkpoint -> OUTBOX_DONE
    OUTBOX_DRAFT_LOOK,  ///< text: what of it is here -> OUTBOX_DRAFT_STATE
    OUTBOX_DRAFT_TRY,   ///< text: a code is about to be tried; counted -> OUTBOX_DRAFT_STATE, with
                        ///< `sealed` when it is here and may be tried
    OUTBOX_DRAFT_TRIED, ///< text, number: 1 = the code was right, 0 = it could not be tried, which
                        ///< counts for nothing -> OUTBOX_DONE
    OUTBOX_DRAFT_SPEND, ///< text: a newer ticket has printed -> OUTBOX_DONE
    OUTBOX_DRAFT_NEXT,  ///< the one to send up now -> OUTBOX_DRAFT_ITEM | OUTBOX_NOTHING
    OUTBOX_DRAFT_SENT,  ///< text, number = revision, outcome (RECEIVED; QUARANTINED: the district
                        ///< has a newer one) -> OUTBOX_DONE
};

enum send_outcome {
    SEND_RECEIVED,    ///< 201 (stand-in server 201/202) for exactly these bytes
    SEND_RETRY,       ///< no answer, 5xx: back-off with jitter
    SEND_HELD,        ///< form unknown there (404): asked again every 15 minutes
    SEND_QUARANTINED, ///< refused (400, 409, 413) or failed too often: a person acts
    SEND_STOPPED,     ///< 401/403: the whole queue waits, alarm
    SEND_UNVERIFIED,  ///< a stand-in server took all of it, and cannot say that it has it
    SEND_PAUSED,      ///< a large case lets another go first; due again at once
    SEND_LATER, ///< the server said when to come again (wait_s): nothing is wrong with the case
};

/// What the district said of cases. On the heap; freed by outbox_step.
struct outbox_news_item {
    char instance[LIMIT_INSTANCE_ID],
        status[4];  ///< status: OUTBOX_STATUS only, the district's code
    int64_t utc_ms; ///< since when it has that status
};
struct outbox_news {
    size_t count;
    struct outbox_news_item items[];
};

/// Bytes of one part of a case.
struct outbox_range {
    size_t part;
    int64_t offset;
    size_t length; ///< at most LIMIT_PART_BYTES
};

/// A sealed checkpoint on its way. On the heap; its owner frees it.
enum { OUTBOX_SEALED_EXTRA = 64 }; ///< what sealing adds to LIMIT_DRAFT_BYTES, and some
struct outbox_sealed {
    char id[33], instance[LIMIT_INSTANCE_ID];
    int64_t revision, expires_utc_ms;
    bool spent; ///< nothing is left of it: `bytes` is empty
    struct strbuf bytes;
};
/// NULL-safe.
void outbox_sealed_free(struct outbox_sealed *sealed);

/// What of a draft is on this kiosk.
enum outbox_draft_state {
    OUTBOX_DRAFT_IS_HERE,
    OUTBOX_DRAFT_IS_ELSEWHERE, ///< not here: the district may have it
    OUTBOX_DRAFT_IS_SPENT,     ///< its case is handed in, or a newer ticket was printed
    OUTBOX_DRAFT_IS_EXPIRED,
    OUTBOX_DRAFT_IS_LOCKED, ///< too many wrong codes: wait_s
};

/// A plain message: `draft`, `news`, `page` and `sealed` are taken by outbox_step, which leaves
/// NULL there; the rest is copied.
struct outbox_request {
    enum outbox_request_kind kind;
    uint64_t id; ///< the reply repeats it; 0: whoever asked waits for none, or for one at a time
    enum outbox_from from;
    struct case_draft *draft; ///< its form stays the session's, see case/draft.h
    struct when when;
    long long number;
    char instance[LIMIT_INSTANCE_ID];
    char receipt[LIMIT_RECEIPT_NUMBER];
    char staff[16];
    char job[64];
    enum print_state print_state;
    enum send_outcome outcome;
    char text[64], detail[200];
    struct outbox_news *news;
    struct audit_head exported;
    struct track_question question;
    struct owner_lock lock;
    struct attachment *page; ///< on the heap like its data; wiped
    struct outbox_range range;
    int wait_s;                   ///< of SEND_LATER
    struct outbox_sealed *sealed; ///< DRAFT_PUT
};

enum outbox_reply_kind {
    OUTBOX_SAVED,
    OUTBOX_SAVE_FAILED,
    OUTBOX_URGENT_OPENED,
    OUTBOX_LISTED,
    OUTBOX_RECEIPT_READY,
    OUTBOX_ITEM,
    OUTBOX_NOTHING,
    OUTBOX_SELF_TESTED,
    OUTBOX_LOGGED_IN,
    OUTBOX_LOGIN_REFUSED,
    OUTBOX_DONE,
    OUTBOX_FAILED,
    OUTBOX_LEDGER_READY,
    OUTBOX_TRACKED,
    OUTBOX_TOKEN,
    OUTBOX_PAGE_HELD,    ///< number = pages of this visit, bytes = their size
    OUTBOX_PAGE_REFUSED, ///< refused = why; the visit goes on without it
    OUTBOX_PART_READY,   ///< data, length; urgent_waits, others_wait
    OUTBOX_NUMBERED,     ///< slip
    OUTBOX_DRAFT_STATE,
    OUTBOX_DRAFT_ITEM,
    OUTBOX_READY, ///< once at start: how many are unsent, what was just saved (see `just_saved`)
};

/// One case as the clerk sees it.
struct outbox_row {
    char number[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID], service[40];
    char state[16]; ///< "saved", "sending", "retry", "received", "unverified" (a stand-in server
                    ///< took it), "held", "quarantined", "pruned"
    enum print_state print_state;
    bool urgent;
    int attempts, print_count;
    int not_asked; ///< required questions that no kiosk asks
    int64_t saved_utc_ms, next_try_utc_ms, received_utc_ms;
    char reason[160];
    int64_t total_bytes, sent_bytes; ///< sealed; sent: of a large case, how far it is
    char status[4];                  ///< the district's code, "" before it said any
    int64_t status_utc_ms;
};

/// One case that the district has said to have.
struct outbox_ledger_row {
    char instance[LIMIT_INSTANCE_ID], number[LIMIT_RECEIPT_NUMBER];
    int64_t saved_utc_ms;
};

/// An encrypted file of a case.
struct outbox_part {
    char name[LIMIT_PART_NAME]; ///< ends in ".enc"
    char sha256[65];
    size_t length;
    void *data; ///< NULL: asked for in pieces (OUTBOX_PART)
};

/// What goes over the wire: stored once, re-sent unchanged. Owned by whoever holds the reply. A
/// case above LIMIT_WHOLE_CASE comes without the data of its parts.
struct outbox_item {
    char instance[LIMIT_INSTANCE_ID], number[LIMIT_RECEIPT_NUMBER], form_id[LIMIT_FORM_ID];
    bool urgent;
    int attempts;
    void *manifest;
    size_t manifest_length;
    int64_t sent_bytes; ///< of a large case: how many were known to be there when it stopped
    size_t part_count;
    struct outbox_part *parts; ///< in order, the record last
    bool is_large;             ///< the parts' data is NULL
};
/// NULL-safe; zeroes the parts.
void outbox_item_free(struct outbox_item *item);

struct outbox_reply {
    enum outbox_reply_kind kind;
    enum outbox_request_kind to;
    uint64_t id;   ///< of the request; READY: 0
    enum err err;  ///< FAILED, SAVE_FAILED: what to do about it (ERR_FULL: disk)
    char why[200]; ///< for staff and the log
    long long number;
    struct case_draft *draft;    ///< SAVE_FAILED: given back
    struct receipt_facts *facts; ///< SAVED, RECEIPT_READY: owned by the receiver (free)
    char job[64];                ///< SAVED, RECEIPT_READY: name of the print job
    struct outbox_item *item;    ///< ITEM
    int64_t retry_at_ms;         ///< NOTHING: monotonic time of the next due item, -1 = none
    struct outbox_row *rows;     ///< LISTED: owned by the receiver (free)
    size_t row_count, open_calls;
    int64_t oldest_call, oldest_call_utc_ms; ///< LISTED: its id, when it was opened; 0 without one
    int64_t newest_call_ms; ///< READY: how long the newest open call has been open, -1 = none is,
                            ///< or nobody can say
    int unsent;             ///< LISTED, READY
    int64_t oldest_open_utc_ms; ///< READY: when the oldest unsent case was saved, 0 = none is
    char frozen[16];       ///< LISTED, READY: why no new ordinary visit may begin ("enrol", "disk",
                           ///< "count", "age"), "" = it may. Urgent help and what is under way
                           ///< never ask
    char warning[16];      ///< LISTED, READY: the gate that will close first, "" = none near
    int64_t status_cursor; ///< LISTED: up to where states were read
    char *ratings; ///< LISTED, to sync: counts of grades (case/rating.h), owned by the receiver
                   ///< (free)
    struct outbox_ledger_row *ledger; ///< LEDGER_READY: owned by the receiver (free)
    size_t ledger_count;
    int64_t saves;                ///< LISTED: cases ever saved here, for the heartbeat
    struct audit_head audit_head; ///< LISTED: of the audit chain, signed
    int64_t audit_after;          ///< LISTED, to sync: see audit_entries
    char *audit_entries; ///< LISTED, to sync: lines of the audit behind `audit_after` up to
                         ///< `audit_head`, each with a newline; owned by the receiver (free)
    char just_saved[LIMIT_RECEIPT_NUMBER]; ///< READY: a case saved within the last three minutes
                                           ///< before the start, "" else
    char role[16], staff[16];              ///< LOGGED_IN
    char slip[LIMIT_RECEIPT_NUMBER];       ///< NUMBERED: used up, whatever becomes of the paper
    int wait_s; ///< LOGIN_REFUSED: 0 = wrong, try again; > 0 = locked so long; -1 = locked until
                ///< reset
    struct track_case *track;            ///< TRACKED: owned by the receiver (track_case_free)
    char *message;                       ///< TOKEN: signed JSON, owned by the receiver (free)
    int tokens;                          ///< NOTHING: new tokens that the district was not told
    bool database_good, audit_good;      ///< SELF_TESTED
    enum outbox_draft_state draft_state; ///< DRAFT_STATE, with wait_s; number = tries left
    char draft_id[33];                   ///< of the DRAFT requests: their text
    struct outbox_sealed *sealed;        ///< DRAFT_STATE (NULL: none), DRAFT_ITEM
    int64_t disk_free, disk_total;
    int64_t bytes;    ///< PAGE_HELD
    char refused[16]; ///< PAGE_REFUSED (texts "page-refused." + it): "disk" (nearly full), "case"
                      ///< (it has as many or as large pages as it may), "page" (this one is too
                      ///< large), "store" (try again)
    void *data;       ///< PART_READY: owned by the receiver (free)
    size_t length;
    bool urgent_waits, others_wait; ///< PART_READY: cases that could be sent at once
};
/// Frees what the reply owns (personal data zeroed) and empties it. Whoever keeps one of its
/// pointers puts NULL there first.
void outbox_reply_clear(struct outbox_reply *reply);
