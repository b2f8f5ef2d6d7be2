// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/ticket.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char PREFIX[] = "YT1:", DOMAIN[] = "yimen/ticket/1";

enum {
    ID_BYTES = 16,
    PAYLOAD = 1 + ID_BYTES + CRYPTO_KEY,
    OPERATIONS = 3, // half as much again as for staff PINs
    MEMORY_BYTES = 64 << 20,
    LENGTH_BYTES = 4, // in front of the plain text, before the padding
    LEAST_PADDED = 8 << 10,
    SEALED_EXTRA = 64, // suite, nonce, authentication
};

static void id_write(const struct crypto *crypto, const uint8_t bytes[ID_BYTES],
                     char out[TICKET_ID_TEXT])
{
    struct strbuf hex;
    strbuf_init(&hex, TICKET_ID_TEXT);
    crypto->ops->hex_encode(crypto->self, bytes, ID_BYTES, &hex);
    text_copy(out, TICKET_ID_TEXT, strbuf_text(&hex));
    strbuf_free(&hex);
}

bool ticket_id_is_good(const char *id)
{
    return strlen(id) == TICKET_ID_TEXT - 1 && strspn(id, "0123456789abcdef") == TICKET_ID_TEXT - 1;
}

void ticket_make(const struct crypto *crypto, enum ticket_code code, struct ticket *out)
{
    uint8_t id[ID_BYTES];
    *out = (struct ticket){.code = code};
    crypto->ops->random(crypto->self, id, sizeof id);
    crypto->ops->random(crypto->self, out->key, sizeof out->key);
    id_write(crypto, id, out->id);
}

void ticket_text(const struct crypto *crypto, const struct ticket *ticket, char out[TICKET_TEXT])
{
    uint8_t payload[PAYLOAD] = {(uint8_t)ticket->code};
    struct strbuf id, text;
    strbuf_init(&id, ID_BYTES + 1);
    strbuf_init(&text, TICKET_TEXT);
    if (crypto->ops->hex_decode(crypto->self, ticket->id, strlen(ticket->id), &id) == ERR_OK &&
        id.length == ID_BYTES)
        memcpy(payload + 1, id.data, ID_BYTES);
    memcpy(payload + 1 + ID_BYTES, ticket->key, CRYPTO_KEY);
    strbuf_adds(&text, PREFIX);
    crypto->ops->base64_encode(crypto->self, payload, sizeof payload, true, &text);
    text_copy(out, TICKET_TEXT, strbuf_text(&text));
    memory_wipe(payload, sizeof payload);
    strbuf_free(&id);
    strbuf_free(&text);
}

enum err ticket_parse(const struct crypto *crypto, const char *text, struct ticket *out,
                      struct fail *why)
{
    struct strbuf payload;
    memset(out, 0, sizeof *out);
    if (!text_starts(text, PREFIX) || strlen(text) != TICKET_TEXT - 1)
        return fail_set(why, ERR_INPUT, "no ticket");
    const char *coded = text + sizeof PREFIX - 1;
    strbuf_init(&payload, PAYLOAD + 1);
    enum err err = crypto->ops->base64_decode(crypto->self, coded, strlen(coded), true, &payload);
    const uint8_t *bytes = (const uint8_t *)payload.data;
    if (!err && (payload.length != PAYLOAD || bytes[0] > TICKET_CHOSEN))
        err = fail_set(why, ERR_INPUT, "no ticket that is known here");
    if (!err) {
        out->code = (enum ticket_code)bytes[0];
        id_write(crypto, bytes + 1, out->id);
        memcpy(out->key, bytes + 1 + ID_BYTES, CRYPTO_KEY);
    }
    strbuf_free(&payload);
    return err;
}

enum err ticket_key(const struct crypto *crypto, const struct ticket *ticket,
                    const char code[TICKET_CODE_TEXT], uint8_t out[CRYPTO_KEY], struct fail *why)
{
    uint8_t digest[CRYPTO_DIGEST_MAX], slow[CRYPTO_KEY];
    char mixed[sizeof DOMAIN + CRYPTO_KEY];
    crypto->ops->digest(crypto->self, DIGEST_SHA256, ticket->id, strlen(ticket->id), digest);
    enum err err = crypto->ops->password_key(crypto->self, code, strlen(code), digest, OPERATIONS,
                                             MEMORY_BYTES, slow);
    if (err)
        return fail_set(why, err, "no memory for the key of a draft");
    memcpy(mixed, DOMAIN, sizeof DOMAIN);
    memcpy(mixed + sizeof DOMAIN, slow, sizeof slow);
    crypto->ops->hmac_sha256(crypto->self, ticket->key, mixed, sizeof mixed, out);
    memory_wipe(mixed, sizeof mixed);
    memory_wipe(slow, sizeof slow);
    return ERR_OK;
}

static void place_of(const char *id, int64_t revision, char out[80])
{
    (void)snprintf(out, 80, "yimen/draft/1 %s %lld", id, (long long)revision);
}

// Few lengths: how much somebody has written is nobody's business.
static size_t padded(size_t length)
{
    size_t size = LEAST_PADDED;
    while (size < length)
        size *= 2;
    return size;
}

enum err ticket_seal(const struct crypto *crypto, const uint8_t key[CRYPTO_KEY], const char *id,
                     int64_t revision, const void *plain, size_t length, struct strbuf *out,
                     struct fail *why)
{
    size_t size = padded(length + LENGTH_BYTES);
    char place[80];
    if (length > LIMIT_DRAFT_BYTES || size > LIMIT_DRAFT_BYTES)
        return fail_set(why, ERR_FULL, "a draft of %zu bytes", length);
    struct strbuf whole;
    strbuf_init(&whole, size);
    for (int shift = 0; shift < 8 * LENGTH_BYTES; shift += 8)
        strbuf_addc(&whole, (char)(length >> shift & 0xFF));
    strbuf_add(&whole, plain, length);
    while (whole.length < size && !whole.failed)
        strbuf_addc(&whole, '\0');
    place_of(id, revision, place);
    enum err err = strbuf_result(&whole, why);
    if (!err)
        err = crypto->ops->seal(crypto->self, key, place, whole.data, whole.length, out);
    strbuf_free(&whole);
    return err ? fail_prefix(why, err, "sealing a draft") : ERR_OK;
}

enum err ticket_open(const struct crypto *crypto, const uint8_t key[CRYPTO_KEY], const char *id,
                     int64_t revision, const void *sealed, size_t length, struct strbuf *out,
                     struct fail *why)
{
    struct strbuf whole;
    char place[80];
    size_t said = 0;
    if (length > LIMIT_DRAFT_BYTES + SEALED_EXTRA)
        return fail_set(why, ERR_FULL, "a sealed draft of %zu bytes", length);
    strbuf_init(&whole, LIMIT_DRAFT_BYTES);
    place_of(id, revision, place);
    enum err err = crypto->ops->open(crypto->self, key, place, sealed, length, &whole);
    if (err)
        (void)fail_set(why, err, "a draft that this key does not open");
    for (int i = 0; !err && i < LENGTH_BYTES && (size_t)i < whole.length; i++)
        said |= (size_t)(unsigned char)whole.data[i] << (8 * i);
    if (!err && (whole.length < LENGTH_BYTES || said > whole.length - LENGTH_BYTES))
        err = fail_set(why, ERR_CORRUPT, "a draft that says a wrong length");
    if (!err) {
        strbuf_add(out, whole.data + LENGTH_BYTES, said);
        err = strbuf_result(out, why);
    }
    strbuf_free(&whole);
    return err;
}
