// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/envelope.h"

#include "envelope_text.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 };

void envelope_cipher_begin(struct envelope_cipher *cipher, const struct crypto *crypto,
                           const char *instance_id, const uint8_t key[CRYPTO_KEY])
{
    struct strbuf text;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    *cipher = (struct envelope_cipher){.crypto = crypto};
    memcpy(cipher->key, key, CRYPTO_KEY);
    strbuf_init(&text, 4096);
    strbuf_adds(&text, instance_id);
    strbuf_add(&text, key, CRYPTO_KEY);
    crypto->ops->digest(crypto->self, DIGEST_MD5, text.data, text.length, digest);
    memcpy(cipher->seed, digest, ENVELOPE_SEED);
    strbuf_free(&text);
}

static void next_iv(struct envelope_cipher *cipher)
{
    cipher->seed[cipher->count % ENVELOPE_SEED]++;
    cipher->count++;
}

enum err envelope_cipher_encrypt(struct envelope_cipher *cipher, const void *plain, size_t length,
                                 struct strbuf *out, struct fail *why)
{
    next_iv(cipher);
    size_t before = out->length;
    char padding[BLOCK];
    size_t missing = BLOCK - length % BLOCK; // a whole block when nothing is missing
    memset(padding, (int)missing, sizeof padding);
    strbuf_add(out, plain ? plain : "", length);
    strbuf_add(out, padding, missing);
    enum err err = strbuf_result(out, why);
    if (!err)
        err = cipher->crypto->ops->aes256_cfb(cipher->crypto->self, true, cipher->key, cipher->seed,
                                              (uint8_t *)out->data + before, length + missing);
    return err ? fail_set(why, err, "encrypting a file") : ERR_OK;
}

void envelope_cipher_skip(struct envelope_cipher *cipher)
{
    next_iv(cipher);
}

enum err envelope_describe(const struct crypto *crypto, const struct attachment *plain,
                           struct envelope_file *out, struct fail *why)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    if (!text_copy(out->name, sizeof out->name - strlen(".enc"), plain->name))
        return fail_set(why, ERR_INPUT, "the name of an attachment is too long");
    crypto->ops->digest(crypto->self, DIGEST_MD5, plain->data ? plain->data : "", plain->length,
                        digest);
    memcpy(out->md5, digest, sizeof out->md5);
    return ERR_OK;
}

static bool padding_fits(const uint8_t *data, size_t length)
{
    uint8_t missing = data[length - 1];
    if (missing < 1 || missing > BLOCK)
        return false;
    for (size_t at = length - missing; at < length; at++)
        if (data[at] != missing)
            return false;
    return true;
}

enum err envelope_cipher_decrypt(struct envelope_cipher *cipher, const void *sealed, size_t length,
                                 struct strbuf *out, struct fail *why)
{
    next_iv(cipher);
    if (length == 0 || length % BLOCK != 0)
        return fail_set(why, ERR_CORRUPT, "a sealed file has %zu bytes", length);
    struct strbuf work;
    strbuf_init(&work, length);
    strbuf_add(&work, sealed, length);
    enum err err = strbuf_result(&work, why);
    if (!err)
        err = cipher->crypto->ops->aes256_cfb(cipher->crypto->self, false, cipher->key,
                                              cipher->seed, (uint8_t *)work.data, length);
    if (!err && !padding_fits((const uint8_t *)work.data, length))
        err = fail_set(why, ERR_CORRUPT, "a sealed file has the wrong padding");
    if (!err) {
        strbuf_add(out, work.data, length - (uint8_t)work.data[length - 1]);
        err = strbuf_result(out, why);
    }
    strbuf_free(&work);
    return err;
}

void attachments_clear(struct attachment *attachments, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (attachments[at].data)
            memory_wipe(attachments[at].data, attachments[at].length);
        free(attachments[at].data);
        attachments[at] = (struct attachment){0};
    }
}

void envelope_clear(struct envelope *envelope)
{
    attachments_clear(envelope->parts, envelope->count);
    free(envelope->parts);
    *envelope = (struct envelope){0};
}

