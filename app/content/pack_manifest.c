// SPDX-License-Identifier: GPL-3.0-or-later
// The manifest: signature first, content second. Not one byte of it is parsed before a key of ours
// has signed it; the signature file itself is a fixed little object.
#include "json_read.h"
#include "pack_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_PARTS = 6, VERSION_DIGITS = 9, DATE_LENGTH = 10, DAY_MS = 86400000 };

struct signature {
    int suite;
    char key[PACK_KEY_ID];
    char signature[128];
};

static const struct json_member signature_table[] = {
    {"suite", MEMBER_COUNT, offsetof(struct signature, suite), 255, false},
    {"key", MEMBER_TEXT, offsetof(struct signature, key), PACK_KEY_ID, false},
    {"signature", MEMBER_TEXT, offsetof(struct signature, signature), 128, false},
};

struct head {
    int format;
    char product[32], version[PACK_VERSION], effective_from[16], effective_to[16];
};

static const struct json_member head_table[] = {
    {"format", MEMBER_COUNT, offsetof(struct head, format), 1000, false},
    {"product", MEMBER_TEXT, offsetof(struct head, product), 32, false},
    {"version", MEMBER_TEXT, offsetof(struct head, version), PACK_VERSION, false},
    {"effective_from", MEMBER_TEXT, offsetof(struct head, effective_from), 16, false},
    {"effective_to", MEMBER_TEXT, offsetof(struct head, effective_to), 16, false},
    {"files", MEMBER_ARRAY, 0, 0, false},
};

struct file_entry {
    char path[PACK_PATH], sha256[CRYPTO_HASH * 2 + 1];
    int size;
};

static const struct json_member file_table[] = {
    {"path", MEMBER_TEXT, offsetof(struct file_entry, path), PACK_PATH, false},
    {"size", MEMBER_COUNT, offsetof(struct file_entry, size), PACK_FILE_BYTES, false},
    {"sha256", MEMBER_TEXT, offsetof(struct file_entry, sha256), CRYPTO_HASH * 2 + 1, false},
};

#define LENGTH(table) (sizeof(table) / sizeof *(table))

bool pack_path_is_good(const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
    size_t length = strlen(path);
    if (length == 0 || length >= PACK_PATH || strspn(path, plain) != length)
        return false;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (*part == '.' || *part == '/' || *part == '\0')
            return false;
    return true;
}

bool pack_version_is_good(const char *version)
{
    int parts = 1, digits = 0;
    if (strlen(version) >= PACK_VERSION)
        return false;
    for (const char *at = version; *at; at++) {
        if (*at == '.') {
            if (digits == 0 || ++parts > VERSION_PARTS)
                return false;
            digits = 0;
        } else if (*at < '0' || *at > '9' || ++digits > VERSION_DIGITS) {
            return false;
        }
    }
    return digits > 0;
}

int pack_version_compare(const char *a, const char *b)
{
    while (*a || *b) {
        char *a_end, *b_end;
        unsigned long left = strtoul(a, &a_end, 10), right = strtoul(b, &b_end, 10);
        if (left != right)
            return left < right ? -1 : 1;
        if (!*a_end != !*b_end) // "1.2" is before "1.2.0"
            return *a_end ? 1 : -1;
        a = *a_end ? a_end + 1 : a_end;
        b = *b_end ? b_end + 1 : b_end;
    }
    return 0;
}

