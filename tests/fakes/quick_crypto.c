// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/quick_crypto.h"

#include <string.h>

static uint64_t stir(uint64_t state, const void *data, size_t length)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < length; i++)
        state = (state ^ bytes[i]) * 0x100000001b3U;
    return state ^ (state >> 29);
}

// Every input counts, as with the real one.
static enum err password_key(void *self, const void *password, size_t length,
                             const uint8_t salt[CRYPTO_SALT], uint64_t operations,
                             size_t memory_bytes, uint8_t out[CRYPTO_KEY])
{
    (void)self;
    for (size_t i = 0; i < CRYPTO_KEY; i += sizeof(uint64_t)) {
        uint64_t state = stir(0xcbf29ce484222325U + i, password, length);
        state = stir(state, &length, sizeof length);
        state = stir(state, salt, CRYPTO_SALT);
        state = stir(state, &operations, sizeof operations);
        state = stir(state, &memory_bytes, sizeof memory_bytes);
        memcpy(out + i, &state, sizeof state);
    }
    return ERR_OK;
}

void quick_crypto_begin(struct quick_crypto *quick, struct crypto *crypto)
{
    quick->ops = *crypto->ops;
    quick->ops.password_key = password_key;
    crypto->ops = &quick->ops;
}
