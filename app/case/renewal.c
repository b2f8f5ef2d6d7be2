// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/renewal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char domain[] = "yimen/token/1";
enum { LINES = 512 };

// A value with a control character would give the lines another reading.
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

static enum err signed_lines(const struct renewal *renewal, struct strbuf *out, struct fail *why)
{
    if (!is_plain(renewal->receipt) || !is_plain(renewal->instance) ||
        !is_plain(renewal->token_hash) || !is_plain(renewal->key_id))
        return fail_set(why, ERR_INPUT, "a control character in a renewed token");
    strbuf_addf(out, "receipt %s\ninstance %s\ntoken %s\nprint %d\nat %lld\nkey %s\n",
                renewal->receipt, renewal->instance, renewal->token_hash, renewal->print,
                (long long)renewal->utc_ms, renewal->key_id);
    return strbuf_result(out, why);
}

enum err renewal_sign(const struct crypto *crypto, const uint8_t secret[CRYPTO_SECRET],
                      struct renewal *renewal, struct fail *why)
{
    struct strbuf lines, text;
    uint8_t signature[CRYPTO_SIGNATURE];
    strbuf_init(&lines, LINES);
    strbuf_init(&text, sizeof renewal->signature);
    enum err err = signed_lines(renewal, &lines, why);
    if (!err)
        err = crypto->ops->sign(crypto->self, secret, domain, lines.data, lines.length, signature);
    if (!err) {
        crypto->ops->base64_encode(crypto->self, signature, sizeof signature, true, &text);
        text_copy(renewal->signature, sizeof renewal->signature, strbuf_text(&text));
    }
    strbuf_free(&lines);
    strbuf_free(&text);
    return err;
}

enum err renewal_verify(const struct crypto *crypto, const uint8_t key[CRYPTO_PUBLIC],
                        const struct renewal *renewal, struct fail *why)
{
    struct strbuf lines, signature;
    strbuf_init(&lines, LINES);
    strbuf_init(&signature, CRYPTO_SIGNATURE);
    enum err err = signed_lines(renewal, &lines, why);
    if (!err)
        err = crypto->ops->base64_decode(crypto->self, renewal->signature,
                                         strlen(renewal->signature), true, &signature);
    if (!err && signature.length != CRYPTO_SIGNATURE)
        err = ERR_DENIED;
    if (!err)
        err = crypto->ops->verify(crypto->self, key, domain, lines.data, lines.length,
                                  (const uint8_t *)signature.data);
    strbuf_free(&lines);
    strbuf_free(&signature);
    return err ? fail_set(why, ERR_DENIED, "the renewed token is not signed by that device")
               : ERR_OK;
}

enum err renewal_write(const struct renewal *renewal, struct strbuf *out, struct fail *why)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:i, s:I, s:s, s:s}", "receipt", renewal->receipt, "instance",
                  renewal->instance, "token", renewal->token_hash, "print", renewal->print, "at",
                  (json_int_t)renewal->utc_ms, "key", renewal->key_id, "sig", renewal->signature);
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        return fail_set(why, ERR_RETRY, "no memory");
    strbuf_adds(out, text);
    free(text);
    return strbuf_result(out, why);
}

static bool take(const json_t *object, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && text_copy(out, room, text);
}

static bool read_all(const json_t *object, struct renewal *out)
{
    const json_t *print = json_object_get(object, "print"), *at = json_object_get(object, "at");
    struct receipt_number number;
    out->print = (int)json_integer_value(print);
    out->utc_ms = json_integer_value(at);
    return json_is_integer(print) && json_integer_value(print) >= 2 &&
           json_integer_value(print) < 10000 && json_is_integer(at) &&
           take(object, "receipt", out->receipt, sizeof out->receipt) &&
           take(object, "instance", out->instance, sizeof out->instance) &&
           take(object, "token", out->token_hash, sizeof out->token_hash) &&
           take(object, "key", out->key_id, sizeof out->key_id) &&
           take(object, "sig", out->signature, sizeof out->signature) &&
           strlen(out->token_hash) == TRACKING_HASH_TEXT - 1 &&
           text_starts(out->instance, "uuid:") &&
           receipt_number_parse(out->receipt, &number, NULL) == ERR_OK;
}

enum err renewal_read(const char *json, size_t length, struct renewal *out, struct fail *why)
{
    *out = (struct renewal){0};
    json_t *object =
        length <= RENEWAL_BYTES ? json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool good = json_is_object(object) && read_all(object, out);
    json_decref(object);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "not a renewed token");
}
