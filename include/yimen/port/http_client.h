// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stddef.h>
#include <stdint.h>

/// Port: HTTP requests with mutual TLS 1.3. Real driver: drivers/curl; simulated: drivers/sim.
/// Owned by the sync worker. No redirects are followed, no proxy from the environment, answers are
/// cut at LIMIT_HTTP_REPLY, their headers at 64 KiB (then ERR_INPUT).

struct http_part {
    const char *name, *file_name, *type; ///< borrowed
    const void *data;
    size_t length;
};
struct http_request {
    const char *method; ///< "GET", "HEAD", "POST", "PUT"
    const char *url;
    const char *const *headers; ///< "Name: value", NULL at the end; may be NULL
    const void *body;           ///< or parts
    size_t length;
    const char *type;              ///< of body
    const struct http_part *parts; ///< multipart/form-data when count > 0
    size_t part_count;
    int timeout_ms; ///< the whole exchange
};
struct http_response {
    int status;
    char openrosa_version[16];
    char date[64];
    char location[512];
    long accept_length; ///< X-OpenRosa-Accept-Content-Length, -1 when absent
    /// Upload-Offset (how many bytes of a part the server has), -1 when absent.
    int64_t upload_offset;
    int retry_after_s;  ///< Retry-After in seconds, 0 when absent
    struct strbuf body; ///< initialised by the caller
};
struct http_client_ops {
    /// ERR_OK for any HTTP answer. ERR_RETRY: no answer (DNS, refused, cut, time-out). ERR_DENIED:
    /// TLS refused one side's certificate.
    enum err (*perform)(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why);
};
struct http_client {
    const struct http_client_ops *ops;
    void *self;
};