void pack_key_id(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                 char out[PACK_KEY_ID])
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    crypto->ops->digest(crypto->self, DIGEST_SHA256, public_key, CRYPTO_PUBLIC, digest);
    for (size_t i = 0; i < 8; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static enum err find_key(const struct pack_trust *trust, const char *id, const uint8_t **out,
                         struct fail *why)
{
    for (size_t i = 0; i < trust->key_count; i++) {
        char known[PACK_KEY_ID];
        pack_key_id(trust->crypto, trust->keys[i], known);
        if (!text_equal(known, id))
            continue;
        *out = trust->keys[i];
        return ERR_OK;
    }
    return fail_set(why, ERR_DENIED, "signed by a key that is not ours");
}

static enum err check_signature(const struct strbuf *text, const struct signature *signature,
                                const struct pack_trust *trust, struct fail *why)
{
    const struct crypto *crypto = trust->crypto;
    const uint8_t *key = NULL;
    struct strbuf bytes;
    if (signature->suite != PACK_SUITE)
        return fail_set(why, ERR_UNSUPPORTED, "signature suite %d is not known here",
                        signature->suite);
    enum err err = find_key(trust, signature->key, &key, why);
    if (err != ERR_OK)
        return err;
    strbuf_init(&bytes, PACK_SIGNATURE_BYTES);
    err = crypto->ops->base64_decode(crypto->self, signature->signature,
                                     strlen(signature->signature), false, &bytes);
    if (err != ERR_OK || bytes.length != CRYPTO_SIGNATURE ||
        crypto->ops->verify(crypto->self, key, PACK_DOMAIN, strbuf_text(text), text->length,
                            (const uint8_t *)strbuf_text(&bytes)) != ERR_OK)
        err = fail_set(why, ERR_DENIED, "the signature does not fit the manifest");
    strbuf_free(&bytes);
    return err;
}

static enum err verify(const struct files *files, const struct pack_trust *trust,
                       struct strbuf *text, struct strbuf *signature_text, char key_id[PACK_KEY_ID],
                       struct fail *why)
{
    struct signature signature = {0};
    enum err err = files->ops->read(files->self, PACK_SIGNATURE, signature_text, why);
    if (err == ERR_NOT_FOUND)
        return fail_set(why, ERR_DENIED, "not signed: there is no " PACK_SIGNATURE);
    if (err != ERR_OK)
        return err;
    err = files->ops->read(files->self, PACK_MANIFEST, text, why);
    if (err == ERR_NOT_FOUND)
        return fail_set(why, ERR_CORRUPT, "there is no " PACK_MANIFEST);
    if (err != ERR_OK)
        return err;
    json_error_t error;
    json_t *root = json_loadb(strbuf_text(signature_text), signature_text->length,
                              JSON_REJECT_DUPLICATES, &error);
    if (!root || json_members(root, PACK_SIGNATURE, signature_table, LENGTH(signature_table),
                              &signature, why) != ERR_OK)
        err = fail_set(why, ERR_DENIED, PACK_SIGNATURE ": not a signature");
    if (err == ERR_OK)
        err = check_signature(text, &signature, trust, why);
    text_copy(key_id, PACK_KEY_ID, signature.key);
    json_decref(root);
    return err;
}

// Midnight in the district at the beginning of that day.
static enum err read_date(const char *text, int64_t *out, struct fail *why)
{
    int64_t year, month, day;
    char parts[DATE_LENGTH + 1];
    if (strlen(text) == DATE_LENGTH && text[4] == '-' && text[7] == '-') {
        memcpy(parts, text, sizeof parts);
        parts[4] = parts[7] = '\0';
        if (text_to_int64(parts, &year) && text_to_int64(parts + 5, &month) &&
            text_to_int64(parts + 8, &day) && date_is_real((int)year, (int)month, (int)day)) {
            *out = district_midnight(days_from_date((int)year, (int)month, (int)day));
            return ERR_OK;
        }
    }
    return fail_set(why, ERR_INPUT, "\"%s\" is not a date like 2026-11-23", text);
}

static enum err read_head(json_t *root, struct pack_info *info, struct fail *why)
{
    struct head head = {0};
    enum err err = json_members(root, PACK_MANIFEST, head_table, LENGTH(head_table), &head, why);
    if (err != ERR_OK)
        return err;
    if (head.format != PACK_FORMAT || !text_equal(head.product, PACK_PRODUCT))
        return fail_set(why, ERR_UNSUPPORTED, "product \"%s\" format %d is not for this machine",
                        head.product, head.format);
    if (!pack_version_is_good(head.version))
        return fail_set(why, ERR_INPUT, "version \"%s\" must be numbers with dots", head.version);
    text_copy(info->version, sizeof info->version, head.version);
    err = read_date(head.effective_from, &info->effective_from_ms, why);
    if (err == ERR_OK && head.effective_to[0]) {
        err = read_date(head.effective_to, &info->effective_to_ms, why);
        info->effective_to_ms += DAY_MS; // the last day counts
    }
    return err;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct pack_file *)a)->path, ((const struct pack_file *)b)->path);
}

