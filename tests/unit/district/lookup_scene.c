// SPDX-License-Identifier: GPL-3.0-or-later
#include "lookup_scene.h"

#include "yimen/base/text.h"
#include "yimen/sync/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    struct line *line = self;
    (void)why;
    const char *path = strstr(request->url, "/v1/");
    char body[4096];
    snprintf(body, sizeof body, "%.*s", (int)request->length, (const char *)request->body);
    const struct bench_answer *answer = bench_ask(line->bench, request->method, path, body, NULL);
    response->status = line->status = answer->status;
    strbuf_clear(&response->body);
    strbuf_adds(&response->body, answer->body);
    return ERR_OK;
}

static const struct http_client_ops ops = {.perform = perform};

int open_counter(void **state)
{
    struct line *line = calloc(1, sizeof *line);
    line->bench = calloc(1, sizeof *line->bench);
    line->http = (struct http_client){&ops, line};
    bench_open(line->bench);
    *state = line;
    return 0;
}

int close_counter(void **state)
{
    struct line *line = *state;
    bench_close(line->bench);
    free(line->bench);
    free(line);
    return 0;
}

struct bench_submission *save(struct line *line, const struct bench_record *record)
{
    struct bench_submission *one = calloc(1, sizeof *one);
    bench_submission(line->bench, record, one);
    size_t at = line->receipt_count++;
    assert_true(at < sizeof line->receipts / sizeof line->receipts[0]);
    text_copy(line->receipts[at].number, LIMIT_RECEIPT_NUMBER, one->manifest.seal.receipt);
    text_copy(line->receipts[at].token, LIMIT_TOKEN_TEXT, one->tracking.token);
    return one;
}

struct tracking post(struct line *line, struct bench_submission *one)
{
    assert_int_equal(bench_post(line->bench, one, 0, 2)->status, 201);
    struct tracking tracking = one->tracking;
    bench_submission_free(one);
    free(one);
    return tracking;
}

struct tracking arrive(struct line *line, const struct bench_record *record)
{
    return post(line, save(line, record));
}

void open_all(struct line *line)
{
    int opened;
    struct fail why = {0};
    if (district_open_waiting(line->bench->district, &opened, &why))
        fail_msg("%s", why.text);
}

struct track_case *put(struct line *line, const struct track_question *question)
{
    struct bench *bench = line->bench;
    const struct lookup_options options = {.http = &line->http,
                                           .crypto = &bench->crypto,
                                           .clock = &bench->clock.clock,
                                           .server = "https://district:8443",
                                           .public_host = "localhost:8444",
                                           .device_key_id = bench->device.key_id,
                                           .signing_secret = bench->device_secret};
    return lookup_ask(&options, question);
}

const char *token_of(const struct line *line, const char *number)
{
    for (size_t i = 0; i < line->receipt_count; i++)
        if (text_equal(line->receipts[i].number, number))
            return line->receipts[i].token;
    return "";
}

struct track_case *ask_with(struct line *line, const char *number, const char *token,
                            const char *factor)
{
    struct track_question question = {.id = 4};
    text_copy(question.number, sizeof question.number, number);
    text_copy(question.token, sizeof question.token, token);
    text_copy(question.factor, sizeof question.factor, factor);
    return put(line, &question);
}

struct track_case *ask(struct line *line, const char *number, const char *factor)
{
    return ask_with(line, number, token_of(line, number), factor);
}

const char *proof_of(const struct line *line, const char *number, const char *factor)
{
    static char proof[LIMIT_TOKEN_TEXT + 8];
    snprintf(proof, sizeof proof, "%s %s", token_of(line, number), factor);
    return proof;
}

enum track_result result_of(struct track_case *told)
{
    enum track_result result = told->result;
    track_case_free(told);
    return result;
}

int tell_token_of(struct line *line, const char *receipt, const char *instance, int print,
                  const struct tracking *fresh)
{
    struct bench *bench = line->bench;
    struct renewal renewal = {.print = print, .utc_ms = 5};
    struct strbuf message;
    strbuf_init(&message, RENEWAL_BYTES);
    text_copy(renewal.receipt, sizeof renewal.receipt, receipt);
    text_copy(renewal.instance, sizeof renewal.instance, instance);
    text_copy(renewal.token_hash, sizeof renewal.token_hash, fresh->token_hash);
    text_copy(renewal.key_id, sizeof renewal.key_id, bench->device.key_id);
    assert_int_equal(renewal_sign(&bench->crypto, bench->device_secret, &renewal, NULL), ERR_OK);
    assert_int_equal(renewal_write(&renewal, &message, NULL), ERR_OK);
    int status = bench_ask(bench, "POST", "/v1/token", strbuf_text(&message), NULL)->status;
    strbuf_free(&message);
    return status;
}

struct tracking fresh_token(struct line *line, const char *receipt)
{
    struct bench *bench = line->bench;
    struct tracking fresh;
    assert_int_equal(tracking_make(&bench->crypto, bench->device_secret, "localhost:8444", receipt,
                                   &fresh, NULL),
                     ERR_OK);
    return fresh;
}
