// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/manifest.h"
#include "yimen/xml/write.h"
#include <inttypes.h>
#include <stdio.h>

static void put_number(struct xml_writer *xml, const char *name, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, number);
    xml_put_attribute(xml, name, text);
}

static void add_time(struct xml_writer *xml, const char *name, int64_t utc_ms,
                     enum time_quality quality)
{
    xml_begin(xml, name);
    put_number(xml, "utc", utc_ms);
    xml_put_attribute(xml, "quality", time_quality_name(quality));
    xml_end(xml);
}

static void add_part(struct xml_writer *xml, const struct seal_part *part)
{
    xml_begin(xml, "part");
    xml_put_attribute(xml, "name", part->name);
    put_number(xml, "size", part->size);
    xml_put_attribute(xml, "sha256", part->sha256);
    xml_end(xml);
}

static void add_seal(struct xml_writer *xml, const struct seal *seal)
{
    xml_begin(xml, "seal");
    xml_put_attribute(xml, "xmlns", "urn:yimen:seal:1");
    xml_put_attribute(xml, "key", seal->key_id);
    xml_put_attribute(xml, "sig", seal->signature);
    for (size_t at = 0; at < seal->part_count; at++)
        add_part(xml, &seal->parts[at]);
    xml_put_element(xml, "receipt", seal->receipt);
    xml_put_element(xml, "counter", seal->counter);
    xml_begin(xml, "token");
    xml_put_attribute(xml, "sha256", seal->token_hash);
    xml_end(xml);
    xml_put_element(xml, "service", seal->service);
    xml_put_element(xml, "urgent", seal->urgent ? "1" : "0");
    add_time(xml, "touched", seal->touched_utc_ms, seal->touched_quality);
    add_time(xml, "saved", seal->saved_utc_ms, seal->saved_quality);
    xml_put_element(xml, "of", seal->of_instance);
    xml_end(xml);
}

static void add_files(struct xml_writer *xml, const struct manifest *manifest)
{
    size_t record = manifest->file_count - 1;
    xml_put_element(xml, "encryptedXmlFile", manifest->files[record]);
    for (size_t at = 0; at < record; at++) {
        xml_begin(xml, "media");
        xml_put_element(xml, "file", manifest->files[at]);
        xml_end(xml);
    }
}

enum err manifest_write(const struct manifest *manifest, struct strbuf *out, struct fail *why)
{
    if (manifest->file_count < 1)
        return fail_set(why, ERR_BUG, "a manifest without a record");
    struct xml_writer *xml = xml_writer_new(XML_DOCUMENT);
    xml_begin(xml, "data");
    xml_put_attribute(xml, "xmlns", "http://opendatakit.org/submissions");
    xml_put_attribute(xml, "id", manifest->form_id);
    if (manifest->version[0] != '\0')
        xml_put_attribute(xml, "version", manifest->version);
    xml_put_attribute(xml, "encrypted", "yes");
    xml_put_element(xml, "base64EncryptedKey", manifest->encrypted_key);
    add_files(xml, manifest);
    xml_put_element(xml, "base64EncryptedElementSignature", manifest->element_signature);
    xml_begin(xml, "meta");
    xml_put_attribute(xml, "xmlns", "http://openrosa.org/xforms");
    xml_put_element(xml, "instanceID", manifest->instance_id);
    xml_end(xml);
    if (manifest->has_seal)
        add_seal(xml, &manifest->seal);
    xml_end(xml);
    return xml_writer_finish(xml, out, why);
}
