// SPDX-License-Identifier: GPL-3.0-or-later
// The device's signature over a submission: canonical lines, sign, verify.
#include "yimen/case/manifest.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char domain[] = "yimen/seal/1";

static enum err add_line(struct strbuf *lines, const char *word, const char *value,
                         struct fail *why)
{
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return fail_set(why, ERR_INPUT, "seal: a control character in \"%s\"", word);
    strbuf_addf(lines, "%s %s\n", word, value);
    return ERR_OK;
}

static enum err add_parts(const struct seal *seal, struct strbuf *lines, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t at = 0; !err && at < seal->part_count; at++) {
        const struct seal_part *part = &seal->parts[at];
        char value[200];
        snprintf(value, sizeof value, "%lld %s %s", (long long)part->size, part->sha256,
                 part->name);
        err = add_line(lines, "part", value, why);
    }
    return err;
}

static enum err canonical_lines(const struct manifest *manifest, struct strbuf *lines,
                                struct fail *why)
{
    const struct seal *seal = &manifest->seal;
    char touched[64], saved[64];
    snprintf(touched, sizeof touched, "%lld %s", (long long)seal->touched_utc_ms,
             time_quality_name(seal->touched_quality));
    snprintf(saved, sizeof saved, "%lld %s", (long long)seal->saved_utc_ms,
             time_quality_name(seal->saved_quality));
    const char *const before[][2] = {
        {"form", manifest->form_id},
        {"version", manifest->version},
        {"key", manifest->encrypted_key},
        {"instance", manifest->instance_id},
        {"signature", manifest->element_signature},
        {"device", seal->key_id},
    };
    const char *const after[][2] = {
        {"receipt", seal->receipt},
        {"counter", seal->counter},
        {"token", seal->token_hash},
        {"service", seal->service},
        {"urgent", seal->urgent ? "1" : "0"},
        {"touched", touched},
        {"saved", saved},
        {"of", seal->of_instance},
    };
    enum err err = ERR_OK;
    for (size_t at = 0; !err && at < sizeof before / sizeof before[0]; at++)
        err = add_line(lines, before[at][0], before[at][1], why);
    if (!err)
        err = add_parts(seal, lines, why);
    for (size_t at = 0; !err && at < sizeof after / sizeof after[0]; at++)
        err = add_line(lines, after[at][0], after[at][1], why);
    return err ? err : strbuf_result(lines, why);
}

enum err seal_sign(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                   struct manifest *manifest, struct fail *why)
{
    struct strbuf lines, text;
    uint8_t signature[CRYPTO_SIGNATURE];
    strbuf_init(&lines, LIMIT_MANIFEST);
    strbuf_init(&text, sizeof manifest->seal.signature - 1);
    enum err err = canonical_lines(manifest, &lines, why);
    if (!err) {
        err = crypto->ops->sign(crypto->self, secret_key, domain, lines.data, lines.length,
                                signature);
        if (err)
            fail_set(why, err, "signing the seal");
    }
    if (!err) {
        crypto->ops->base64_encode(crypto->self, signature, sizeof signature, true, &text);
        err = strbuf_result(&text, why);
    }
    if (!err)
        memcpy(manifest->seal.signature, text.data, text.length + 1);
    strbuf_free(&lines);
    strbuf_free(&text);
    return err;
}

static bool parts_are_the_files(const struct manifest *manifest)
{
    if (manifest->seal.part_count != manifest->file_count)
        return false;
    for (size_t at = 0; at < manifest->file_count; at++)
        if (!text_equal(manifest->seal.parts[at].name, manifest->files[at]))
            return false;
    return true;
}

static enum err verify_lines(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                             const struct manifest *manifest, const struct strbuf *lines,
                             struct fail *why)
{
    struct strbuf signature;
    const char *text = manifest->seal.signature;
    strbuf_init(&signature, CRYPTO_SIGNATURE);
    enum err err = crypto->ops->base64_decode(crypto->self, text, strlen(text), true, &signature);
    if (err || signature.length != CRYPTO_SIGNATURE)
        err = ERR_DENIED;
    else
        err = crypto->ops->verify(crypto->self, public_key, domain, lines->data, lines->length,
                                  (const uint8_t *)signature.data);
    strbuf_free(&signature);
    return err ? fail_set(why, err, "the seal is not this device's") : ERR_OK;
}

enum err seal_verify(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                     const struct manifest *manifest, struct fail *why)
{
    if (!manifest->has_seal)
        return fail_set(why, ERR_DENIED, "there is no seal");
    if (!parts_are_the_files(manifest))
        return fail_set(why, ERR_DENIED, "the seal names other files than the manifest");
    struct strbuf lines;
    strbuf_init(&lines, LIMIT_MANIFEST);
    enum err err = canonical_lines(manifest, &lines, why);
    if (!err)
        err = verify_lines(crypto, public_key, manifest, &lines, why);
    strbuf_free(&lines);
    return err;
}

void seal_describe_part(const struct crypto *crypto, const char *name, const void *data,
                        size_t length, struct seal_part *out)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    *out = (struct seal_part){.size = (int64_t)length};
    text_copy(out->name, sizeof out->name, name);
    size_t bytes = crypto->ops->digest(crypto->self, DIGEST_SHA256, data, length, digest);
    for (size_t at = 0; at < bytes; at++)
        snprintf(out->sha256 + 2 * at, 3, "%02x", digest[at]);
}

enum err seal_check_part(const struct crypto *crypto, const struct seal *seal, const char *name,
                         const void *data, size_t length, struct fail *why)
{
    struct seal_part found;
    seal_describe_part(crypto, name, data, length, &found);
    for (size_t at = 0; at < seal->part_count; at++) {
        const struct seal_part *part = &seal->parts[at];
        if (!text_equal(part->name, name))
            continue;
        if (part->size != found.size || !text_equal(part->sha256, found.sha256))
            return fail_set(why, ERR_CONFLICT, "part %zu is not the one that was sealed", at);
        return ERR_OK;
    }
    return fail_set(why, ERR_NOT_FOUND, "the seal names no such part");
}
