// SPDX-License-Identifier: GPL-3.0-or-later
#include "lookup_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdlib.h>
#include <string.h>

bool lookup_hash(const struct crypto *crypto, const char *text, uint8_t out[CRYPTO_HASH])
{
    struct strbuf bytes;
    strbuf_init(&bytes, CRYPTO_HASH);
    bool good = strlen(text) == TRACKING_HASH_TEXT - 1 &&
                crypto->ops->hex_decode(crypto->self, text, strlen(text), &bytes) == ERR_OK &&
                bytes.length == CRYPTO_HASH;
    if (good)
        memcpy(out, bytes.data, CRYPTO_HASH);
    strbuf_free(&bytes);
    return good;
}

static bool read_renewal(const json_t *object, struct renewal *out)
{
    char *text = json_dumps(object, JSON_COMPACT);
    bool good = text && renewal_read(text, strlen(text), out, NULL) == ERR_OK;
    free(text);
    return good;
}

// The code of a receipt. A kiosk of a version before sends its hash: that finds a case, and is no
// proof.
static bool read_token(const struct crypto *crypto, const char *text, struct lookup_request *out)
{
    char hash[TRACKING_HASH_TEXT];
    out->has_code = strlen(text) == LIMIT_TOKEN_TEXT - 1 &&
                    tracking_token_hash(crypto, text, hash, NULL) == ERR_OK;
    return lookup_hash(crypto, out->has_code ? hash : text, out->token);
}

static bool read_all(const struct crypto *crypto, const json_t *body, struct lookup_request *out)
{
    const char *number = json_string_value(json_object_get(body, "number"));
    const char *factor = json_string_value(json_object_get(body, "factor"));
    const json_t *token = json_object_get(body, "token");
    const json_t *renewal = json_object_get(body, "renewal");
    struct receipt_number parsed;
    if (!number || !factor || !text_copy(out->number, sizeof out->number, number) ||
        receipt_number_parse(number, &parsed, NULL) != ERR_OK || !track_factor_is_whole(factor))
        return false;
    text_copy(out->factor, sizeof out->factor, factor);
    out->has_token = token != NULL;
    if (token && (!json_is_string(token) || !read_token(crypto, json_string_value(token), out)))
        return false;
    out->has_renewal = renewal != NULL;
    return !renewal || read_renewal(renewal, &out->renewal);
}

bool lookup_read(const struct crypto *crypto, const void *body, size_t length,
                 struct lookup_request *out)
{
    *out = (struct lookup_request){0};
    json_t *object =
        length <= LOOKUP_BODY ? json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool good = json_is_object(object) && read_all(crypto, object, out);
    json_decref(object);
    return good;
}
