// SPDX-License-Identifier: GPL-3.0-or-later
// The certificates port: the district's CA signs requests and reads certificates.
#include "yimen/driver/certificates.h"

#include "x509.h"

#include <arpa/inet.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { HOUR_S = 3600, DAY_S = 86400, SERIAL_BITS = 127 };

enum err x509_fail(struct fail *why, enum err err, const char *task)
{
    char text[160] = "not what is expected here";
    unsigned long code = ERR_get_error();
    if (code)
        ERR_error_string_n(code, text, sizeof text);
    ERR_clear_error();
    return fail_set(why, err, "%s: %s", task, text);
}

static BIO *reader(const struct bytes *pem)
{
    return pem->length <= INT_MAX ? BIO_new_mem_buf(pem->data, (int)pem->length) : NULL;
}

EVP_PKEY *x509_read_key(const struct bytes *pem)
{
    BIO *memory = reader(pem);
    EVP_PKEY *key = memory ? PEM_read_bio_PrivateKey(memory, NULL, NULL, (void *)"") : NULL;
    BIO_free(memory);
    return key;
}

X509 *x509_read_certificate(const struct bytes *pem)
{
    BIO *memory = reader(pem);
    X509 *certificate = memory ? PEM_read_bio_X509(memory, NULL, NULL, (void *)"") : NULL;
    BIO_free(memory);
    return certificate;
}

static bool set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    bool done = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return done;
}

X509 *x509_begin(const char *common_name, EVP_PKEY *key, int64_t now_utc_ms, int days)
{
    X509 *certificate = X509_new();
    if (!certificate)
        return NULL;
    time_t now = (time_t)(now_utc_ms / 1000);
    X509_NAME *name = X509_get_subject_name(certificate);
    bool done = X509_set_version(certificate, 2) && set_serial(certificate) &&
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                           (const unsigned char *)common_name, -1, -1, 0) &&
                X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -HOUR_S, &now) &&
                X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &now) &&
                X509_set_pubkey(certificate, key);
    if (!done) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

bool x509_extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, &context, nid, value);
    bool done = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return done;
}

bool x509_drain(BIO *memory, struct strbuf *out)
{
    char *data = NULL;
    long length = BIO_get_mem_data(memory, &data);
    if (length <= 0)
        return false;
    strbuf_add(out, data, (size_t)length);
    return !out->failed;
}

bool x509_write(X509 *certificate, struct strbuf *out)
{
    BIO *memory = BIO_new(BIO_s_mem());
    bool done = memory && PEM_write_bio_X509(memory, certificate) && x509_drain(memory, out);
    BIO_free(memory);
    return done;
}

static bool is_address(const char *host)
{
    unsigned char scratch[16];
    return inet_pton(AF_INET, host, scratch) == 1 || inet_pton(AF_INET6, host, scratch) == 1;
}

static bool is_plain_host(const char *host)
{
    return *host && host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789.-:")] == '\0';
}

static bool add_hosts(X509 *certificate, X509 *issuer, const char *const *hosts)
{
    struct strbuf names;
    strbuf_init(&names, 4096);
    bool good = true;
    for (; *hosts && good; hosts++) {
        good = is_plain_host(*hosts); // the text is parsed as configuration
        strbuf_addf(&names, "%s%s:%s", names.length ? "," : "", is_address(*hosts) ? "IP" : "DNS",
                    *hosts);
    }
    good = good && !names.failed &&
           (names.length == 0 ||
            x509_extend(certificate, issuer, NID_subject_alt_name, strbuf_text(&names)));
    strbuf_free(&names);
    return good;
}

static bool fill_certificate(X509 *certificate, X509 *ca, EVP_PKEY *ca_key,
                             const struct certificate_order *order)
{
    bool server = order->use == CERTIFICATE_SERVER;
    return X509_set_issuer_name(certificate, X509_get_subject_name(ca)) &&
           x509_extend(certificate, ca, NID_basic_constraints, "critical,CA:FALSE") &&
           x509_extend(certificate, ca, NID_key_usage, "critical,digitalSignature") &&
           x509_extend(certificate, ca, NID_ext_key_usage, server ? "serverAuth" : "clientAuth") &&
           x509_extend(certificate, ca, NID_subject_key_identifier, "hash") &&
           x509_extend(certificate, ca, NID_authority_key_identifier, "keyid") &&
           (!order->hosts || add_hosts(certificate, ca, order->hosts)) &&
           X509_sign(certificate, ca_key, EVP_sha256()) > 0;
}

