// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/audit/audit.h"

/// A signed head of an audit chain: "after so many entries the last hash is this", by the device
/// key (domain "yimen/audit-head/1", over sequence, space, hash in lower-case hex). Once it is
/// outside the kiosk (at the district, on the day report) nothing before it can be changed unseen.

struct audit_head {
    int64_t sequence; ///< of the last entry; 0: an empty chain
    unsigned char hash[AUDIT_HASH];
    unsigned char signature[CRYPTO_SIGNATURE];
};

/// "YIMEN-AUDIT/1 SEQUENCE HASH SIGNATURE", hex in upper case, one line. In a QR code the first
/// word is left out, for its size.
enum { AUDIT_HEAD_TEXT = 240 };

/// Fills the signature of sequence and hash.
enum err audit_head_sign(const struct crypto *crypto, const unsigned char secret[CRYPTO_SECRET],
                         struct audit_head *head, struct fail *why) MUST_USE;
/// ERR_DENIED: this key did not sign it.
enum err audit_head_check(const struct crypto *crypto, const unsigned char key[CRYPTO_PUBLIC],
                          const struct audit_head *head, struct fail *why) MUST_USE;
/// As AUDIT_HEAD_TEXT says.
void audit_head_format(const struct audit_head *head, char out[AUDIT_HEAD_TEXT]);
/// The first line of `text` that is one, in either case, with or without its first word. ERR_INPUT.
enum err audit_head_parse(const char *text, struct audit_head *out, struct fail *why) MUST_USE;
/// `length` bytes as hex in lower case.
void audit_hex(const unsigned char *bytes, size_t length, char *out);
/// Back, from either case. False: not so many digits, or more of them.
bool audit_unhex(const char *text, unsigned char *out, size_t length);
