// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include "yimen/port/http_client.h"

/// Enrolling a kiosk: a one-time code and the kiosk's own public keys become a device certificate.
///
/// The code is `<secret>.<SHA-256 of the district's CA, hex>`: the kiosk looks at the certificates
/// the server shows, keeps the one with that hash as the only authority it believes, and only then
/// sends anything. Pure but for the one request.

enum { ENROLL_CODE = 160 };

struct enroll_request {
    const char *server; ///< "https://district:8443"
    const char *code;
    const char *signing_request; ///< PEM
    const uint8_t *public_key;   ///< CRYPTO_PUBLIC bytes
    int timeout_ms;
};

struct enroll_result {
    char device_id[64], key_id[40], counter[4], sealing_key_id[40];
    int incarnation;
    int64_t district_utc_ms; ///< what time the district says it is; 0: it did not say
    char public_host[LIMIT_HOST];
    struct strbuf certificate; ///< PEM; initialised by the caller, like the next
    struct strbuf sealing_key; ///< PEM of the district's current public sealing key
    uint8_t content_key[CRYPTO_PUBLIC];
    uint8_t district_key[CRYPTO_PUBLIC]; ///< who signs correction lists
};

/// Finds in `chain` (PEM certificates) the one whose hash the code names and appends it to `ca`.
/// ERR_DENIED: none of them; somebody else answers there. ERR_INPUT: no such code.
enum err enroll_pick_authority(const struct crypto *crypto, const char *code, const char *chain,
                               struct strbuf *ca, struct fail *why) MUST_USE;
/// POST /v1/enroll by a client that believes the picked authority. ERR_DENIED: the code is used,
/// unknown or too old. ERR_INPUT: the answer is not one of ours.
enum err enroll_send(const struct http_client *http, const struct crypto *crypto,
                     const struct enroll_request *request, struct enroll_result *out,
                     struct fail *why) MUST_USE;
