// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_client.h"
#include "yimen/port/http_server.h"

/// A listener with a certificate authority of its own, in a folder of its own, for the tests of
/// both ends of HTTP. The server answers with what it understood, one fact a line.

struct site {
    char folder[64];
    char url[64];
    struct http_server server;
    struct http_client client;
    struct http_response response;
    int handled; ///< requests that reached the handler
    size_t cut;  ///< bytes of the last one that broke off
    int answer_status;
    size_t answer_bytes; ///< > 0: the answer is so many 'x'
    const char *answer_header;
    int turns, turns_fail; ///< turns that ended with something; the next so many fail
    bool has_filed;        ///< in this turn
    int late_ms;           ///< of what is asked at /late
};

struct site_options {
    bool plain, open_to_all; ///< no TLS; no client certificate demanded
    size_t put_maximum;      ///< > 0: PUTs below /parts/ go on where they were cut
    size_t body_maximum;     ///< 0 = 1 MiB
    int deadline_ms;         ///< 0 = 5000
    size_t open_maximum, memory_maximum;
    const char *const *proxies; ///< whom it trusts
    const char *proxy_header;
    bool spools; ///< long bodies go to a file
};

/// Certificates made: ca, other-ca, server, device, expired, foreign (signed by other-ca),
/// server-as-client. Files <name>.crt and <name>.key.
void site_open(struct site *site, const struct site_options *options);
void site_close(struct site *site);
/// Exchange the client for one with these files of the folder ("device", "ca"); NULL: none.
void site_client(struct site *site, const char *certificate, const char *authority);
const char *site_file(const struct site *site, const char *name, const char *extension);
/// One request; asserts that nothing but the expected error comes.
void site_ask(struct site *site, const struct http_request *request, enum err expected);
bool site_heard(const struct site *site, const char *line);
/// A connection without TLS or a word.
int site_connect(const struct site *site);
/// Local port of this process's first connection to the listener; 0: there is none.
int site_port(const struct site *site);
/// Until the listener has closed the connection from this port.
void site_wait_gone(const struct site *site, int port);
/// Bytes as they are, through TLS where the site speaks it ("device"); what comes back until the
/// other side closes. Returns the milliseconds it took.
long site_raw(const struct site *site, const char *bytes, size_t length, int pause_ms, char *reply,
              size_t room);
