// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/owner_lock.h"

#include "yimen/base/text.h"
#include "yimen/case/tracking.h"

#include <stdio.h>
#include <string.h>

enum { PLACE = 96 };
static const char domain[] = "yimen/owner/1";

void owner_lock_draw(const struct crypto *crypto, struct ticket *out)
{
    ticket_make(crypto, TICKET_CHOSEN, out);
    memory_wipe(out->key, sizeof out->key); // the other half of this key is the box's
}

enum err owner_lock_key(const struct crypto *crypto, const char *factor, struct owner_lock *lock,
                        struct fail *why)
{
    struct ticket order = {.code = TICKET_CHOSEN};
    text_copy(order.id, sizeof order.id, lock->salt);
    return ticket_key(crypto, &order, factor, lock->key, why);
}

// The token has all the bits that a key needs: nothing slow is wanted here.
static enum err token_key(const struct crypto *crypto, const char *token, uint8_t out[CRYPTO_KEY],
                          struct fail *why)
{
    struct strbuf bytes;
    uint8_t wide[CRYPTO_KEY] = {0};
    strbuf_init(&bytes, TRACKING_TOKEN);
    enum err err = crypto->ops->base64_decode(crypto->self, token, strlen(token), true, &bytes);
    if (!err && bytes.length != TRACKING_TOKEN)
        err = ERR_INPUT;
    if (!err) {
        memcpy(wide, bytes.data, TRACKING_TOKEN);
        crypto->ops->hmac_sha256(crypto->self, wide, domain, sizeof domain, out);
    }
    memory_wipe(wide, sizeof wide);
    strbuf_free(&bytes);
    return err ? fail_set(why, ERR_INPUT, "not a token") : ERR_OK;
}

static void place_of(const char *instance, char out[PLACE])
{
    snprintf(out, PLACE, "%s %s", domain, instance);
}

enum err owner_lock_close(const struct crypto *crypto, const char *token, const char *instance,
                          const struct owner_lock *lock, struct strbuf *box, struct fail *why)
{
    uint8_t key[CRYPTO_KEY];
    char place[PLACE];
    place_of(instance, place);
    enum err err = token_key(crypto, token, key, why);
    if (!err && crypto->ops->seal(crypto->self, key, place, lock->key, sizeof lock->key, box))
        err = fail_set(why, ERR_RETRY, "sealing whose a case is");
    memory_wipe(key, sizeof key);
    return err;
}

enum err owner_lock_open(const struct crypto *crypto, const char *token, const char *instance,
                         const struct bytes *box, uint8_t out[CRYPTO_KEY], struct fail *why)
{
    uint8_t key[CRYPTO_KEY];
    char place[PLACE];
    struct strbuf plain;
    strbuf_init(&plain, CRYPTO_KEY);
    place_of(instance, place);
    enum err err = token_key(crypto, token, key, why);
    if (!err && (crypto->ops->open(crypto->self, key, place, box->data, box->length, &plain) ||
                 plain.length != CRYPTO_KEY))
        err = fail_set(why, ERR_DENIED, "this token does not open it");
    if (!err)
        memcpy(out, plain.data, CRYPTO_KEY);
    strbuf_free(&plain);
    memory_wipe(key, sizeof key);
    return err;
}
