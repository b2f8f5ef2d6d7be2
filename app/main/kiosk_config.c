// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_config.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { FORMAT = 1, CONFIG_BYTES = 65536 };

static enum err take_text(const json_t *root, const char *name, const char *usual, char *out,
                          size_t room, struct fail *why)
{
    const json_t *value = json_object_get(root, name);
    const char *text = value ? json_string_value(value) : usual;
    if (!text)
        return fail_set(why, ERR_INPUT, "kiosk.json: %s %s", name,
                        value ? "is not text" : "is missing");
    if (!text_copy(out, room, text))
        return fail_set(why, ERR_INPUT, "kiosk.json: %s is too long", name);
    return ERR_OK;
}

static enum err take_texts(const json_t *root, struct kiosk_config *out, struct fail *why)
{
    const struct {
        const char *name, *usual; ///< usual NULL: must be there
        char *to;
        size_t room;
    } texts[] = {
        {"counter", NULL, out->counter, sizeof out->counter},
        {"device_id", NULL, out->device_id, sizeof out->device_id},
        {"device_key_id", NULL, out->device_key_id, sizeof out->device_key_id},
        {"server_user", "", out->server_user, sizeof out->server_user},
        {"sealing_key_id", "", out->sealing_key_id, sizeof out->sealing_key_id},
        {"time_zone", "Asia/Shanghai", out->time_zone, sizeof out->time_zone},
        {"language", "zh", out->language, sizeof out->language},
        {"server", NULL, out->server, sizeof out->server},
        {"public_host", NULL, out->public_host, sizeof out->public_host},
        {"printer", "receipt", out->printer, sizeof out->printer},
        {"lamp_file", "", out->lamp_file, sizeof out->lamp_file},
        {"code_device", "", out->code_device, sizeof out->code_device},
    };
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < sizeof texts / sizeof texts[0]; i++)
        err = take_text(root, texts[i].name, texts[i].usual, texts[i].to, texts[i].room, why);
    return err;
}

static int take_integer(const json_t *root, const char *name)
{
    return (int)json_integer_value(json_object_get(root, name));
}

static enum err take_json(const json_t *root, struct kiosk_config *out, struct fail *why)
{
    char profile[16];
    enum err err = take_text(root, "profile", NULL, profile, sizeof profile, why);
    if (err)
        return err;
    if (take_integer(root, "format") != FORMAT)
        return fail_set(why, ERR_UNSUPPORTED, "kiosk.json: format is not %d", FORMAT);
    out->demo = text_equal(profile, "demo");
    if (!out->demo && !text_equal(profile, "production"))
        return fail_set(why, ERR_INPUT, "kiosk.json: profile is neither demo nor production");
    out->incarnation = take_integer(root, "incarnation");
    out->openrosa_only = json_is_true(json_object_get(root, "openrosa_only"));
    out->width = take_integer(root, "width");
    out->height = take_integer(root, "height");
    out->idle_seconds = take_integer(root, "idle_seconds");
    out->keep_days = take_integer(root, "keep_days");
    out->mm_per_px = json_number_value(json_object_get(root, "mm_per_px"));
    return take_texts(root, out, why);
}

static enum err read_json(const struct files *files, struct kiosk_config *out, struct fail *why)
{
    struct strbuf text;
    json_error_t wrong;
    strbuf_init(&text, CONFIG_BYTES);
    enum err err = files->ops->read(files->self, "kiosk.json", &text, why);
    json_t *root = err ? NULL : json_loadb(strbuf_text(&text), text.length, 0, &wrong);
    if (!err && !root)
        err = fail_set(why, ERR_INPUT, "kiosk.json:%d: %s", wrong.line, wrong.text);
    if (!err)
        err = take_json(root, out, why);
    json_decref(root);
    strbuf_free(&text);
    return err;
}

// A key file of exactly so many bytes.
static enum err read_key(const struct files *files, const char *path, uint8_t *out, size_t length,
                         struct fail *why)
{
    struct strbuf bytes;
    strbuf_init(&bytes, CONFIG_KEY_BYTES);
    enum err err = files->ops->read(files->self, path, &bytes, why);
    if (!err && bytes.length != length)
        err =
            fail_set(why, ERR_CORRUPT, "%s: %zu bytes instead of %zu", path, bytes.length, length);
    if (!err)
        memcpy(out, bytes.data, length);
    strbuf_free(&bytes);
    return err;
}

// A key and its successor, of which neither need be there.
static enum err read_public(const struct files *files, const char *const paths[CONFIG_KEYS],
                            uint8_t out[CONFIG_KEYS][CRYPTO_PUBLIC], size_t *count,
                            struct fail *why)
{
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        enum err err = read_key(files, paths[i], out[*count], CRYPTO_PUBLIC, why);
        if (err == ERR_OK)
            (*count)++;
        else if (err != ERR_NOT_FOUND)
            return err;
    }
    return ERR_OK;
}

