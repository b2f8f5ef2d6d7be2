// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/certificates.h"
#include <openssl/x509.h>

/// What the files that use OpenSSL share.

/// Cause of the last OpenSSL error behind `task`.
enum err x509_fail(struct fail *why, enum err err, const char *task);
/// NULL when the PEM holds none.
EVP_PKEY *x509_read_key(const struct bytes *pem);
/// NULL when the PEM holds none.
X509 *x509_read_certificate(const struct bytes *pem);
/// Version 3, random serial, subject, validity and key of a new certificate; NULL on failure.
X509 *x509_begin(const char *common_name, EVP_PKEY *key, int64_t now_utc_ms, int days);
/// Adds an extension by its OpenSSL name.
bool x509_extend(X509 *certificate, X509 *issuer, int nid, const char *value);
/// Appends the certificate as PEM.
bool x509_write(X509 *certificate, struct strbuf *out);
/// Appends what is in a memory BIO.
bool x509_drain(BIO *memory, struct strbuf *out);
