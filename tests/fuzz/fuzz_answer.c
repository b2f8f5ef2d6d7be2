// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the answers of a server: to the HEAD, to a submission, to the heartbeat and to an
// enrolment. First byte: the status; then the date and the location, a line each; the rest is the
// body. Received is only what is 201 and an OpenRosa envelope.
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/sync/client.h"
#include "yimen/sync/enroll.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct answers {
    int status;
    char date[64], location[512];
    const char *body;
    size_t length;
    int64_t now_ms;
};

static struct when fuzz_now(void *self)
{
    struct answers *answers = self;
    return (struct when){.utc_ms = 1795398000000, .monotonic_ms = answers->now_ms};
}

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    const struct answers *answers = self;
    (void)why;
    bool is_head = text_equal(request->method, "HEAD");
    response->status = is_head && answers->status != 0 ? 204 : answers->status;
    if (answers->status == 202 && strstr(request->url, "/v1/parts/"))
        response->status = is_head ? 404 : 200;
    text_copy(response->openrosa_version, sizeof response->openrosa_version, "1.0");
    text_copy(response->date, sizeof response->date, answers->date);
    text_copy(response->location, sizeof response->location, answers->location);
    response->accept_length = -1;
    if (!text_to_int64(answers->location, &response->upload_offset))
        response->upload_offset = -1;
    strbuf_clear(&response->body);
    if (!is_head)
        strbuf_add(&response->body, answers->body, answers->length);
    return ERR_OK;
}

static void take_request(void *context, struct outbox_request *request)
{
    const struct answers *answers = context;
    bool received = request->kind == OUTBOX_SENT && request->outcome == SEND_RECEIVED;
    if (received &&
        (answers->status != 201 || !memmem(answers->body, answers->length, "OpenRosaResponse", 16)))
        abort();
    for (size_t i = 0; request->news && i < request->news->count; i++)
        if (!memchr(request->news->items[i].instance, '\0', LIMIT_INSTANCE_ID) ||
            (request->kind == OUTBOX_REPAIR &&
             !text_starts(request->news->items[i].instance, "uuid:")))
            abort(); // only what is ours is repaired
    free(request->news);
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static void send_and_beat(struct answers *answers, const struct crypto *crypto)
{
    static const struct http_client_ops http_ops = {perform};
    static const struct clock_ops clock_ops = {fuzz_now};
    struct http_client http = {&http_ops, answers};
    struct clock clock = {&clock_ops, answers};
    struct outbox_part part = {.name = "submission.xml.enc", .data = (char[]){"x"}, .length = 1};
    struct outbox_item item = {.instance = "uuid:1",
                               .number = "370212001251123170019",
                               .manifest = (char[]){"<data/>"},
                               .manifest_length = 7,
                               .part_count = 1,
                               .parts = &part};
    struct outbox_reply sent = {.kind = OUTBOX_ITEM, .item = &item};
    struct outbox_row held = {.number = "1", .state = "held"};
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .rows = &held, .row_count = 1};
    struct sync_options options = {
        .http = &http, .crypto = crypto, .clock = &clock, .server = "https://d", .device_id = "k"};
    struct sync_output output = {answers, take_request, take_event};
    struct sync *sync = NULL;
    if (sync_open(&options, &sync, NULL) != ERR_OK)
        abort();
    sync_step(sync, &sent, &output);
    sync_step(sync, &listed, &output);
    for (int i = 0; i < 6; i++) { // states, form list, comparison
        struct outbox_ledger_row rows[2] = {{"uuid:1", "1", 5}, {"uuid:2", "2", 90000000}};
        struct outbox_reply nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
        struct outbox_reply ledger = {
            .kind = OUTBOX_LEDGER_READY, .ledger = rows, .ledger_count = 2};
        sync_step(sync, i == 5 ? &ledger : &nothing, &output);
    }
    sync_close(sync);
}

struct carrying {
    struct answers *answers;
    struct outbox_request asked;
};

static void carry(void *context, struct outbox_request *request)
{
    struct carrying *carrying = context;
    carrying->asked = *request;
    take_request(carrying->answers, request);
}

