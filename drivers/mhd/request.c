// SPDX-License-Identifier: GPL-3.0-or-later
// One request: checked at its headers, its body taken in, its handler asked, its answer sent. What
// is refused at the headers is drained as long as it is small, so that the answer arrives.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DRAIN_BYTES = 1 << 20,
    REPLY_BYTES = 20 << 20,
};

static const char *lookup(const struct http_exchange *exchange, enum MHD_ValueKind kind,
                          const char *name)
{
    const struct request *request = exchange->driver;
    return MHD_lookup_connection_value(request->connection, kind, name);
}

static const char *query(const struct http_exchange *exchange, const char *name)
{
    return lookup(exchange, MHD_GET_ARGUMENT_KIND, name);
}

static const char *header(const struct http_exchange *exchange, const char *name)
{
    return lookup(exchange, MHD_HEADER_KIND, name);
}

void *request_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct mhd_server *server = context;
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->server = server;
    request->connection = connection;
    request->bad_uri = strstr(uri, "%00") != NULL;
    strbuf_init(&request->exchange.reply, REPLY_BYTES);
    return request;
}

// What came of a part before the line was cut need not come again. The library gives what it had
// read; nothing of it is half a byte, TLS saw to that.
static void keep_what_came(struct request *request)
{
    const struct http_server_config *config = &request->server->config;
    struct http_exchange *exchange = &request->exchange;
    if (!request->begun || request->answered || request->refusal || !config->resumable_path ||
        !text_equal(exchange->method, "PUT") ||
        !text_starts(exchange->path, config->resumable_path))
        return;
    intake_end(request);
    if (request->refusal || exchange->length == 0)
        return;
    exchange->is_cut = true;
    config->handle(config->context, exchange);
}

void request_end(void *context, struct MHD_Connection *connection, void **held,
                 enum MHD_RequestTerminationCode code)
{
    struct request *request = *held;
    deadline_between(context, connection);
    if (!request)
        return;
    if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK &&
        code != MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN) // its thread has ended
        keep_what_came(request);
    intake_free(request);
    strbuf_free(&request->exchange.reply);
    free(request);
    *held = NULL;
}

static bool known_method(const char *method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(method, known[i]))
            return true;
    return false;
}

// Said length of the body; -1 when chunked or absent, -2 when it is no number.
static int64_t said_length(const struct request *request)
{
    const char *text = header(&request->exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    int64_t length = -1;
    if (text && (!text_to_int64(text, &length) || length < 0))
        return -2;
    return length;
}

// How long a request is must be said once and in one way: whoever stands in between may read it
// otherwise than we do. A name that ends in a space is one of those ways.
struct said {
    int lengths;
    bool crooked;
};

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct said *said = context;
    size_t length = strlen(name);
    (void)kind;
    (void)value;
    said->lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    said->crooked |= length == 0 || strcspn(name, " \t") < length;
    return MHD_YES;
}

static bool is_said_twice(const struct request *request)
{
    struct said said = {0};
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, look_at_header, &said);
    return said.lengths > 1 || said.crooked;
}

static int refusal_at_headers(const struct request *request)
{
    const struct http_server_config *config = &request->server->config;
    const struct http_exchange *exchange = &request->exchange;
    if (request->bad_uri || said_length(request) == -2 || is_said_twice(request))
        return MHD_HTTP_BAD_REQUEST;
    if (header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH) &&
        header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING))
        return MHD_HTTP_BAD_REQUEST;
    if (!known_method(exchange->method))
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    bool is_open = config->open_path && text_equal(exchange->path, config->open_path);
    if (config->client_certificates && !exchange->peer_device && !is_open)
        return MHD_HTTP_FORBIDDEN;
    if (said_length(request) > (int64_t)intake_maximum(request))
        return MHD_HTTP_CONTENT_TOO_LARGE;
    return 0;
}

static void at_headers(struct request *request, const char *url, const char *method)
{
    struct http_exchange *exchange = &request->exchange;
    request->begun = true;
    exchange->driver = request;
    exchange->method = method;
    exchange->path = request->path;
    exchange->query = query;
    exchange->header = header;
    if (!text_copy(request->path, sizeof request->path, url))
        request->bad_uri = true;
    peer_identify(request);
    if (exchange->peer_device || !request->server->config.client_certificates)
        deadline_known(request->server, request->connection);
    if (exchange->peer_fingerprint)
        deadline_of_peer(request->server, request->connection, exchange->peer_fingerprint);
    request->refusal = refusal_at_headers(request);
    intake_begin(request);
}

// Answer at once when the rest would be too much to read and throw away, or is not sent yet.
static bool answer_at_once(const struct request *request)
{
    return request->refusal && (said_length(request) > DRAIN_BYTES ||
                                header(&request->exchange, MHD_HTTP_HEADER_EXPECT) != NULL);
}

static enum MHD_Result answer(struct request *request)
{
    if (request->refusal) {
        strbuf_clear(&request->exchange.reply);
        request->exchange.status = request->refusal;
        if (request->refusal == MHD_HTTP_SERVICE_UNAVAILABLE)
            text_copy(request->exchange.reply_headers[0], sizeof request->exchange.reply_headers[0],
                      "Retry-After: 2");
    } else {
        request->server->config.handle(request->server->config.context, &request->exchange);
    }
    request->answered = true;
    bool waits = request->exchange.answer_after_ms > 0 || request->exchange.after_turn;
    return waits ? later_send(request) : reply_send(request);
}

enum MHD_Result request_step(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *length, void **held)
{
    struct request *request = *held;
    (void)context;
    (void)connection;
    (void)version;
    if (!request)
        return MHD_NO;
    if (!request->begun) {
        at_headers(request, url, method);
        return answer_at_once(request) ? answer(request) : MHD_YES;
    }
    if (request->answered)
        return reply_send(request); // its answer was due
    if (*length > 0) {
        intake_bytes(request, bytes, *length);
        *length = 0;
        bool hopeless =
            request->refusal && request->received > intake_maximum(request) + DRAIN_BYTES;
        return hopeless ? MHD_NO : MHD_YES;
    }
    intake_end(request);
    return answer(request);
}
