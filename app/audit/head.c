// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/head.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char domain[] = "yimen/audit-head/1", mark[] = "YIMEN-AUDIT/1 ";

enum { SIGNED = 24 + 2 * AUDIT_HASH, DIGITS = 20 };

void audit_hex(const unsigned char *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

static int digit(char text)
{
    if (text >= '0' && text <= '9')
        return text - '0';
    text |= 0x20;
    return text >= 'a' && text <= 'f' ? text - 'a' + 10 : -1;
}

bool audit_unhex(const char *text, unsigned char *out, size_t length)
{
    for (size_t i = 0; i < length; i++, text += 2) {
        int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return digit(*text) < 0;
}

// What is signed. Returns its length.
static size_t signed_text(const struct audit_head *head, char out[SIGNED + 1])
{
    int length = snprintf(out, SIGNED + 1, "%lld ", (long long)head->sequence);
    audit_hex(head->hash, AUDIT_HASH, out + length);
    return (size_t)length + (size_t)2 * AUDIT_HASH;
}

enum err audit_head_sign(const struct crypto *crypto, const unsigned char secret[CRYPTO_SECRET],
                         struct audit_head *head, struct fail *why)
{
    char text[SIGNED + 1];
    size_t length = signed_text(head, text);
    enum err err = crypto->ops->sign(crypto->self, secret, domain, text, length, head->signature);
    return err ? fail_set(why, err, "signing the head of the audit") : ERR_OK;
}

enum err audit_head_check(const struct crypto *crypto, const unsigned char key[CRYPTO_PUBLIC],
                          const struct audit_head *head, struct fail *why)
{
    char text[SIGNED + 1];
    size_t length = signed_text(head, text);
    if (crypto->ops->verify(crypto->self, key, domain, text, length, head->signature) != ERR_OK)
        return fail_set(why, ERR_DENIED, "this head was not signed by the kiosk's key");
    return ERR_OK;
}

void audit_head_format(const struct audit_head *head, char out[AUDIT_HEAD_TEXT])
{
    char hash[2 * AUDIT_HASH + 1], signature[2 * CRYPTO_SIGNATURE + 1];
    audit_hex(head->hash, AUDIT_HASH, hash);
    audit_hex(head->signature, CRYPTO_SIGNATURE, signature);
    snprintf(out, AUDIT_HEAD_TEXT, "%s%lld %s %s", mark, (long long)head->sequence, hash,
             signature);
    for (char *at = out; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'f' ? *at - 'a' + 'A' : *at);
}

// `text` stands behind the mark.
static bool parse(const char *text, struct audit_head *out)
{
    char number[DIGITS + 1] = "";
    size_t digits = strcspn(text, " ");
    if (digits > DIGITS || text[digits] != ' ')
        return false;
    memcpy(number, text, digits);
    text += digits + 1;
    if (!text_to_int64(number, &out->sequence) || out->sequence < 0)
        return false;
    if (!audit_unhex(text, out->hash, AUDIT_HASH) || text[2 * AUDIT_HASH] != ' ')
        return false;
    return audit_unhex(text + 2 * AUDIT_HASH + 1, out->signature, CRYPTO_SIGNATURE);
}

enum err audit_head_parse(const char *text, struct audit_head *out, struct fail *why)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        bool is_marked = strncasecmp(line, mark, strlen(mark)) == 0;
        if (parse(is_marked ? line + strlen(mark) : line, out))
            return ERR_OK;
    }
    return fail_set(why, ERR_INPUT, "no line \"%sSEQUENCE HASH SIGNATURE\" in it", mark);
}
