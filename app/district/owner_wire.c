// SPDX-License-Identifier: GPL-3.0-or-later
// The question and its answer over a socket, as JSON: tables of members, read back as strictly as
// they were written.
#include "owner_internal.h"
#include "lookup_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUESTION_BYTES = 1024, ANSWER_BYTES = 32 << 10, ASK_TIMEOUT_MS = 5000 };

static const char *const results[] = {[TRACK_FOUND] = "found",
                                      [TRACK_NO_FIT] = "no-fit",
                                      [TRACK_LOCKED] = "locked",
                                      [TRACK_OPENING] = "opening"};
enum { RESULTS = sizeof results / sizeof results[0] };

#define NUMBER(field) #field, offsetof(struct owner_answer, field)
static const struct {
    const char *name;
    size_t offset;
    bool wide;
} numbers[] = {
    {NUMBER(tries_left), false},    {NUMBER(wait_ms), true},         {NUMBER(saved_utc_ms), true},
    {NUMBER(limit_hours), false},   {NUMBER(deadline_utc_ms), true}, {NUMBER(legal_days), false},
    {NUMBER(promised_days), false}, {NUMBER(due_utc_ms), true},      {NUMBER(questions), false},
};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

// ------------------------------------------------------------------ written

static json_t *ids(const char (*list)[32], size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, json_string(list[i]));
    return out;
}

static json_t *states(const struct owner_state *list, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, json_pack("{s:s, s:s, s:I}", "service", list[i].service,
                                             "status", list[i].status, "saved_utc_ms",
                                             (json_int_t)list[i].saved_utc_ms));
    return out;
}

static json_t *answer_json(const struct owner_answer *answer)
{
    json_t *out = json_pack("{s:s, s:s, s:s, s:b}", "result", results[answer->result], "service",
                            answer->service, "status", answer->status, "signature_outstanding",
                            answer->signature_outstanding);
    for (size_t i = 0; i < NUMBERS; i++) {
        const char *at = (const char *)answer + numbers[i].offset;
        int64_t wide = 0;
        int narrow = 0;
        memcpy(numbers[i].wide ? (void *)&wide : (void *)&narrow, at,
               numbers[i].wide ? sizeof wide : sizeof narrow);
        json_object_set_new(out, numbers[i].name, json_integer(numbers[i].wide ? wide : narrow));
    }
    json_object_set_new(out, "wanted", ids(answer->wanted, answer->wanted_count));
    json_object_set_new(out, "missing", ids(answer->missing, answer->missing_count));
    json_object_set_new(out, "items", states(answer->items, answer->item_count));
    json_object_set_new(out, "linked", states(answer->linked, answer->linked_count));
    return out;
}

// ------------------------------------------------------------------ read back

static bool text_of(const json_t *object, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && text_copy(out, room, text);
}

static bool read_ids(const json_t *list, char (*out)[32], size_t maximum, size_t *count)
{
    *count = json_array_size(list);
    if (!json_is_array(list) || *count > maximum)
        return false;
    for (size_t i = 0; i < *count; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (!id || !text_copy(out[i], sizeof out[i], id))
            return false;
    }
    return true;
}

static bool read_states(const json_t *list, struct owner_state *out, size_t *count)
{
    *count = json_array_size(list);
    if (!json_is_array(list) || *count > OWNER_STATES)
        return false;
    for (size_t i = 0; i < *count; i++) {
        const json_t *row = json_array_get(list, i);
        out[i].saved_utc_ms = json_integer_value(json_object_get(row, "saved_utc_ms"));
        if (!text_of(row, "service", out[i].service, sizeof out[i].service) ||
            !text_of(row, "status", out[i].status, sizeof out[i].status))
            return false;
    }
    return true;
}

static bool read_numbers(const json_t *object, struct owner_answer *out)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        const json_t *value = json_object_get(object, numbers[i].name);
        int64_t wide = json_integer_value(value);
        int narrow = (int)wide;
        if (!json_is_integer(value))
            return false;
        memcpy((char *)out + numbers[i].offset,
               numbers[i].wide ? (const void *)&wide : (const void *)&narrow,
               numbers[i].wide ? sizeof wide : sizeof narrow);
    }
    return true;
}

