// SPDX-License-Identifier: GPL-3.0-or-later
// Making a pack from a tree like assets/: only what content is goes in, in the order of names, so
// that the same tree always gives the same manifest.
#include "json_read.h"
#include "pack_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8 };

static const char *const content_paths[] = {
    "bundles.json", "counters.json", "divisions", "forms", "i18n", "policies", "services.json"};

struct building {
    const struct files *source, *out;
    const struct crypto *crypto;
    pack_prepare *prepare;
    json_t *list; ///< of the manifest
    char folder[PACK_PATH];
    int depth;
    enum err err;
    struct fail *why;
};

static void build_path(void *context, const char *name);

static enum err add_file(struct building *building, const char *path, const struct strbuf *bytes)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf hash;
    if (!pack_path_is_good(path))
        return fail_set(building->why, ERR_INPUT, "a file may not be called \"%s\"", path);
    enum err err = building->out->ops->write(building->out->self, path, strbuf_text(bytes),
                                             bytes->length, false, building->why);
    if (err != ERR_OK)
        return err;
    building->crypto->ops->digest(building->crypto->self, DIGEST_SHA256, strbuf_text(bytes),
                                  bytes->length, digest);
    strbuf_init(&hash, CRYPTO_HASH * 2 + 1);
    building->crypto->ops->hex_encode(building->crypto->self, digest, CRYPTO_HASH, &hash);
    json_t *entry = json_pack("{s:s, s:I, s:s}", "path", path, "size", (json_int_t)bytes->length,
                              "sha256", strbuf_text(&hash));
    if (!entry || json_array_append_new(building->list, entry) != 0)
        err = fail_set(building->why, ERR_INPUT, "%s: its name is not text", path);
    strbuf_free(&hash);
    return err;
}

static enum err add_folder(struct building *building, const char *path)
{
    char above[PACK_PATH];
    if (building->depth == DEPTH)
        return fail_set(building->why, ERR_INPUT, "%s: folders are too deep", path);
    text_copy(above, sizeof above, building->folder);
    text_copy(building->folder, sizeof building->folder, path);
    building->depth++;
    enum err err = building->source->ops->list(building->source->self, path, build_path, building,
                                               building->why);
    building->depth--;
    text_copy(building->folder, sizeof building->folder, above);
    return err == ERR_OK ? building->err : err;
}

static enum err prepare_and_add(struct building *building, const char *path, struct strbuf *bytes)
{
    bool leave_out = false;
    enum err err = ERR_OK;
    if (building->prepare)
        err = building->prepare(building->source, path, bytes, &leave_out, building->why);
    return err == ERR_OK && !leave_out ? add_file(building, path, bytes) : err;
}

static void ignore(void *context, const char *name)
{
    (void)context, (void)name;
}

static void build_path(void *context, const char *name)
{
    struct building *building = context;
    const struct files *source = building->source;
    struct strbuf path, bytes;
    if (building->err != ERR_OK || name[0] == '.')
        return;
    strbuf_init(&path, PACK_PATH);
    strbuf_init(&bytes, PACK_FILE_BYTES);
    strbuf_addf(&path, "%s%s%s", building->folder, building->folder[0] ? "/" : "", name);
    enum err err = strbuf_result(&path, building->why);
    if (err == ERR_OK &&
        source->ops->list(source->self, strbuf_text(&path), ignore, NULL, NULL) == ERR_OK) {
        err = add_folder(building, strbuf_text(&path));
    } else if (err == ERR_OK) {
        err = source->ops->read(source->self, strbuf_text(&path), &bytes, building->why);
        if (err == ERR_OK)
            err = prepare_and_add(building, strbuf_text(&path), &bytes);
        else if (err == ERR_NOT_FOUND && building->depth == 0)
            err = ERR_OK; // not every tree has policies
    }
    building->err = err;
    strbuf_free(&bytes);
    strbuf_free(&path);
}

static enum err write_manifest(const struct files *out, json_t *list,
                               const struct pack_build_options *options, struct fail *why)
{
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:O}", "format", PACK_FORMAT, "product", PACK_PRODUCT,
                  "version", options->version, "effective_from", options->effective_from,
                  "effective_to", options->effective_to, "files", list);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    enum err err = text ? out->ops->write(out->self, PACK_MANIFEST, text, strlen(text), false, why)
                        : fail_set(why, ERR_INPUT, "version and dates must be text");
    free(text);
    json_decref(root);
    return err;
}

enum err pack_build(const struct files *source, const struct files *out,
                    const struct crypto *crypto, const struct pack_build_options *options,
                    struct fail *why)
{
    if (!pack_version_is_good(options->version))
        return fail_set(why, ERR_INPUT, "version \"%s\" must be numbers with dots",
                        options->version);
    struct building building = {
        .source = source, .out = out, .crypto = crypto, .prepare = options->prepare, .why = why};
    building.list = json_array();
    for (size_t i = 0; i < sizeof content_paths / sizeof *content_paths; i++)
        build_path(&building, content_paths[i]);
    enum err err = building.err;
    if (err == ERR_OK && json_array_size(building.list) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "there is no content in this folder");
    if (err == ERR_OK)
        err = write_manifest(out, building.list, options, why);
    json_decref(building.list);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "building the pack");
}

static enum err write_signature(const struct files *pack, const struct crypto *crypto,
                                const uint8_t *public_key,
                                const uint8_t signature[CRYPTO_SIGNATURE], struct fail *why)
{
    struct strbuf text;
    char key_id[PACK_KEY_ID];
    pack_key_id(crypto, public_key, key_id);
    strbuf_init(&text, PACK_SIGNATURE_BYTES);
    strbuf_addf(&text, "{ \"suite\": %d, \"key\": \"%s\", \"signature\": \"", PACK_SUITE, key_id);
    crypto->ops->base64_encode(crypto->self, signature, CRYPTO_SIGNATURE, false, &text);
    strbuf_adds(&text, "\" }\n");
    enum err err = strbuf_result(&text, why);
    if (err == ERR_OK)
        err = pack->ops->write(pack->self, PACK_SIGNATURE, strbuf_text(&text), text.length, false,
                               why);
    strbuf_free(&text);
    return err;
}

enum err pack_sign(const struct files *pack, const struct crypto *crypto,
                   const uint8_t secret_key[CRYPTO_SECRET], struct fail *why)
{
    struct strbuf manifest;
    uint8_t signature[CRYPTO_SIGNATURE];
    strbuf_init(&manifest, PACK_MANIFEST_BYTES);
    enum err err = pack->ops->read(pack->self, PACK_MANIFEST, &manifest, why);
    if (err == ERR_OK)
        err = crypto->ops->sign(crypto->self, secret_key, PACK_DOMAIN, strbuf_text(&manifest),
                                manifest.length, signature);
    if (err == ERR_OK)
        err = write_signature(pack, crypto, secret_key + CRYPTO_SECRET - CRYPTO_PUBLIC, signature,
                              why);
    strbuf_free(&manifest);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "signing the pack");
}
