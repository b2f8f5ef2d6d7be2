// SPDX-License-Identifier: GPL-3.0-or-later
// The correction list: canonical lines, sign, verify, and when it is due.
#include "yimen/case/correction.h"

#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include "yimen/case/receipt_number.h"
#include "yimen/form/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char domain[] = "yimen/correction/1";

static enum err add_line(struct strbuf *lines, const char *word, const char *value,
                         struct fail *why)
{
    if (!value[0] || !text_is_utf8(value, strlen(value)))
        return fail_set(why, ERR_INPUT, "correction list: %s is empty or not UTF-8", word);
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return fail_set(why, ERR_INPUT, "correction list: a control character in %s", word);
    strbuf_addf(lines, "%s %s\n", word, value);
    return ERR_OK;
}

static enum err add_items(const struct correction_list *list, struct strbuf *lines,
                          struct fail *why)
{
    enum err err =
        list->count > 0 && list->count <= CORRECTION_ITEMS
            ? ERR_OK
            : fail_set(why, ERR_INPUT, "correction list: nothing, or too much, is wanted");
    for (size_t i = 0; !err && i < list->count; i++) {
        const struct correction_item *item = &list->items[i];
        err = add_line(lines, item->kind == CORRECTION_FIELD ? "field" : "paper", item->ref, why);
        if (!err)
            err = add_line(lines, "reason", item->reason, why);
    }
    return err;
}

static enum err canonical_lines(const struct correction_list *list, struct strbuf *lines,
                                struct fail *why)
{
    char issued[24], due[24];
    snprintf(issued, sizeof issued, "%lld", (long long)list->issued_utc_ms);
    snprintf(due, sizeof due, "%lld", (long long)list->due_utc_ms);
    const char *const head[][2] = {
        {"list", list->id},         {"key", list->key_id},      {"instance", list->instance},
        {"receipt", list->receipt}, {"service", list->service}, {"form", list->form_id},
    };
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < sizeof head / sizeof head[0]; i++)
        err = add_line(lines, head[i][0], head[i][1], why);
    if (!err)
        err = list->version[0] ? add_line(lines, "version", list->version, why) : ERR_OK;
    if (!err)
        err = add_line(lines, "issued", issued, why);
    if (!err)
        err = add_line(lines, "due", due, why);
    if (!err)
        err = add_items(list, lines, why);
    return err ? err : strbuf_result(lines, why);
}

// First 8 bytes of the key's SHA-256, as with content packs.
static void key_name(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                     char out[CORRECTION_KEY_ID])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    crypto->ops->digest(crypto->self, DIGEST_SHA256, public_key, CRYPTO_PUBLIC, digest);
    for (size_t i = 0; i < 8; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

enum err correction_sign(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                         struct correction_list *list, struct fail *why)
{
    struct strbuf lines, text;
    uint8_t signature[CRYPTO_SIGNATURE];
    key_name(crypto, secret_key + CRYPTO_SECRET - CRYPTO_PUBLIC, list->key_id);
    strbuf_init(&lines, CORRECTION_BYTES);
    strbuf_init(&text, sizeof list->signature - 1);
    enum err err = canonical_lines(list, &lines, why);
    if (!err) {
        err = crypto->ops->sign(crypto->self, secret_key, domain, lines.data, lines.length,
                                signature);
        if (err)
            fail_set(why, err, "signing the correction list");
    }
    if (!err) {
        crypto->ops->base64_encode(crypto->self, signature, sizeof signature, true, &text);
        err = strbuf_result(&text, why);
    }
    if (!err)
        text_copy(list->signature, sizeof list->signature, strbuf_text(&text));
    strbuf_free(&lines);
    strbuf_free(&text);
    return err;
}

static const uint8_t *key_named(const struct correction_trust *trust, const char *key_id)
{
    char name[CORRECTION_KEY_ID];
    for (size_t i = 0; i < trust->key_count; i++) {
        key_name(trust->crypto, trust->keys[i], name);
        if (text_equal(name, key_id))
            return trust->keys[i];
    }
    return NULL;
}

enum err correction_verify(const struct correction_trust *trust, const struct correction_list *list,
                           struct fail *why)
{
    const struct crypto *crypto = trust->crypto;
    const uint8_t *key = key_named(trust, list->key_id);
    struct strbuf lines, signature;
    if (!key)
        return fail_set(why, ERR_DENIED, "the correction list is signed by no key of the district");
    strbuf_init(&lines, CORRECTION_BYTES);
    strbuf_init(&signature, CRYPTO_SIGNATURE);
    enum err err = canonical_lines(list, &lines, why);
    if (!err && (crypto->ops->base64_decode(crypto->self, list->signature, strlen(list->signature),
                                            true, &signature) ||
                 signature.length != CRYPTO_SIGNATURE ||
                 crypto->ops->verify(crypto->self, key, domain, lines.data, lines.length,
                                     (const uint8_t *)signature.data)))
        err = fail_set(why, ERR_DENIED, "the correction list was changed");
    strbuf_free(&lines);
    strbuf_free(&signature);
    return err;
}

enum err correction_open(const struct correction_trust *trust, const char *json,
                         const char *instance, int64_t now_utc_ms, struct correction_list *out,
                         struct fail *why)
{
    enum err err = correction_read(json, strlen(json), out, why);
    if (!err)
        err = correction_verify(trust, out, why);
    if (!err && !text_equal(out->instance, instance))
        err = fail_set(why, ERR_CONFLICT, "the correction list is of another case");
    if (!err && now_utc_ms && now_utc_ms >= out->due_utc_ms)
        err = fail_set(why, ERR_FULL, "the time for the correction is over");
    return err;
}

int64_t correction_due(int64_t issued_utc_ms, int days)
{
    return district_midnight(district_day(issued_utc_ms) + days + 1);
}

void correction_due_day(const struct correction_list *list, char out[11])
{
    district_date(list->due_utc_ms - 1, out);
}

bool correction_is_form(const char *form_id)
{
    return text_ends(form_id, FORM_CORRECTION_SUFFIX);
}