static bool read_result(const json_t *object, enum track_result *out)
{
    const char *text = json_string_value(json_object_get(object, "result"));
    for (int i = 0; text && i < RESULTS; i++)
        if (results[i] && text_equal(results[i], text)) {
            *out = (enum track_result)i;
            return true;
        }
    return false;
}

static bool read_answer(const json_t *object, struct owner_answer *out)
{
    const json_t *signature = json_object_get(object, "signature_outstanding");
    *out = (struct owner_answer){.signature_outstanding = json_is_true(signature)};
    return json_is_boolean(signature) && read_result(object, &out->result) &&
           text_of(object, "service", out->service, sizeof out->service) &&
           text_of(object, "status", out->status, sizeof out->status) &&
           read_numbers(object, out) &&
           read_ids(json_object_get(object, "wanted"), out->wanted, OWNER_WANTED,
                    &out->wanted_count) &&
           read_ids(json_object_get(object, "missing"), out->missing, DRAFT_PAPERS,
                    &out->missing_count) &&
           read_states(json_object_get(object, "items"), out->items, &out->item_count) &&
           read_states(json_object_get(object, "linked"), out->linked, &out->linked_count);
}

static bool read_question(const struct district *district, const struct http_exchange *exchange,
                          struct owner_question *out)
{
    *out = (struct owner_question){0};
    json_t *object =
        exchange->length <= QUESTION_BYTES
            ? json_loadb(exchange->body, exchange->length, JSON_REJECT_DUPLICATES, NULL)
            : NULL;
    const char *token = json_string_value(json_object_get(object, "token"));
    bool good = token && lookup_hash(district->options.crypto, token, out->token_hash) &&
                text_of(object, "factor", out->factor, sizeof out->factor) &&
                track_factor_is_whole(out->factor);
    json_decref(object);
    return good;
}

// ------------------------------------------------------------------ both ends

void district_handle_owner(void *context, struct http_exchange *exchange)
{
    struct district *district = context;
    struct owner_question question;
    struct owner_answer answer;
    struct fail why = {0};
    if (!text_equal(exchange->method, "POST") || !text_equal(exchange->path, "/v1/owner")) {
        exchange->status = 404;
    } else if (!read_question(district, exchange, &question)) {
        exchange->status = 400;
    } else if (owner_judge(district, &question, &answer, &why)) {
        log_fail(LOG_WARNING, "district", "owner", &why);
        exchange->status = 503;
    } else {
        json_answer(exchange, 200, answer_json(&answer));
    }
    memory_wipe(&question, sizeof question);
}

static enum err ask_over(struct http_client *client, const char *body, struct owner_answer *out,
                         struct fail *why)
{
    struct http_response response = {0};
    struct http_request request = {.method = "POST",
                                   .url = "http://owner/v1/owner",
                                   .body = body,
                                   .length = strlen(body),
                                   .type = "application/json",
                                   .timeout_ms = ASK_TIMEOUT_MS};
    strbuf_init(&response.body, ANSWER_BYTES);
    enum err err = client->ops->perform(client->self, &request, &response, why);
    if (!err && response.status != 200)
        err = fail_set(why, ERR_RETRY, "the owner's desk answered %d", response.status);
    json_t *object = err ? NULL
                         : json_loadb(strbuf_text(&response.body), response.body.length,
                                      JSON_REJECT_DUPLICATES, NULL);
    if (!err && !read_answer(object, out))
        err = fail_set(why, ERR_RETRY, "the owner's desk answered something else");
    json_decref(object);
    strbuf_free(&response.body);
    return err;
}

static enum err ask_far(void *self, const struct owner_question *question, struct owner_answer *out,
                        struct fail *why)
{
    char body[QUESTION_BYTES / 4], token[2 * CRYPTO_HASH + 1];
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        snprintf(token + 2 * i, 3, "%02x", question->token_hash[i]);
    snprintf(body, sizeof body, "{\"token\": \"%s\", \"factor\": \"%s\"}", token, question->factor);
    enum err err = ask_over(self, body, out, why);
    memory_wipe(body, sizeof body);
    return err;
}

void owner_desk_far(struct http_client *client, struct owner_desk *out)
{
    static const struct owner_desk_ops operations = {ask_far};
    *out = (struct owner_desk){&operations, client};
}
