// SPDX-License-Identifier: GPL-3.0-or-later
// The answer, with the headers that no page and no reply may be without.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const safe_headers[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
};
static const char page_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    // The library refuses what would break the header apart.
    (void)MHD_add_response_header(response, name, value);
}

static void add_unless_there(struct MHD_Response *response, const char *name, const char *value)
{
    if (!MHD_get_response_header(response, name))
        add(response, name, value);
}

static void add_headers(struct request *request, struct MHD_Response *response)
{
    struct http_exchange *exchange = &request->exchange;
    for (size_t i = 0; i < sizeof exchange->reply_headers / sizeof exchange->reply_headers[0];
         i++) {
        char *colon = strchr(exchange->reply_headers[i], ':');
        if (!colon)
            continue;
        *colon = '\0';
        add(response, exchange->reply_headers[i], colon + 1 + strspn(colon + 1, " "));
    }
    if (exchange->type && exchange->reply.length > 0)
        add(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->type);
    for (size_t i = 0; i < sizeof safe_headers / sizeof safe_headers[0]; i++)
        add_unless_there(response, safe_headers[i][0], safe_headers[i][1]);
    if (exchange->type && text_starts(exchange->type, "text/html")) {
        add_unless_there(response, "Content-Security-Policy", page_policy);
        add_unless_there(response, "X-Frame-Options", "DENY");
    }
}

enum MHD_Result reply_send(struct request *request)
{
    struct http_exchange *exchange = &request->exchange;
    if (exchange->status < 200 || exchange->reply.failed) {
        strbuf_free(&exchange->reply);
        exchange->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(
        exchange->reply.length, (void *)(uintptr_t)strbuf_text(&exchange->reply),
        MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add_headers(request, response);
    if (request->refusal)
        add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result =
        MHD_queue_response(request->connection, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    return result;
}
