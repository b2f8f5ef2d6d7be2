// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures, key derivation, sealing and PIN hashing with libsodium.
#include "parts.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
enum { TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };

void sodium_sign_keypair(void *self, uint8_t public_key[CRYPTO_PUBLIC],
                         uint8_t secret_key[CRYPTO_SECRET])
{
    (void)self;
    crypto_sign_keypair(public_key, secret_key);
}

// domain NUL data, or NULL without memory.
static uint8_t *in_domain(const char *domain, const void *data, size_t length, size_t *total)
{
    size_t domain_length = strlen(domain) + 1;
    *total = domain_length + length;
    uint8_t *message = malloc(*total);
    if (!message)
        return NULL;
    memcpy(message, domain, domain_length);
    if (length > 0)
        memcpy(message + domain_length, data, length);
    return message;
}

static void forget(uint8_t *message, size_t length)
{
    sodium_memzero(message, length);
    free(message);
}

enum err sodium_sign(void *self, const uint8_t secret_key[CRYPTO_SECRET], const char *domain,
                     const void *data, size_t length, uint8_t signature[CRYPTO_SIGNATURE])
{
    (void)self;
    size_t total;
    uint8_t *message = in_domain(domain, data, length, &total);
    if (!message)
        return ERR_RETRY;
    crypto_sign_detached(signature, NULL, message, total, secret_key);
    forget(message, total);
    return ERR_OK;
}

enum err sodium_verify(void *self, const uint8_t public_key[CRYPTO_PUBLIC], const char *domain,
                       const void *data, size_t length, const uint8_t signature[CRYPTO_SIGNATURE])
{
    (void)self;
    size_t total;
    uint8_t *message = in_domain(domain, data, length, &total);
    if (!message)
        return ERR_RETRY;
    int wrong = crypto_sign_verify_detached(signature, message, total, public_key);
    forget(message, total);
    return wrong ? ERR_DENIED : ERR_OK;
}

void sodium_derive(void *self, const uint8_t root[CRYPTO_KEY], const char context[9], uint64_t id,
                   uint8_t out[CRYPTO_KEY])
{
    (void)self;
    assert(strlen(context) == crypto_kdf_CONTEXTBYTES);
    crypto_kdf_derive_from_key(out, CRYPTO_KEY, id, context, root);
}

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct crypto_sha256),
               "room for the library's running digest");

void sodium_sha256_begin(void *self, struct crypto_sha256 *running)
{
    crypto_hash_sha256_state state;
    (void)self;
    crypto_hash_sha256_init(&state);
    memcpy(running->state, &state, sizeof state);
}

void sodium_sha256_add(void *self, struct crypto_sha256 *running, const void *data, size_t length)
{
    crypto_hash_sha256_state state;
    (void)self;
    memcpy(&state, running->state, sizeof state);
    crypto_hash_sha256_update(&state, data, length);
    memcpy(running->state, &state, sizeof state);
}

void sodium_sha256_end(void *self, struct crypto_sha256 *running, uint8_t out[CRYPTO_HASH])
{
    crypto_hash_sha256_state state;
    (void)self;
    memcpy(&state, running->state, sizeof state);
    crypto_hash_sha256_final(&state, out);
    memset(running->state, 0, sizeof running->state);
}

void sodium_hmac_sha256(void *self, const uint8_t key[CRYPTO_KEY], const void *data, size_t length,
                        uint8_t out[CRYPTO_HASH])
{
    (void)self;
    crypto_auth_hmacsha256(out, data, length, key);
}

enum err sodium_seal(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *plain, size_t length, struct strbuf *out)
{
    (void)self;
    size_t total = 1 + NONCE + length + TAG;
    uint8_t *sealed = malloc(total);
    if (!sealed)
        return ERR_RETRY;
    sealed[0] = CRYPTO_SUITE_1;
    randombytes_buf(sealed + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE, NULL, plain, length,
                                               (const uint8_t *)associated, strlen(associated),
                                               NULL, sealed + 1, key);
    strbuf_add(out, sealed, total);
    free(sealed);
    return strbuf_result(out, NULL);
}

enum err sodium_open(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *sealed, size_t length, struct strbuf *out)
{
    (void)self;
    const uint8_t *bytes = sealed;
    if (length < 1 + NONCE + TAG || bytes[0] != CRYPTO_SUITE_1)
        return ERR_CORRUPT;
    size_t plain_length = length - 1 - NONCE - TAG;
    uint8_t *plain = malloc(plain_length + 1);
    if (!plain)
        return ERR_RETRY;
    int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, NULL, NULL, bytes + 1 + NONCE, length - 1 - NONCE, (const uint8_t *)associated,
        strlen(associated), bytes + 1, key);
    if (!wrong)
        strbuf_add(out, plain, plain_length);
    forget(plain, plain_length);
    return wrong ? ERR_CORRUPT : strbuf_result(out, NULL);
}

enum err sodium_password_key(void *self, const void *password, size_t length,
                             const uint8_t salt[CRYPTO_SALT], uint64_t operations,
                             size_t memory_bytes, uint8_t out[CRYPTO_KEY])
{
    (void)self;
    // The raw call: crypto_pwhash_str_verify says the same for "wrong" and for "out of memory".
    int failed = crypto_pwhash(out, CRYPTO_KEY, password, length, salt, operations, memory_bytes,
                               crypto_pwhash_ALG_ARGON2ID13);
    return failed ? ERR_RETRY : ERR_OK;
}
