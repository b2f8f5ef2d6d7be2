// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"

/// The crypto port's calls by file: keys.c (libsodium), envelope.c (OpenSSL), text_forms.c.

enum err sodium_sign(void *self, const uint8_t secret_key[CRYPTO_SECRET], const char *domain,
                     const void *data, size_t length, uint8_t signature[CRYPTO_SIGNATURE]);
enum err sodium_verify(void *self, const uint8_t public_key[CRYPTO_PUBLIC], const char *domain,
                       const void *data, size_t length, const uint8_t signature[CRYPTO_SIGNATURE]);
void sodium_sign_keypair(void *self, uint8_t public_key[CRYPTO_PUBLIC],
                         uint8_t secret_key[CRYPTO_SECRET]);
void sodium_derive(void *self, const uint8_t root[CRYPTO_KEY], const char context[9], uint64_t id,
                   uint8_t out[CRYPTO_KEY]);
void sodium_hmac_sha256(void *self, const uint8_t key[CRYPTO_KEY], const void *data, size_t length,
                        uint8_t out[CRYPTO_HASH]);
void sodium_sha256_begin(void *self, struct crypto_sha256 *running);
void sodium_sha256_add(void *self, struct crypto_sha256 *running, const void *data, size_t length);
void sodium_sha256_end(void *self, struct crypto_sha256 *running, uint8_t out[CRYPTO_HASH]);
enum err sodium_seal(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *plain, size_t length, struct strbuf *out);
enum err sodium_open(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *sealed, size_t length, struct strbuf *out);
enum err sodium_password_key(void *self, const void *password, size_t length,
                             const uint8_t salt[CRYPTO_SALT], uint64_t operations,
                             size_t memory_bytes, uint8_t out[CRYPTO_KEY]);

size_t openssl_digest(void *self, enum crypto_digest kind, const void *data, size_t length,
                      uint8_t out[CRYPTO_DIGEST_MAX]);
enum err openssl_rsa_encrypt(void *self, const void *public_key, size_t key_length,
                             const void *plain, size_t length, struct strbuf *out,
                             struct fail *why);
enum err openssl_rsa_decrypt(void *self, const void *private_key, size_t key_length,
                             const void *sealed, size_t length, struct strbuf *out,
                             struct fail *why);
enum err openssl_aes256_cfb(void *self, bool encrypt, const uint8_t key[CRYPTO_KEY],
                            const uint8_t iv[16], uint8_t *data, size_t length);

void text_base64_encode(void *self, const void *data, size_t length, bool url_without_padding,
                        struct strbuf *out);
enum err text_base64_decode(void *self, const char *text, size_t length, bool url_without_padding,
                            struct strbuf *out);
void text_hex_encode(void *self, const void *data, size_t length, struct strbuf *out);
enum err text_hex_decode(void *self, const char *text, size_t length, struct strbuf *out);
