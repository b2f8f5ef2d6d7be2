// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts of resume tickets: up when nothing else is waiting, down when a ticket from another
// kiosk is here. The district keeps bytes that it cannot read.
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAFT_TIMEOUT_MS = 15000, FETCH_TIMEOUT_MS = 6000, AGAIN_AFTER_MS = 60000 };

void drafts_ask(struct sync *sync, const struct sync_output *output)
{
    int64_t now = clock_now(sync->options.clock).monotonic_ms;
    if (sync->asked || sync->options.openrosa_only || now < sync->next_draft_ms)
        return;
    struct outbox_request request = {.kind = OUTBOX_DRAFT_NEXT, .from = OUTBOX_FROM_SYNC};
    sync->asked = true;
    output->request(output->context, &request);
}

static enum send_outcome put(struct sync *sync, const struct outbox_sealed *sealed,
                             struct fail *why)
{
    char url[900];
    snprintf(url, sizeof url, "%s/v1/drafts/%s?revision=%lld&expires=%lld%s", sync->options.server,
             sealed->id, (long long)sealed->revision, (long long)sealed->expires_utc_ms,
             sealed->spent ? "&spent=1" : "");
    struct http_request request = {.method = "PUT",
                                   .url = url,
                                   .body = strbuf_text(&sealed->bytes),
                                   .length = sealed->bytes.length,
                                   .type = "application/octet-stream",
                                   .timeout_ms = DRAFT_TIMEOUT_MS};
    if (upload_perform(sync, &request, why) != ERR_OK)
        return SEND_RETRY;
    if (sync->response.status == 200 || sync->response.status == 201)
        return SEND_RECEIVED;
    // 409: a newer one is there; 410: spent or expired there. Neither changes by asking again.
    if (sync->response.status == 409 || sync->response.status == 410)
        return SEND_QUARANTINED;
    (void)fail_set(why, ERR_RETRY, "the district answered %d", sync->response.status);
    return SEND_RETRY;
}

void drafts_send(struct sync *sync, const struct outbox_sealed *sealed,
                 const struct sync_output *output)
{
    struct outbox_request sent = {
        .kind = OUTBOX_DRAFT_SENT, .from = OUTBOX_FROM_SYNC, .number = sealed->revision};
    text_copy(sent.text, sizeof sent.text, sealed->id);
    struct fail why = {0};
    sent.outcome = put(sync, sealed, &why);
    chores_note(sync, CHORE_DRAFTS, sent.outcome == SEND_RETRY ? ERR_RETRY : ERR_OK, &why);
    if (sent.outcome == SEND_RETRY)
        sync->next_draft_ms = clock_now(sync->options.clock).monotonic_ms + AGAIN_AFTER_MS;
    sync->asked = true;
    output->request(output->context, &sent);
}

static enum draft_answer take_sealed(struct sync *sync, const char *id,
                                     struct sync_draft_answer *out)
{
    const struct crypto *crypto = sync->options.crypto;
    const struct strbuf *body = &sync->response.body;
    json_t *answer = json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(answer, "sealed"));
    json_int_t revision = json_integer_value(json_object_get(answer, "revision"));
    json_int_t expires = json_integer_value(json_object_get(answer, "expires_utc_ms"));
    struct strbuf bytes;
    strbuf_init(&bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
    bool good =
        text && revision > 0 && expires > 0 &&
        crypto->ops->base64_decode(crypto->self, text, strlen(text), true, &bytes) == ERR_OK;
    struct outbox_sealed *sealed = good ? calloc(1, sizeof *sealed) : NULL;
    if (sealed) {
        text_copy(sealed->id, sizeof sealed->id, id);
        sealed->revision = revision;
        sealed->expires_utc_ms = expires;
        sealed->bytes = bytes;
    } else {
        strbuf_free(&bytes);
    }
    json_decref(answer);
    out->sealed = sealed;
    return sealed ? DRAFT_NEWER : DRAFT_OFFLINE; // nonsense is no word about the ticket
}

static int wait_of(const struct sync *sync)
{
    const struct strbuf *body = &sync->response.body;
    json_t *answer = json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
    json_int_t wait = json_integer_value(json_object_get(answer, "wait_s"));
    json_decref(answer);
    return wait > 0 && wait < 1000000 ? (int)wait : 0;
}

static bool says_expired(const struct sync *sync)
{
    const struct strbuf *body = &sync->response.body;
    json_t *answer = json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
    bool expired = json_is_true(json_object_get(answer, "expired"));
    json_decref(answer);
    return expired;
}

void sync_fetch_draft(struct sync *sync, const char *id, int64_t have,
                      struct sync_draft_answer *out)
{
    char url[800];
    struct fail why = {0};
    *out = (struct sync_draft_answer){.answer = DRAFT_OFFLINE};
    text_copy(out->id, sizeof out->id, id);
    if (sync->options.openrosa_only)
        return;
    snprintf(url, sizeof url, "%s/v1/drafts/%s?have=%lld", sync->options.server, id,
             (long long)have);
    struct http_request request = {.method = "GET", .url = url, .timeout_ms = FETCH_TIMEOUT_MS};
    if (upload_perform(sync, &request, &why) != ERR_OK)
        return;
    switch (sync->response.status) {
    case 200: out->answer = take_sealed(sync, id, out); break;
    case 204: out->answer = DRAFT_NOT_NEWER; break;
    case 404: out->answer = DRAFT_UNKNOWN; break;
    case 410: out->answer = says_expired(sync) ? DRAFT_EXPIRED : DRAFT_SPENT; break;
    case 423:
        out->answer = DRAFT_LOCKED;
        out->wait_s = wait_of(sync);
        break;
    default: break;
    }
    strbuf_clear(&sync->response.body);
}
