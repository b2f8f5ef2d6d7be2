// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"
#include "yimen/port/http_client.h"
#include <stdbool.h>

/// The http_client port on libcurl: TLS 1.3, client certificate from files, one certificate
/// authority, no redirects, no proxy from the environment.
///
/// Life cycle: `curl_client_open` -> `http_client.ops->perform` from one thread ->
/// `curl_client_close`. The handle keeps its connection between requests.

struct curl_client_options {
    const char *certificate_file, *key_file; ///< PEM; NULL: no client certificate
    const char *ca_file;     ///< PEM: the only authority that is believed; NULL with plain HTTP
    bool plain_http;         ///< also http:// (a stand-in server behind a local proxy)
    const char *socket_path; ///< every request goes to this socket in the file system; NULL: none
    /// Who logs in where a server asks (a stand-in server's Basic, over TLS only, or Digest); NULL:
    /// nobody. Sent after a server has asked, in no address and no error text.
    const char *user, *password;
    /// What time it is for the validity of certificates; NULL: the machine's own.
    const struct clock *clock;
    /// Readies a TLS context (an SSL_CTX of OpenSSL) for that time: certificates_judge_by. Here
    /// because drivers do not know each other. NULL with `clock`.
    void (*judge_by)(void *tls, const struct when *now);
    /// Asked about once a second during a transfer: true ends it (ERR_RETRY). NULL: never.
    bool (*is_ending)(void *context);
    void *context;
};

/// ERR_TECHNICIAN: a file that cannot be read. The strings are copied.
enum err curl_client_open(const struct curl_client_options *options, struct http_client *out,
                          struct fail *why) MUST_USE;
/// NULL-safe; the port is empty afterwards.
void curl_client_close(struct http_client *client);
/// The certificates a server shows, PEM, its own first, without believing any of them: the first
/// step of an enrolment, whose code says what the authority's hash must be. Nothing else is sent.
enum err curl_server_chain(const char *url, int timeout_ms, struct strbuf *pem,
                           struct fail *why) MUST_USE;
