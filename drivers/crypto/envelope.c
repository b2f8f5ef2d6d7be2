// SPDX-License-Identifier: GPL-3.0-or-later
// Digests, RSA-OAEP and AES-CFB with OpenSSL: what the ODK envelope is made of.
#define OPENSSL_SUPPRESS_DEPRECATED // RSA keys by their own reader, see read_public_der
#include "parts.h"
#include "x509.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

static const EVP_MD *message_digest(enum crypto_digest kind)
{
    switch (kind) {
    case DIGEST_MD5: return EVP_md5();
    case DIGEST_SHA1: return EVP_sha1();
    case DIGEST_SHA256: return EVP_sha256();
    case DIGEST_SHA384: return EVP_sha384();
    case DIGEST_SHA512: return EVP_sha512();
    }
    return NULL;
}

size_t openssl_digest(void *self, enum crypto_digest kind, const void *data, size_t length,
                      uint8_t out[CRYPTO_DIGEST_MAX])
{
    (void)self;
    unsigned written = 0;
    if (!EVP_Digest(data, length, out, &written, message_digest(kind), NULL))
        abort(); // a digest that is not there would be taken for one that is
    return written;
}

// Straight to RSA: OpenSSL's general readers ask every decoder of every provider first, which took
// half of the time of saving a case.
static EVP_PKEY *read_public_der(const unsigned char *der, long length)
{
    RSA *rsa = d2i_RSA_PUBKEY(NULL, &der, length);
    EVP_PKEY *key = rsa ? EVP_PKEY_new() : NULL;
    if (key && EVP_PKEY_assign_RSA(key, rsa) == 1)
        return key;
    EVP_PKEY_free(key);
    RSA_free(rsa);
    return NULL;
}

static EVP_PKEY *read_public_key(const void *bytes, size_t length)
{
    if (length > INT_MAX)
        return NULL;
    bool pem = length > 10 && memcmp(bytes, "-----BEGIN", 10) == 0;
    if (!pem)
        return read_public_der(bytes, (long)length);
    BIO *memory = BIO_new_mem_buf(bytes, (int)length);
    unsigned char *der = NULL;
    long der_length = 0;
    EVP_PKEY *key = NULL;
    if (memory && PEM_bytes_read_bio(&der, &der_length, NULL, PEM_STRING_PUBLIC, memory, NULL,
                                     (void *)"") == 1)
        key = read_public_der(der, der_length);
    OPENSSL_free(der);
    BIO_free(memory);
    return key;
}

typedef int oaep_begin(EVP_PKEY_CTX *context);
typedef int oaep_run(EVP_PKEY_CTX *context, unsigned char *out, size_t *out_length,
                     const unsigned char *in, size_t length);

static bool oaep(EVP_PKEY *key, oaep_begin *begin, oaep_run *run, const struct bytes *in,
                 struct strbuf *out)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = (size_t)EVP_PKEY_get_size(key), length = size;
    uint8_t *result = malloc(size ? size : 1);
    // MGF1 with SHA-256 as well: with Java's default of SHA-1 other ODK tools recover a wrong key.
    bool done = context && result && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
                begin(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1 &&
                run(context, result, &length, in->data, in->length) == 1;
    if (done)
        strbuf_add(out, result, length);
    if (result)
        OPENSSL_cleanse(result, size);
    free(result);
    EVP_PKEY_CTX_free(context);
    return done;
}

enum err openssl_rsa_encrypt(void *self, const void *public_key, size_t key_length,
                             const void *plain, size_t length, struct strbuf *out, struct fail *why)
{
    (void)self;
    EVP_PKEY *key = read_public_key(public_key, key_length);
    if (!key)
        return x509_fail(why, ERR_INPUT, "reading the public key");
    struct bytes in = {plain, length};
    bool done = oaep(key, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, &in, out);
    EVP_PKEY_free(key);
    return done ? strbuf_result(out, why) : x509_fail(why, ERR_INPUT, "RSA-OAEP");
}

enum err openssl_rsa_decrypt(void *self, const void *private_key, size_t key_length,
                             const void *sealed, size_t length, struct strbuf *out,
                             struct fail *why)
{
    (void)self;
    struct bytes pem = {private_key, key_length};
    EVP_PKEY *key = x509_read_key(&pem);
    if (!key)
        return x509_fail(why, ERR_INPUT, "reading the private key");
    struct bytes in = {sealed, length};
    bool done = oaep(key, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, &in, out);
    EVP_PKEY_free(key);
    return done ? strbuf_result(out, why) : x509_fail(why, ERR_CORRUPT, "RSA-OAEP");
}

enum err openssl_aes256_cfb(void *self, bool encrypt, const uint8_t key[CRYPTO_KEY],
                            const uint8_t iv[16], uint8_t *data, size_t length)
{
    (void)self;
    if (length > INT_MAX)
        return ERR_INPUT;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0;
    bool done = context &&
                EVP_CipherInit_ex(context, EVP_aes_256_cfb128(), NULL, key, iv, encrypt) == 1 &&
                (length == 0 || EVP_CipherUpdate(context, data, &written, data, (int)length) == 1);
    EVP_CIPHER_CTX_free(context);
    return done ? ERR_OK : ERR_RETRY;
}
