// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/crypto.h"

#include "parts.h"

#include <openssl/crypto.h>
#include <sodium.h>

static void random_bytes(void *self, void *out, size_t length)
{
    (void)self;
    randombytes_buf(out, length);
}

static const struct crypto_ops ops = {
    .random = random_bytes,
    .digest = openssl_digest,
    .sha256_begin = sodium_sha256_begin,
    .sha256_add = sodium_sha256_add,
    .sha256_end = sodium_sha256_end,
    .hmac_sha256 = sodium_hmac_sha256,
    .sign_keypair = sodium_sign_keypair,
    .sign = sodium_sign,
    .verify = sodium_verify,
    .derive = sodium_derive,
    .seal = sodium_seal,
    .open = sodium_open,
    .password_key = sodium_password_key,
    .rsa_encrypt = openssl_rsa_encrypt,
    .rsa_decrypt = openssl_rsa_decrypt,
    .aes256_cfb = openssl_aes256_cfb,
    .base64_encode = text_base64_encode,
    .base64_decode = text_base64_decode,
    .hex_encode = text_hex_encode,
    .hex_decode = text_hex_decode,
};

void crypto_lock_keys(size_t bytes)
{
    enum { LEAST_BYTES = 32 };
    (void)CRYPTO_secure_malloc_init(bytes, LEAST_BYTES);
}

enum err sodium_crypto_open(struct crypto *out, struct fail *why)
{
    if (sodium_init() < 0)
        return fail_set(why, ERR_TECHNICIAN, "libsodium could not start");
    *out = (struct crypto){.ops = &ops};
    return ERR_OK;
}
