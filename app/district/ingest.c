// SPDX-License-Identifier: GPL-3.0-or-later
// POST /submission: check, file, answer, without any private key. 201 is said only after the store
// has committed; the same bytes again are answered the same way and change nothing.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdlib.h>
#include <string.h>

static const char manifest_part[] = "xml_submission_file", incomplete_part[] = "*isIncomplete*";

struct intake {
    struct manifest manifest;
    struct district_device signer;
    struct district_submission submission;
    struct district_part parts[ENVELOPE_PARTS];
    const struct http_server_part *xml;
    struct fail why; ///< of an objection, where its words come from elsewhere
};

// What is wrong with the request, as an HTTP status and words for staff; 0 = nothing.
struct objection {
    int status;
    const char *text;
};
static const struct objection no_objection = {0, ""};

static struct objection find_manifest(const struct http_exchange *exchange, struct intake *intake)
{
    const char *version = exchange->header(exchange, "X-OpenRosa-Version");
    if (!version || !text_equal(version, "1.0"))
        return (struct objection){400, "X-OpenRosa-Version 1.0 is wanted"};
    for (size_t i = 0; i < exchange->part_count; i++) {
        if (!text_equal(exchange->parts[i].name, manifest_part))
            continue;
        if (intake->xml)
            return (struct objection){400, "more than one xml_submission_file"};
        intake->xml = &exchange->parts[i];
    }
    if (!intake->xml)
        return (struct objection){400, "no xml_submission_file"};
    if (intake->xml->length > LIMIT_MANIFEST)
        return (struct objection){413, "the manifest is too long"};
    return no_objection;
}

static struct objection read_manifest(struct intake *intake)
{
    struct manifest *manifest = &intake->manifest;
    struct receipt_number number;
    if (manifest_read(intake->xml->data, intake->xml->length, manifest, &intake->why) != ERR_OK)
        return (struct objection){400, intake->why.text};
    if (!manifest->has_seal)
        return (struct objection){400, "the manifest carries no seal"};
    if (!text_starts(manifest->instance_id, "uuid:"))
        return (struct objection){400, "no instance id"};
    if (receipt_number_parse(manifest->seal.receipt, &number, NULL) != ERR_OK ||
        !text_equal(number.counter, manifest->seal.counter))
        return (struct objection){400, "not a receipt number of this district and counter"};
    return no_objection;
}

// After the seal: composing a form of several services costs more than all other checks together.
static struct objection check_form(struct district *district, struct intake *intake,
                                   const char *fingerprint)
{
    const struct district_store *store = district->options.store;
    const struct manifest *manifest = &intake->manifest;
    struct district_form form = {0};
    enum err err =
        store->ops->form_get(store->self, manifest->form_id, manifest->version, &form, NULL);
    if (err == ERR_NOT_FOUND)
        err = composed_form(district, manifest->form_id, manifest->version, fingerprint,
                            &intake->why);
    else if (err)
        return (struct objection){503, "not now"};
    if (err == ERR_NOT_FOUND)
        return (struct objection){404, "this form or version is not published here"};
    if (err == ERR_RETRY)
        return (struct objection){503, "this form is being made ready, send the case again"};
    return err ? (struct objection){503, "not now"} : no_objection;
}

// Everything the signer vouches for. A bad seal is an objection to this one submission (400), not
// to the device that brings it.
static struct objection check_seal(struct district *district, struct intake *intake)
{
    const struct district_options *options = &district->options;
    const struct seal *seal = &intake->manifest.seal;
    enum err err = options->store->ops->device_by_key(options->store->self, seal->key_id,
                                                      &intake->signer, NULL);
    if (err)
        return err == ERR_NOT_FOUND ? (struct objection){400, "sealed by an unknown device"}
                                    : (struct objection){503, "not now"};
    if (!text_equal(intake->signer.counter, seal->counter))
        return (struct objection){400, "sealed by the device of another counter"};
    if (seal_verify(options->crypto, intake->signer.public_key, &intake->manifest, NULL) != ERR_OK)
        return (struct objection){400, "the seal does not verify"};
    return no_objection;
}

static bool is_file_part(const struct http_server_part *part)
{
    return !text_equal(part->name, manifest_part) && !text_equal(part->name, incomplete_part);
}

static bool hex_hash(const struct crypto *crypto, const char *text, uint8_t out[CRYPTO_HASH])
{
    struct strbuf bytes;
    strbuf_init(&bytes, CRYPTO_HASH);
    bool good = crypto->ops->hex_decode(crypto->self, text, strlen(text), &bytes) == ERR_OK &&
                bytes.length == CRYPTO_HASH;
    if (good)
        memcpy(out, bytes.data, CRYPTO_HASH);
    strbuf_free(&bytes);
    return good;
}

static struct objection list_parts(struct district *district, struct intake *intake)
{
    const struct seal *seal = &intake->manifest.seal;
    for (size_t i = 0; i < seal->part_count; i++) {
        intake->parts[i] = (struct district_part){.name = seal->parts[i].name,
                                                  .size = (size_t)seal->parts[i].size};
        if (seal->parts[i].size < 0 || seal->parts[i].size > LIMIT_PART_BYTES + 16 ||
            !hex_hash(district->options.crypto, seal->parts[i].sha256, intake->parts[i].digest))
            return (struct objection){400, "a part of the seal is malformed or too large"};
    }
    return no_objection;
}