static enum err read_file(json_t *object, const struct crypto *crypto, struct arena *arena,
                          struct pack_file *out, struct fail *why)
{
    struct file_entry entry = {0};
    struct strbuf hash;
    enum err err =
        json_members(object, PACK_MANIFEST ": file", file_table, LENGTH(file_table), &entry, why);
    if (err != ERR_OK)
        return err;
    if (!pack_path_is_good(entry.path) || text_equal(entry.path, PACK_MANIFEST) ||
        text_equal(entry.path, PACK_SIGNATURE))
        return fail_set(why, ERR_INPUT, "a file may not be called \"%s\"", entry.path);
    strbuf_init(&hash, CRYPTO_HASH + 1);
    if (crypto->ops->hex_decode(crypto->self, entry.sha256, strlen(entry.sha256), &hash) ==
            ERR_OK &&
        hash.length == CRYPTO_HASH)
        memcpy(out->sha256, strbuf_text(&hash), CRYPTO_HASH);
    else
        err = fail_set(why, ERR_INPUT, "%s: \"sha256\" is not one", entry.path);
    strbuf_free(&hash);
    out->path = arena_strdup(arena, entry.path);
    out->size = (size_t)entry.size;
    return err;
}

static enum err read_files(const json_t *list, const struct crypto *crypto,
                           struct pack_manifest *out, struct fail *why)
{
    size_t count = json_array_size(list);
    if (count == 0 || count > PACK_FILES)
        return fail_set(why, ERR_INPUT, "there must be 1 to %d files", PACK_FILES);
    out->files = ARENA_ARRAY(out->arena, struct pack_file, count);
    for (size_t i = 0; i < count; i++) {
        enum err err = read_file(json_array_get(list, i), crypto, out->arena, &out->files[i], why);
        if (err != ERR_OK)
            return err;
        out->info.bytes += (int64_t)out->files[i].size;
        out->info.file_count++;
    }
    if (out->info.bytes > LIMIT_PACK_BYTES)
        return fail_set(why, ERR_FULL, "larger than %d bytes", LIMIT_PACK_BYTES);
    qsort(out->files, count, sizeof *out->files, by_path);
    for (size_t i = 1; i < count; i++)
        if (by_path(&out->files[i - 1], &out->files[i]) == 0)
            return fail_set(why, ERR_INPUT, "\"%s\" is there twice", out->files[i].path);
    return ERR_OK;
}

enum err pack_manifest_load(const struct files *files, const struct pack_trust *trust,
                            struct strbuf *text, struct strbuf *signature,
                            struct pack_manifest *out, struct fail *why)
{
    json_error_t error;
    *out = (struct pack_manifest){.arena = arena_new(0)};
    enum err err = verify(files, trust, text, signature, out->info.key_id, why);
    if (err != ERR_OK)
        return err;
    json_t *root = json_loadb(strbuf_text(text), text->length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fail_set(why, ERR_INPUT, PACK_MANIFEST ":%d: %s", error.line, error.text);
    err = read_head(root, &out->info, why);
    if (err == ERR_OK)
        err = read_files(json_object_get(root, "files"), trust->crypto, out, why);
    json_decref(root);
    return err;
}

void pack_manifest_free(struct pack_manifest *manifest)
{
    arena_free(manifest->arena);
    *manifest = (struct pack_manifest){0};
}

const struct pack_file *pack_manifest_file(const struct pack_manifest *manifest, const char *path)
{
    struct pack_file wanted = {.path = path};
    return manifest->info.file_count ? bsearch(&wanted, manifest->files, manifest->info.file_count,
                                               sizeof wanted, by_path)
                                     : NULL;
}
