// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/case/tracking.h"
#include "yimen/port/crypto.h"

/// "This receipt was printed again: from now on its token is this one." Signed by the device that
/// printed, told to the district until it has answered. Signed (Ed25519, domain "yimen/token/1")
/// are the lines `receipt N`, `instance I`, `token SHA256`, `print P`, `at UTC-MS`, `key KEY ID`,
/// each ended by a newline. Pure functions.

enum { RENEWAL_BYTES = 1024 };

struct renewal {
    char receipt[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID];
    char token_hash[TRACKING_HASH_TEXT];
    int print; ///< which print it is, from 2: the highest is in force
    int64_t utc_ms;
    char key_id[64];
    char signature[TRACKING_SIGNATURE_TEXT];
};

/// Fills the signature.
enum err renewal_sign(const struct crypto *crypto, const uint8_t secret[CRYPTO_SECRET],
                      struct renewal *renewal, struct fail *why) MUST_USE;
/// ERR_DENIED: not signed with that key.
enum err renewal_verify(const struct crypto *crypto, const uint8_t key[CRYPTO_PUBLIC],
                        const struct renewal *renewal, struct fail *why) MUST_USE;
/// JSON, one object. Appends.
enum err renewal_write(const struct renewal *renewal, struct strbuf *out,
                       struct fail *why) MUST_USE;
/// ERR_INPUT when it is not one. Checks its form, not the signature.
enum err renewal_read(const char *json, size_t length, struct renewal *out,
                      struct fail *why) MUST_USE;
