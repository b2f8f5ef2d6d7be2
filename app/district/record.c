// SPDX-License-Identifier: GPL-3.0-or-later
// Opened records: from the sealed parts to ciphertext under a key of the case's own, and back.
#include "split.h"

#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEALED_OVERHEAD = 64, WRAPPED_BYTES = 256 };

void opened_clear(struct opened *opened)
{
    attachments_clear(opened->files, opened->count);
    opened->count = 0;
}

struct collecting {
    struct attachment *files;
    size_t count, room;
    enum err err;
};

static void collect(void *context, const char *name, const void *data, size_t length)
{
    struct collecting *collecting = context;
    if (collecting->err)
        return;
    if (collecting->count == collecting->room) {
        collecting->err = ERR_INPUT;
        return;
    }
    struct attachment *file = &collecting->files[collecting->count];
    *file = (struct attachment){.data = malloc(length ? length : 1), .length = length};
    if (!text_copy(file->name, sizeof file->name, name))
        collecting->err = ERR_INPUT;
    if (!file->data)
        collecting->err = ERR_RETRY;
    else
        memcpy(file->data, data, length);
    collecting->count++;
}

static enum err collected(const struct collecting *collecting, struct fail *why)
{
    if (collecting->err == ERR_RETRY)
        return fail_set(why, ERR_RETRY, "out of memory");
    return collecting->err
               ? fail_set(why, collecting->err, "too many files, or a file's name is too long")
               : ERR_OK;
}

static enum err read_sealed(struct district *district, const char *instance,
                            struct manifest *manifest, struct collecting *parts, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct strbuf text;
    strbuf_init(&text, LIMIT_MANIFEST);
    enum err err = store->ops->sealed_read(store->self, instance, &text, collect, parts, why);
    if (!err)
        err = collected(parts, why);
    if (!err)
        err = manifest_read(strbuf_text(&text), text.length, manifest, why);
    strbuf_free(&text);
    return err;
}

static enum err repeats(const struct attachment *record, const char *path, const char *expected,
                        struct fail *why)
{
    char value[96];
    enum err err = opened_value(record, path, value, sizeof value, NULL);
    if (err || !text_equal(value, expected))
        return fail_set(why, ERR_CORRUPT, "the record's %s is not what its seal says", path);
    return ERR_OK;
}

// What is outside must be what is inside: else somebody put a seal on another's record.
static enum err check_record(const struct manifest *manifest, const struct attachment *record,
                             struct fail *why)
{
    enum err err = repeats(record, "/data/visit/receipt_number", manifest->seal.receipt, why);
    if (!err)
        err = repeats(record, "/data/visit/key_id", manifest->seal.key_id, why);
    if (!err)
        err = repeats(record, "/data/meta/instanceID", manifest->instance_id, why);
    return err;
}

// The next private key in the text, from `*at` on. False: no more.
static bool next_key(const struct bytes *all, size_t *at, struct bytes *out)
{
    static const char end[] = "-----END ", dashes[] = "-----";
    const char *from = (const char *)all->data + *at;
    size_t left = all->length - *at;
    const char *found = left ? memmem(from, left, end, sizeof end - 1) : NULL;
    if (!found)
        return false;
    found += sizeof end - 1;
    found = memmem(found, left - (size_t)(found - from), dashes, sizeof dashes - 1);
    if (!found)
        return false;
    out->data = from;
    out->length = (size_t)(found - from) + sizeof dashes - 1;
    *at += out->length;
    return true;
}

// By the present key, or by one that was in force when the case was saved: a kiosk never seals
// anew what it has queued. What is said of a case that none opens is what the present key says.
static enum err open_by_any(struct district *district, const struct envelope_about *about,
                            const struct envelope *envelope, struct attachment *files,
                            struct fail *why)
{
    const struct bytes *keys = &district->options.sealing_private;
    struct bytes key;
    size_t at = 0;
    enum err err = ERR_DENIED;
    for (int i = 0; next_key(keys, &at, &key); i++) {
        enum err now =
            envelope_open(district->options.crypto, about, &key, envelope, files, i ? NULL : why);
        if (!now)
            return ERR_OK;
        err = i ? err : now;
    }
    return at ? err : fail_set(why, ERR_TECHNICIAN, "there is no sealing key");
}

