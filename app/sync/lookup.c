// SPDX-License-Identifier: GPL-3.0-or-later
// The question carries the second factor: its body is zeroed as soon as it was sent.
#include "yimen/sync/lookup.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/renewal.h"
#include "yimen/case/tracking.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKUP_TIMEOUT_MS = 15000, ANSWER_BYTES = TRACK_CORRECTION + (64 << 10) };

// ------------------------------------------------------------------ the question

static json_t *renewal_json(const struct lookup_options *options,
                            const struct track_question *question, struct tracking *fresh)
{
    struct renewal renewal = {.print = question->print + 1,
                              .utc_ms = clock_now(options->clock).utc_ms};
    struct strbuf text;
    json_t *object = NULL;
    text_copy(renewal.receipt, sizeof renewal.receipt, question->number);
    text_copy(renewal.instance, sizeof renewal.instance, question->instance);
    text_copy(renewal.key_id, sizeof renewal.key_id, options->device_key_id);
    strbuf_init(&text, RENEWAL_BYTES);
    enum err err = tracking_make(options->crypto, options->signing_secret, options->public_host,
                                 question->number, fresh, NULL);
    if (!err) {
        text_copy(renewal.token_hash, sizeof renewal.token_hash, fresh->token_hash);
        err = renewal_sign(options->crypto, options->signing_secret, &renewal, NULL);
    }
    if (!err)
        err = renewal_write(&renewal, &text, NULL);
    if (!err)
        object = json_loadb(strbuf_text(&text), text.length, JSON_REJECT_DUPLICATES, NULL);
    strbuf_free(&text);
    return object;
}

