// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form encrypt and form decrypt: ODK encrypted submissions as folders, the way ODK tools
// keep them: submission.xml is the manifest, submission.xml.enc the record, NAME.enc the media.
#include "options.h"
#include "commands.h"

#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/case/manifest.h"
#include "yimen/driver/system.h"
#include "yimen/xml/read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { USAGE = 2, KEY_BYTES = 16 << 10, PATH = 4096 };

struct arguments {
    const char *key, *out;
    const char *files[ENVELOPE_PARTS];
    size_t file_count;
};

static bool take(void *context, const char *name, const char *value)
{
    struct arguments *out = context;
    if (name)
        *(text_equal(name, "--key") ? &out->key : &out->out) = value;
    else if (out->file_count < ENVELOPE_PARTS)
        out->files[out->file_count++] = value;
    else
        return false;
    return true;
}

static bool read_arguments(const struct ctl *ctl, int argc, char **argv, struct arguments *out,
                           bool seals)
{
    if (!ctl_read(ctl, argc, argv, take, out))
        return false;
    bool good = out->key && (seals ? out->out && out->file_count > 0 : out->file_count == 1);
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum err read_path(const char *path, size_t maximum, struct strbuf *out, struct fail *why)
{
    const char *name = base_name(path);
    char folder[PATH] = ".";
    if (name != path)
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
    struct files files;
    strbuf_init(out, maximum);
    enum err err = system_files_open(folder, &files, why);
    if (err)
        return err;
    err = files.ops->read(files.self, name, out, why);
    system_files_close(&files);
    return err;
}

// Form id, version and instance id as the record itself says them.
static enum err read_about(const struct attachment *record, struct manifest *out, struct fail *why)
{
    struct xml_document *document;
    enum err err = xml_parse(record->data, record->length, LIMIT_SUBMISSION_XML, &document, why);
    if (err)
        return err;
    const struct xml_element *root = xml_root(document);
    const struct xml_element *meta = xml_find(root, "meta");
    err = xml_attribute(root, "id", out->form_id, sizeof out->form_id, why);
    if (err)
        err = fail_set(why, ERR_INPUT, "the record's root has no id");
    else if (xml_attribute(root, "version", out->version, sizeof out->version, NULL))
        out->version[0] = '\0';
    if (!err && xml_text(meta ? xml_find(meta, "instanceID") : NULL, out->instance_id,
                         sizeof out->instance_id, why))
        err = fail_set(why, ERR_INPUT, "the record has no meta/instanceID");
    xml_free(document);
    return err;
}

static enum err read_file(const char *path, const char *name, struct attachment *out,
                          struct fail *why)
{
    struct strbuf data;
    enum err err = read_path(path, LIMIT_PART_BYTES + 16, &data, why);
    if (!err && !text_copy(out->name, sizeof out->name, name))
        err = fail_set(why, ERR_INPUT, "%s: the name is too long", name);
    if (!err) {
        out->length = data.length;
        out->data = strbuf_take(&data);
    }
    strbuf_free(&data);
    return err;
}

static enum err open_output(const char *folder, struct files *out, struct fail *why)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return fail_set(why, ERR_TECHNICIAN, "making the folder %s: %s", folder, strerror(errno));
    return system_files_open(folder, out, why);
}

static enum err write_parts(const char *folder, const struct manifest *manifest,
                            const struct envelope *envelope, struct fail *why)
{
    struct files files;
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_MANIFEST);
    enum err err = open_output(folder, &files, why);
    if (err)
        return err;
    for (size_t at = 0; !err && at < envelope->count; at++)
        err = files.ops->write(files.self, envelope->parts[at].name, envelope->parts[at].data,
                               envelope->parts[at].length, false, why);
    if (!err)
        err = manifest_write(manifest, &xml, why);
    if (!err)
        err = files.ops->write(files.self, "submission.xml", xml.data, xml.length, false, why);
    strbuf_free(&xml);
    system_files_close(&files);
    return err;
}

static enum err encrypt_files(const struct ctl *ctl, const struct arguments *arguments,
                              struct attachment *files, struct fail *why)
{
    struct manifest *manifest = calloc(1, sizeof *manifest);
    struct envelope envelope = {0};
    struct strbuf key;
    enum err err = manifest ? read_path(arguments->key, KEY_BYTES, &key, why) : ERR_RETRY;
    if (err) {
        free(manifest);
        return err;
    }
    size_t count = arguments->file_count;
    err = read_about(&files[count - 1], manifest, why);
    if (!err) {
        struct envelope_about about = {manifest->form_id, manifest->version, manifest->instance_id};
        struct bytes public_key = {key.data, key.length};
        err = envelope_seal(ctl->crypto, &about, &public_key, files, count, &envelope, why);
    }
    if (!err) {
        memcpy(manifest->encrypted_key, envelope.encrypted_key, sizeof manifest->encrypted_key);
        memcpy(manifest->element_signature, envelope.element_signature,
               sizeof manifest->element_signature);
        manifest->file_count = count;
        for (size_t at = 0; at < count; at++)
            text_copy(manifest->files[at], sizeof manifest->files[at], envelope.parts[at].name);
        err = write_parts(arguments->out, manifest, &envelope, why);
    }
    envelope_clear(&envelope);
    strbuf_free(&key);
    free(manifest);
    return err;
}

