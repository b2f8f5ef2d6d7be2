// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl content ...: making, signing, checking and installing packs. Key files hold one line of
// hexadecimal digits: NAME.key the secret key (0600), NAME.pub the public one.
#include "yimen/weave/pack_form.h"
#include "kiosk_folder.h"
#include "options.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include "yimen/content/pack.h"
#include "yimen/driver/system.h"
#include <stdio.h>
#include <string.h>

enum { KEYS = 4, USAGE = 2, KEY_TEXT = CRYPTO_SECRET * 2 + 2 };

/// What the options of all verbs may say.
struct options {
    const char *from, *out, *into, *version, *effective_from, *effective_to, *folder;
    const char *keys[KEYS];
    size_t key_count;
};

static const struct {
    const char *name;
    size_t offset;
} option_table[] = {
    {"--from", offsetof(struct options, from)},
    {"--out", offsetof(struct options, out)},
    {"--into", offsetof(struct options, into)},
    {"--version", offsetof(struct options, version)},
    {"--effective-from", offsetof(struct options, effective_from)},
    {"--effective-to", offsetof(struct options, effective_to)},
};

static bool take_option(void *context, const char *name, const char *value)
{
    struct options *options = context;
    if (!name) {
        bool is_first = !options->folder;
        options->folder = value;
        return is_first;
    }
    if (text_equal(name, "--key") && options->key_count < KEYS) {
        options->keys[options->key_count++] = value;
        return true;
    }
    for (size_t i = 0; i < sizeof option_table / sizeof *option_table; i++) {
        if (!text_equal(name, option_table[i].name))
            continue;
        *(const char **)(void *)((char *)options + option_table[i].offset) = value;
        return true;
    }
    return false;
}

/// What a verb cannot do without.
enum { WANT_FOLDER = 1, WANT_INTO = 2, WANT_OUT = 4, WANT_KEY = 8, WANT_SOURCE = 16 };

static bool has_all(const struct options *options, unsigned wanted)
{
    return (!(wanted & WANT_FOLDER) || options->folder) &&
           (!(wanted & WANT_INTO) || options->into) && (!(wanted & WANT_OUT) || options->out) &&
           (!(wanted & WANT_KEY) || options->key_count) &&
           (!(wanted & WANT_SOURCE) || (options->from && options->version));
}

