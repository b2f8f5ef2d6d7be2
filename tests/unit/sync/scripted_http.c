// SPDX-License-Identifier: GPL-3.0-or-later
#include "scripted_http.h"

#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void remember(struct script_asked *asked, const struct http_request *request)
{
    text_copy(asked->method, sizeof asked->method, request->method);
    text_copy(asked->url, sizeof asked->url, request->url);
    for (const char *const *header = request->headers; header && *header; header++) {
        if (text_starts(*header, "X-OpenRosa-Version:"))
            text_copy(asked->version_header, sizeof asked->version_header, *header);
        if (text_starts(*header, "Date:"))
            text_copy(asked->date_header, sizeof asked->date_header, *header);
        if (text_starts(*header, "Upload-Offset:"))
            text_copy(asked->offset_header, sizeof asked->offset_header, *header);
    }
    asked->part_count = request->part_count;
    for (size_t i = 0; i < request->part_count; i++) {
        text_copy(asked->parts[i], sizeof asked->parts[i], request->parts[i].name);
        asked->bytes += request->parts[i].length;
        if (request->parts[i].file_name && i > 0)
            assert_string_equal(request->parts[i].file_name, request->parts[i].name);
    }
    if (request->body && request->length < sizeof asked->body)
        memcpy(asked->body, request->body, request->length);
}

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    struct script *script = self;
    assert_true(script->done < script->count);
    assert_true(request->timeout_ms > 0);
    const struct script_step *step = &script->steps[script->done];
    remember(&script->asked[script->done++], request);
    *response = (struct http_response){
        .accept_length = -1, .upload_offset = step->offset - 1, .body = response->body};
    strbuf_clear(&response->body);
    if (step->err)
        return fail_set(why, step->err, "scripted");
    response->status = step->status;
    response->retry_after_s = step->retry_after_s;
    if (step->accept_length)
        response->accept_length = step->accept_length;
    if (!step->no_version)
        text_copy(response->openrosa_version, sizeof response->openrosa_version, "1.0");
    text_copy(response->date, sizeof response->date, step->date ? step->date : "");
    text_copy(response->location, sizeof response->location, step->location ? step->location : "");
    strbuf_adds(&response->body, step->body ? step->body : "");
    return ERR_OK;
}

static const struct http_client_ops operations = {.perform = perform};

void script_begin(struct script *script, const struct script_step *steps, size_t count)
{
    *script = (struct script){.steps = steps, .count = count};
    script->client = (struct http_client){.ops = &operations, .self = script};
}
