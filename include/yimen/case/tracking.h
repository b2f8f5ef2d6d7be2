// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/port/crypto.h"

/// The QR on a receipt: `https://<district>/t/<token>?n=<receipt no>&s=<signature>`, at most 203
/// bytes. The token is 128 random bits, the signature Ed25519 by the device, domain
/// "yimen/receipt/1", over the 16 token bytes and the digits of the number; both base64url without
/// padding. Says nothing personal, is checkable offline, cannot be guessed or forged. Pure.

enum { TRACKING_TOKEN = 16, TRACKING_HASH_TEXT = 65, TRACKING_SIGNATURE_TEXT = 87 };

struct tracking {
    char token[LIMIT_TOKEN_TEXT];        ///< 22 characters
    char token_hash[TRACKING_HASH_TEXT]; ///< SHA-256 of the 16 bytes, hex: what the seal carries
    char signature[TRACKING_SIGNATURE_TEXT];
    char qr_text[LIMIT_QR_TEXT];
};

/// A fresh token for a receipt number. ERR_INPUT when host and port are longer than 57 bytes.
/// ERR_BUG: not a receipt number.
enum err tracking_make(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                       const char *host, const char *number, struct tracking *out,
                       struct fail *why) MUST_USE;
/// ERR_DENIED unless the device signed this token for this number; ERR_INPUT when one of them is
/// malformed.
enum err tracking_verify(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                         const char *token, const char *number, const char *signature,
                         struct fail *why) MUST_USE;
/// Hex SHA-256 of a token's bytes; ERR_INPUT when it is not 22 characters of base64url.
enum err tracking_token_hash(const struct crypto *crypto, const char *token,
                             char out[TRACKING_HASH_TEXT], struct fail *why) MUST_USE;
/// Takes a QR text apart: token, signature and qr_text of `out` are filled, and the number.
/// ERR_INPUT when it is no receipt's.
enum err tracking_parse(const char *qr_text, struct tracking *out,
                        char number[LIMIT_RECEIPT_NUMBER], struct fail *why) MUST_USE;