// False when it was called wrongly; then its usage has been printed.
static bool read_options(const struct ctl *ctl, int argc, char **argv, unsigned wanted,
                         struct options *options)
{
    *options = (struct options){.effective_from = "1970-01-01", .effective_to = ""};
    if (!ctl_read(ctl, argc, argv, take_option, options))
        return false;
    bool good = has_all(options, wanted);
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

static int result(enum err err, const struct fail *why)
{
    return err == ERR_OK ? 0 : ctl_failed("content", why);
}

// ------------------------------------------------------------------ keys

// `path` = folder/name, both as the person wrote them.
static enum err open_beside(const char *path, struct files *files, const char **name,
                            struct fail *why)
{
    char folder[512] = ".";
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    if (slash) {
        size_t length = slash == path ? 1 : (size_t)(slash - path);
        if (length >= sizeof folder) {
            fail_set(why, ERR_INPUT, "%s: the path is too long", path);
            return ERR_INPUT;
        }
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    return system_files_open(folder, files, why);
}

static enum err read_key(const struct ctl *ctl, const char *path, uint8_t *out, size_t length,
                         struct fail *why)
{
    struct files files;
    struct strbuf text, bytes;
    const char *name;
    enum err err = open_beside(path, &files, &name, why);
    if (err != ERR_OK)
        return err;
    strbuf_init(&text, KEY_TEXT);
    strbuf_init(&bytes, CRYPTO_SECRET + 1);
    err = files.ops->read(files.self, name, &text, why);
    if (err == ERR_OK) {
        size_t digits = strcspn(strbuf_text(&text), "\n");
        err = ctl->crypto->ops->hex_decode(ctl->crypto->self, strbuf_text(&text), digits, &bytes);
        if (err != ERR_OK || bytes.length != length)
            err = fail_set(why, ERR_INPUT, "%s: must be one line of %zu hexadecimal digits", path,
                           length * 2);
    }
    if (err == ERR_OK)
        memcpy(out, strbuf_text(&bytes), length);
    strbuf_free(&bytes);
    strbuf_free(&text);
    system_files_close(&files);
    return err;
}

static enum err write_key(const struct ctl *ctl, const char *prefix, const char *suffix,
                          const uint8_t *key, size_t length, struct fail *why)
{
    struct files files;
    struct strbuf path, text;
    const char *name;
    bool secret = length == CRYPTO_SECRET;
    strbuf_init(&path, 512);
    strbuf_init(&text, KEY_TEXT);
    strbuf_addf(&path, "%s%s", prefix, suffix);
    ctl->crypto->ops->hex_encode(ctl->crypto->self, key, length, &text);
    strbuf_addc(&text, '\n');
    enum err err = open_beside(strbuf_text(&path), &files, &name, why);
    if (err == ERR_OK) {
        err = files.ops->write(files.self, name, strbuf_text(&text), text.length, secret, why);
        system_files_close(&files);
    }
    strbuf_free(&text);
    strbuf_free(&path);
    return err;
}

int ctl_content_key(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct fail why = {0};
    uint8_t public_key[CRYPTO_PUBLIC], secret_key[CRYPTO_SECRET];
    char id[PACK_KEY_ID];
    if (!read_options(ctl, argc, argv, WANT_OUT, &options))
        return USAGE;
    ctl->crypto->ops->sign_keypair(ctl->crypto->self, public_key, secret_key);
    enum err err = write_key(ctl, options.out, ".key", secret_key, CRYPTO_SECRET, &why);
    memory_wipe(secret_key, sizeof secret_key);
    if (err == ERR_OK)
        err = write_key(ctl, options.out, ".pub", public_key, CRYPTO_PUBLIC, &why);
    pack_key_id(ctl->crypto, public_key, id);
    if (err == ERR_OK)
        (void)printf("%s\n", id);
    return result(err, &why);
}

// ------------------------------------------------------------------ making

int ctl_content_build(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct files source, out;
    struct fail why = {0};
    if (!read_options(ctl, argc, argv, WANT_SOURCE | WANT_OUT, &options))
        return USAGE;
    enum err err = system_files_open(options.from, &source, &why);
    if (err != ERR_OK)
        return result(err, &why);
    err = system_files_open(options.out, &out, &why);
    if (err == ERR_OK) {
        const struct pack_build_options about = {.version = options.version,
                                                 .effective_from = options.effective_from,
                                                 .effective_to = options.effective_to,
                                                 .prepare = pack_form_prepare};
        err = pack_build(&source, &out, ctl->crypto, &about, &why);
        system_files_close(&out);
    }
    system_files_close(&source);
    return result(err, &why);
}

int ctl_content_sign(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct files pack;
    struct fail why = {0};
    uint8_t secret_key[CRYPTO_SECRET];
    if (!read_options(ctl, argc, argv, WANT_KEY | WANT_FOLDER, &options))
        return USAGE;
    if (options.key_count > 1)
        return result(fail_set(&why, ERR_INPUT, "one key signs a pack"), &why);
    enum err err = read_key(ctl, options.keys[0], secret_key, CRYPTO_SECRET, &why);
    if (err == ERR_OK)
        err = system_files_open(options.folder, &pack, &why);
    if (err == ERR_OK) {
        err = pack_sign(&pack, ctl->crypto, secret_key, &why);
        system_files_close(&pack);
    }
    memory_wipe(secret_key, sizeof secret_key);
    return result(err, &why);
}

// ------------------------------------------------------------------ receiving

static enum err read_trust(const struct ctl *ctl, const struct options *options,
                           uint8_t keys[KEYS][CRYPTO_PUBLIC], struct pack_trust *trust,
                           struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < options->key_count; i++)
        err = read_key(ctl, options->keys[i], keys[i], CRYPTO_PUBLIC, why);
    *trust = (struct pack_trust){.crypto = ctl->crypto,
                                 .keys = (const uint8_t(*)[CRYPTO_PUBLIC])keys,
                                 .key_count = options->key_count};
    return err;
}

static void print_info(const struct pack_info *info)
{
    char from[32], to[32] = "-";
    when_format_utc(info->effective_from_ms, from);
    if (info->effective_to_ms)
        when_format_utc(info->effective_to_ms, to);
    (void)printf("version %s\nkey %s\neffective %s to %s\nfiles %zu\nbytes %lld\n", info->version,
                 info->key_id, from, to, info->file_count, (long long)info->bytes);
}

int ctl_content_verify(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct files pack;
    struct pack_trust trust;
    struct pack_info info;
    struct fail why = {0};
    uint8_t keys[KEYS][CRYPTO_PUBLIC];
    if (!read_options(ctl, argc, argv, WANT_KEY | WANT_FOLDER, &options))
        return USAGE;
    enum err err = read_trust(ctl, &options, keys, &trust, &why);
    if (err == ERR_OK)
        err = system_files_open(options.folder, &pack, &why);
    if (err == ERR_OK) {
        err = pack_verify(&pack, &trust, &info, &why);
        system_files_close(&pack);
    }
    if (err == ERR_OK)
        print_info(&info);
    return result(err, &why);
}

static enum err install(const struct ctl *ctl, const struct options *options,
                        const struct pack_trust *trust, struct pack_info *info, struct fail *why)
{
    struct files pack, content;
    struct crypto crypto = *ctl->crypto;
    const struct pack_install_options how = {.trust = *trust,
                                             .now_utc_ms = clock_now(ctl->clock).utc_ms,
                                             .trial = pack_form_trial,
                                             .trial_context = &crypto};
    enum err err = system_files_open(options->folder, &pack, why);
    if (err != ERR_OK)
        return err;
    err = system_files_open(options->into, &content, why);
    if (err == ERR_OK) {
        err = pack_install(&pack, &content, &how, info, why);
        system_files_close(&content);
    }
    system_files_close(&pack);
    return err;
}

int ctl_content_install(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct pack_trust trust;
    struct pack_info info;
    struct fail why = {0};
    uint8_t keys[KEYS][CRYPTO_PUBLIC];
    if (!read_options(ctl, argc, argv, WANT_KEY | WANT_INTO | WANT_FOLDER, &options))
        return USAGE;
    enum err err = read_trust(ctl, &options, keys, &trust, &why);
    if (err == ERR_OK)
        err = install(ctl, &options, &trust, &info, &why);
    if (err == ERR_OK)
        print_info(&info);
    return result(err, &why);
}

static void print_version(void *context, const char *version)
{
    (void)context;
    (void)printf("installed %s\n", version);
}

// What is in force, then everything else that still opens.
static enum err show(const struct files *content, const struct pack_trust *trust, struct fail *why)
{
    struct pack *pack = NULL;
    enum err err = pack_open(content, trust, 0, &pack, why);
    if (err == ERR_OK)
        print_info(pack_about(pack));
    pack_close(pack);
    int64_t next_ms = err == ERR_OK ? pack_next_from(content, trust) : 0;
    char from[32];
    when_format_utc(next_ms, from);
    if (next_ms)
        (void)printf("next from %s\n", from);
    return err == ERR_OK ? pack_versions(content, print_version, NULL, why) : err;
}

int ctl_content_show(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct files content;
    struct pack_trust trust;
    struct fail why = {0};
    uint8_t keys[KEYS][CRYPTO_PUBLIC];
    if (!read_options(ctl, argc, argv, WANT_KEY | WANT_INTO, &options))
        return USAGE;
    enum err err = read_trust(ctl, &options, keys, &trust, &why);
    if (err == ERR_OK)
        err = system_files_open(options.into, &content, &why);
    if (err != ERR_OK)
        return result(err, &why);
    err = show(&content, &trust, &why);
    system_files_close(&content);
    return result(err, &why);
}
