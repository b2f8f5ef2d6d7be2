// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/tracking.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char domain[] = "yimen/receipt/1";

enum { TOKEN_TEXT = LIMIT_TOKEN_TEXT - 1, SIGNATURE_TEXT = TRACKING_SIGNATURE_TEXT - 1 };
enum { SIGNED_BYTES = TRACKING_TOKEN + RECEIPT_NUMBER_DIGITS };

// What is signed: the token's bytes and the number's digits, both of fixed length.
static void signed_bytes(const uint8_t token[TRACKING_TOKEN], const char *number,
                         uint8_t out[SIGNED_BYTES])
{
    memcpy(out, token, TRACKING_TOKEN);
    memcpy(out + TRACKING_TOKEN, number, RECEIPT_NUMBER_DIGITS);
}

static enum err encode(const struct crypto *crypto, const void *data, size_t length, char *out,
                       size_t room, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, room - 1);
    crypto->ops->base64_encode(crypto->self, data, length, true, &text);
    enum err err = strbuf_result(&text, why);
    if (!err)
        memcpy(out, text.data, text.length + 1);
    strbuf_free(&text);
    return err;
}

// Exactly `size` bytes from exactly `length` characters.
static enum err decode(const struct crypto *crypto, const char *text, size_t length, uint8_t *out,
                       size_t size, struct fail *why)
{
    struct strbuf data;
    strbuf_init(&data, size);
    memset(out, 0, size);
    enum err err = strlen(text) == length ? ERR_OK : ERR_INPUT;
    if (!err)
        err = crypto->ops->base64_decode(crypto->self, text, length, true, &data);
    if (!err && data.length == size)
        memcpy(out, data.data, size);
    else
        err = fail_set(why, ERR_INPUT, "not a tracking code");
    strbuf_free(&data);
    return err;
}

static enum err hash_token(const struct crypto *crypto, const uint8_t token[TRACKING_TOKEN],
                           char out[TRACKING_HASH_TEXT], struct fail *why)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    size_t length = crypto->ops->digest(crypto->self, DIGEST_SHA256, token, TRACKING_TOKEN, digest);
    struct strbuf text;
    strbuf_init(&text, TRACKING_HASH_TEXT - 1);
    crypto->ops->hex_encode(crypto->self, digest, length, &text);
    enum err err = strbuf_result(&text, why);
    if (!err)
        memcpy(out, text.data, text.length + 1);
    strbuf_free(&text);
    return err;
}

static enum err write_qr(const char *host, const char *number, struct tracking *out,
                         struct fail *why)
{
    int length = snprintf(out->qr_text, sizeof out->qr_text, "https://%s/t/%s?n=%s&s=%s", host,
                          out->token, number, out->signature);
    if (length < 0 || (size_t)length >= sizeof out->qr_text)
        return fail_set(why, ERR_BUG, "the QR text is too long");
    return ERR_OK;
}

enum err tracking_make(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                       const char *host, const char *number, struct tracking *out, struct fail *why)
{
    if (strlen(number) != RECEIPT_NUMBER_DIGITS)
        return fail_set(why, ERR_BUG, "a receipt number has %d digits", RECEIPT_NUMBER_DIGITS);
    if (strlen(host) >= LIMIT_HOST)
        return fail_set(why, ERR_INPUT, "the district's host must have at most %d characters",
                        LIMIT_HOST - 1);
    uint8_t token[TRACKING_TOKEN], message[SIGNED_BYTES], signature[CRYPTO_SIGNATURE];
    crypto->ops->random(crypto->self, token, sizeof token);
    signed_bytes(token, number, message);
    enum err err =
        crypto->ops->sign(crypto->self, secret_key, domain, message, sizeof message, signature);
    if (err)
        fail_set(why, err, "signing the tracking code");
    if (!err)
        err = encode(crypto, token, sizeof token, out->token, sizeof out->token, why);
    if (!err)
        err =
            encode(crypto, signature, sizeof signature, out->signature, sizeof out->signature, why);
    if (!err)
        err = hash_token(crypto, token, out->token_hash, why);
    if (!err)
        err = write_qr(host, number, out, why);
    memory_wipe(token, sizeof token);
    return err;
}

enum err tracking_verify(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                         const char *token, const char *number, const char *signature,
                         struct fail *why)
{
    uint8_t token_bytes[TRACKING_TOKEN], message[SIGNED_BYTES], bytes[CRYPTO_SIGNATURE];
    struct receipt_number parts;
    enum err err = receipt_number_parse(number, &parts, why);
    if (!err)
        err = decode(crypto, token, TOKEN_TEXT, token_bytes, sizeof token_bytes, why);
    if (!err)
        err = decode(crypto, signature, SIGNATURE_TEXT, bytes, sizeof bytes, why);
    if (err)
        return err;
    signed_bytes(token_bytes, number, message);
    err = crypto->ops->verify(crypto->self, public_key, domain, message, sizeof message, bytes);
    return err ? fail_set(why, err, "the tracking code is not signed by this kiosk") : ERR_OK;
}

enum err tracking_token_hash(const struct crypto *crypto, const char *token,
                             char out[TRACKING_HASH_TEXT], struct fail *why)
{
    uint8_t bytes[TRACKING_TOKEN];
    enum err err = decode(crypto, token, TOKEN_TEXT, bytes, sizeof bytes, why);
    return err ? err : hash_token(crypto, bytes, out, why);
}

// Copies `length` characters behind `*at`, which must be followed by `after`.
static bool take(const char **at, size_t length, const char *after, char *out)
{
    if (strnlen(*at, length) != length)
        return false;
    memcpy(out, *at, length);
    out[length] = '\0';
    *at += length;
    if (!text_starts(*at, after))
        return false;
    *at += strlen(after);
    return true;
}

enum err tracking_parse(const char *qr_text, struct tracking *out,
                        char number[LIMIT_RECEIPT_NUMBER], struct fail *why)
{
    *out = (struct tracking){0};
    // Scheme and host have no case: some readers turn them into capitals.
    bool is_address = strncasecmp(qr_text, "https://", 8) == 0;
    const char *at = is_address ? strstr(qr_text, "/t/") : NULL;
    bool good = at && text_copy(out->qr_text, sizeof out->qr_text, qr_text);
    if (good) {
        at += strlen("/t/");
        good = take(&at, TOKEN_TEXT, "?n=", out->token) &&
               take(&at, RECEIPT_NUMBER_DIGITS, "&s=", number) &&
               take(&at, SIGNATURE_TEXT, "", out->signature) && *at == '\0';
    }
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "not the QR code of a receipt");
}
