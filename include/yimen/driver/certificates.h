// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/certificates.h"
#include "yimen/base/when.h"
#include <stdint.h>

/// Driver of the certificates port (OpenSSL), and what provisioning needs beside it: making keys,
/// a CA, a request. Everything is PEM and appended to `out`. Stateless; any thread.

/// From now on this TLS context (SSL_CTX *) judges whether certificates are in date by `now`. An
/// unknown time is never later than the truth (driver/system.h): a certificate that is not valid
/// yet by it may be valid, one that has expired by it has.
void certificates_judge_by(void *tls, const struct when *now);
/// Nothing to close.
void openssl_certificates_open(struct certificates *out);
/// P-256 private key (PKCS #8).
enum err certificate_make_key(struct strbuf *out, struct fail *why) MUST_USE;
/// RSA sealing key of `bits` (3072; 2048 for a stand-in server): private (PKCS #8) and public
/// (SubjectPublicKeyInfo) part.
enum err certificate_make_sealing_key(int bits, struct strbuf *private_out,
                                      struct strbuf *public_out, struct fail *why) MUST_USE;
/// Self-signed CA that may sign end certificates only.
enum err certificate_make_ca(const struct bytes *key, const char *common_name, int64_t now_utc_ms,
                             int days, struct strbuf *out, struct fail *why) MUST_USE;
/// Signing request for `key`.
enum err certificate_make_request(const struct bytes *key, const char *common_name,
                                  struct strbuf *out, struct fail *why) MUST_USE;
