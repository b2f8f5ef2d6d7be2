// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A resume ticket: the paper that opens the sealed draft of a visit again.
///
/// The draft is sealed under a key of two halves: one stands only in the QR of the ticket (and, as
/// long as the visit is open, in locked memory), the other comes from four characters that are
/// never printed, shown or spoken: the last four of the applicant's ID number, or four digits that
/// the resident chose. What that protects:
///  - without the ticket there is nothing to try: 256 bits are missing;
///  - with the ticket alone a person has five tries at a kiosk, then 24 hours of waiting in
///    powered-on time; the district hands out a sealed draft as often, to enrolled kiosks only;
///  - with the ticket and a stolen sealed draft there are 10^4 codes, each at the cost of one
///    Argon2id: a delay, not a wall. Therefore a draft lives seven days, and the disk or the
///    district's database would have to be stolen too.
///
/// Text: "YT1:" and base64url of kind (1 byte), id (16), key (32). Pure but for `random`; any
/// thread.
///
/// Where no reader is fitted the ticket is typed: sixteen characters of an alphabet in which none
/// looks like another, two of them a check that finds any one wrong character and any two that
/// changed places. They hold 63 random bits, from which Argon2id makes id and key, so that nobody
/// goes back from a draft's id to its code: both forms on the paper open the same.

enum {
    TICKET_ID_TEXT = 33, ///< 16 bytes as hex, and NUL
    TICKET_TEXT = 71,    ///< 4 + 66, and NUL
    TICKET_CODE_TEXT = 5,
    TICKET_TYPED = 17, ///< sixteen characters, and NUL
    TICKET_GROUP = 4,  ///< characters in one group, as printed and shown
    TICKET_DAYS = 7,
};

/// What its second half is.
enum ticket_code {
    TICKET_LAST_FOUR, ///< of the applicant's ID number; the last may be X
    TICKET_CHOSEN,    ///< four digits
};

struct ticket {
    enum ticket_code code;
    char id[TICKET_ID_TEXT]; ///< names the draft; says nothing
    uint8_t key[CRYPTO_KEY];
    char typed[TICKET_TYPED]; ///< "" where it came by its QR
};

/// A new one: nobody has its id or its key.
void ticket_make(const struct crypto *crypto, enum ticket_code code, struct ticket *out);
/// A new one that can be typed as well: its id and key are still to be made, by ticket_unfold.
void ticket_draw(const struct crypto *crypto, enum ticket_code code, struct ticket *out);
/// From the sixteen characters as a person types them, in any case, with spaces and hyphens or
/// without; id and key are still to be made. ERR_INPUT: a character is wrong, missing or too many.
enum err ticket_type(const char *typed, struct ticket *out, struct fail *why) MUST_USE;
/// Id and key of a ticket that was drawn or typed. As slow as ticket_key, and as it may not run on
/// the UI thread. ERR_RETRY: no memory.
enum err ticket_unfold(const struct crypto *crypto, struct ticket *ticket,
                       struct fail *why) MUST_USE;
/// The characters it is typed with, in the order of the keys.
const char *ticket_alphabet(void);
/// In groups: "3K7F 9A2C D4HM XP6T"; also while it is still being typed.
void ticket_grouped(const char *typed, char out[TICKET_TYPED + 4]);
/// As it stands in the QR.
void ticket_text(const struct crypto *crypto, const struct ticket *ticket, char out[TICKET_TEXT]);
/// ERR_INPUT: not a ticket of ours.
enum err ticket_parse(const struct crypto *crypto, const char *text, struct ticket *out,
                      struct fail *why) MUST_USE;
/// True for 32 digits of hex, as ids are written.
bool ticket_id_is_good(const char *id);
/// The key of the draft. Takes 0.2 s and 64 MiB: never on the UI thread. ERR_RETRY: no memory,
/// which is no word about the code.
enum err ticket_key(const struct crypto *crypto, const struct ticket *ticket,
                    const char code[TICKET_CODE_TEXT], uint8_t out[CRYPTO_KEY],
                    struct fail *why) MUST_USE;
/// What the compute worker does for one: unfolds it where it has no id yet, and with a code ("" =
/// none) makes the key of its draft. ERR_RETRY: no memory.
enum err ticket_work(const struct crypto *crypto, struct ticket *ticket, const char *code,
                     uint8_t out[CRYPTO_KEY], struct fail *why) MUST_USE;
/// Padded to one of few lengths and sealed for this revision of this draft. ERR_FULL: longer than
/// LIMIT_DRAFT_BYTES. Appends.
enum err ticket_seal(const struct crypto *crypto, const uint8_t key[CRYPTO_KEY], const char *id,
                     int64_t revision, const void *plain, size_t length, struct strbuf *out,
                     struct fail *why) MUST_USE;
/// ERR_CORRUPT: another key (a wrong code), another draft, another revision, or changed bytes.
/// Appends.
enum err ticket_open(const struct crypto *crypto, const uint8_t key[CRYPTO_KEY], const char *id,
                     int64_t revision, const void *sealed, size_t length, struct strbuf *out,
                     struct fail *why) MUST_USE;
