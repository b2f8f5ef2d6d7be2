// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/case/answers.h"
#include "yimen/case/ticket.h"
#include "yimen/case/track.h"
#include "yimen/content/bundle.h"
#include "yimen/content/policy.h"
#include "yimen/content/service.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The parts of the picture in session/view.h: lines of its lists, and what a kind of screen shows.

enum text_size { TEXT_SIZE_S, TEXT_SIZE_M, TEXT_SIZE_L, TEXT_SIZE_XL };
enum contrast { CONTRAST_DEFAULT, CONTRAST_ON_WHITE, CONTRAST_ON_BLACK, CONTRAST_LOW };
enum signature_way { SIGNATURE_NONE, SIGNATURE_DRAWN, SIGNATURE_WITNESSED, SIGNATURE_OUTSTANDING };
enum receipt_state {
    RECEIPT_COMPOSED,
    RECEIPT_ACCEPTED,
    RECEIPT_PRINTED,
    RECEIPT_FAILED,
    RECEIPT_UNKNOWN,
    RECEIPT_WAITING_FOR_OWNER
};

enum {
    VIEW_SERVICES = 40,
    VIEW_ITEMS = 200,
    VIEW_MOMENT = 48, ///< "11 月 23 日 10:05", in the language of the moment
    VIEW_STROKE_POINTS = 4000,
    VIEW_CHECKS = 12,
    VIEW_POLICIES = 100,
    VIEW_FITS = 40,
    VIEW_AFTERWARDS = 4
};

struct view_progress {
    int step, steps; ///< "step 3 of 7"; 0 = not shown
    int part, parts; ///< within the questions; 0 = not shown
};

/// One line of the review.
struct view_answer {
    char ref[LIMIT_REF]; ///< the question; "" for what the visit asks itself
    char screen_ref[LIMIT_REF];
    char heading[256];        ///< begins a section: a person, a group of questions; else ""
    char instance[LIMIT_REF]; ///< of a heading: the person that may be taken away there; else ""
    char label[512], shown[1024];
    bool missing;               ///< required and empty, or wrong
    bool phone;                 ///< `shown` is a telephone number: in groups
    bool place;                 ///< `shown` has two names, "张家河村 Zhangjiahe"
    bool masked;                ///< the neighbour reads along: INTENT_REVEAL shows it
    const struct service *item; ///< of several: whose own question it is, NULL: of all
};

enum { VIEW_CHOICES = 10 };
struct view_item { ///< SCREEN_ITEMS: one service that may be added; why: texts "items.why.<id>"
    const struct service *service;
    bool chosen, fixed;            ///< fixed: what the visit began with
    const struct service *instead; ///< chosen, and does not go with this one; NULL
    bool full;                     ///< as many as one visit holds are chosen
};

struct view_paper {
    const struct service_paper *paper;
    enum paper_answer answer;
};

/// What a clerk can say became of a call: INTENT_STAFF_ANSWER_CALL, and the audit log.
#define VIEW_CALL_ANSWERS "came", "emergency", "gone", "mistake"

/// One case in the clerk's list.
struct view_case {
    char number[24];
    char service_key[64];
    char state_key[48];   ///< "state.saved", "state.sending", "state.retry", "state.received",
                          ///< "state.unverified", "state.held", "state.quarantined", "state.pruned"
    char receipt_key[48]; ///< "receipt-state.printed", ...
    char saved_at[32];    ///< local, "11-23 10:05"
    char next_try[32];    ///< "" or local time
    char reason[160];     ///< why it is held or was refused; "" else
    int attempts;
    int not_asked; ///< required questions that no kiosk asks: somebody has to, elsewhere
    bool urgent;
    bool unanswered;                ///< urgent, and no clerk has said yet what became of it
    char sent_mb[12], total_mb[12]; ///< of a large case on its way: "3.1" of "28.4"; "" else
};

struct view_linked { ///< what was handed in later and belongs to a case
    char number[LIMIT_RECEIPT_NUMBER], service_key[64], status_key[32], saved_at[VIEW_MOMENT];
};

/// SCREEN_TRACK_*: a case that was handed in. The second factor itself is never here.
struct view_track {
    const char *number;             ///< typed or scanned so far
    const char *number_problem_key; ///< TRACK_FIND: what is wrong with it; NULL
    int factor_count;               ///< how many of the four were typed, never which
    bool no_fit;                    ///< TRACK_FACTOR: number and factor do not belong together
    int tries_left;
    bool waiting;                                       ///< the question is out
    enum track_result result;                           ///< TRACK_CASE, like all below
    int wait_hours;                                     ///< LOCKED
    const char *counter, *counter_name, *counter_phone; ///< where the case is
    char service_key[64], status_key[32], now_key[48], next_key[48];
    int follow_days; ///< {days} of the two sentences
    char saved_at[VIEW_MOMENT], since[VIEW_MOMENT], known_at[VIEW_MOMENT];
    const char *promise_key; ///< by when, filled with {days}: promised_days; NULL: the counter says
    int promised_days, limit_hours;
    bool from_district, newer_receipt;
    bool wants_receipt; ///< only its number was given: its owner can do more with its code
    bool may_correct, may_add, may_withdraw, may_reprint; ///< what is offered
    bool printing;                                        ///< a copy was asked for: see receipt_*
    size_t linked_count;
    struct view_linked linked[TRACK_LINKED];
};

/// One line of SCREEN_FIT: a measure that may fit and why, or (policy NULL) a plain remark.
struct view_fit {
    const struct policy *policy;
    const struct service *service; ///< to apply with here, NULL: not at the kiosk
    const char *reason;
};

/// One thing the district still needs.
struct view_wanted {
    const char *label;  ///< a question, as its screen calls it
    const char *paper;  ///< or a paper's id; NULL: a question
    const char *reason; ///< plain text of the district's, in the district's words
};

struct view_check { ///< one row of the self-test
    char name_key[48];
    int state; ///< 0 running, 1 good, 2 attention, 3 bad
    char detail[200];
};

/// SCREEN_CODE.
enum code_purpose {
    CODE_TICKET_CHOOSE, ///< to come back with a ticket
    CODE_PARK_CHOOSE,   ///< to let somebody go first
    CODE_HIDE_CHOOSE,   ///< beforehand, in case this has to be hidden
    CODE_TICKET_OPEN,
    CODE_PARK_OPEN,     ///< the same whether anything is parked or not
    CODE_TICKET_TYPE,   ///< sixteen characters from the paper, which are shown: see `typed`
    CODE_FACTOR_CHOOSE, ///< to ask about the case later; may be left
};
struct view_code {
    enum code_purpose purpose;
    bool last_four; ///< of the ID number: X is offered; else the four digits that were chosen
    int digits;     ///< how many, never which
    bool again;     ///< the second of two times
    bool busy;      ///< it is being looked at
    const char *problem_key;
    int tries_left;           ///< -1: not to be said
    char typed[TICKET_TYPED]; ///< TICKET_TYPE: so far
    const char *alphabet;     ///< and its keys
};
/// SCREEN_TICKET; its code is `qr_text` of the view.
struct view_ticket {
    bool making, failed;
    bool leaving; ///< the visit ends when the paper is there
    bool last_four;
    enum receipt_state state;
    char expires[VIEW_MOMENT];
    const char *problem_key;
    char typed[TICKET_TYPED + 4]; ///< what `qr_text` says, to be typed; in groups
};
