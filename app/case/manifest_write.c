// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/manifest.h"

static void add_attribute(struct strbuf *out, const char *name, const char *value)
{
    strbuf_addf(out, " %s=\"", name);
    strbuf_add_xml(out, value);
    strbuf_addc(out, '"');
}

static void add_element(struct strbuf *out, const char *name, const char *value)
{
    strbuf_addf(out, "<%s>", name);
    strbuf_add_xml(out, value);
    strbuf_addf(out, "</%s>", name);
}

static void add_time(struct strbuf *out, const char *name, int64_t utc_ms,
                     enum time_quality quality)
{
    strbuf_addf(out, "<%s utc=\"%lld\" quality=\"%s\"/>", name, (long long)utc_ms,
                time_quality_name(quality));
}

static void add_seal(struct strbuf *out, const struct seal *seal)
{
    strbuf_adds(out, "<seal xmlns=\"urn:yimen:seal:1\"");
    add_attribute(out, "key", seal->key_id);
    add_attribute(out, "sig", seal->signature);
    strbuf_addc(out, '>');
    for (size_t at = 0; at < seal->part_count; at++) {
        const struct seal_part *part = &seal->parts[at];
        strbuf_adds(out, "<part");
        add_attribute(out, "name", part->name);
        strbuf_addf(out, " size=\"%lld\" sha256=\"%s\"/>", (long long)part->size, part->sha256);
    }
    add_element(out, "receipt", seal->receipt);
    add_element(out, "counter", seal->counter);
    strbuf_addf(out, "<token sha256=\"%s\"/>", seal->token_hash);
    add_element(out, "service", seal->service);
    add_element(out, "urgent", seal->urgent ? "1" : "0");
    add_time(out, "touched", seal->touched_utc_ms, seal->touched_quality);
    add_time(out, "saved", seal->saved_utc_ms, seal->saved_quality);
    add_element(out, "of", seal->of_instance);
    strbuf_adds(out, "</seal>");
}

static void add_files(struct strbuf *out, const struct manifest *manifest)
{
    size_t record = manifest->file_count - 1;
    add_element(out, "encryptedXmlFile", manifest->files[record]);
    for (size_t at = 0; at < record; at++) {
        strbuf_adds(out, "<media>");
        add_element(out, "file", manifest->files[at]);
        strbuf_adds(out, "</media>");
    }
}

enum err manifest_write(const struct manifest *manifest, struct strbuf *out, struct fail *why)
{
    if (manifest->file_count < 1)
        return fail_set(why, ERR_BUG, "a manifest without a record");
    strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<data xmlns=\"http://opendatakit.org/submissions\"");
    add_attribute(out, "id", manifest->form_id);
    if (manifest->version[0] != '\0')
        add_attribute(out, "version", manifest->version);
    strbuf_adds(out, " encrypted=\"yes\">");
    add_element(out, "base64EncryptedKey", manifest->encrypted_key);
    add_files(out, manifest);
    add_element(out, "base64EncryptedElementSignature", manifest->element_signature);
    strbuf_adds(out, "<meta xmlns=\"http://openrosa.org/xforms\">");
    add_element(out, "instanceID", manifest->instance_id);
    strbuf_adds(out, "</meta>");
    if (manifest->has_seal)
        add_seal(out, &manifest->seal);
    strbuf_adds(out, "</data>\n");
    return strbuf_result(out, why);
}
