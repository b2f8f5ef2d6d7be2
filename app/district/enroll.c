// SPDX-License-Identifier: GPL-3.0-or-later
// Enrolment: a one-time code, a signing request and a public key become a registered device with a
// certificate and an incarnation digit that its counter has not used lately.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

enum { TRIES_A_MINUTE = 10, CERTIFICATE_DAYS = 365, SECRET_BYTES = 15, PEM_BYTES = 64 << 10 };

static void digest_of(const struct crypto *crypto, const void *data, size_t length,
                      uint8_t out[CRYPTO_HASH])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    crypto->ops->digest(crypto->self, DIGEST_SHA256, data, length, digest);
    memcpy(out, digest, CRYPTO_HASH);
}

static void hex(const struct crypto *crypto, const void *data, size_t length, char *out,
                size_t room)
{
    struct strbuf text;
    strbuf_init(&text, 2 * length);
    crypto->ops->hex_encode(crypto->self, data, length, &text);
    text_copy(out, room, strbuf_text(&text));
    strbuf_free(&text);
}

// SHA-256 of the certificate as DER: what a kiosk compares the shown chain with.
static enum err authority_hash(const struct district *district, char out[65], struct fail *why)
{
    const struct certificates *certificates = district->options.certificates;
    struct certificate_info info;
    if (!certificates || district->options.ca_certificate.length == 0)
        return fail_set(why, ERR_TECHNICIAN, "no device CA here");
    enum err err =
        certificates->ops->info(certificates->self, district->options.ca_certificate.data,
                                district->options.ca_certificate.length, &info, why);
    if (!err)
        text_copy(out, 65, info.fingerprint);
    return err;
}

enum err district_make_code(struct district *district, const char *counter, int minutes,
                            char code[DISTRICT_CODE], struct fail *why)
{
    const struct district_options *options = &district->options;
    uint8_t secret[SECRET_BYTES], hash[CRYPTO_HASH];
    char authority[65];
    struct strbuf text;
    if (strlen(counter) != 3 || strspn(counter, "0123456789") != 3)
        return fail_set(why, ERR_INPUT, "a counter has three digits");
    enum err err = authority_hash(district, authority, why);
    if (err)
        return err;
    options->crypto->ops->random(options->crypto->self, secret, sizeof secret);
    strbuf_init(&text, 64);
    options->crypto->ops->base64_encode(options->crypto->self, secret, sizeof secret, true, &text);
    digest_of(options->crypto, strbuf_text(&text), text.length, hash);
    snprintf(code, DISTRICT_CODE, "%s.%s", strbuf_text(&text), authority);
    strbuf_free(&text);
    return options->store->ops->code_put(options->store->self, hash, counter,
                                         clock_now(options->clock).utc_ms + minutes * 60000LL, why);
}

struct enrolment {
    const char *code, *request, *key;
    uint8_t code_hash[CRYPTO_HASH];
    struct district_device device;
    struct strbuf certificate;
};

static enum err read_request(const json_t *body, const struct crypto *crypto, struct enrolment *out,
                             struct fail *why)
{
    struct strbuf key;
    out->code = json_string_value(json_object_get(body, "code"));
    out->request = json_string_value(json_object_get(body, "csr"));
    out->key = json_string_value(json_object_get(body, "public_key"));
    if (!out->code || !out->request || !out->key)
        return fail_set(why, ERR_INPUT, "code, csr and public_key are wanted");
    strbuf_init(&key, CRYPTO_PUBLIC);
    bool good = crypto->ops->base64_decode(crypto->self, out->key, strlen(out->key), true, &key) ==
                    ERR_OK &&
                key.length == CRYPTO_PUBLIC;
    if (good)
        memcpy(out->device.public_key, key.data, CRYPTO_PUBLIC);
    strbuf_free(&key);
    digest_of(crypto, out->code, strlen(out->code), out->code_hash);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "public_key is not 32 bytes of base64url");
}

// A digit unlike those of the counter's last nine devices; one is always left.
static enum err choose_incarnation(struct district *district, struct district_device *device,
                                   struct fail *why)
{
    const struct district_options *options = &district->options;
    int used[DISTRICT_INCARNATIONS];
    size_t count = 0;
    enum err err =
        options->store->ops->incarnations(options->store->self, device->counter, used, &count, why);
    if (err)
        return err;
    bool taken[10] = {false};
    for (size_t i = 0; i < count; i++)
        taken[used[i] % 10] = true;
    uint8_t start = 0;
    options->crypto->ops->random(options->crypto->self, &start, 1);
    device->incarnation = start % 10;
    while (taken[device->incarnation])
        device->incarnation = (device->incarnation + 1) % 10;
    return ERR_OK;
}

