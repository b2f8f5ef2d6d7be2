// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/// Port: HTTP(S) listener. Real driver: drivers/mhd. Each listener has one handler table; the
/// driver reads the whole request (bounded, total deadline), checks the client certificate when the
/// listener demands one, calls the handler from a worker thread, sends. Requests with both
/// Content-Length and Transfer-Encoding are refused; one certificate has at most eight connections:
/// one more closes the oldest of them that asks nothing, or the oldest, never the newest.
///
/// Connections whose peer is not known (no request with a good certificate yet) are bounded, 64
/// from one address and 256 in all: one more closes the oldest of them, never the newest and never
/// one that is known. Where certificates are demanded, a connection has five seconds to show one.

/// Connections are taken 200 a second, and 100 at once after a quiet time; those beyond it wait in
/// their order, and nobody is sent away.
///
/// A proxy on `trusted_proxies` speaks for many: it may have any number of the 256, and where no
/// certificates are demanded its visitors' addresses are read from its header.

enum { HTTP_SERVER_PARTS = 110, HTTP_SERVER_PROXIES = 8 };
struct http_server_part {
    const char *name, *file_name, *type;
    const void *data;
    size_t length;
};
struct http_exchange {
    const char *method, *path;    ///< path without query, percent-decoded
    const char *peer_device;      ///< CN of the verified client certificate, NULL without one
    const char *peer_fingerprint; ///< SHA-256 hex of it
    const char *peer_address;     ///< behind a trusted proxy the visitor's
    const void *body;             ///< not multipart
    size_t length;
    const struct http_server_part *parts;
    size_t part_count;
    /// The connection broke off: `body` is what had come of it, and nobody hears the answer. Only
    /// for the paths under `resumable_path`.
    bool is_cut;
    const char *(*query)(const struct http_exchange *exchange,
                         const char *name); ///< NULL when absent
    const char *(*header)(const struct http_exchange *exchange,
                          const char *name); ///< NULL when absent
    // answer, filled by the handler
    int status;
    const char *type; ///< content type, static
    struct strbuf reply;
    char reply_headers[8][256]; ///< "Name: value"; "" = unused
    /// The answer waits so long, and its connection costs nothing meanwhile: for whoever asks
    /// faster than it may. 0: at once.
    int answer_after_ms;
    bool after_turn; ///< the answer waits for `end_turn`
    void *driver;    ///< the driver's own
};
struct http_server_config {
    const char *address; ///< "127.0.0.1"
    int port;            ///< 0 = any; read it back with port()
    /// A socket in the file system in place of address and port, for its owner and group alone;
    /// without TLS: between processes of one machine. NULL: none.
    const char *socket_path;
    bool tls;
    bool client_certificates; ///< demand one from the CA; without a good one every path but
                              ///< `open_path` gets 403
    const char *open_path;    ///< reachable without a certificate ("/v1/enroll"), may be NULL
    const char *certificate_file, *key_file, *ca_file; ///< PEM files
    size_t body_maximum;
    /// Of a body whose sender is not known (`client_certificates`, and it showed none): before the
    /// peer is known it gets next to nothing. 0 = body_maximum.
    size_t open_maximum;
    /// A body above 256 KiB is held in a file without a name in this folder, not in memory. NULL:
    /// always in memory.
    const char *spool_folder;
    /// Of all bodies that are held in memory at once; beyond it a request hears 503 with
    /// Retry-After. 0 = no bound.
    size_t memory_maximum;
    /// PUTs below this path ("/v1/parts/") go on where they were cut: the handler is also given
    /// what came of a request that broke off. May be NULL.
    const char *resumable_path;
    size_t put_maximum; ///< of a PUT's body, so that pieces stay pieces; 0 = body_maximum
    int deadline_ms;    ///< whole request
    /// Addresses of proxies that end TLS before us, NULL at the end, at most HTTP_SERVER_PROXIES;
    /// may be NULL. Of the addresses in their header the last that is none of these is the
    /// visitor's.
    const char *const *trusted_proxies;
    const char *proxy_header; ///< "X-Forwarded-For" (NULL: this) or "Forwarded": the one they write
    void (*handle)(void *context, struct http_exchange *exchange);
    /// After all requests that were there at once, and always before the next wait. False: the
    /// answers that waited for it become 503. May be NULL.
    bool (*end_turn)(void *context);
    void *context;
};
struct http_server_ops {
    int (*port)(void *self);
    void (*close)(void *self);
};
struct http_server {
    const struct http_server_ops *ops;
    void *self;
};
