// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/case/ticket.h"
#include "yimen/port/crypto.h"

/// What a kiosk keeps of a case's second factor: Argon2id of the four characters under a salt of
/// the case's own, in a box that only the token of its receipt opens.
///
/// The token stands in the QR of the receipt. The kiosk keeps it, sealed under a key of its own,
/// until the printer has confirmed that receipt, because until then it may still have to print it;
/// then it is erased, from the file and from the store's log. The token's SHA-256 stays (the seal
/// carries it): it opens nothing.
///
/// Whoever takes the disk has every key that lies on it. What that yields:
///  - of a case whose receipt was printed: number, service, times, the masked name and the first
///    six digits of the ID number. Of the four characters nothing can be confirmed, however many
///    are tried: 128 bits are missing. The district gives the rights of an owner (add, withdraw,
///    correct, print again) only for the token itself with the four characters, and lets a number
///    without them be tried five times a day;
///  - of a case whose receipt waits to be printed, or of which nobody knows whether it was: its
///    token as well, and with it 11,000 codes to try, each at the cost of one Argon2id (64 MiB,
///    0.2 s): a delay of an hour on one core, not a wall;
///  - the device's keys: with them new tokens for cases of this counter can be announced, until the
///    device is revoked. That retires receipts, which a clerk sees; it opens no case.
///
/// A case that was saved by a version before this has no such box: what stood in its place was
/// removed when the store was opened, because it could be tried out in milliseconds. Its owner is
/// told by the district, or by a clerk who sees the card; its receipt, if it still waits, is
/// released by a clerk. The same holds when the power went between "saved" and the box.
///
/// Pure but for `random`; any thread.

enum { OWNER_BOX = 96 }; ///< a box has at most so many bytes

struct owner_lock {
    char salt[TICKET_ID_TEXT];
    uint8_t key[CRYPTO_KEY]; ///< of the four characters under that salt. Zero it when done
};

/// A fresh salt, as the order for whoever computes (ticket_work, with the four characters as its
/// code): its id is the salt.
void owner_lock_draw(const struct crypto *crypto, struct ticket *out);
/// The key of four characters. Takes 0.2 s and 64 MiB: never on the UI thread. ERR_RETRY: no
/// memory, which is no word about the four.
enum err owner_lock_key(const struct crypto *crypto, const char *factor, struct owner_lock *lock,
                        struct fail *why) MUST_USE;
/// Into a box for this case that this token opens. Appends. ERR_INPUT: not a token.
enum err owner_lock_close(const struct crypto *crypto, const char *token, const char *instance,
                          const struct owner_lock *lock, struct strbuf *box,
                          struct fail *why) MUST_USE;
/// ERR_DENIED: another token's box, or another case's. ERR_INPUT: not a token.
enum err owner_lock_open(const struct crypto *crypto, const char *token, const char *instance,
                         const struct bytes *box, uint8_t out[CRYPTO_KEY],
                         struct fail *why) MUST_USE;
