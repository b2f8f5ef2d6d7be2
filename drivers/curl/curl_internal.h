// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_client.h"

#include <curl/curl.h>
#include <stdbool.h>

/// What one exchange needs until it is over.
struct transfer {
    const struct http_request *request;
    struct http_response *response;
    struct curl_slist *headers;
    curl_mime *mime;
    size_t header_bytes; ///< of all header lines, interim answers included
    bool too_long;
};

/// Sets method, headers and body of `request` on the handle.
enum err transfer_prepare(CURL *handle, struct transfer *transfer, struct fail *why) MUST_USE;
void transfer_free(struct transfer *transfer);
/// One answer header line into the response's fields.
size_t transfer_header(char *line, size_t size, size_t count, void *context);
size_t transfer_body(char *bytes, size_t size, size_t count, void *context);
/// What a libcurl code asks of the caller.
enum err transfer_err(CURLcode code);
