// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/record/record.h"
#include "yimen/session/view_parts.h"

/// What the screen shows: a plain picture of the visit in words and numbers, no pixels. The ui
/// reads it after each step and draws it; it never changes it. Pointers inside are borrowed until
/// the next session_step. UI thread only. Where a field is a texts key its name ends in _key;
/// `door`, `who`, `consent` and `staff_role` are ids, from which the screen makes its keys;
/// everything else is ready to show. What belongs to another screen than the one shown may be NULL.

enum screen {
    SCREEN_ATTRACT,    ///< 急难, call staff, first-person sentences, languages, doors, big ear
    SCREEN_SERVICES,   ///< list of services behind a door
    SCREEN_NOTICE,     ///< what this service collects and why, minutes, papers
    SCREEN_WHO,        ///< myself / for someone else / someone is helping me at the screen
    SCREEN_IDENTITY,   ///< name and ID number, typed
    SCREEN_QUESTION,   ///< one form screen: question(s)
    SCREEN_REPEAT,     ///< list of repeat instances: add, change, remove, go on
    SCREEN_PAPERS,     ///< five answers for each paper
    SCREEN_REVIEW,     ///< every answer, jump back
    SCREEN_CONSENT,    ///< one separate consent a screen
    SCREEN_COMMITMENT, ///< commitment text, then signature
    SCREEN_SIGNATURE,
    SCREEN_SAVING,  ///< busy until the store answers
    SCREEN_SAVED,   ///< receipt number, QR when it cannot print, receipt state
    SCREEN_RATING,  ///< five grades, skippable
    SCREEN_DONE,    ///< take your card, papers, receipt
    SCREEN_PROBLEM, ///< a calm full-screen message: what happened, is my case safe, what now
    SCREEN_STAFF_PIN,
    SCREEN_STAFF_QUEUE,  ///< clerk: the queue with each case's true state
    SCREEN_STAFF_CASE,   ///< clerk: one case: retry, reprint
    SCREEN_TECHNICIAN,   ///< technician: self-test, content pack
    SCREEN_TRACK_FIND,   ///< the receipt under the reader, or its number typed
    SCREEN_TRACK_FACTOR, ///< the last four of the ID number, masked; waiting for the answer
    SCREEN_TRACK_CASE,   ///< how far it is and what can be done, or why that cannot be said
    SCREEN_POLICIES,     ///< the policy catalogue: groups, or what is behind one, or what was found
    SCREEN_POLICY,       ///< one measure: what, for whom, what to bring, where, how long, phone
    SCREEN_FIT,          ///< after "which help fits me": what may fit, each with its reason
    SCREEN_BUNDLES,      ///< several services in one visit: which situation
    SCREEN_ITEMS,        ///< which of the services that go together
    SCREEN_WANTED,       ///< what the district still needs for a case, and by when
    SCREEN_TICKET_OFFER, ///< a long service: take a paper to come back with
    SCREEN_TICKET,       ///< it is made, printing, printed, or its code is on the screen
    SCREEN_STAFF_CLOCK,  ///< what time it is, by the clerk's watch
    SCREEN_CODE,         ///< four characters, never shown: chosen or entered, see view_code
    SCREEN_CHARACTER,    ///< part of a name's field: a character written with the finger
    SCREEN_DOCUMENT,     ///< part of SCREEN_IDENTITY: by which document, or that none is at hand
    SCREEN_COUNT
};

/// Shown over the screen below it, which stays as it is.
enum overlay {
    OVERLAY_NONE,
    OVERLAY_IDLE,         ///< "are you still there?", countdown
    OVERLAY_LEAVE,        ///< leave and forget everything?
    OVERLAY_CALL,         ///< staff called; after 60 s without an answer: phones
    OVERLAY_COMFORT,      ///< language, size, contrast
    OVERLAY_HELP,         ///< what to do on this screen
    OVERLAY_REMOVE,       ///< really remove this repeat instance?
    OVERLAY_CODE,         ///< what was held up to the code reader is of no use here
    OVERLAY_WITHDRAW,     ///< really withdraw this application? What follows from it
    OVERLAY_FORM_CHANGED, ///< back by a ticket; the form is a newer one, what fits was kept
    OVERLAY_ANSWER,       ///< clerk: what became of the call that is answered next
};

struct view {
    enum screen screen;
    enum overlay overlay;
    uint64_t change;      ///< grows with every change worth drawing
    const char *language; ///< "zh", "en", "ko"
    enum text_size size;
    enum contrast contrast;
    bool still;      ///< no motion
    bool preview;    ///< nothing is saved, sent or printed: every page says so
    bool outage;     ///< nothing can be saved at all: OVERLAY_CALL says so, with the slip's state
    bool visit_open; ///< a resident's visit is open: leave, call, comfort are offered
    bool can_go_back;
    bool is_opening; ///< "next" was pressed and what comes is not there yet: the button says so
    struct view_progress progress;
    const struct catalogue *catalogue;
    const struct service *service; ///< the one being applied for, NULL before
    const char *counter_name;
    char clock_text[16]; ///< "10:05"

    const char *notice_key; ///< SCREEN_ATTRACT: a line on top, "attract.just-saved",
                            ///< "attract.practice"; NULL when none
    const char *door;       ///< SCREEN_SERVICES
    const char *who;        ///< "", "self", "other", "helped"

    /// SCREEN_IDENTITY: what was typed so far and what is wrong with it (messages of the form's
    /// constraints).
    const char *name, *id_number, *name_problem, *id_problem;
    enum document document; ///< also SCREEN_DOCUMENT
    size_t characters_left; ///< that may still be written with the finger