static enum err unseal(struct district *district, const struct manifest *manifest,
                       struct collecting *parts, struct opened *out, struct fail *why)
{
    const struct envelope_about about = {manifest->form_id, manifest->version,
                                         manifest->instance_id};
    struct envelope envelope = {.count = parts->count, .parts = parts->files};
    text_copy(envelope.encrypted_key, sizeof envelope.encrypted_key, manifest->encrypted_key);
    text_copy(envelope.element_signature, sizeof envelope.element_signature,
              manifest->element_signature);
    enum err err = open_by_any(district, &about, &envelope, out->files, why);
    if (err)
        return err;
    out->count = parts->count;
    err = check_record(manifest, &out->files[out->count - 1], why);
    if (err)
        opened_clear(out);
    return err;
}

enum err opened_unseal(struct district *district, const char *instance, struct manifest *manifest,
                       struct opened *out, struct fail *why)
{
    struct attachment *sealed = calloc(ENVELOPE_PARTS, sizeof *sealed);
    if (!sealed)
        return fail_set(why, ERR_RETRY, "out of memory");
    struct collecting parts = {.files = sealed, .room = ENVELOPE_PARTS};
    out->count = 0;
    enum err err = read_sealed(district, instance, manifest, &parts, why);
    if (!err && parts.count == 0)
        err = fail_set(why, ERR_CORRUPT, "no parts");
    if (!err)
        err = unseal(district, manifest, &parts, out, why);
    attachments_clear(sealed, parts.count);
    free(sealed);
    return err;
}

static void place(char *out, size_t room, const char *instance, const char *name)
{
    snprintf(out, room, "case/%s/%s", instance, name);
}