static enum err read_public_keys(const struct files *files, struct kiosk_config *out,
                                 struct fail *why)
{
    static const char *const content[] = {"keys/content.pub", "keys/content-next.pub"};
    static const char *const district[] = {"keys/district.pub", "keys/district-next.pub"};
    enum err err = read_public(files, content, out->content_keys, &out->content_key_count, why);
    if (!err && out->content_key_count == 0)
        err = fail_set(why, ERR_NOT_FOUND, "%s is missing", content[0]);
    return err ? err
               : read_public(files, district, out->district_keys, &out->district_key_count, why);
}

// Of the one line, without its end. Never in kiosk.json, which is no secret, and never in "server".
static enum err read_password(const struct files *files, struct kiosk_config *out, struct fail *why)
{
    struct strbuf line;
    if (strchr(out->server, '@'))
        return fail_set(why, ERR_INPUT, "kiosk.json: \"server\" may not hold a login");
    if (!out->server_user[0])
        return ERR_OK;
    strbuf_init(&line, sizeof out->server_password);
    enum err err = files->ops->read(files->self, "keys/server.password", &line, why);
    size_t length = err ? 0 : strcspn(strbuf_text(&line), "\r\n");
    if (!err && (length == 0 || length >= sizeof out->server_password))
        err = fail_set(why, ERR_INPUT, "keys/server.password: no line of a password");
    if (!err)
        memcpy(out->server_password, line.data, length);
    strbuf_free(&line);
    return err;
}

// A failure with one of the secrets: of the config, where it can be told.
static enum err or_fault(struct kiosk_config *out, enum err err, bool tells, struct fail *why)
{
    if (!err || !tells || out->fault_count == CONFIG_FAULTS)
        return err;
    text_copy(out->faults[out->fault_count++], sizeof out->faults[0], why->text);
    return ERR_OK;
}

static enum err read_secrets(const struct files *files, struct kiosk_config *out, bool tells,
                             struct fail *why)
{
    struct fail wrong = {0};
    enum err err =
        read_key(files, "keys/signing.secret", out->signing_secret, CRYPTO_SECRET, &wrong);
    err = or_fault(out, err, tells, &wrong);
    if (!err)
        err =
            or_fault(out, read_key(files, "keys/root.secret", out->root_secret, CRYPTO_KEY, &wrong),
                     tells, &wrong);
    if (!err)
        err = or_fault(out, read_password(files, out, &wrong), tells, &wrong);
    return err ? fail_set(why, err, "%s", wrong.text) : ERR_OK;
}

static enum err read_keys(const struct files *files, struct kiosk_config *out, bool tells,
                          struct fail *why)
{
    strbuf_init(&out->sealing_key, CONFIG_KEY_BYTES);
    enum err err = read_secrets(files, out, tells, why);
    if (err)
        return err;
    if (!out->openrosa_only)
        err = files->ops->read(files->self, "keys/sealing.pem", &out->sealing_key, why);
    if (err == ERR_NOT_FOUND)
        err = ERR_OK; // said on the screen, see kiosk_base.h
    return err ? err : read_public_keys(files, out, why);
}

static enum err set_paths(const char *folder, struct kiosk_config *out, struct fail *why)
{
    const struct {
        char *to;
        const char *name;
    } paths[] = {
        {out->certificate_file, "keys/device.crt"},
        {out->key_file, "keys/device.key"},
        {out->ca_file, "keys/ca.crt"},
        {out->store_file, "data/kiosk.db"},
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (snprintf(paths[i].to, sizeof out->store_file, "%s/%s", folder, paths[i].name) >=
            (int)sizeof out->store_file)
            return fail_set(why, ERR_INPUT, "%s: the path is too long", folder);
    return ERR_OK;
}

static enum err read_all(const struct files *files, const char *folder, struct kiosk_config *out,
                         bool tells, struct fail *why)
{
    memset(out, 0, sizeof *out);
    enum err err = read_json(files, out, why);
    if (!err)
        err = set_paths(folder, out, why);
    if (!err)
        err = read_keys(files, out, tells, why);
    return err ? fail_prefix(why, err, "reading the kiosk's folder %s", folder) : ERR_OK;
}

enum err kiosk_config_read(const struct files *files, const char *folder, struct kiosk_config *out,
                           struct fail *why)
{
    return read_all(files, folder, out, false, why);
}

enum err kiosk_config_look(const struct files *files, const char *folder, struct kiosk_config *out,
                           struct fail *why)
{
    return read_all(files, folder, out, true, why);
}

void kiosk_config_wipe(struct kiosk_config *config)
{
    strbuf_free(&config->sealing_key);
    memory_wipe(config, sizeof *config);
}