int ctl_form_encrypt(const struct ctl *ctl, int argc, char **argv)
{
    struct arguments arguments = {0};
    if (!read_arguments(ctl, argc, argv, &arguments, true))
        return USAGE;
    struct fail why = {0};
    size_t count = arguments.file_count;
    struct attachment *files = calloc(count, sizeof *files);
    enum err err = files ? ERR_OK : fail_set(&why, ERR_RETRY, "no memory");
    for (size_t at = 1; !err && at < count; at++) // media first
        err = read_file(arguments.files[at], base_name(arguments.files[at]), &files[at - 1], &why);
    if (!err)
        err = read_file(arguments.files[0], ENVELOPE_RECORD, &files[count - 1], &why);
    if (!err)
        err = encrypt_files(ctl, &arguments, files, &why);
    if (files)
        attachments_clear(files, count);
    free(files);
    if (err)
        (void)fprintf(stderr, "form encrypt: %s\n", why.text);
    return err ? 1 : 0;
}

static enum err read_parts(const char *folder, const struct manifest *manifest,
                           struct envelope *out, struct fail *why)
{
    out->parts = calloc(manifest->file_count, sizeof *out->parts);
    if (!out->parts)
        return fail_set(why, ERR_RETRY, "no memory");
    memcpy(out->encrypted_key, manifest->encrypted_key, sizeof out->encrypted_key);
    memcpy(out->element_signature, manifest->element_signature, sizeof out->element_signature);
    enum err err = ERR_OK;
    for (; !err && out->count < manifest->file_count; out->count++) {
        char path[PATH];
        const char *name = manifest->files[out->count];
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        err = read_file(path, name, &out->parts[out->count], why);
    }
    return err;
}

static enum err write_plain(const char *folder, const char *sub, const struct attachment *plain,
                            size_t count, struct fail *why)
{
    struct files files;
    enum err err = open_output(folder, &files, why);
    if (err)
        return err;
    for (size_t at = 0; !err && at < count; at++) {
        char path[PATH];
        (void)snprintf(path, sizeof path, "%s%s", sub, plain[at].name);
        err = files.ops->write(files.self, path, plain[at].data, plain[at].length, true, why);
        if (!err)
            (void)printf("%s/%s\n", folder, path);
    }
    system_files_close(&files);
    return err;
}

static enum err decrypt(const struct ctl *ctl, const struct arguments *arguments,
                        const struct manifest *manifest, const struct strbuf *key, struct fail *why)
{
    const char *folder = arguments->files[0];
    struct envelope envelope = {0};
    struct attachment *plain = calloc(manifest->file_count, sizeof *plain);
    enum err err = plain ? read_parts(folder, manifest, &envelope, why)
                         : fail_set(why, ERR_RETRY, "no memory");
    struct envelope_about about = {manifest->form_id, manifest->version, manifest->instance_id};
    struct bytes private_key = {key->data, key->length};
    if (!err)
        err = envelope_open(ctl->crypto, &about, &private_key, &envelope, plain, why);
    if (!err)
        err = write_plain(arguments->out ? arguments->out : folder,
                          arguments->out ? "" : "decrypted/", plain, manifest->file_count, why);
    if (plain)
        attachments_clear(plain, manifest->file_count);
    free(plain);
    envelope_clear(&envelope);
    return err;
}

int ctl_form_decrypt(const struct ctl *ctl, int argc, char **argv)
{
    struct arguments arguments = {0};
    if (!read_arguments(ctl, argc, argv, &arguments, false))
        return USAGE;
    struct fail why = {0};
    struct strbuf key, xml;
    char path[PATH];
    struct manifest *manifest = calloc(1, sizeof *manifest);
    (void)snprintf(path, sizeof path, "%s/submission.xml", arguments.files[0]);
    strbuf_init(&xml, 0);
    enum err err = read_path(arguments.key, KEY_BYTES, &key, &why);
    if (!err)
        err = read_path(path, LIMIT_MANIFEST, &xml, &why);
    if (!err)
        err = manifest ? manifest_read(xml.data, xml.length, manifest, &why) : ERR_RETRY;
    if (!err)
        err = decrypt(ctl, &arguments, manifest, &key, &why);
    strbuf_free(&key);
    strbuf_free(&xml);
    free(manifest);
    if (err)
        (void)fprintf(stderr, "form decrypt: %s\n", why.text);
    return err ? 1 : 0;
}
