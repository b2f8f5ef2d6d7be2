// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text)
{
    return text ? text_duplicate(text) : NULL;
}

static void *copy_bytes(const void *data, size_t length)
{
    void *copy = malloc(length > 0 ? length : 1);
    if (copy && length > 0)
        memcpy(copy, data, length);
    return copy;
}

static bool copy_parts(const struct http_request *request, struct late_request *out)
{
    out->parts = calloc(request->part_count + 1, sizeof *out->parts);
    for (size_t i = 0; out->parts && i < request->part_count; i++) {
        const struct http_part *from = &request->parts[i];
        out->parts[i] = (struct http_server_part){
            .name = copy_text(from->name),
            .file_name = copy_text(from->file_name),
            .type = copy_text(from->type),
            .data = copy_bytes(from->data, from->length),
            .length = from->length,
        };
        out->part_count++;
        if (!out->parts[i].data)
            return false;
    }
    return out->parts != NULL;
}

static bool copy_headers(const struct http_request *request, struct late_request *out)
{
    size_t count = 0;
    while (request->headers && request->headers[count])
        count++;
    out->headers = calloc(count + 1, sizeof *out->headers);
    for (size_t i = 0; out->headers && i < count; i++)
        out->headers[i] = text_duplicate(request->headers[i]);
    return out->headers != NULL;
}

enum err late_copy(const struct http_request *request, struct late_request *out, struct fail *why)
{
    *out = (struct late_request){
        .method = copy_text(request->method),
        .url = copy_text(request->url),
        .type = copy_text(request->type),
        .body = copy_bytes(request->body, request->length),
        .length = request->length,
    };
    if (out->body && copy_headers(request, out) && copy_parts(request, out))
        return ERR_OK;
    late_clear(out);
    return fail_set(why, ERR_RETRY, "no memory for a message");
}

void late_clear(struct late_request *late)
{
    for (size_t i = 0; i < late->part_count; i++) {
        free((void *)late->parts[i].name);
        free((void *)late->parts[i].file_name);
        free((void *)late->parts[i].type);
        free((void *)late->parts[i].data);
    }
    for (size_t i = 0; late->headers && late->headers[i]; i++)
        free(late->headers[i]);
    free(late->parts);
    free(late->headers);
    free(late->method);
    free(late->url);
    free(late->type);
    free(late->body);
    *late = (struct late_request){0};
}
