// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/sync/enroll.h"

#include "sync_internal.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char begin_mark[] = "-----BEGIN CERTIFICATE-----";
static const char end_mark[] = "-----END CERTIFICATE-----";
enum { CERTIFICATE_BYTES = 16 << 10 };

// The hash half of a code; NULL when it is not one.
static const char *hash_of_code(const char *code)
{
    const char *dot = strchr(code, '.');
    return dot && dot > code && strlen(dot + 1) == 2 * (size_t)CRYPTO_HASH ? dot + 1 : NULL;
}

static bool has_hash(const struct crypto *crypto, const char *block, size_t length,
                     const char *wanted)
{
    struct strbuf text, der, hex;
    strbuf_init(&text, CERTIFICATE_BYTES);
    strbuf_init(&der, CERTIFICATE_BYTES);
    strbuf_init(&hex, (size_t)2 * CRYPTO_HASH);
    for (size_t i = 0; i < length; i++)
        if (!strchr("\r\n \t", block[i]))
            strbuf_addc(&text, block[i]);
    bool is_same = false;
    if (crypto->ops->base64_decode(crypto->self, strbuf_text(&text), text.length, false, &der) ==
        ERR_OK) {
        uint8_t digest[CRYPTO_DIGEST_MAX];
        crypto->ops->digest(crypto->self, DIGEST_SHA256, strbuf_text(&der), der.length, digest);
        crypto->ops->hex_encode(crypto->self, digest, CRYPTO_HASH, &hex);
        is_same = text_equal(strbuf_text(&hex), wanted);
    }
    strbuf_free(&text);
    strbuf_free(&der);
    strbuf_free(&hex);
    return is_same;
}

enum err enroll_pick_authority(const struct crypto *crypto, const char *code, const char *chain,
                               struct strbuf *ca, struct fail *why)
{
    const char *wanted = hash_of_code(code);
    if (!wanted)
        return fail_set(why, ERR_INPUT, "this is not an enrolment code");
    const char *begin = chain;
    while ((begin = strstr(begin, begin_mark)) != NULL) {
        const char *body = begin + strlen(begin_mark), *end = strstr(body, end_mark);
        if (!end)
            break;
        if (has_hash(crypto, body, (size_t)(end - body), wanted)) {
            strbuf_add(ca, begin, (size_t)(end - begin));
            strbuf_addf(ca, "%s\n", end_mark);
            return strbuf_result(ca, why);
        }
        begin = end;
    }
    return fail_set(why, ERR_DENIED, "the server does not belong to the district of this code");
}

static char *compose(const struct crypto *crypto, const struct enroll_request *request)
{
    struct strbuf key;
    strbuf_init(&key, 64);
    crypto->ops->base64_encode(crypto->self, request->public_key, CRYPTO_PUBLIC, true, &key);
    json_t *body = json_pack("{s:s%, s:s, s:s}", "code", request->code,
                             (size_t)(strchr(request->code, '.') - request->code), "csr",
                             request->signing_request, "public_key", strbuf_text(&key));
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    strbuf_free(&key);
    return text;
}

static bool take_text(const json_t *answer, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(answer, name));
    return text && text_copy(out, room, text);
}

static bool take_long_text(const json_t *answer, const char *name, struct strbuf *out)
{
    const char *text = json_string_value(json_object_get(answer, name));
    if (text)
        strbuf_adds(out, text);
    return text && !out->failed;
}

static bool take_key(const struct crypto *crypto, const json_t *answer, const char *name,
                     uint8_t *out)
{
    char text[64];
    struct strbuf key;
    strbuf_init(&key, CRYPTO_PUBLIC);
    bool good =
        take_text(answer, name, text, sizeof text) &&
        crypto->ops->base64_decode(crypto->self, text, strlen(text), true, &key) == ERR_OK &&
        key.length == CRYPTO_PUBLIC;
    if (good)
        memcpy(out, key.data, CRYPTO_PUBLIC);
    strbuf_free(&key);
    return good;
}

static enum err read_answer(const struct crypto *crypto, const struct http_response *response,
                            struct enroll_result *out, struct fail *why)
{
    if (response->status == 401 || response->status == 403)
        return fail_set(why, ERR_DENIED, "the code is used, unknown or too old");
    if (response->status != 200)
        return fail_set(why, response->status < 500 ? ERR_INPUT : ERR_RETRY,
                        "enrolment answered %d", response->status);
    json_t *answer = json_loadb(strbuf_text(&response->body), response->body.length,
                                JSON_REJECT_DUPLICATES, NULL);
    const json_t *incarnation = json_object_get(answer, "incarnation");
    out->incarnation = (int)json_integer_value(incarnation);
    bool good =
        json_is_integer(incarnation) && out->incarnation >= 0 && out->incarnation <= 9 &&
        take_text(answer, "device_id", out->device_id, sizeof out->device_id) &&
        take_text(answer, "key_id", out->key_id, sizeof out->key_id) &&
        take_text(answer, "counter", out->counter, sizeof out->counter) &&
        take_text(answer, "sealing_key_id", out->sealing_key_id, sizeof out->sealing_key_id) &&
        take_text(answer, "public_host", out->public_host, sizeof out->public_host) &&
        take_long_text(answer, "certificate", &out->certificate) &&
        take_long_text(answer, "sealing_key", &out->sealing_key) &&
        take_key(crypto, answer, "content_key", out->content_key) &&
        take_key(crypto, answer, "district_key", out->district_key);
    json_decref(answer);
    if (!http_date_parse(response->date, &out->district_utc_ms))
        out->district_utc_ms = 0;
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "the answer to the enrolment is not complete");
}

enum err enroll_send(const struct http_client *http, const struct crypto *crypto,
                     const struct enroll_request *request, struct enroll_result *out,
                     struct fail *why)
{
    if (!hash_of_code(request->code))
        return fail_set(why, ERR_INPUT, "this is not an enrolment code");
    char *body = compose(crypto, request);
    if (!body)
        return fail_set(why, ERR_RETRY, "out of memory");
    char url[600];
    snprintf(url, sizeof url, "%s/v1/enroll", request->server);
    struct http_request post = {.method = "POST",
                                .url = url,
                                .body = body,
                                .length = strlen(body),
                                .type = "application/json",
                                .timeout_ms = request->timeout_ms};
    struct http_response response = {0};
    strbuf_init(&response.body, LIMIT_HTTP_REPLY);
    enum err err = http->ops->perform(http->self, &post, &response, why);
    if (!err)
        err = read_answer(crypto, &response, out, why);
    strbuf_free(&response.body);
    free(body);
    return err ? fail_prefix(why, err, "enrolling") : ERR_OK;
}
