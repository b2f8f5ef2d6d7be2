// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/case/drawn.h"
#include "yimen/session/view.h"

/// What a person did, in words of the visit, not of the screen: the ui sends these to session_step.
/// Plain values.

enum intent_kind {
    INTENT_NONE,
    // attract and services
    INTENT_URGENT,        ///< 急难: from any screen
    INTENT_CALL,          ///< call staff: from any screen
    INTENT_CLOSE_OVERLAY, ///< also: "I am still here"
    INTENT_LANGUAGE,      ///< text = "zh", "en", "ko"
    INTENT_SIZE,          ///< number = enum text_size
    INTENT_CONTRAST,      ///< number = enum contrast
    INTENT_COMFORT,       ///< open the comfort overlay
    INTENT_HELP,
    INTENT_DOOR,      ///< text = door id
    INTENT_SERVICE,   ///< text = service id
    INTENT_ITEMS,     ///< several services at once: from the attract screen, or from a notice
    INTENT_BUNDLE,    ///< text = bundle id
    INTENT_ITEM,      ///< text = service id: chosen, or no longer
    INTENT_HIDE,      ///< "hide this": back to attract at once, nothing asked
    INTENT_HIDE_CODE, ///< choose a code beforehand that opens what is hidden
    // moving
    INTENT_NEXT,
    INTENT_BACK,
    INTENT_LEAVE, ///< asks once, unless nothing was entered yet or everything is done
    INTENT_LEAVE_SURE,
    INTENT_ACTIVITY, ///< any touch, move or key: restarts the idle clock
    /// number = how many fingers, or things, lie on the glass too long and are ignored; 0: none any
    /// more. Nobody's touch.
    INTENT_CONTACT_STUCK,
    // visit
    INTENT_WHO,           ///< text = "self", "other", "helped"
    INTENT_NAME,          ///< text
    INTENT_ID_NUMBER,     ///< text
    INTENT_DOCUMENT,      ///< text = a document's name; "" shows the list of them
    INTENT_CHARACTER,     ///< ref = a name's field: write a character that cannot be typed
    INTENT_NO_CODE,       ///< no digits are chosen: who asks later comes to the window
    INTENT_ANSWER,        ///< ref, text
    INTENT_FIND_CHOICE,   ///< text = what a list is searched for: the screen's own affair
    INTENT_ADD,           ///< ref = repeat range
    INTENT_OPEN_INSTANCE, ///< ref = instance
    INTENT_REMOVE,        ///< ref = instance: asks once
    INTENT_REMOVE_SURE,
    INTENT_JUMP,         ///< ref = screen, from the review
    INTENT_REVEAL,       ///< ref = question: a masked line of the review, until the next one
    INTENT_PAPER,        ///< text = paper id, number = enum paper_answer
    INTENT_CONSENT,      ///< number: 1 agree, 0 do not agree; also declines the commitment, which
                         ///< INTENT_NEXT gives
    INTENT_SIGN,         ///< number = enum signature_way; strokes when drawn
    INTENT_SUBMIT,       ///< hand in
    INTENT_RETRY,        ///< on SCREEN_PROBLEM
    INTENT_HAVE_RECEIPT, ///< "I have it"
    INTENT_REPRINT,      ///< resident, on SCREEN_SAVED after a failure
    INTENT_RATE,         ///< number 1..5, 0 = skip
    // policies
    INTENT_POLICIES,      ///< opens the catalogue, outside a visit
    INTENT_POLICY_GROUP,  ///< text = group id
    INTENT_POLICY_SEARCH, ///< text = what was typed so far
    INTENT_POLICY,        ///< text = policy id: shows it
    INTENT_APPLY,         ///< text = service id: from SCREEN_POLICY or SCREEN_FIT into this service
    INTENT_PRINT_SLIP,    ///< what SCREEN_POLICY or SCREEN_FIT shows, on paper
    // tickets and parking
    INTENT_TICKET,      ///< take a resume ticket: on SCREEN_TICKET_OFFER, or when leaving
    INTENT_PARK,        ///< let somebody go first
    INTENT_CONTINUE,    ///< from the attract screen, where it is always offered
    INTENT_TICKET_TYPE, ///< types the code of a ticket: from the screen that INTENT_CONTINUE opens
    INTENT_CODE_DIGIT,  ///< text = one digit, "X" or "\b"
    INTENT_CODE_ENTER,
    // staff
    INTENT_STAFF,       ///< the hidden gesture
    INTENT_STAFF_DIGIT, ///< text = one digit or "\b"
    INTENT_STAFF_ENTER,
    INTENT_STAFF_CASE,        ///< text = receipt number
    INTENT_STAFF_RETRY,       ///< text = receipt number
    INTENT_STAFF_REPRINT,     ///< text = receipt number
    INTENT_STAFF_ANSWER_CALL, ///< text = "": asks what became of the oldest open call; one of
                              ///< VIEW_CALL_ANSWERS: closes it so
    INTENT_STAFF_REFRESH,
    INTENT_STAFF_SLIP,    ///< prints a numbered slip to be filled in by hand
    INTENT_STAFF_WITNESS, ///< a clerk confirms the resident's mark on SCREEN_SIGNATURE (after PIN)
    INTENT_STAFF_CLOCK,   ///< to SCREEN_STAFF_CLOCK, from the queue or the technician's room
    INTENT_SELF_TEST,
    INTENT_INSTALL_PACK, ///< from the configured pack folder
    INTENT_STAFF_EXIT,
    // a case that was handed in
    INTENT_TRACK,               ///< "how far is my case?", from the attract screen
    INTENT_TRACK_NUMBER,        ///< text = the receipt number as far as it is typed
    INTENT_TRACK_DIGIT,         ///< text = one digit, "X" or "\b": of the second factor
    INTENT_TRACK_CORRECT,       ///< answer what is wanted
    INTENT_TRACK_ADD,           ///< add a paper
    INTENT_TRACK_MISTAKE,       ///< put a mistake right
    INTENT_TRACK_REPRINT,       ///< print the receipt again
    INTENT_TRACK_WITHDRAW,      ///< asks once
    INTENT_TRACK_WITHDRAW_SURE, ///< begins the withdrawal
};

struct intent {
    enum intent_kind kind;
    int number;
    char ref[LIMIT_REF];
    char text[LIMIT_ANSWER + 1];
    const struct stroke_point *strokes; ///< borrowed during session_step
    size_t stroke_count;
    int stroke_width, stroke_height; ///< signing area, tenths of mm
};
