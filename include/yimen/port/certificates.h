// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include <stddef.h>
#include <stdint.h>

/// Port: X.509 certificates of devices and servers under the district's own CA. Real driver:
/// drivers/crypto (OpenSSL). Stateless; any thread. Everything is PEM.

enum certificate_use { CERTIFICATE_CLIENT, CERTIFICATE_SERVER };

/// What the CA is asked to sign. All borrowed during the call.
struct certificate_order {
    struct bytes request;        ///< certificate signing request: only its key is believed
    struct bytes ca_certificate; ///< issuer
    struct bytes ca_key;         ///< issuer's private key
    const char *common_name;     ///< set by the CA, whatever the request says
    enum certificate_use use;    ///< extended key usage: clientAuth or serverAuth
    const char *const *hosts;    ///< names or addresses a server answers to, NULL at the end; or
                                 ///< NULL
    int64_t now_utc_ms;          ///< valid from an hour before (a kiosk's clock may be behind)
    int days;                    ///< valid so long
};

struct certificate_info {
    char common_name[65];
    char issuer[65];
    char fingerprint[65]; ///< SHA-256 of the DER, hex
    char serial[41];      ///< hex
    int64_t not_before_utc_ms, not_after_utc_ms;
};

struct certificates_ops {
    /// Sign a request; appends the certificate. ERR_INPUT: the request is none, or its own
    /// signature is wrong. ERR_TECHNICIAN: the CA's files are no good.
    enum err (*sign_request)(void *self, const struct certificate_order *order, struct strbuf *out,
                             struct fail *why);
    /// Read a certificate (the first in the PEM). ERR_INPUT when it is none.
    enum err (*info)(void *self, const void *pem, size_t length, struct certificate_info *out,
                     struct fail *why);
    /// ERR_DENIED unless `certificate` was issued by `ca`, whatever its dates.
    enum err (*issued_by)(void *self, const struct bytes *certificate, const struct bytes *ca,
                          struct fail *why);
};
struct certificates {
    const struct certificates_ops *ops;
    void *self;
};
