// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The correction list (补正告知): what the district still needs for one case, told once and
/// completely. It names fields and papers with a reason in plain words, never an answer.
///
/// Made and signed at the district's desk, carried by status and lookup, verified on the kiosk
/// before anything of it is shown. Pure; a plain value, large: keep it on the heap.
///
/// Signed (Ed25519 by the district's signing key, domain "yimen/correction/1") are these lines,
/// each ended by a newline: `list ID`, `key KEY ID`, `instance ID`, `receipt N`, `service S`, `form
/// ID`, `version V`, `issued UTC-MS`, `due UTC-MS`, and for each item `field REF` or `paper ID` and
/// `reason TEXT`. A value with a control character is refused, so the lines have one reading.

enum {
    CORRECTION_ITEMS = 24,
    CORRECTION_ID = 24,
    CORRECTION_REASON = 601, ///< 200 Chinese characters
    CORRECTION_REF = 256,
    CORRECTION_KEY_ID = 17,
    CORRECTION_SIGNATURE_TEXT = 87,
    CORRECTION_BYTES = 60 << 10 ///< of one as JSON
};

enum correction_kind { CORRECTION_FIELD, CORRECTION_PAPER };

struct correction_item {
    enum correction_kind kind;
    char ref[CORRECTION_REF]; ///< field: of the first form, "/data/member[2]/name"; paper: its id
    char reason[CORRECTION_REASON];
};

struct correction_list {
    char id[CORRECTION_ID]; ///< also the version of the short form that answers it
    char key_id[CORRECTION_KEY_ID];
    char instance[LIMIT_INSTANCE_ID], receipt[LIMIT_RECEIPT_NUMBER]; ///< of the case
    char service[40], form_id[96], version[64]; ///< the form that the case was made with
    int64_t issued_utc_ms, due_utc_ms;          ///< due: the first moment that is too late
    size_t count;
    struct correction_item items[CORRECTION_ITEMS];
    char signature[CORRECTION_SIGNATURE_TEXT];
};

/// Who may sign: the district's current key and its successor. Everything is borrowed.
struct correction_trust {
    const struct crypto *crypto;
    const uint8_t (*keys)[CRYPTO_PUBLIC];
    size_t key_count;
};

/// Fills in key id and signature. `secret_key` as the crypto port made it; its second half is the
/// public key. ERR_INPUT: a text with a control character, empty, not UTF-8.
enum err correction_sign(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                         struct correction_list *list, struct fail *why) MUST_USE;
/// ERR_DENIED: signed by no key of ours, or changed since.
enum err correction_verify(const struct correction_trust *trust, const struct correction_list *list,
                           struct fail *why) MUST_USE;
/// JSON, one object. Appends.
enum err correction_write(const struct correction_list *list, struct strbuf *out,
                          struct fail *why) MUST_USE;
/// ERR_INPUT: not what correction_write writes. Checks its shape, not the signature.
enum err correction_read(const char *json, size_t length, struct correction_list *out,
                         struct fail *why) MUST_USE;
/// Read, verified, for this case and not past its time: then it may be shown. ERR_INPUT,
/// ERR_DENIED; ERR_CONFLICT: of another case. ERR_FULL: past its time. `now_utc_ms` 0: the time is
/// not known.
enum err correction_open(const struct correction_trust *trust, const char *json,
                         const char *instance, int64_t now_utc_ms, struct correction_list *out,
                         struct fail *why) MUST_USE;
/// The end of the district's day that lies `days` days after `issued_utc_ms`.
int64_t correction_due(int64_t issued_utc_ms, int days);
/// The district's last day for it, "2026-11-30".
void correction_due_day(const struct correction_list *list, char out[11]);
/// The short form of a list whose answers are asked: "<form>:correction". False when `form_id` is
/// of another kind.
bool correction_is_form(const char *form_id);
