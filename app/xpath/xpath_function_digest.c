// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that need the crypto port: digests, base64, random ids. Also the names of functions a
// kiosk does not offer.
#include "xpath_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <assert.h>
#include <string.h>

enum err xpath_need_crypto(struct xpath_evaluation *evaluation, const struct xpath_call *call)
{
    const struct crypto *crypto = evaluation->host->crypto;
    if (crypto != NULL && crypto->ops != NULL)
        return ERR_OK;
    return fail_set(evaluation->why, ERR_TECHNICIAN,
                    "%s() at %zu needs the crypto port, which is not there", call->node->text,
                    call->node->function_position);
}

enum err xpath_random(struct xpath_evaluation *evaluation, double *out)
{
    const struct crypto *crypto = evaluation->host->crypto;
    uint64_t bits = 0;
    crypto->ops->random(crypto->self, &bits, sizeof bits);
    *out = (double)(bits >> 11) * 0x1p-53;
    return ERR_OK;
}

// ------------------------------------------------------------------ digest

static const struct {
    const char *name;
    enum crypto_digest kind;
} digests[] = {
    {"MD5", DIGEST_MD5},        {"SHA-1", DIGEST_SHA1},     {"SHA-256", DIGEST_SHA256},
    {"SHA-384", DIGEST_SHA384}, {"SHA-512", DIGEST_SHA512},
};

static enum err write_digest(struct xpath_evaluation *evaluation, char *const arguments[3],
                             struct strbuf *out)
{
    const struct crypto *crypto = evaluation->host->crypto;
    assert(arguments[0] && arguments[1]);
    bool hex = arguments[2] != NULL && text_equal(arguments[2], "hex");
    if (!hex && arguments[2] != NULL && !text_equal(arguments[2], "base64"))
        return fail_set(evaluation->why, ERR_INPUT,
                        "digest() knows the encodings hex and base64 only");
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        if (!text_equal(arguments[1], digests[i].name))
            continue;
        uint8_t digest[CRYPTO_DIGEST_MAX];
        size_t length = crypto->ops->digest(crypto->self, digests[i].kind, arguments[0],
                                            strlen(arguments[0]), digest);
        if (hex)
            crypto->ops->hex_encode(crypto->self, digest, length, out);
        else
            crypto->ops->base64_encode(crypto->self, digest, length, false, out);
        return ERR_OK;
    }
    return fail_set(evaluation->why, ERR_INPUT,
                    "digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512 only");
}

static enum err call_digest(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    char *arguments[3] = {NULL, NULL, NULL};
    enum err err = xpath_need_crypto(evaluation, call);
    for (size_t i = 0; err == ERR_OK && i < call->count; i++)
        err = xpath_argument_string(evaluation, call, i, &arguments[i]);
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    if (err == ERR_OK)
        err = write_digest(evaluation, arguments, &text);
    if (err == ERR_OK)
        err = xpath_set_buffer(evaluation, out, &text);
    strbuf_free(&text);
    for (size_t i = 0; i < 3; i++)
        xpath_string_free(arguments[i]);
    return err;
}

// ------------------------------------------------------------------ base64

/// Base64 without its white space, and with the padding that writers leave out.
static void tidy_base64(const char *text, struct strbuf *out)
{
    const char *token;
    size_t length;
    while (xpath_next_token(&text, &token, &length))
        strbuf_add(out, token, length);
    while (out->length % 4 != 0 && out->length % 4 != 1 && !out->failed)
        strbuf_addc(out, '=');
}

/// What is not base64, or is not UTF-8 when decoded, reads as ''.
static enum err call_base64_decode(struct xpath_evaluation *evaluation,
                                   const struct xpath_call *call, struct xpath_value *out)
{
    char *text = NULL;
    enum err err = xpath_need_crypto(evaluation, call);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 0, &text);
    if (err != ERR_OK)
        return err;
    const struct crypto *crypto = evaluation->host->crypto;
    struct strbuf tidy, plain;
    strbuf_init(&tidy, XPATH_MAXIMUM_STRING);
    strbuf_init(&plain, XPATH_MAXIMUM_STRING);
    tidy_base64(text, &tidy);
    bool decoded = crypto->ops->base64_decode(crypto->self, strbuf_text(&tidy), tidy.length, false,
                                              &plain) == ERR_OK;
    if (!decoded || !text_is_utf8(strbuf_text(&plain), plain.length))
        strbuf_clear(&plain);
    strbuf_free(&tidy);
    xpath_string_free(text);
    return xpath_set_buffer(evaluation, out, &plain);
}

// ------------------------------------------------------------------ uuid

static void random_letters(const struct crypto *crypto, size_t count, struct strbuf *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    enum { LETTERS = sizeof letters - 1 };
    while (out->length < count) {
        uint8_t byte = 0;
        crypto->ops->random(crypto->self, &byte, 1);
        if (byte < 256 / LETTERS * LETTERS) // each letter equally often
            strbuf_addc(out, letters[byte % LETTERS]);
    }
}

static void random_uuid(const struct crypto *crypto, struct strbuf *out)
{
    uint8_t bytes[16];
    crypto->ops->random(crypto->self, bytes, sizeof bytes);
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof bytes; i++)
        strbuf_addf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
}

/// uuid(): version 4. uuid(n): n letters and digits.
static enum err call_uuid(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    double length = 0;
    enum err err = xpath_need_crypto(evaluation, call);
    if (err == ERR_OK && call->count > 0)
        err = xpath_argument_number(evaluation, call, 0, &length);
    if (err == ERR_OK && call->count > 0 && !(length >= 1 && length <= LIMIT_ANSWER))
        err = fail_set(evaluation->why, ERR_INPUT, "uuid() takes a length from 1 to %d",
                       LIMIT_ANSWER);
    if (err != ERR_OK)
        return err;
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    if (call->count > 0)
        random_letters(evaluation->host->crypto, (size_t)length, &text);
    else
        random_uuid(evaluation->host->crypto, &text);
    return xpath_set_buffer(evaluation, out, &text);
}

const struct xpath_function xpath_digest_functions[] = {
    {"digest", 2, 3, 0, call_digest, NULL},
    {"base64-decode", 1, 1, 0, call_base64_decode, NULL},
    {"uuid", 0, 1, FUNCTION_VOLATILE | FUNCTION_RANDOM, call_uuid, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};

/// Known names: a form that uses one loads, and its question says that it is not offered on this
/// kiosk.
const struct xpath_function xpath_unsupported_functions[] = {
    {"area", 0, -1, FUNCTION_UNSUPPORTED, NULL, NULL},
    {"distance", 0, -1, FUNCTION_UNSUPPORTED, NULL, NULL},
    {"geofence", 0, -1, FUNCTION_UNSUPPORTED, NULL, NULL},
    {"intersects", 0, -1, FUNCTION_UNSUPPORTED, NULL, NULL},
    {"extract-signed", 0, -1, FUNCTION_UNSUPPORTED, NULL, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
