// SPDX-License-Identifier: GPL-3.0-or-later
// What provisioning makes: keys, the demo CA, signing requests.
#include "yimen/driver/certificates.h"

#include "x509.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static bool write_private(EVP_PKEY *key, struct strbuf *out)
{
    BIO *memory = BIO_new(BIO_s_mem());
    bool done = memory && PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) &&
                x509_drain(memory, out);
    BIO_free(memory);
    return done;
}

static bool write_public(EVP_PKEY *key, struct strbuf *out)
{
    BIO *memory = BIO_new(BIO_s_mem());
    bool done = memory && PEM_write_bio_PUBKEY(memory, key) && x509_drain(memory, out);
    BIO_free(memory);
    return done;
}

enum err certificate_make_key(struct strbuf *out, struct fail *why)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    bool done = key && write_private(key, out);
    EVP_PKEY_free(key);
    return done ? ERR_OK : x509_fail(why, ERR_TECHNICIAN, "making a P-256 key");
}

enum err certificate_make_sealing_key(int bits, struct strbuf *private_out,
                                      struct strbuf *public_out, struct fail *why)
{
    EVP_PKEY *key = EVP_RSA_gen((size_t)bits);
    bool done = key && write_private(key, private_out) && write_public(key, public_out);
    EVP_PKEY_free(key);
    return done ? ERR_OK : x509_fail(why, ERR_TECHNICIAN, "making a sealing key");
}

enum err certificate_make_ca(const struct bytes *key, const char *common_name, int64_t now_utc_ms,
                             int days, struct strbuf *out, struct fail *why)
{
    EVP_PKEY *pair = x509_read_key(key);
    X509 *ca = pair ? x509_begin(common_name, pair, now_utc_ms, days) : NULL;
    bool done = ca && X509_set_issuer_name(ca, X509_get_subject_name(ca)) &&
                x509_extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                x509_extend(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                x509_extend(ca, ca, NID_subject_key_identifier, "hash") &&
                X509_sign(ca, pair, EVP_sha256()) > 0 && x509_write(ca, out);
    X509_free(ca);
    EVP_PKEY_free(pair);
    return done ? ERR_OK : x509_fail(why, ERR_TECHNICIAN, "making the CA's certificate");
}

static bool fill_request(X509_REQ *request, EVP_PKEY *key, const char *common_name)
{
    X509_NAME *name = X509_REQ_get_subject_name(request);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name,
                                      -1, -1, 0) &&
           X509_REQ_set_pubkey(request, key) && X509_REQ_sign(request, key, EVP_sha256()) > 0;
}

enum err certificate_make_request(const struct bytes *key, const char *common_name,
                                  struct strbuf *out, struct fail *why)
{
    EVP_PKEY *pair = x509_read_key(key);
    X509_REQ *request = X509_REQ_new();
    BIO *memory = BIO_new(BIO_s_mem());
    bool done = pair && request && memory && fill_request(request, pair, common_name) &&
                PEM_write_bio_X509_REQ(memory, request) && x509_drain(memory, out);
    BIO_free(memory);
    X509_REQ_free(request);
    EVP_PKEY_free(pair);
    return done ? ERR_OK : x509_fail(why, ERR_TECHNICIAN, "making a signing request");
}