static enum err sign_for_key(X509 *ca, EVP_PKEY *ca_key, EVP_PKEY *key,
                             const struct certificate_order *order, struct strbuf *out,
                             struct fail *why)
{
    X509 *certificate = x509_begin(order->common_name, key, order->now_utc_ms, order->days);
    bool done = certificate && fill_certificate(certificate, ca, ca_key, order) &&
                x509_write(certificate, out);
    X509_free(certificate);
    return done ? ERR_OK : x509_fail(why, ERR_TECHNICIAN, "signing the certificate");
}

static enum err sign_request(void *self, const struct certificate_order *order, struct strbuf *out,
                             struct fail *why)
{
    (void)self;
    BIO *memory = reader(&order->request);
    X509_REQ *request = memory ? PEM_read_bio_X509_REQ(memory, NULL, NULL, (void *)"") : NULL;
    EVP_PKEY *key = request ? X509_REQ_get0_pubkey(request) : NULL;
    X509 *ca = x509_read_certificate(&order->ca_certificate);
    EVP_PKEY *ca_key = x509_read_key(&order->ca_key);
    enum err err;
    if (!key || X509_REQ_verify(request, key) != 1) // proves that the asker holds the key
        err = x509_fail(why, ERR_INPUT, "reading the signing request");
    else if (!ca || !ca_key || X509_check_private_key(ca, ca_key) != 1)
        err = x509_fail(why, ERR_TECHNICIAN, "reading the CA's certificate and key");
    else
        err = sign_for_key(ca, ca_key, key, order, out, why);
    EVP_PKEY_free(ca_key);
    X509_free(ca);
    X509_REQ_free(request);
    BIO_free(memory);
    return err;
}

static int64_t utc_ms(const ASN1_TIME *time)
{
    struct tm parts = {0};
    return ASN1_TIME_to_tm(time, &parts) ? (int64_t)timegm(&parts) * 1000 : 0;
}

static void hex(const unsigned char *bytes, size_t length, char *out, size_t room)
{
    out[0] = '\0';
    for (size_t at = 0; at < length && 2 * at + 2 < room; at++)
        snprintf(out + 2 * at, 3, "%02x", bytes[at]);
}

static enum err info(void *self, const void *pem, size_t length, struct certificate_info *out,
                     struct fail *why)
{
    (void)self;
    struct bytes bytes = {pem, length};
    X509 *certificate = x509_read_certificate(&bytes);
    if (!certificate)
        return x509_fail(why, ERR_INPUT, "reading the certificate");
    *out = (struct certificate_info){0};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, out->common_name,
                              sizeof out->common_name);
    X509_NAME_get_text_by_NID(X509_get_issuer_name(certificate), NID_commonName, out->issuer,
                              sizeof out->issuer);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    hex(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial), out->serial,
        sizeof out->serial);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_length = 0;
    X509_digest(certificate, EVP_sha256(), digest, &digest_length);
    hex(digest, digest_length, out->fingerprint, sizeof out->fingerprint);
    out->not_before_utc_ms = utc_ms(X509_get0_notBefore(certificate));
    out->not_after_utc_ms = utc_ms(X509_get0_notAfter(certificate));
    X509_free(certificate);
    return ERR_OK;
}

static enum err issued_by(void *self, const struct bytes *certificate, const struct bytes *ca,
                          struct fail *why)
{
    (void)self;
    X509 *end = x509_read_certificate(certificate), *issuer = x509_read_certificate(ca);
    bool good = end && issuer && X509_check_issued(issuer, end) == X509_V_OK &&
                X509_verify(end, X509_get0_pubkey(issuer)) == 1;
    X509_free(end);
    X509_free(issuer);
    return good ? ERR_OK : x509_fail(why, ERR_DENIED, "checking who issued the certificate");
}

static const struct certificates_ops ops = {
    .sign_request = sign_request,
    .info = info,
    .issued_by = issued_by,
};

void openssl_certificates_open(struct certificates *out)
{
    *out = (struct certificates){.ops = &ops};
}
