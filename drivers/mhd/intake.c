// SPDX-License-Identifier: GPL-3.0-or-later
// A request's body: plain bytes, or the parts of multipart/form-data. Bounded in bytes and parts.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PROCESSOR_BYTES = 64 << 10 };

static bool same(const char *a, const char *b)
{
    return a && b ? text_equal(a, b) : a == b;
}

// The same part goes on when the offset says so; a first piece may also be empty.
static bool goes_on(const struct request *request, const char *name, const char *file,
                    uint64_t offset)
{
    if (request->exchange.part_count == 0)
        return false;
    size_t last = request->exchange.part_count - 1;
    if (offset > 0)
        return true;
    return request->parts[last].length == 0 && same(request->parts[last].name, name) &&
           same(request->parts[last].file_name, file);
}

static bool new_part(struct request *request, const char *name, const char *file, const char *type)
{
    size_t at = request->exchange.part_count;
    if (at == HTTP_SERVER_PARTS)
        return false;
    request->parts[at] = (struct http_server_part){
        .name = text_duplicate(name),
        .file_name = file ? text_duplicate(file) : NULL,
        .type = type ? text_duplicate(type) : NULL,
    };
    request->part_starts[at] = request->body.length;
    request->exchange.part_count++;
    return true;
}

static enum MHD_Result part_bytes(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *file, const char *type, const char *encoding,
                                  const char *bytes, uint64_t offset, size_t length)
{
    struct request *request = context;
    (void)kind;
    (void)encoding;
    if (!goes_on(request, name, file, offset) && !new_part(request, name, file, type)) {
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
        return MHD_NO;
    }
    if (!body_add(&request->body, bytes, length)) {
        request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
        return MHD_NO;
    }
    request->parts[request->exchange.part_count - 1].length += length;
    return MHD_YES;
}

size_t intake_maximum(const struct request *request)
{
    const struct http_server_config *config = &request->server->config;
    if (config->client_certificates && !request->exchange.peer_device && config->open_maximum > 0)
        return config->open_maximum;
    bool is_piece = config->put_maximum > 0 && text_equal(request->exchange.method, "PUT");
    return is_piece ? config->put_maximum : config->body_maximum;
}

void intake_begin(struct request *request)
{
    body_begin(&request->body, request->server);
    const char *type = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_CONTENT_TYPE);
    if (request->refusal || !type || strncasecmp(type, "multipart/form-data", 19) != 0)
        return;
    request->processor =
        MHD_create_post_processor(request->connection, PROCESSOR_BYTES, part_bytes, request);
    if (!request->processor)
        request->refusal = MHD_HTTP_BAD_REQUEST;
}

void intake_bytes(struct request *request, const char *bytes, size_t length)
{
    request->received += length;
    if (request->received > intake_maximum(request))
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
    if (request->refusal)
        return;
    if (!request->processor) {
        if (!body_add(&request->body, bytes, length))
            request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
    } else if (MHD_post_process(request->processor, bytes, length) == MHD_NO && !request->refusal) {
        request->refusal = MHD_HTTP_BAD_REQUEST;
    }
}

void intake_end(struct request *request)
{
    if (request->processor) {
        // says whether the closing boundary was seen
        if (MHD_destroy_post_processor(request->processor) == MHD_NO && !request->refusal)
            request->refusal = MHD_HTTP_BAD_REQUEST;
        request->processor = NULL;
    }
    struct http_exchange *exchange = &request->exchange;
    const char *bytes = body_bytes(&request->body);
    if (!bytes && !request->refusal)
        request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
    exchange->body = exchange->part_count == 0 ? bytes : "";
    exchange->length = exchange->part_count == 0 ? request->body.length : 0;
    exchange->parts = request->parts;
    for (size_t i = 0; bytes && i < exchange->part_count; i++)
        request->parts[i].data = bytes + request->part_starts[i];
}

void intake_free(struct request *request)
{
    if (request->processor)
        MHD_destroy_post_processor(request->processor);
    body_end(&request->body);
    for (size_t i = 0; i < request->exchange.part_count; i++) {
        free((char *)request->parts[i].name);
        free((char *)request->parts[i].file_name);
        free((char *)request->parts[i].type);
    }
}
