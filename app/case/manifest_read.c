// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/manifest.h"

#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <string.h>

static const char seal_namespace[] = "urn:yimen:seal:1";

// An attribute or element that may be missing: then it is "".
static enum err optional(enum err err, char *out)
{
    if (err != ERR_NOT_FOUND)
        return err;
    out[0] = '\0';
    return ERR_OK;
}

static enum err read_number(const struct xml_element *element, const char *name, int64_t *out,
                            struct fail *why)
{
    char text[24];
    enum err err = xml_attribute(element, name, text, sizeof text, why);
    if (!err && !text_to_int64(text, out))
        err = fail_set(why, ERR_INPUT, "%s is not a number", name);
    return err;
}

static enum err read_time(const struct xml_element *element, int64_t *utc_ms,
                          enum time_quality *quality, struct fail *why)
{
    char name[16];
    enum err err = read_number(element, "utc", utc_ms, why);
    if (!err)
        err = xml_attribute(element, "quality", name, sizeof name, why);
    if (err)
        return err;
    for (int at = TIME_UNKNOWN; at <= TIME_DISTRICT; at++) {
        if (text_equal(name, time_quality_name((enum time_quality)at))) {
            *quality = (enum time_quality)at;
            return ERR_OK;
        }
    }
    return fail_set(why, ERR_INPUT, "unknown quality of a time");
}

static enum err read_part(const struct xml_element *element, struct seal *seal, struct fail *why)
{
    if (seal->part_count == ENVELOPE_PARTS)
        return fail_set(why, ERR_INPUT, "too many parts in the seal");
    struct seal_part *part = &seal->parts[seal->part_count++];
    enum err err = xml_attribute(element, "name", part->name, sizeof part->name, why);
    if (!err)
        err = xml_attribute(element, "sha256", part->sha256, sizeof part->sha256, why);
    return err ? err : read_number(element, "size", &part->size, why);
}

static enum err read_parts(const struct xml_element *element, struct seal *seal, struct fail *why)
{
    enum err err = ERR_OK;
    const struct xml_element *child = xml_child(element);
    for (; !err && child; child = xml_next(child))
        if (text_equal(xml_name(child), "part"))
            err = read_part(child, seal, why);
    return err;
}

// One of each: of two, this reader and the next one might believe different ones.
static enum err only_once(const struct xml_element *parent, const char *const *names, size_t count,
                          struct fail *why)
{
    for (size_t at = 0; at < count; at++) {
        size_t seen = 0;
        for (const struct xml_element *child = xml_child(parent); child; child = xml_next(child))
            seen += text_equal(xml_name(child), names[at]);
        if (seen > 1)
            return fail_set(why, ERR_INPUT, "%zu elements called %s", seen, names[at]);
    }
    return ERR_OK;
}

static enum err read_seal(const struct xml_element *element, struct seal *seal, struct fail *why)
{
    char urgent[4] = "";
    const struct {
        const char *name;
        char *out;
        size_t room;
    } texts[] = {
        {"receipt", seal->receipt, sizeof seal->receipt},
        {"counter", seal->counter, sizeof seal->counter},
        {"service", seal->service, sizeof seal->service},
        {"urgent", urgent, sizeof urgent},
        {"of", seal->of_instance, sizeof seal->of_instance},
    };
    static const char *const once[] = {"receipt", "counter", "service", "urgent",
                                       "of",      "token",   "touched", "saved"};
    enum err err = only_once(element, once, sizeof once / sizeof once[0], why);
    if (!err)
        err = xml_attribute(element, "key", seal->key_id, sizeof seal->key_id, why);
    if (!err)
        err = xml_attribute(element, "sig", seal->signature, sizeof seal->signature, why);
    if (!err)
        err = read_parts(element, seal, why);
    for (size_t at = 0; !err && at < sizeof texts / sizeof texts[0]; at++)
        err = xml_text(xml_find(element, texts[at].name), texts[at].out, texts[at].room, why);
    if (!err)
        err = xml_attribute(xml_find(element, "token"), "sha256", seal->token_hash,
                            sizeof seal->token_hash, why);
    if (!err)
        err = read_time(xml_find(element, "touched"), &seal->touched_utc_ms, &seal->touched_quality,
                        why);
    if (!err)
        err = read_time(xml_find(element, "saved"), &seal->saved_utc_ms, &seal->saved_quality, why);
    seal->urgent = text_equal(urgent, "1");
    if (!err && !seal->urgent && !text_equal(urgent, "0"))
        err = fail_set(why, ERR_INPUT, "urgent is neither 0 nor 1");
    return err ? fail_prefix(why, err, "seal") : ERR_OK;
}