// The same answers to a large case: whatever they are, it comes to an end, and asks for bytes that
// there are.
static void send_large(struct answers *answers, const struct crypto *crypto)
{
    static const struct http_client_ops http_ops = {perform};
    static const struct clock_ops clock_ops = {fuzz_now};
    struct http_client http = {&http_ops, answers};
    struct clock clock = {&clock_ops, answers};
    struct carrying carrying = {.answers = answers};
    struct outbox_item *item = calloc(1, sizeof *item);
    struct sync_options options = {
        .http = &http, .crypto = crypto, .clock = &clock, .server = "https://d", .device_id = "k"};
    struct sync_output output = {&carrying, carry, take_event};
    struct sync *sync = NULL;
    if (!item || !(item->parts = calloc(1, sizeof *item->parts)) ||
        sync_open(&options, &sync, NULL) != ERR_OK)
        abort();
    item->is_large = true;
    item->part_count = 1;
    item->parts[0] = (struct outbox_part){.name = "a.enc", .sha256 = "aa", .length = 1000};
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = item};
    int pieces = 0;
    do {
        sync_step(sync, &reply, &output);
        outbox_reply_clear(&reply);
        const struct outbox_range *range = &carrying.asked.range;
        if (carrying.asked.kind == OUTBOX_PART &&
            (range->part != 0 || range->offset < 0 || range->length == 0 ||
             range->offset + (int64_t)range->length > 1000 || ++pieces > 50))
            abort();
        reply = (struct outbox_reply){
            .kind = OUTBOX_PART_READY, .data = malloc(range->length + 1), .length = range->length};
    } while (carrying.asked.kind == OUTBOX_PART);
    outbox_reply_clear(&reply);
    sync_close(sync);
}

static void enroll(struct answers *answers, const struct crypto *crypto)
{
    static const struct http_client_ops http_ops = {perform};
    static const uint8_t key[CRYPTO_PUBLIC];
    static const char code[] =
        "code.0000000000000000000000000000000000000000000000000000000000000000";
    struct http_client http = {&http_ops, answers};
    struct enroll_request request = {.server = "https://d",
                                     .code = code,
                                     .signing_request = "",
                                     .public_key = key,
                                     .timeout_ms = 1};
    struct enroll_result result = {0};
    struct strbuf authority;
    strbuf_init(&result.certificate, LIMIT_HTTP_REPLY);
    strbuf_init(&result.sealing_key, LIMIT_HTTP_REPLY);
    strbuf_init(&authority, LIMIT_HTTP_REPLY);
    (void)!enroll_send(&http, crypto, &request, &result, NULL);
    char *chain = calloc(1, answers->length + 1);
    if (chain && answers->length > 0)
        memcpy(chain, answers->body, answers->length);
    if (chain && enroll_pick_authority(crypto, code, chain, &authority, NULL) == ERR_OK)
        abort(); // nothing hashes to zeroes
    free(chain);
    strbuf_free(&authority);
    strbuf_free(&result.certificate);
    strbuf_free(&result.sealing_key);
}

// A line of the input, without its end.
static void take_line(const uint8_t **bytes, size_t *length, char *out, size_t room)
{
    const uint8_t *end = *length ? memchr(*bytes, '\n', *length) : NULL;
    size_t used = end ? (size_t)(end - *bytes) : *length;
    size_t kept = used < room - 1 ? used : room - 1;
    if (kept > 0)
        memcpy(out, *bytes, kept);
    out[kept] = '\0';
    *bytes += end ? used + 1 : used;
    *length -= end ? used + 1 : used;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const int statuses[] = {201, 200, 202, 204, 302, 400, 401,
                                   404, 409, 413, 500, 0,   422, 507};
    struct crypto crypto;
    struct answers answers = {0};
    if (sodium_crypto_open(&crypto, NULL) != ERR_OK)
        abort();
    if (length == 0)
        return 0;
    answers.status = statuses[bytes[0] % (sizeof statuses / sizeof statuses[0])];
    bytes++, length--;
    take_line(&bytes, &length, answers.date, sizeof answers.date);
    take_line(&bytes, &length, answers.location, sizeof answers.location);
    answers.body = (const char *)bytes;
    answers.length = length;
    send_and_beat(&answers, &crypto);
    send_large(&answers, &crypto);
    enroll(&answers, &crypto);
    return 0;
}