static enum err seal_file(struct envelope_cipher *cipher, const struct attachment *file,
                          struct attachment *part, struct fail *why)
{
    struct strbuf sealed;
    strbuf_init(&sealed, LIMIT_CASE_BYTES + BLOCK);
    enum err err = envelope_cipher_encrypt(cipher, file->data, file->length, &sealed, why);
    if (!err && (!text_copy(part->name, sizeof part->name - strlen(".enc"), file->name)))
        err = fail_set(why, ERR_INPUT, "the name of an attachment is too long");
    if (!err) {
        memcpy(part->name + strlen(part->name), ".enc", sizeof ".enc");
        text_copy(part->type, sizeof part->type, "application/octet-stream");
        part->length = sealed.length;
        part->data = strbuf_take(&sealed);
        if (!part->data)
            err = fail_set(why, ERR_RETRY, "no memory");
    }
    strbuf_free(&sealed);
    return err;
}

static enum err seal_key(const struct crypto *crypto, const struct bytes *public_key,
                         const void *secret, size_t length, char out[ENVELOPE_BASE64],
                         struct fail *why)
{
    struct strbuf sealed, text;
    strbuf_init(&sealed, ENVELOPE_BASE64);
    strbuf_init(&text, ENVELOPE_BASE64 - 1);
    enum err err = crypto->ops->rsa_encrypt(crypto->self, public_key->data, public_key->length,
                                            secret, length, &sealed, why);
    if (!err) {
        crypto->ops->base64_encode(crypto->self, sealed.data, sealed.length, false, &text);
        err = strbuf_result(&text, why);
    }
    if (!err)
        memcpy(out, text.data, text.length + 1);
    strbuf_free(&sealed);
    strbuf_free(&text);
    return err;
}

static enum err sign_elements(struct envelope_cipher *cipher, const struct envelope_about *about,
                              const struct bytes *public_key, const struct envelope_rest *rest,
                              struct envelope *out, struct fail *why)
{
    const struct crypto *crypto = cipher->crypto;
    struct envelope_file files[ENVELOPE_PARTS];
    uint8_t digest[ENVELOPE_SEED];
    enum err err = seal_key(crypto, public_key, cipher->key, CRYPTO_KEY, out->encrypted_key, why);
    if (rest->before_count > 0)
        memcpy(files, rest->before, rest->before_count * sizeof files[0]);
    for (size_t at = 0; !err && at < rest->count; at++)
        err = envelope_describe(crypto, &rest->files[at], &files[rest->before_count + at], why);
    if (!err)
        err = envelope_text_digest(crypto, about, out->encrypted_key, files,
                                   rest->before_count + rest->count, digest, why);
    if (!err)
        err = seal_key(crypto, public_key, digest, sizeof digest, out->element_signature, why);
    return err;
}

enum err envelope_finish(struct envelope_cipher *cipher, const struct envelope_about *about,
                         const struct bytes *public_key, const struct envelope_rest *rest,
                         struct envelope *out, struct fail *why)
{
    *out = (struct envelope){0};
    if (about->instance_id[0] == '\0')
        return fail_set(why, ERR_INPUT, "a record without instance id is never sealed");
    if (rest->count < 1 || rest->before_count + rest->count > ENVELOPE_PARTS)
        return fail_set(why, ERR_FULL, "%zu files in one record", rest->before_count + rest->count);
    if (cipher->count != rest->before_count)
        return fail_set(why, ERR_BUG, "%zu files were sealed, not %zu", cipher->count,
                        rest->before_count);
    out->count = rest->count;
    out->parts = calloc(rest->count, sizeof *out->parts);
    if (!out->parts)
        return fail_set(why, ERR_RETRY, "no memory");
    enum err err = sign_elements(cipher, about, public_key, rest, out, why);
    for (size_t at = 0; !err && at < out->count; at++)
        err = seal_file(cipher, &rest->files[at], &out->parts[at], why);
    if (err)
        envelope_clear(out);
    return err ? fail_prefix(why, err, "sealing the record") : ERR_OK;
}

enum err envelope_seal(const struct crypto *crypto, const struct envelope_about *about,
                       const struct bytes *public_key, const struct attachment *files, size_t count,
                       struct envelope *out, struct fail *why)
{
    uint8_t key[CRYPTO_KEY];
    struct envelope_cipher cipher;
    struct envelope_rest all = {.files = files, .count = count};
    crypto->ops->random(crypto->self, key, sizeof key);
    envelope_cipher_begin(&cipher, crypto, about->instance_id, key);
    enum err err = envelope_finish(&cipher, about, public_key, &all, out, why);
    memory_wipe(&cipher, sizeof cipher);
    memory_wipe(key, sizeof key);
    return err;
}