static struct objection match_parts(struct district *district, struct intake *intake,
                                    const struct http_exchange *exchange)
{
    const struct seal *seal = &intake->manifest.seal;
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct http_server_part *part = &exchange->parts[i];
        if (!is_file_part(part))
            continue;
        if (seal_check_part(district->options.crypto, seal, part->name, part->data, part->length,
                            NULL) != ERR_OK)
            return (struct objection){400, "a part is not what the seal says"};
        for (size_t k = 0; k < seal->part_count; k++)
            if (text_equal(seal->parts[k].name, part->name))
                intake->parts[k].data = part->data;
    }
    return no_objection;
}

// From its end on a device's key proves nothing, whatever time stands in a seal: only what it had
// announced before is sure to be from before.
static enum err is_late(struct district *district, const struct intake *intake, bool *late)
{
    const struct district_store *store = district->options.store;
    const struct seal *seal = &intake->manifest.seal;
    bool announced = false;
    *late = false;
    if (!intake->signer.revoked_utc_ms)
        return ERR_OK;
    enum err err = store->ops->device_announced(store->self, intake->signer.id, seal->receipt,
                                                &announced, NULL);
    *late = !announced || seal->saved_utc_ms >= intake->signer.revoked_utc_ms;
    return err;
}

static void fill_submission(struct district *district, const struct district_device *sender,
                            struct intake *intake, bool late)
{
    const struct manifest *manifest = &intake->manifest;
    const struct seal *seal = &manifest->seal;
    const struct crypto *crypto = district->options.crypto;
    struct district_submission *out = &intake->submission;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    *out = (struct district_submission){
        .urgent = seal->urgent,
        .first_touch_utc_ms = seal->touched_utc_ms,
        .saved_utc_ms = seal->saved_utc_ms,
        .saved_quality = seal->saved_quality,
        .received_utc_ms = clock_now(district->options.clock).utc_ms,
        .manifest = {intake->xml->data, intake->xml->length},
        .share = quota_share(district, seal->urgent),
    };
    text_copy(out->instance, sizeof out->instance, manifest->instance_id);
    text_copy(out->form_id, sizeof out->form_id, manifest->form_id);
    text_copy(out->version, sizeof out->version, manifest->version);
    text_copy(out->receipt, sizeof out->receipt, seal->receipt);
    text_copy(out->counter, sizeof out->counter, seal->counter);
    text_copy(out->device_id, sizeof out->device_id, sender->id);
    text_copy(out->key_id, sizeof out->key_id, seal->key_id);
    text_copy(out->service, sizeof out->service, seal->service);
    text_copy(out->of_instance, sizeof out->of_instance, seal->of_instance);
    if (late)
        text_copy(out->flag, sizeof out->flag, "revoked-device");
    crypto->ops->digest(crypto->self, DIGEST_SHA256, intake->xml->data, intake->xml->length,
                        digest);
    memcpy(out->manifest_digest, digest, CRYPTO_HASH);
}

static struct objection examine(struct district *district, const struct district_device *sender,
                                const struct http_exchange *exchange, struct intake *intake)
{
    struct objection objection = find_manifest(exchange, intake);
    if (!objection.status)
        objection = read_manifest(intake);
    if (!objection.status)
        objection = check_seal(district, intake);
    if (!objection.status)
        objection = list_parts(district, intake);
    if (!objection.status)
        objection = check_form(district, intake, exchange->peer_fingerprint);
    if (!objection.status)
        objection = match_parts(district, intake, exchange);
    if (objection.status)
        return objection;
    bool late = false;
    if (is_late(district, intake, &late) != ERR_OK)
        return (struct objection){503, "not now"};
    fill_submission(district, sender, intake, late);
    if (!hex_hash(district->options.crypto, intake->manifest.seal.token_hash,
                  intake->submission.token_hash))
        return (struct objection){400, "the seal's token is malformed"};
    return no_objection;
}

static void file(struct district *district, const struct district_device *sender,
                 struct intake *intake, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    struct district_put put;
    struct fail why = {0};
    enum err err = store->ops->submission_put(store->self, &intake->submission, intake->parts,
                                              intake->manifest.seal.part_count, &put, &why);
    if (err == ERR_CONFLICT) {
        openrosa_answer(exchange, 409, "submit_failure",
                        "this instance is here with another manifest");
    } else if (err && put.over_share) {
        quota_answer(district, sender, exchange);
    } else if (err) {
        log_fail(LOG_ERROR, "district", "submission-not-filed", &why);
        openrosa_answer(exchange, 503, "submit_failure", "not filed, try again later");
    } else if (put.missing > 0 && exchange->part_count == 1) { // its parts come one by one
        parts_answer_missing(district, sender, intake->submission.instance, exchange);
    } else if (put.missing > 0) {
        openrosa_answer(exchange, 202, "submit_incomplete", "parts are missing");
    } else {
        openrosa_answer(exchange, 201, "submit_success", "received");
        if (put.became_complete)
            // The number says its type, and of a restricted case an enquiry's: no more than that.
            log_event(LOG_INFO, "district", "received", "receipt=%s", intake->submission.receipt);
    }
}

void ingest_submission(struct district *district, const struct district_device *sender,
                       struct http_exchange *exchange)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake) {
        openrosa_answer(exchange, 503, "submit_failure", "not now");
        return;
    }
    struct objection objection = examine(district, sender, exchange, intake);
    if (objection.status) {
        log_event(LOG_WARNING, "district", "submission-refused", "device=%s status=%d why=\"%s\"",
                  sender->id, objection.status, objection.text);
        openrosa_answer(exchange, objection.status, "submit_failure", objection.text);
        if (objection.status == 503)
            answer_header(exchange, "Retry-After: 5");
    } else {
        file(district, sender, intake, exchange);
    }
    free(intake);
}
