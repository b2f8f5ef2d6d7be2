// SPDX-License-Identifier: GPL-3.0-or-later
// The OpenRosa upload: HEAD to find the server, then the stored bytes in as few POSTs as its limit
// allows, each with the identical manifest.
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    CHECK_TIMEOUT_MS = 15000,
    CHECK_KEEPS_MS = 5 * 60 * 1000,
    POST_TIMEOUT_MS = 30000,
    BYTES_PER_MS = 20,                 // the slowest line we wait for: 160 kbit/s
    ASSUMED_LENGTH = 10 * 1000 * 1000, // where the server says nothing
    PART_OVERHEAD = 512,
    PARTS_PER_POST = 100,
};

static void add_escaped(struct strbuf *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z') || strchr("-._~", byte);
        if (plain) {
            strbuf_addc(out, (char)byte);
        } else {
            strbuf_addc(out, '%');
            strbuf_addc(out, hex[byte >> 4]);
            strbuf_addc(out, hex[byte & 15]);
        }
    }
}

static void make_url(const struct sync *sync, struct strbuf *out)
{
    strbuf_init(out, 1200);
    if (sync->submission_url[0])
        strbuf_adds(out, sync->submission_url);
    else
        strbuf_addf(out, "%s/submission", sync->options.server);
    strbuf_addc(out, strchr(strbuf_text(out), '?') ? '&' : '?');
    strbuf_adds(out, "deviceID=");
    add_escaped(out, sync->options.device_id);
}

enum err upload_perform(struct sync *sync, struct http_request *request, struct fail *why)
{
    char date[48] = "Date: ";
    http_date_format(clock_now(sync->options.clock).utc_ms, date + strlen(date));
    const char *headers[5] = {"X-OpenRosa-Version: 1.0", date};
    const char *const *own = request->headers;
    for (size_t at = 0; own && own[at]; at++) {
        assert(at < 2);
        headers[2 + at] = own[at];
    }
    request->headers = headers;
    enum err err =
        sync->options.http->ops->perform(sync->options.http->self, request, &sync->response, why);
    request->headers = own;
    return err;
}

// A Location on the 204 is the address to post to, on the same host only.
static void take_location(struct sync *sync)
{
    const char *location = sync->response.location, *server = sync->options.server;
    size_t length = strlen(server);
    if (text_starts(location, server) && location[length] == '/')
        text_copy(sync->submission_url, sizeof sync->submission_url, location);
}

struct verdict upload_check(struct sync *sync)
{
    int64_t now = clock_now(sync->options.clock).monotonic_ms;
    if (sync->checked && now - sync->checked_ms < CHECK_KEEPS_MS)
        return (struct verdict){.outcome = SEND_RECEIVED};
    struct fail why = {0};
    struct strbuf url;
    sync->submission_url[0] = '\0';
    make_url(sync, &url);
    struct http_request request = {
        .method = "HEAD", .url = strbuf_text(&url), .timeout_ms = CHECK_TIMEOUT_MS};
    struct verdict verdict = answer_to_head(sync, upload_perform(sync, &request, &why), &why);
    strbuf_free(&url);
    sync->checked = verdict.outcome == SEND_RECEIVED;
    if (sync->checked) {
        sync->checked_ms = clock_now(sync->options.clock).monotonic_ms;
        sync->accept_length = sync->response.accept_length;
        take_location(sync);
    }
    return verdict;
}

size_t upload_room(const struct sync *sync)
{
    return sync->accept_length > 0 ? (size_t)sync->accept_length : ASSUMED_LENGTH;
}

int upload_timeout_ms(size_t bytes)
{
    return POST_TIMEOUT_MS + (int)(bytes / BYTES_PER_MS);
}

size_t upload_fit(const struct outbox_item *item, size_t first, size_t room)
{
    size_t total = item->manifest_length + (size_t)2 * PART_OVERHEAD, count = 0;
    while (first + count < item->part_count && count < PARTS_PER_POST - 2) {
        total += item->parts[first + count].length + PART_OVERHEAD;
        if (total > room && count > 0)
            break;
        count++;
    }
    return count;
}

struct verdict upload_post(struct sync *sync, const struct outbox_item *item, size_t first,
                           size_t count, bool is_last)
{
    struct http_part parts[PARTS_PER_POST + 2];
    size_t used = 0, bytes = item->manifest_length;
    parts[used++] = (struct http_part){"xml_submission_file", "submission.xml", "text/xml",
                                       item->manifest, item->manifest_length};
    for (size_t i = first; i < first + count; i++) {
        const struct outbox_part *part = &item->parts[i];
        parts[used++] = (struct http_part){part->name, part->name, "application/octet-stream",
                                           part->data, part->length};
        bytes += part->length;
    }
    if (!is_last)
        parts[used++] = (struct http_part){"*isIncomplete*", NULL, NULL, "yes", 3};
    struct fail why = {0};
    struct strbuf url;
    make_url(sync, &url);
    struct http_request request = {.method = "POST",
                                   .url = strbuf_text(&url),
                                   .parts = parts,
                                   .part_count = used,
                                   .timeout_ms = upload_timeout_ms(bytes)};
    struct verdict verdict = answer_to_post(sync, upload_perform(sync, &request, &why), &why);
    strbuf_free(&url);
    return verdict;
}

// Between the first and the last POST also 202 means: go on.
static bool may_go_on(const struct sync *sync, const struct verdict *verdict)
{
    return verdict->outcome == SEND_RECEIVED || verdict->outcome == SEND_UNVERIFIED ||
           sync->response.status == 202;
}

struct verdict upload_item(struct sync *sync, const struct outbox_item *item)
{
    size_t first = 0;
    for (;;) {
        size_t count = upload_fit(item, first, upload_room(sync));
        bool is_last = first + count >= item->part_count;
        struct verdict verdict = upload_post(sync, item, first, count, is_last);
        first += count;
        if (is_last || !may_go_on(sync, &verdict))
            return verdict;
    }
}
