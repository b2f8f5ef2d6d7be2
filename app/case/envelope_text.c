// SPDX-License-Identifier: GPL-3.0-or-later
#include "envelope_text.h"

#include <string.h>

enum { TEXT_MAXIMUM = 64 << 10 };

enum err envelope_text_digest(const struct crypto *crypto, const struct envelope_about *about,
                              const char *encrypted_key, const struct envelope_file *files,
                              size_t count, uint8_t out[ENVELOPE_SEED], struct fail *why)
{
    struct strbuf text;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    strbuf_init(&text, TEXT_MAXIMUM);
    strbuf_addf(&text, "%s\n", about->form_id);
    if (about->version[0] != '\0')
        strbuf_addf(&text, "%s\n", about->version);
    strbuf_addf(&text, "%s\n%s\n", encrypted_key, about->instance_id);
    for (size_t at = 0; at < count; at++) {
        strbuf_addf(&text, "%s::", files[at].name);
        crypto->ops->hex_encode(crypto->self, files[at].md5, ENVELOPE_SEED, &text);
        strbuf_addc(&text, '\n');
    }
    enum err err = strbuf_result(&text, why);
    if (!err) {
        crypto->ops->digest(crypto->self, DIGEST_MD5, text.data, text.length, digest);
        memcpy(out, digest, ENVELOPE_SEED);
    }
    strbuf_free(&text);
    return err;
}