    /// SCREEN_QUESTION and SCREEN_REPEAT.
    const struct form_screen *form_screen;
    /// A name's field that one comes back to from SCREEN_CHARACTER: typing goes on there; or NULL.
    const char *goes_on;
    bool show_violations; ///< the resident pressed "next" and something is missing or wrong
    /// What was typed for this question is no value of its kind (a whole number beyond 32 bits): it
    /// stays in its field to be mended, and no answer is stored. NULL when there is none.
    const char *refused_ref, *refused_text;
    size_t answer_count; ///< SCREEN_REVIEW
    const struct view_answer *answers;
    size_t paper_count; ///< SCREEN_PAPERS
    const struct view_paper *papers;
    const char *consent; ///< SCREEN_CONSENT: id; texts "consent.<id>.title", ".text"
    /// SCREEN_CONSENT, SCREEN_COMMITMENT: current choice, and whether one was made (never
    /// pre-ticked).
    bool consent_given, consent_asked;
    enum signature_way signature;

    size_t wanted_count; ///< SCREEN_WANTED
    const struct view_wanted *wanted;
    const char *wanted_due; ///< last day, "2026-11-30"

    /// SCREEN_SAVED, SCREEN_DONE.
    const char *receipt_number, *qr_text; ///< NULL before
    enum receipt_state receipt_state;
    const char *receipt_problem_key; ///< "printer.no-paper", ... or NULL
    const char *saved_at, *deadline; ///< local time; deadline only for urgent
    int rating;                      ///< 0 = none yet

    /// SCREEN_POLICIES, SCREEN_POLICY, SCREEN_FIT. `policies` is NULL when the pack has none:
    /// then no way leads there.
    const struct policies *policies;
    const struct service *advice;            ///< the service that asks which help fits, or NULL
    const char *policy_group, *policy_query; ///< "" when none
    size_t policy_count;                     ///< SCREEN_POLICIES: those behind the group, or found
    const struct policy *const *policy_list;
    const struct policy *policy;              ///< SCREEN_POLICY
    const struct service *policy_service;     ///< to apply with, NULL: not here
    const struct service_limit *policy_limit; ///< of that service today, NULL: none in force
    size_t fit_count;
    const struct view_fit *fits;
    bool slip_asked; ///< what is on the screen was asked for on paper
    enum receipt_state slip_state;
    const char *slip_problem_key; ///< "printer.no-paper", ... or NULL

    /// SCREEN_PROBLEM: three sentences, and a code for staff.
    const char *problem_what_key, *problem_safe_key, *problem_next_key, *problem_code;
    bool problem_retry; ///< offers "try again"

    // Several services in one visit.
    size_t item_count; ///< 0: it is of one service; then `service` is the whole
    const struct service *const *items;
    const struct service *question_item; ///< SCREEN_QUESTION, _REPEAT: asked for this one alone
    size_t fitting_count;                ///< SCREEN_NOTICE: what else could be added now
    const char *bundle;                  ///< SCREEN_ITEMS: the situation, NULL: from a service
    size_t afterwards_count; ///< SCREEN_DONE: what may be asked for next, with what was answered
    const struct service *const *afterwards;
    size_t choice_count;
    const struct view_item *choices;
    bool none_chosen; ///< "next" was pressed before anything was chosen

    const struct view_track *track; ///< SCREEN_TRACK_*, and the visits that belong to a case; NULL
    struct view_code code;
    struct view_ticket ticket;
    /// OVERLAY_LEAVE: what is offered there; OVERLAY_IDLE: what happens to the visit.
    bool may_take_ticket, has_ticket, ticket_behind, may_park, will_park;
    bool leaves_kept;   ///< OVERLAY_LEAVE: an application lies underneath and stays
    bool has_hide_code; ///< OVERLAY_HELP: a code was chosen under which the visit is hidden

    int countdown_s;                     ///< OVERLAY_IDLE
    bool call_answered, call_unanswered; ///< OVERLAY_CALL: somebody is coming / 60 s went by
    unsigned call_reached;               ///< CALL_REACHED_*: no more than this may be said
    const char *call_line_key;           ///< a quiet line about this person's call, or NULL
    const char *counter_phone;           ///< "" when the content says none
    const char *code_message_key;        ///< OVERLAY_CODE
    const char *remove_ref;              ///< OVERLAY_REMOVE: the instance, and its label
    const char *remove_label;

    /// Staff.
    const char *staff_number; ///< digits typed so far
    int pin_digits;           ///< how many, never which
    bool staff_asks_pin;      ///< number done, PIN next
    const char *staff_problem_key;
    int staff_wait_s;       ///< lock-out, seconds left
    const char *staff_role; ///< "clerk", "supervisor", "technician"
    size_t case_count;
    const struct view_case *cases;
    const struct view_case *chosen_case;
    size_t open_calls;      ///< urgent records not closed yet
    const char *call_since; ///< when the one that is answered next was opened; "" of an ordinary
                            ///< call
    int joined_presses;     ///< on the one that presses without an answer share
    size_t check_count;
    const struct view_check *checks;
    const char *pack_version;      ///< content in force
    bool content_ended;            ///< it is past its last day
    int stuck_contacts;            ///< things that lie on the glass and are ignored
    size_t unsealed_count;         ///< services closed because their form has no key
    bool clock_unknown;            ///< urgent help and reports only, no dates, until it is known
    const char *staff_clock;       ///< SCREEN_STAFF_CLOCK: digits typed so far, YYYYMMDDhhmm
    const char *staff_message_key; ///< outcome of the last staff action, or NULL
};
