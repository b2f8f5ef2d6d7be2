// SPDX-License-Identifier: GPL-3.0-or-later
// One request on an easy handle: method, headers, body or parts, and what is kept of the answer.
#include "curl_internal.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADER_BYTES = 64 << 10, LATEST_S = 86400 };

static enum err add_header(struct transfer *transfer, const char *line, struct fail *why)
{
    if (strpbrk(line, "\r\n"))
        return fail_set(why, ERR_BUG, "a header with a line break");
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (!longer)
        return fail_set(why, ERR_RETRY, "out of memory");
    transfer->headers = longer;
    return ERR_OK;
}

static enum err add_headers(struct transfer *transfer, struct fail *why)
{
    enum err err = ERR_OK;
    for (const char *const *line = transfer->request->headers; !err && line && *line; line++)
        err = add_header(transfer, *line, why);
    if (!err && transfer->request->type && transfer->request->part_count == 0) {
        char line[160] = "Content-Type: ";
        text_copy(line + strlen(line), sizeof line - strlen(line), transfer->request->type);
        err = add_header(transfer, line, why);
    }
    return err;
}

static enum err add_part(curl_mime *mime, const struct http_part *part, struct fail *why)
{
    curl_mimepart *made = curl_mime_addpart(mime);
    if (!made || curl_mime_name(made, part->name) != CURLE_OK ||
        curl_mime_data(made, part->data, part->length) != CURLE_OK ||
        (part->file_name && curl_mime_filename(made, part->file_name) != CURLE_OK) ||
        (part->type && curl_mime_type(made, part->type) != CURLE_OK))
        return fail_set(why, ERR_RETRY, "out of memory");
    return ERR_OK;
}

static enum err set_parts(CURL *handle, struct transfer *transfer, struct fail *why)
{
    transfer->mime = curl_mime_init(handle);
    enum err err = transfer->mime ? ERR_OK : fail_set(why, ERR_RETRY, "out of memory");
    for (size_t i = 0; !err && i < transfer->request->part_count; i++)
        err = add_part(transfer->mime, &transfer->request->parts[i], why);
    curl_easy_setopt(handle, CURLOPT_MIMEPOST, transfer->mime);
    return err;
}

static void set_body(CURL *handle, const struct http_request *request)
{
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body ? request->body : "");
}

enum err transfer_prepare(CURL *handle, struct transfer *transfer, struct fail *why)
{
    const struct http_request *request = transfer->request;
    enum err err = add_headers(transfer, why);
    if (err)
        return err;
    if (text_equal(request->method, "HEAD")) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (request->part_count > 0) {
        err = set_parts(handle, transfer, why);
    } else if (text_equal(request->method, "POST") || text_equal(request->method, "PUT")) {
        set_body(handle, request);
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    } else {
        assert(text_equal(request->method, "GET"));
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer->headers);
    return err;
}

void transfer_free(struct transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    curl_mime_free(transfer->mime);
}

// "Name: value" -> copies the value without blanks around it when the name is ours.
static bool header_is(const char *line, size_t length, const char *name, char *out, size_t room)
{
    size_t name_length = strlen(name);
    if (length <= name_length || line[name_length] != ':' ||
        strncasecmp(line, name, name_length) != 0)
        return false;
    const char *value = line + name_length + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr("\r\n \t", end[-1]))
        end--;
    size_t kept = (size_t)(end - value) < room - 1 ? (size_t)(end - value) : room - 1;
    memcpy(out, value, kept);
    out[kept] = '\0';
    return true;
}

size_t transfer_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http_response *response = transfer->response;
    size_t length = size * count;
    transfer->header_bytes += length;
    if (transfer->header_bytes > HEADER_BYTES) {
        transfer->too_long = true;
        return 0;
    }
    char number[24];
    int64_t accepted = 0;
    if (header_is(line, length, "X-OpenRosa-Version", response->openrosa_version,
                  sizeof response->openrosa_version) ||
        header_is(line, length, "Date", response->date, sizeof response->date) ||
        header_is(line, length, "Location", response->location, sizeof response->location))
        return length;
    if (header_is(line, length, "X-OpenRosa-Accept-Content-Length", number, sizeof number) &&
        text_to_int64(number, &accepted) && accepted >= 0)
        response->accept_length = (long)accepted;
    if (header_is(line, length, "Upload-Offset", number, sizeof number) &&
        text_to_int64(number, &accepted) && accepted >= 0)
        response->upload_offset = accepted;
    if (header_is(line, length, "Retry-After", number, sizeof number) &&
        text_to_int64(number, &accepted) && accepted > 0)
        response->retry_after_s = accepted < LATEST_S ? (int)accepted : LATEST_S;
    return length;
}

size_t transfer_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct strbuf *body = &transfer->response->body;
    size_t length = size * count;
    if (body->length + length <= LIMIT_HTTP_REPLY)
        strbuf_add(body, bytes, length);
    else
        body->failed = true;
    transfer->too_long = body->failed;
    return transfer->too_long ? 0 : length;
}

enum err transfer_err(CURLcode code)
{
    static const struct {
        CURLcode code;
        enum err err;
    } known[] = {
        {CURLE_PEER_FAILED_VERIFICATION, ERR_DENIED}, {CURLE_SSL_CERTPROBLEM, ERR_DENIED},
        {CURLE_SSL_ISSUER_ERROR, ERR_DENIED},         {CURLE_SSL_PINNEDPUBKEYNOTMATCH, ERR_DENIED},
        {CURLE_SSL_CACERT_BADFILE, ERR_TECHNICIAN},   {CURLE_URL_MALFORMAT, ERR_TECHNICIAN},
        {CURLE_UNSUPPORTED_PROTOCOL, ERR_TECHNICIAN},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == code)
            return known[i].err;
    return ERR_RETRY;
}