static void mark(struct district *district, enum district_index kind, const char *value,
                 struct district_opening *opening, struct district_mark *marks)
{
    const struct crypto *crypto = district->options.crypto;
    if (!value[0])
        return;
    struct district_mark *made = &marks[opening->mark_count++];
    made->kind = kind;
    struct strbuf text;
    strbuf_init(&text, 256);
    strbuf_addf(&text, "%d ", (int)kind);
    for (const char *at = value; *at; at++) // upper case: the check digit X may be typed as x
        strbuf_addc(&text, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
    crypto->ops->hmac_sha256(crypto->self, district->index_key, strbuf_text(&text), text.length,
                             made->mac);
    strbuf_free(&text);
}

static void mark_record(struct district *district, const char *service,
                        const struct attachment *record, struct district_opening *opening,
                        struct district_mark *marks)
{
    const struct service *about = district->options.catalogue
                                      ? catalogue_service(district->options.catalogue, service)
                                      : NULL;
    char value[128];
    if (!about)
        return;
    if (about->ref_id_number[0] &&
        opened_value(record, about->ref_id_number, value, sizeof value, NULL) == ERR_OK) {
        size_t length = strlen(value);
        mark(district, INDEX_ID_NUMBER, value, opening, marks);
        if (length >= 4)
            mark(district, INDEX_LAST_FOUR, value + length - 4, opening, marks);
    }
    if (about->ref_phone[0] &&
        opened_value(record, about->ref_phone, value, sizeof value, NULL) == ERR_OK)
        mark(district, INDEX_PHONE, value, opening, marks);
    memory_wipe(value, sizeof value);
}

static enum err seal_files(struct district *district, const char *instance,
                           const uint8_t key[CRYPTO_KEY], const struct opened *opened,
                           struct strbuf *sealed, struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    for (size_t i = 0; i < opened->count; i++) {
        char where[192];
        place(where, sizeof where, instance, opened->files[i].name);
        strbuf_init(&sealed[i], opened->files[i].length + SEALED_OVERHEAD);
        if (crypto->ops->seal(crypto->self, key, where, opened->files[i].data,
                              opened->files[i].length, &sealed[i]) != ERR_OK ||
            sealed[i].failed)
            return fail_set(why, ERR_RETRY, "sealing an opened file");
    }
    return ERR_OK;
}

static enum err put_opened(struct district *district, const struct manifest *manifest,
                           const struct opened *opened, const struct strbuf *sealed,
                           const struct strbuf *wrapped, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_file files[ENVELOPE_PARTS];
    struct district_mark marks[3];
    for (size_t i = 0; i < opened->count; i++)
        files[i] =
            (struct district_file){opened->files[i].name, {sealed[i].data, sealed[i].length}};
    struct district_opening opening = {.instance = manifest->instance_id,
                                       .wrapped_key = {wrapped->data, wrapped->length},
                                       .files = files,
                                       .file_count = opened->count,
                                       .marks = marks};
    char service[FORM_ITEM_ID];
    split_first(manifest, service);
    mark_record(district, service, &opened->files[opened->count - 1], &opening, marks);
    struct lookup_row lookup;
    enum err err = lookup_file(district, manifest, opened, &lookup, why);
    opening.factor = lookup.has_factor ? lookup.factor : NULL;
    opening.facts = (struct bytes){lookup.facts.data, lookup.facts.length};
    if (!err)
        err = store->ops->opening_put(store->self, &opening, why);
    strbuf_free(&lookup.facts);
    return err;
}

enum err opened_file(struct district *district, const struct manifest *manifest,
                     const struct opened *opened, struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    uint8_t key[CRYPTO_KEY];
    char where[192];
    struct strbuf wrapped, sealed[ENVELOPE_PARTS] = {0};
    crypto->ops->random(crypto->self, key, sizeof key);
    strbuf_init(&wrapped, WRAPPED_BYTES);
    place(where, sizeof where, manifest->instance_id, "key");
    enum err err =
        crypto->ops->seal(crypto->self, district->wrap_key, where, key, sizeof key, &wrapped);
    if (!err)
        err = seal_files(district, manifest->instance_id, key, opened, sealed, why);
    if (!err)
        err = put_opened(district, manifest, opened, sealed, &wrapped, why);
    memory_wipe(key, sizeof key);
    strbuf_free(&wrapped);
    for (size_t i = 0; i < opened->count; i++)
        strbuf_free(&sealed[i]);
    return err;
}

static enum err unwrap(struct district *district, const char *instance,
                       const struct strbuf *wrapped, uint8_t key[CRYPTO_KEY], struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    char where[192];
    struct strbuf plain;
    strbuf_init(&plain, CRYPTO_KEY);
    place(where, sizeof where, instance, "key");
    enum err err = crypto->ops->open(crypto->self, district->wrap_key, where, wrapped->data,
                                     wrapped->length, &plain);
    if (!err && plain.length == CRYPTO_KEY)
        memcpy(key, plain.data, CRYPTO_KEY);
    else
        err = fail_set(why, ERR_CORRUPT, "the key of this case cannot be unwrapped");
    strbuf_free(&plain);
    return err;
}

static enum err open_file(const struct crypto *crypto, const char *instance,
                          const uint8_t key[CRYPTO_KEY], struct attachment *file, struct fail *why)
{
    char where[192];
    struct strbuf plain;
    strbuf_init(&plain, file->length + 1);
    place(where, sizeof where, instance, file->name);
    enum err err = crypto->ops->open(crypto->self, key, where, file->data, file->length, &plain);
    free(file->data);
    file->length = plain.length;
    strbuf_add(&plain, "", 0);
    file->data = strbuf_take(&plain);
    if (err || !file->data)
        return fail_set(why, ERR_CORRUPT, "an opened file is damaged");
    return ERR_OK;
}

enum err opened_read(struct district *district, const char *instance, struct opened *out,
                     struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct strbuf wrapped;
    uint8_t key[CRYPTO_KEY] = {0};
    struct collecting files = {.files = out->files, .room = ENVELOPE_PARTS};
    strbuf_init(&wrapped, WRAPPED_BYTES);
    enum err err = store->ops->opening_read(store->self, instance, &wrapped, collect, &files, why);
    out->count = files.count;
    if (!err)
        err = collected(&files, why);
    if (!err)
        err = unwrap(district, instance, &wrapped, key, why);
    for (size_t i = 0; !err && i < out->count; i++)
        err = open_file(district->options.crypto, instance, key, &out->files[i], why);
    if (!err && out->count == 0)
        err = fail_set(why, ERR_CORRUPT, "an opened case without files");
    memory_wipe(key, sizeof key);
    strbuf_free(&wrapped);
    if (err)
        opened_clear(out);
    return err;
}
