// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/failing_crypto.h"

static bool fails(struct failing_crypto *failing)
{
    return ++failing->calls == failing->fail_at;
}

// A fallible call: counted, perhaps failed, else handed on.
#define FALLIBLE(name, parameters, ...)                                                            \
    static enum err name parameters                                                                \
    {                                                                                              \
        struct failing_crypto *failing = self;                                                     \
        if (fails(failing))                                                                        \
            return failing->fail_err;                                                              \
        return failing->inner->ops->name(failing->inner->self, __VA_ARGS__);                       \
    }

// One that cannot fail: handed on.
#define SURE(type, name, parameters, ...)                                                          \
    static type name parameters                                                                    \
    {                                                                                              \
        const struct failing_crypto *failing = self;                                               \
        return failing->inner->ops->name(failing->inner->self, __VA_ARGS__);                       \
    }

FALLIBLE(sign,
         (void *self, const uint8_t *key, const char *domain, const void *data, size_t length,
          uint8_t *signature),
         key, domain, data, length, signature)
FALLIBLE(verify,
         (void *self, const uint8_t *key, const char *domain, const void *data, size_t length,
          const uint8_t *signature),
         key, domain, data, length, signature)
FALLIBLE(seal,
         (void *self, const uint8_t *key, const char *associated, const void *plain, size_t length,
          struct strbuf *out),
         key, associated, plain, length, out)
FALLIBLE(open,
         (void *self, const uint8_t *key, const char *associated, const void *sealed, size_t length,
          struct strbuf *out),
         key, associated, sealed, length, out)
FALLIBLE(password_key,
         (void *self, const void *password, size_t length, const uint8_t *salt, uint64_t operations,
          size_t memory_bytes, uint8_t *out),
         password, length, salt, operations, memory_bytes, out)
FALLIBLE(rsa_encrypt,
         (void *self, const void *key, size_t key_length, const void *plain, size_t length,
          struct strbuf *out, struct fail *why),
         key, key_length, plain, length, out, why)
FALLIBLE(rsa_decrypt,
         (void *self, const void *key, size_t key_length, const void *sealed, size_t length,
          struct strbuf *out, struct fail *why),
         key, key_length, sealed, length, out, why)
FALLIBLE(aes256_cfb,
         (void *self, bool encrypt, const uint8_t *key, const uint8_t *iv, uint8_t *data,
          size_t length),
         encrypt, key, iv, data, length)
FALLIBLE(base64_decode, (void *self, const char *text, size_t length, bool url, struct strbuf *out),
         text, length, url, out)
FALLIBLE(hex_decode, (void *self, const char *text, size_t length, struct strbuf *out), text,
         length, out)
SURE(void, random, (void *self, void *out, size_t length), out, length)
SURE(size_t, digest,
     (void *self, enum crypto_digest kind, const void *data, size_t length, uint8_t *out), kind,
     data, length, out)
SURE(void, sha256_begin, (void *self, struct crypto_sha256 *running), running)
SURE(void, sha256_add, (void *self, struct crypto_sha256 *running, const void *data, size_t length),
     running, data, length)
SURE(void, sha256_end, (void *self, struct crypto_sha256 *running, uint8_t *out), running, out)
SURE(void, hmac_sha256,
     (void *self, const uint8_t *key, const void *data, size_t length, uint8_t *out), key, data,
     length, out)
SURE(void, sign_keypair, (void *self, uint8_t *public_key, uint8_t *secret_key), public_key,
     secret_key)
SURE(void, derive,
     (void *self, const uint8_t *root, const char *context, uint64_t id, uint8_t *out), root,
     context, id, out)
SURE(void, base64_encode,
     (void *self, const void *data, size_t length, bool url, struct strbuf *out), data, length, url,
     out)
SURE(void, hex_encode, (void *self, const void *data, size_t length, struct strbuf *out), data,
     length, out)

static const struct crypto_ops ops = {
    .random = random,
    .digest = digest,
    .sha256_begin = sha256_begin,
    .sha256_add = sha256_add,
    .sha256_end = sha256_end,
    .hmac_sha256 = hmac_sha256,
    .sign_keypair = sign_keypair,
    .sign = sign,
    .verify = verify,
    .derive = derive,
    .seal = seal,
    .open = open,
    .password_key = password_key,
    .rsa_encrypt = rsa_encrypt,
    .rsa_decrypt = rsa_decrypt,
    .aes256_cfb = aes256_cfb,
    .base64_encode = base64_encode,
    .base64_decode = base64_decode,
    .hex_encode = hex_encode,
    .hex_decode = hex_decode,
};

void failing_crypto_begin(struct failing_crypto *failing, const struct crypto *inner)
{
    *failing = (struct failing_crypto){
        .crypto = {.ops = &ops, .self = failing}, .inner = inner, .fail_err = ERR_RETRY};
}
