// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"

/// What a visit has of the ticket that brings it back.

/// What the checkpoints of a visit are sealed for.
struct ticket_held {
    struct ticket ticket;
    uint8_t key[CRYPTO_KEY];
    char code[TICKET_CODE_TEXT];
    int64_t revision, expires_utc_ms;
};

enum ticket_stage {
    TICKET_NONE,
    TICKET_CHOOSE, ///< four digits are chosen
    TICKET_MAKING, ///< key, first checkpoint
    TICKET_SHOWN,  ///< printing, printed, or on the screen
    TICKET_FAILED, ///< none was made, and why
};
struct ticket_state {
    bool taken, declined;
    enum ticket_stage stage;
    bool leaving; ///< taken in order to come back later
    struct ticket_held held;
    struct ticket_held before; ///< an older one, valid until `held` has printed; id "" = none
    struct ticket pending;     ///< its key is being made
    char pending_code[TICKET_CODE_TEXT];
    bool rekeying;   ///< the same ticket under another code
    uint64_t serial; ///< of the key that is awaited; 0 = none
    struct code_entry entry;
    const char *problem_key;
    char qr[TICKET_TEXT], job[64];
    enum receipt_state print_state;

    bool in_flight, again;   ///< a checkpoint is on its way; the next one is wanted already
    bool behind;             ///< the last one could not be kept
    bool changed;            ///< something was done since
    enum visit_step at_step; ///< where the last one was made
    size_t at_consent;
    char at_screen[LIMIT_REF];
};
