// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/case/receipt_facts.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a resident may be told of a case that was handed in, after the second factor: with its
/// number how far it is, with the receipt's code what its owner may do. Made by the
/// district (POST /v1/lookup) or, without a network, by the kiosk that saved it; shown by the
/// session. Plain values but for what is owned on the heap.

enum {
    TRACK_FACTOR = OWNER_FACTOR,
    TRACK_LINKED = 8,
    TRACK_TRIES = 5,
    TRACK_CORRECTION = 64 << 10
};
static const int64_t track_lock_ms = 24 * 60 * 60 * 1000LL;

/// What is asked: a number, what proves that its owner asks, and for a new receipt its token.
/// Holds the second factor and the token: zero it (memory_wipe) when done.
struct track_question {
    int64_t id; ///< of the question; its answer carries the same
    char number[LIMIT_RECEIPT_NUMBER];
    char token[LIMIT_TOKEN_TEXT]; ///< of the code that was scanned; "" when the number was typed
    char factor[TRACK_FACTOR];    ///< see owner_factor
    bool reprint;                 ///< a new receipt is wanted, and the old token is to be retired
    char instance[LIMIT_INSTANCE_ID]; ///< of the case found, like the next: for `reprint`
    int print;                        ///< how often it was printed
};

enum track_result {
    TRACK_FOUND,
    TRACK_NO_FIT,        ///< unknown number or wrong factor: nobody is told which
    TRACK_LOCKED,        ///< too many wrong tries: wait_ms
    TRACK_OPENING,       ///< it has arrived, but nobody can check the factor yet
    TRACK_ELSEWHERE,     ///< another counter has it, and the district cannot be asked
    TRACK_NO_ANSWER,     ///< neither here nor there can be asked just now
    TRACK_NEEDS_RECEIPT, ///< it is not sent yet, and what was shown cannot be checked here
};

/// How far it is on its way to the district.
enum track_place { TRACK_HERE, TRACK_SENT };

struct track_linked { ///< what was handed in later and belongs to it
    char number[LIMIT_RECEIPT_NUMBER], service[40], status[4];
    int64_t saved_utc_ms;
};

struct track_case {
    int64_t question;
    enum track_result result;
    int tries_left;  ///< NO_FIT
    int64_t wait_ms; ///< LOCKED
    char number[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID];
    char service[40];
    char counter[4]; ///< that holds or held it, also of ELSEWHERE and NO_ANSWER
    char masked_name[64], masked_id[24];
    char drawn[DRAWN_TEXT]; ///< pictures of the signs in masked_name
    enum track_place place;
    bool own;       ///< this kiosk saved it
    bool owner;     ///< the receipt in force was shown, not only its number: its owner may act
    int prints;     ///< how often its receipt was printed, as far as the district knows
    char status[4]; ///< the district's code; "" when it has not said any
    int64_t saved_utc_ms, status_utc_ms;
    int64_t known_utc_ms; ///< from when this knowledge is
    bool from_district;   ///< it was asked just now
    bool newer_receipt;   ///< the code that was scanned is of a receipt that was replaced
    bool may_add, may_withdraw, may_reprint;
    size_t linked_count;
    struct track_linked linked[TRACK_LINKED];
    char *correction; ///< the signed list of what is wanted, as the district gave it; NULL: nothing
    struct receipt_facts *facts; ///< the answer to `reprint`: what is printed
};

/// NULL-safe. Zeroes it and what it owns.
void track_case_free(struct track_case *track);
/// On the heap, with the question's id and number and the number's counter; NULL: no memory.
struct track_case *track_case_new(const struct track_question *question);
/// What its owner may still do in a state ("": none was said yet). A number of no state: nothing,
/// and nothing without `owner`.
void track_case_allow(struct track_case *track);
/// Four characters, digits but the last which may be X. Typed text.
bool track_factor_is_whole(const char *factor);
