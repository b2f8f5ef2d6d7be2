// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Port: cryptography and randomness, suite 1 (libsodium for keys, signatures, PINs and sealed
/// records; OpenSSL for the ODK envelope and hashes). Room for a suite of SM2/SM3/SM4 behind the
/// same calls. Stateless but for the random source; any thread.

enum { CRYPTO_SUITE_1 = 1 };
enum {
    CRYPTO_KEY = 32,
    CRYPTO_SIGNATURE = 64,
    CRYPTO_PUBLIC = 32,
    CRYPTO_SECRET = 64,
    CRYPTO_HASH = 32,
    CRYPTO_SALT = 16
};
enum crypto_digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };
enum { CRYPTO_DIGEST_MAX = 64 };

struct bytes {
    const void *data;
    size_t length;
};

/// SHA-256 of bytes that come in pieces. Plain value, begun by `sha256_begin`.
struct crypto_sha256 {
    uint64_t state[16];
};

struct crypto_ops {
    void (*random)(void *self, void *out, size_t length);
    /// Writes the digest, returns its length in bytes.
    size_t (*digest)(void *self, enum crypto_digest kind, const void *data, size_t length,
                     uint8_t out[CRYPTO_DIGEST_MAX]);
    /// The same digest of bytes that are never together in memory.
    void (*sha256_begin)(void *self, struct crypto_sha256 *running);
    void (*sha256_add)(void *self, struct crypto_sha256 *running, const void *data, size_t length);
    void (*sha256_end)(void *self, struct crypto_sha256 *running, uint8_t out[CRYPTO_HASH]);
    void (*hmac_sha256)(void *self, const uint8_t key[CRYPTO_KEY], const void *data, size_t length,
                        uint8_t out[CRYPTO_HASH]);
    /// Ed25519. Every signature is over domain + NUL + data, so that none can be used for another
    /// purpose ("yimen/receipt/1").
    void (*sign_keypair)(void *self, uint8_t public_key[CRYPTO_PUBLIC],
                         uint8_t secret_key[CRYPTO_SECRET]);
    enum err (*sign)(void *self, const uint8_t secret_key[CRYPTO_SECRET], const char *domain,
                     const void *data, size_t length, uint8_t signature[CRYPTO_SIGNATURE]);
    /// ERR_DENIED when it does not verify.
    enum err (*verify)(void *self, const uint8_t public_key[CRYPTO_PUBLIC], const char *domain,
                       const void *data, size_t length, const uint8_t signature[CRYPTO_SIGNATURE]);
    /// Key number `id` of purpose `context` (8 characters) from the device's root secret
    /// (crypto_kdf).
    void (*derive)(void *self, const uint8_t root[CRYPTO_KEY], const char context[9], uint64_t id,
                   uint8_t out[CRYPTO_KEY]);
    /// Authenticated sealing under a shared key (XChaCha20-Poly1305; suite byte and nonce in
    /// front). `associated` binds the place where the bytes are kept. Appends to `out`.
    enum err (*seal)(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *plain, size_t length, struct strbuf *out);
    /// ERR_CORRUPT when the bytes, the key or the place are not those of `seal`.
    enum err (*open)(void *self, const uint8_t key[CRYPTO_KEY], const char *associated,
                     const void *sealed, size_t length, struct strbuf *out);
    /// Argon2id, raw: ERR_RETRY means out of memory, and is never "wrong PIN".
    enum err (*password_key)(void *self, const void *password, size_t length,
                             const uint8_t salt[CRYPTO_SALT], uint64_t operations,
                             size_t memory_bytes, uint8_t out[CRYPTO_KEY]);
    /// RSA-OAEP, OAEP and MGF1 both SHA-256, empty label. `public_key`: X.509 SubjectPublicKeyInfo,
    /// DER or PEM.
    enum err (*rsa_encrypt)(void *self, const void *public_key, size_t key_length,
                            const void *plain, size_t length, struct strbuf *out, struct fail *why);
    /// `private_key`: PEM.
    enum err (*rsa_decrypt)(void *self, const void *private_key, size_t key_length,
                            const void *sealed, size_t length, struct strbuf *out,
                            struct fail *why);
    /// AES-256-CFB, 128-bit feedback, no padding (the envelope pads by hand). In place.
    enum err (*aes256_cfb)(void *self, bool encrypt, const uint8_t key[CRYPTO_KEY],
                           const uint8_t iv[16], uint8_t *data, size_t length);
    /// Text forms. Encoders append; decoders return ERR_INPUT on any foreign character.
    void (*base64_encode)(void *self, const void *data, size_t length, bool url_without_padding,
                          struct strbuf *out);
    enum err (*base64_decode)(void *self, const char *text, size_t length, bool url_without_padding,
                              struct strbuf *out);
    void (*hex_encode)(void *self, const void *data, size_t length, struct strbuf *out);
    enum err (*hex_decode)(void *self, const char *text, size_t length, struct strbuf *out);
};
struct crypto {
    const struct crypto_ops *ops;
    void *self;
};