// A name becomes a file's name somewhere: nothing that could leave its folder.
static enum err add_file(struct manifest *manifest, const struct xml_element *element,
                         struct fail *why)
{
    if (manifest->file_count == ENVELOPE_PARTS)
        return fail_set(why, ERR_INPUT, "too many files");
    char *name = manifest->files[manifest->file_count];
    enum err err = xml_text(element, name, sizeof manifest->files[0], why);
    if (err)
        return err;
    if (!text_ends(name, ".enc") || name[0] == '.' || strchr(name, '/') || strchr(name, '\\'))
        return fail_set(why, ERR_INPUT, "a file's name is not plain, or not .enc");
    for (size_t at = 0; at < manifest->file_count; at++)
        if (text_equal(manifest->files[at], name))
            return fail_set(why, ERR_INPUT, "a file is named twice");
    manifest->file_count++;
    return ERR_OK;
}

static enum err read_files(const struct xml_element *root, struct manifest *out, struct fail *why)
{
    enum err err = ERR_OK;
    for (const struct xml_element *child = xml_child(root); !err && child;
         child = xml_next(child)) {
        if (!text_equal(xml_name(child), "media"))
            continue;
        const struct xml_element *file = xml_child(child);
        for (; !err && file; file = xml_next(file))
            if (text_equal(xml_name(file), "file"))
                err = add_file(out, file, why);
    }
    return err ? err : add_file(out, xml_find(root, "encryptedXmlFile"), why);
}

static enum err read_head(const struct xml_element *root, struct manifest *out, struct fail *why)
{
    char encrypted[8];
    enum err err = xml_attribute(root, "encrypted", encrypted, sizeof encrypted, why);
    if (err || !text_equal(encrypted, "yes"))
        return fail_set(why, ERR_INPUT, "not an encrypted submission");
    err = xml_attribute(root, "id", out->form_id, sizeof out->form_id, why);
    if (!err)
        err = optional(xml_attribute(root, "version", out->version, sizeof out->version, NULL),
                       out->version);
    if (!err)
        err = xml_text(xml_find(root, "base64EncryptedKey"), out->encrypted_key,
                       sizeof out->encrypted_key, why);
    if (!err)
        err = optional(xml_text(xml_find(root, "base64EncryptedElementSignature"),
                                out->element_signature, sizeof out->element_signature, NULL),
                       out->element_signature);
    const struct xml_element *meta = xml_find(root, "meta");
    if (!err)
        err = xml_text(meta ? xml_find(meta, "instanceID") : NULL, out->instance_id,
                       sizeof out->instance_id, why);
    return err;
}

enum err manifest_read(const void *xml, size_t length, struct manifest *out, struct fail *why)
{
    struct xml_document *document;
    memset(out, 0, sizeof *out);
    enum err err = xml_parse(xml, length, LIMIT_MANIFEST, &document, why);
    if (err)
        return fail_prefix(why, ERR_INPUT, "manifest");
    const struct xml_element *root = xml_root(document);
    static const char *const once[] = {"seal", "meta", "encryptedXmlFile", "base64EncryptedKey",
                                       "base64EncryptedElementSignature"};
    err = only_once(root, once, sizeof once / sizeof once[0], why);
    if (!err)
        err = read_head(root, out, why);
    if (!err)
        err = read_files(root, out, why);
    const struct xml_element *seal = xml_find(root, "seal");
    if (!err && seal && text_equal(xml_namespace(seal), seal_namespace)) {
        out->has_seal = true;
        err = read_seal(seal, &out->seal, why);
    }
    xml_free(document);
    return err ? fail_prefix(why, ERR_INPUT, "manifest") : ERR_OK;
}
