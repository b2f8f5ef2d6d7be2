// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as base64 and hex text, and back, strictly.
#include "parts.h"

#include <sodium.h>
#include <stdlib.h>

static int variant(bool url_without_padding)
{
    return url_without_padding ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
                               : sodium_base64_VARIANT_ORIGINAL;
}

// What was written may be key material on its way into a sealed place: wiped before it is freed.
static void add_and_forget(struct strbuf *out, char *text, size_t length, size_t size)
{
    strbuf_add(out, text, length);
    sodium_memzero(text, size);
    free(text);
}

void text_base64_encode(void *self, const void *data, size_t length, bool url_without_padding,
                        struct strbuf *out)
{
    (void)self;
    size_t size = sodium_base64_encoded_len(length, variant(url_without_padding));
    char *text = malloc(size);
    if (!text) {
        out->failed = true;
        return;
    }
    sodium_bin2base64(text, size, data, length, variant(url_without_padding));
    add_and_forget(out, text, size - 1, size);
}

enum err text_base64_decode(void *self, const char *text, size_t length, bool url_without_padding,
                            struct strbuf *out)
{
    (void)self;
    size_t size = length / 4 * 3 + 4, written = 0;
    unsigned char *data = malloc(size);
    if (!data)
        return ERR_RETRY;
    int wrong = sodium_base642bin(data, size, text, length, NULL, &written, NULL,
                                  variant(url_without_padding));
    add_and_forget(out, (char *)data, wrong ? 0 : written, size);
    return wrong ? ERR_INPUT : strbuf_result(out, NULL);
}

void text_hex_encode(void *self, const void *data, size_t length, struct strbuf *out)
{
    (void)self;
    char *text = malloc(length * 2 + 1);
    if (!text) {
        out->failed = true;
        return;
    }
    sodium_bin2hex(text, length * 2 + 1, data, length);
    add_and_forget(out, text, length * 2, length * 2 + 1);
}

enum err text_hex_decode(void *self, const char *text, size_t length, struct strbuf *out)
{
    (void)self;
    unsigned char *data = malloc(length / 2 + 1);
    if (!data)
        return ERR_RETRY;
    size_t written = 0;
    int wrong = length % 2 != 0 ||
                sodium_hex2bin(data, length / 2 + 1, text, length, NULL, &written, NULL) != 0 ||
                written != length / 2;
    add_and_forget(out, (char *)data, wrong ? 0 : written, length / 2 + 1);
    return wrong ? ERR_INPUT : strbuf_result(out, NULL);
}
