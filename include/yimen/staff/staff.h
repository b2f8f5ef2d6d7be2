// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/port/kiosk_store.h"
#include <stdbool.h>

/// Staff accounts: a number and a PIN of six digits, and what wrong tries cost.
///
/// The PIN is hashed with Argon2id over a pepper from the device's root secret, so that a stolen
/// disk alone does not give it away. Five wrong tries: 15 s, doubling with each further one; ten:
/// locked until it is set anew. The wait counts powered-on time: neither another clock nor a
/// restart shortens it. Residents' service is never touched by it. Thread: the store worker.

struct staff {
    struct kiosk_store *store;
    const struct crypto *crypto;
    const struct clock *clock;
    uint8_t pepper[CRYPTO_KEY];
};

enum staff_result { STAFF_RIGHT, STAFF_WRONG, STAFF_WAIT, STAFF_LOCKED };

struct staff_login {
    enum staff_result result;
    char role[16];    ///< STAFF_RIGHT
    int wait_s;       ///< STAFF_WAIT, and STAFF_WRONG when the next try has to wait
    bool known;       ///< there is such an account
    bool just_locked; ///< this try was the one that locked the account
};

/// Borrows all three. Zero it (memory_wipe) when done.
void staff_begin(struct staff *staff, struct kiosk_store *store, const struct crypto *crypto,
                 const struct clock *clock, const uint8_t root_secret[CRYPTO_KEY]);
/// A new account, or with `replace` a new PIN for one that is there (which also ends a lock-out).
/// In a transaction of its own. ERR_INPUT: weak PIN, bad number, unknown role. ERR_CONFLICT: there
/// already. ERR_RETRY: no memory for hashing.
enum err staff_add(struct staff *staff, const char *number, const char *role, const char *pin,
                   bool replace, struct fail *why) MUST_USE;
/// One try, counted durably before it is answered; in a transaction of its own. An unknown number
/// looks like a wrong PIN. ERR_RETRY (no memory for hashing) is not counted.
enum err staff_try(struct staff *staff, const char *number, const char *pin,
                   struct staff_login *out, struct fail *why) MUST_USE;
/// True for six digits that nobody would try first: no run, no repetition, no well-known one.
bool staff_pin_is_strong(const char *pin, const char *number);