static char *compose(const struct lookup_options *options, const struct track_question *question,
                     struct tracking *fresh)
{
    json_t *body = json_pack("{s:s, s:s}", "number", question->number, "factor", question->factor);
    int failed = body ? 0 : -1;
    if (!failed && question->token[0])
        failed = json_object_set_new(body, "token", json_string(question->token));
    if (!failed && question->reprint)
        failed = json_object_set_new(body, "renewal", renewal_json(options, question, fresh));
    char *text = failed ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

// ------------------------------------------------------------------ the answer

static bool take(const json_t *object, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && text_copy(out, room, text);
}

// What a district of an older version does not say.
static bool take_if_there(const json_t *object, const char *name, char *out, size_t room)
{
    return !json_object_get(object, name) || take(object, name, out, room);
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool take_linked(const json_t *list, struct track_case *out)
{
    for (size_t i = 0; i < json_array_size(list) && i < TRACK_LINKED; i++) {
        const json_t *from = json_array_get(list, i);
        struct track_linked *to = &out->linked[out->linked_count++];
        to->saved_utc_ms = number_of(from, "saved_ms");
        if (!take(from, "number", to->number, sizeof to->number) ||
            !take(from, "service", to->service, sizeof to->service) ||
            !take(from, "status", to->status, sizeof to->status))
            return false;
    }
    return true;
}

static bool take_correction(const json_t *object, struct track_case *out)
{
    const char *text = json_string_value(json_object_get(object, "correction"));
    if (!text)
        return true;
    out->correction = strlen(text) < TRACK_CORRECTION ? text_duplicate(text) : NULL;
    return out->correction != NULL;
}

static bool take_facts(const json_t *object, const struct tracking *fresh, struct track_case *out)
{
    const json_t *facts = json_object_get(object, "facts");
    if (!facts)
        return true;
    char *text = json_dumps(facts, JSON_COMPACT);
    out->facts = calloc(1, sizeof *out->facts);
    bool good = text && out->facts &&
                receipt_facts_read(text, strlen(text), out->facts, NULL) == ERR_OK &&
                text_equal(out->facts->number, out->number);
    if (good)
        text_copy(out->facts->qr_text, sizeof out->facts->qr_text, fresh->qr_text);
    free(text);
    return good;
}

static bool take_case(const json_t *object, const struct tracking *fresh, struct track_case *out)
{
    out->saved_utc_ms = number_of(object, "saved_ms");
    out->status_utc_ms = number_of(object, "status_ms");
    out->owner = json_is_true(json_object_get(object, "owner"));
    out->newer_receipt = json_is_true(json_object_get(object, "newer"));
    out->may_reprint = json_is_true(json_object_get(object, "reprint"));
    out->prints = (int)number_of(object, "prints");
    out->place = TRACK_SENT;
    out->from_district = true;
    return take(object, "number", out->number, sizeof out->number) &&
           take(object, "instance", out->instance, sizeof out->instance) &&
           take(object, "service", out->service, sizeof out->service) &&
           take(object, "counter", out->counter, sizeof out->counter) &&
           take(object, "status", out->status, sizeof out->status) &&
           take(object, "masked_name", out->masked_name, sizeof out->masked_name) &&
           take(object, "masked_id", out->masked_id, sizeof out->masked_id) &&
           take_if_there(object, "drawn", out->drawn, sizeof out->drawn) &&
           take_linked(json_object_get(object, "linked"), out) && take_correction(object, out) &&
           take_facts(object, fresh, out);
}

static bool read_answer(const json_t *answer, const struct tracking *fresh, struct track_case *out)
{
    const char *result = json_string_value(json_object_get(answer, "result"));
    if (!result)
        return false;
    if (text_equal(result, "found")) {
        out->result = TRACK_FOUND;
        return take_case(json_object_get(answer, "case"), fresh, out);
    }
    out->tries_left = (int)number_of(answer, "tries_left");
    out->wait_ms = number_of(answer, "wait_ms");
    out->result = text_equal(result, "no-fit")    ? TRACK_NO_FIT
                  : text_equal(result, "locked")  ? TRACK_LOCKED
                  : text_equal(result, "opening") ? TRACK_OPENING
                                                  : TRACK_NO_ANSWER;
    return true;
}

static enum err post(const struct lookup_options *options, const char *path, const char *body,
                     struct http_response *response, struct fail *why)
{
    char url[700];
    snprintf(url, sizeof url, "%s%s", options->server, path);
    struct http_request request = {.method = "POST",
                                   .url = url,
                                   .body = body,
                                   .length = strlen(body),
                                   .type = "application/json",
                                   .timeout_ms = LOOKUP_TIMEOUT_MS};
    enum err err = options->http->ops->perform(options->http->self, &request, response, why);
    if (!err && response->status != 200)
        err = fail_set(why, ERR_RETRY, "%s answered %d", path, response->status);
    return err;
}

static void ask(const struct lookup_options *options, const struct track_question *question,
                struct track_case *out)
{
    struct tracking fresh = {0};
    struct fail why = {0};
    struct http_response response = {0};
    char *body = compose(options, question, &fresh);
    strbuf_init(&response.body, ANSWER_BYTES);
    enum err err = body ? post(options, question->reprint ? "/v1/reprint" : "/v1/lookup", body,
                               &response, &why)
                        : fail_set(&why, ERR_RETRY, "no memory");
    json_t *answer = err ? NULL
                         : json_loadb(strbuf_text(&response.body), response.body.length,
                                      JSON_REJECT_DUPLICATES, NULL);
    if (!err && !read_answer(answer, &fresh, out)) {
        out->result = TRACK_NO_ANSWER;
        err = fail_set(&why, ERR_RETRY, "not an answer of ours");
    }
    if (err)
        log_fail(LOG_WARNING, "sync", "lookup", &why);
    out->known_utc_ms = clock_now(options->clock).utc_ms;
    track_case_allow(out);
    json_decref(answer);
    strbuf_free(&response.body);
    if (body)
        memory_wipe(body, strlen(body));
    free(body);
    memory_wipe(&fresh, sizeof fresh);
}

struct track_case *lookup_ask(const struct lookup_options *options,
                              const struct track_question *question)
{
    struct track_case *out = track_case_new(question);
    if (out && !options->openrosa_only)
        ask(options, question, out);
    return out;
}