static void name_device(const struct crypto *crypto, struct district_device *device)
{
    uint8_t random[4], hash[CRYPTO_HASH];
    char suffix[9];
    crypto->ops->random(crypto->self, random, sizeof random);
    hex(crypto, random, sizeof random, suffix, sizeof suffix);
    snprintf(device->id, sizeof device->id, "kiosk-%s-%d-%s", device->counter, device->incarnation,
             suffix);
    digest_of(crypto, device->public_key, CRYPTO_PUBLIC, hash);
    hex(crypto, hash, 8, device->key_id, sizeof device->key_id);
}

static enum err certify(struct district *district, struct enrolment *enrolment, struct fail *why)
{
    const struct district_options *options = &district->options;
    struct certificate_info info;
    struct certificate_order order = {
        .request = {enrolment->request, strlen(enrolment->request)},
        .ca_certificate = options->ca_certificate,
        .ca_key = options->ca_key,
        .common_name = enrolment->device.id,
        .use = CERTIFICATE_CLIENT,
        .now_utc_ms = enrolment->device.enrolled_utc_ms,
        .days = CERTIFICATE_DAYS,
    };
    enum err err = options->certificates->ops->sign_request(options->certificates->self, &order,
                                                            &enrolment->certificate, why);
    if (!err)
        err = options->certificates->ops->info(options->certificates->self,
                                               strbuf_text(&enrolment->certificate),
                                               enrolment->certificate.length, &info, why);
    if (!err)
        text_copy(enrolment->device.fingerprint, sizeof enrolment->device.fingerprint,
                  info.fingerprint);
    return err;
}

static enum err enroll(struct district *district, const json_t *body, struct enrolment *enrolment,
                       struct fail *why)
{
    const struct district_options *options = &district->options;
    const struct district_store *store = options->store;
    struct district_device *device = &enrolment->device;
    device->enrolled_utc_ms = clock_now(options->clock).utc_ms;
    enum err err = read_request(body, options->crypto, enrolment, why);
    if (!err)
        err = store->ops->code_counter(store->self, enrolment->code_hash, device->enrolled_utc_ms,
                                       device->counter, why);
    if (!err)
        err = choose_incarnation(district, device, why);
    if (err)
        return err;
    name_device(options->crypto, device);
    err = certify(district, enrolment, why);
    return err ? err : store->ops->device_add(store->self, enrolment->code_hash, device, why);
}

static void answer(struct district *district, const struct enrolment *enrolment,
                   struct http_exchange *exchange)
{
    const struct district_options *options = &district->options;
    const struct district_device *device = &enrolment->device;
    struct strbuf content, signing;
    strbuf_init(&content, 64);
    strbuf_init(&signing, 64);
    options->crypto->ops->base64_encode(options->crypto->self, options->content_public,
                                        CRYPTO_PUBLIC, true, &content);
    options->crypto->ops->base64_encode(options->crypto->self, options->signing_public,
                                        CRYPTO_PUBLIC, true, &signing);
    json_answer(
        exchange, 200,
        json_pack("{s:s, s:s, s:s, s:i, s:s, s:s%, s:s, s:s, s:s, s:s}", "device_id", device->id,
                  "key_id", device->key_id, "counter", device->counter, "incarnation",
                  device->incarnation, "certificate", strbuf_text(&enrolment->certificate),
                  "sealing_key", options->sealing_public.data, options->sealing_public.length,
                  "sealing_key_id", options->sealing_key_id, "content_key", strbuf_text(&content),
                  "district_key", strbuf_text(&signing), "public_host", options->public_host));
    strbuf_free(&content);
    strbuf_free(&signing);
}

void enroll_handle(struct district *district, struct http_exchange *exchange)
{
    if (!district->options.certificates) {
        exchange->status = 404;
        return;
    }
    if (!within_limit(district, exchange, "enroll", TRIES_A_MINUTE))
        return;
    struct fail why = {0};
    struct enrolment enrolment = {0};
    strbuf_init(&enrolment.certificate, PEM_BYTES);
    json_t *body = json_loadb(exchange->body, exchange->length, JSON_REJECT_DUPLICATES, NULL);
    enum err err = enroll(district, body, &enrolment, &why);
    if (!err) {
        answer(district, &enrolment, exchange);
        log_event(LOG_INFO, "district", "enrolled", "device=%s incarnation=%d", enrolment.device.id,
                  enrolment.device.incarnation);
    } else {
        log_fail(LOG_WARNING, "district", "enrolment-refused", &why);
        exchange->status = err == ERR_DENIED ? 403 : err == ERR_INPUT ? 400 : 503;
    }
    json_decref(body);
    strbuf_free(&enrolment.certificate);
}
