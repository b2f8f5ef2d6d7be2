// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/envelope.h"

#include "envelope_text.h"
#include "yimen/base/text.h"

#include <string.h>

// The secret of `length` bytes that `base64` holds under RSA.
static enum err open_secret(const struct crypto *crypto, const struct bytes *private_key,
                            const char *base64, uint8_t *out, size_t length, struct fail *why)
{
    struct strbuf sealed, secret;
    strbuf_init(&sealed, ENVELOPE_BASE64);
    strbuf_init(&secret, ENVELOPE_BASE64);
    enum err err = crypto->ops->base64_decode(crypto->self, base64, strlen(base64), false, &sealed);
    if (err)
        fail_set(why, err, "not base64");
    else
        err = crypto->ops->rsa_decrypt(crypto->self, private_key->data, private_key->length,
                                       sealed.data, sealed.length, &secret, why);
    if (err == ERR_CORRUPT || (!err && secret.length != length))
        err = fail_set(why, ERR_DENIED, "sealed to another key");
    if (!err)
        memcpy(out, secret.data, length);
    strbuf_free(&sealed);
    strbuf_free(&secret);
    return err;
}

static enum err open_file(struct envelope_cipher *cipher, const struct attachment *part,
                          struct attachment *plain, struct fail *why)
{
    struct strbuf data;
    strbuf_init(&data, part->length);
    if (!text_ends(part->name, ".enc"))
        return fail_set(why, ERR_CORRUPT, "a part is not named .enc");
    enum err err = envelope_cipher_decrypt(cipher, part->data, part->length, &data, why);
    if (!err) {
        text_copy(plain->name, sizeof plain->name, part->name);
        plain->name[strlen(plain->name) - strlen(".enc")] = '\0';
        plain->length = data.length;
        plain->data = strbuf_take(&data);
        if (!plain->data)
            err = fail_set(why, ERR_RETRY, "no memory");
    }
    strbuf_free(&data);
    return err;
}

static enum err check_signature(const struct crypto *crypto, const struct envelope_about *about,
                                const struct bytes *private_key, const struct envelope *envelope,
                                const struct attachment *plain, struct fail *why)
{
    uint8_t expected[ENVELOPE_SEED], found[ENVELOPE_SEED];
    struct envelope_file files[ENVELOPE_PARTS];
    enum err err = ERR_OK;
    for (size_t at = 0; !err && at < envelope->count; at++)
        err = envelope_describe(crypto, &plain[at], &files[at], why);
    if (!err)
        err = envelope_text_digest(crypto, about, envelope->encrypted_key, files, envelope->count,
                                   expected, why);
    if (!err)
        err =
            open_secret(crypto, private_key, envelope->element_signature, found, sizeof found, why);
    if (!err && !memory_equal(expected, found, sizeof found))
        err = fail_set(why, ERR_CORRUPT, "the element signature does not fit");
    return err;
}

enum err envelope_open(const struct crypto *crypto, const struct envelope_about *about,
                       const struct bytes *private_key, const struct envelope *envelope,
                       struct attachment *plain, struct fail *why)
{
    uint8_t key[CRYPTO_KEY];
    struct envelope_cipher cipher;
    memset(plain, 0, envelope->count * sizeof *plain);
    enum err err = open_secret(crypto, private_key, envelope->encrypted_key, key, sizeof key, why);
    if (err)
        return fail_prefix(why, err, "opening the record");
    envelope_cipher_begin(&cipher, crypto, about->instance_id, key);
    for (size_t at = 0; !err && at < envelope->count; at++)
        err = open_file(&cipher, &envelope->parts[at], &plain[at], why);
    if (!err)
        err = check_signature(crypto, about, private_key, envelope, plain, why);
    memory_wipe(&cipher, sizeof cipher);
    memory_wipe(key, sizeof key);
    if (err)
        attachments_clear(plain, envelope->count);
    return err ? fail_prefix(why, err, "opening the record") : ERR_OK;
}
