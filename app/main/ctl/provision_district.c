// SPDX-License-Identifier: GPL-3.0-or-later
// A demo district: its own CA, keys, certificates, settings and signed content. In production the
// root and the CA are made offline, and the keys live where the roles run.
#include "yimen/weave/pack_form.h"
#include "demo.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include "yimen/content/pack.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/system.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PEM_BYTES = 64 << 10, CA_DAYS = 3650, SERVER_DAYS = 825, SEALING_BITS = 3072 };

enum err open_folder(const char *folder, const char *name, struct files *out, struct fail *why)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s%s%s", folder, name[0] ? "/" : "", name) >= (int)sizeof path)
        return fail_set(why, ERR_INPUT, "%s: the path is too long", folder);
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return fail_set(why, ERR_TECHNICIAN, "making %s: %s", path, strerror(errno));
    return system_files_open(path, out, why);
}

static enum err save(const struct files *files, const char *name, const struct strbuf *content,
                     bool secret, struct fail *why)
{
    enum err err = strbuf_result(content, why);
    return err ? err
               : files->ops->write(files->self, name, content->data, content->length, secret, why);
}

static enum err save_hex(const struct ctl *ctl, const struct files *files, const char *name,
                         const uint8_t *key, size_t length, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, 2 * length + 1);
    ctl->crypto->ops->hex_encode(ctl->crypto->self, key, length, &text);
    strbuf_addc(&text, '\n');
    enum err err =
        save(files, name, &text, length != CRYPTO_PUBLIC || !text_ends(name, ".pub"), why);
    strbuf_free(&text);
    return err;
}

struct authority {
    struct strbuf key, certificate;
};

static enum err make_server(const struct ctl *ctl, const struct files *files,
                            const struct authority *ca, struct fail *why)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", NULL};
    struct certificates certificates;
    struct strbuf key, request, chain;
    openssl_certificates_open(&certificates);
    strbuf_init(&key, PEM_BYTES);
    strbuf_init(&request, PEM_BYTES);
    strbuf_init(&chain, PEM_BYTES);
    enum err err = certificate_make_key(&key, why);
    struct bytes key_bytes = {key.data, key.length};
    if (!err)
        err = certificate_make_request(&key_bytes, "localhost", &request, why);
    struct certificate_order order = {
        .request = {request.data, request.length},
        .ca_certificate = {ca->certificate.data, ca->certificate.length},
        .ca_key = {ca->key.data, ca->key.length},
        .common_name = "localhost",
        .use = CERTIFICATE_SERVER,
        .hosts = hosts,
        .now_utc_ms = clock_now(ctl->clock).utc_ms,
        .days = SERVER_DAYS,
    };
    if (!err)
        err = certificates.ops->sign_request(certificates.self, &order, &chain, why);
    // The CA stands in the chain, so that a kiosk can find it by the hash in its enrolment code.
    strbuf_adds(&chain, strbuf_text(&ca->certificate));
    if (!err)
        err = save(files, "keys/server.key", &key, true, why);
    if (!err)
        err = save(files, "keys/server.crt", &chain, false, why);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&chain);
    return err;
}

static enum err make_certificates(const struct ctl *ctl, const struct files *files,
                                  struct fail *why)
{
    struct authority ca;
    strbuf_init(&ca.key, PEM_BYTES);
    strbuf_init(&ca.certificate, PEM_BYTES);
    enum err err = certificate_make_key(&ca.key, why);
    struct bytes key = {ca.key.data, ca.key.length};
    if (!err)
        err = certificate_make_ca(&key, "Yimen demo device CA", clock_now(ctl->clock).utc_ms,
                                  CA_DAYS, &ca.certificate, why);
    if (!err)
        err = save(files, "keys/ca.key", &ca.key, true, why);
    if (!err)
        err = save(files, "keys/ca.crt", &ca.certificate, false, why);
    if (!err)
        err = make_server(ctl, files, &ca, why);
    strbuf_free(&ca.key);
    strbuf_free(&ca.certificate);
    return err;
}

// Behind the new one: what was sealed before must still open.
static enum err keep_older_keys(const struct files *files, struct strbuf *secret, struct fail *why)
{
    enum err err = files->ops->read(files->self, "keys/sealing.key", secret, why);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

// Names the sealing key after its public half.
enum err provision_sealing_key(const struct ctl *ctl, const struct files *files, char id[40],
                               struct fail *why)
{
    struct strbuf secret, public, name;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    strbuf_init(&secret, PEM_BYTES);
    strbuf_init(&public, PEM_BYTES);
    strbuf_init(&name, 40);
    enum err err = certificate_make_sealing_key(SEALING_BITS, &secret, &public, why);
    if (!err) {
        ctl->crypto->ops->digest(ctl->crypto->self, DIGEST_SHA256, public.data, public.length,
                                 digest);
        strbuf_adds(&name, "seal-");
        ctl->crypto->ops->hex_encode(ctl->crypto->self, digest, 8, &name);
        text_copy(id, 40, strbuf_text(&name));
        err = keep_older_keys(files, &secret, why);
        if (!err)
            err = save(files, "keys/sealing.key", &secret, true, why);
    }
    if (!err)
        err = save(files, "keys/sealing.pem", &public, false, why);
    strbuf_free(&secret);
    strbuf_free(&public);
    strbuf_free(&name);
    return err;
}

static enum err make_signing_keys(const struct ctl *ctl, const struct files *files,
                                  struct fail *why)
{
    static const char *const names[2][2] = {{"keys/district.key", "keys/district.pub"},
                                            {"keys/content.key", "keys/content.pub"}};
    uint8_t public[CRYPTO_PUBLIC], secret[CRYPTO_SECRET], record[CRYPTO_KEY];
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < 2; i++) {
        ctl->crypto->ops->sign_keypair(ctl->crypto->self, public, secret);
        err = save_hex(ctl, files, names[i][0], secret, sizeof secret, why);
        if (!err)
            err = save_hex(ctl, files, names[i][1], public, sizeof public, why);
    }
    ctl->crypto->ops->random(ctl->crypto->self, record, sizeof record);
    if (!err)
        err = save_hex(ctl, files, "keys/records.key", record, sizeof record, why);
    ctl->crypto->ops->random(ctl->crypto->self, record, sizeof record);
    if (!err)
        err = save_hex(ctl, files, "keys/lookup.key", record, sizeof record, why);
    memory_wipe(secret, sizeof secret);
    memory_wipe(record, sizeof record);
    return err;
}

static enum err write_settings(const struct files *files, const struct provision_options *options,
                               const char *sealing_key_id, struct fail *why)
{
    char host[64];
    snprintf(host, sizeof host, "localhost:%d", options->port_base + 1);
    json_t *settings =
        json_pack("{s:i, s:s, s:s, s:i, s:i, s:s, s:s}", "format", 1, "profile", "demo", "address",
                  "127.0.0.1", "device_port", options->port_base, "public_port",
                  options->port_base + 1, "public_host", host, "sealing_key_id", sealing_key_id);
    char *text = settings ? json_dumps(settings, JSON_INDENT(2)) : NULL;
    json_decref(settings);
    enum err err =
        text ? files->ops->write(files->self, "district.json", text, strlen(text), false, why)
             : fail_set(why, ERR_RETRY, "out of memory");
    free(text);
    return err;
}

static enum err copy_page(const struct files *assets, const struct files *files, struct fail *why)
{
    struct strbuf page;
    strbuf_init(&page, PEM_BYTES);
    enum err err = assets->ops->read(assets->self, "web/track.html", &page, why);
    if (!err)
        err = save(files, "web/track.html", &page, false, why);
    strbuf_free(&page);
    return err;
}

static enum err read_hex(const struct ctl *ctl, const struct files *files, const char *name,
                         uint8_t *out, size_t length, struct fail *why)
{
    struct strbuf text, bytes;
    strbuf_init(&text, 1024);
    strbuf_init(&bytes, length);
    enum err err = files->ops->read(files->self, name, &text, why);
    if (!err && (ctl->crypto->ops->hex_decode(ctl->crypto->self, strbuf_text(&text),
                                              strcspn(strbuf_text(&text), "\n"), &bytes) ||
                 bytes.length != length))
        err = fail_set(why, ERR_CORRUPT, "%s is no key", name);
    if (!err)
        memcpy(out, bytes.data, length);
    strbuf_free(&text);
    strbuf_free(&bytes);
    return err;
}

// The first pack, DIR/district/pack: built from the assets and signed by the content key.
static enum err make_pack(const struct ctl *ctl, const struct provision_options *options,
                          const struct files *assets, const struct files *district,
                          struct fail *why)
{
    char folder[1024], version[PACK_VERSION];
    uint8_t secret[CRYPTO_SECRET];
    struct files pack;
    struct calendar now = district_calendar(clock_now(ctl->clock).utc_ms);
    snprintf(folder, sizeof folder, "%s/district", options->folder);
    snprintf(version, sizeof version, "%d.%d.%d.1", now.year, now.month, now.day);
    enum err err = open_folder(folder, "pack", &pack, why);
    if (err)
        return err;
    const struct pack_build_options build = {.version = version,
                                             .effective_from = "1970-01-01",
                                             .effective_to = "",
                                             .prepare = pack_form_prepare};
    err = pack_build(assets, &pack, ctl->crypto, &build, why);
    if (!err)
        err = read_hex(ctl, district, "keys/content.key", secret, sizeof secret, why);
    if (!err)
        err = pack_sign(&pack, ctl->crypto, secret, why);
    memory_wipe(secret, sizeof secret);
    system_files_close(&pack);
    return err;
}

static enum err install(const struct ctl *ctl, const struct files *pack,
                        const struct files *content, const uint8_t keys[1][CRYPTO_PUBLIC],
                        struct fail *why)
{
    struct crypto crypto = *ctl->crypto;
    struct pack_info info;
    struct pack_install_options install = {.trust = {ctl->crypto, keys, 1},
                                           .now_utc_ms = clock_now(ctl->clock).utc_ms,
                                           .trial = pack_form_trial,
                                           .trial_context = &crypto};
    return pack_install(pack, content, &install, &info, why);
}

enum err provision_content(const struct ctl *ctl, const struct provision_options *options,
                           const char *into, struct fail *why)
{
    char folder[1024];
    uint8_t keys[1][CRYPTO_PUBLIC];
    struct files pack, content, district;
    snprintf(folder, sizeof folder, "%s/district", options->folder);
    enum err err = open_folder(folder, "", &district, why);
    if (err)
        return err;
    err = read_hex(ctl, &district, "keys/content.pub", keys[0], CRYPTO_PUBLIC, why);
    system_files_close(&district);
    if (!err)
        err = open_folder(folder, "pack", &pack, why);
    if (err)
        return err;
    err = open_folder(into, "content", &content, why);
    if (!err) {
        err = install(ctl, &pack, &content, keys, why);
        system_files_close(&content);
    }
    system_files_close(&pack);
    return err ? fail_prefix(why, err, "installing the first content") : ERR_OK;
}

static enum err fill(const struct ctl *ctl, const struct provision_options *options,
                     const struct files *assets, const struct files *files, struct fail *why)
{
    char folder[1024], sealing_key_id[40];
    snprintf(folder, sizeof folder, "%s/district", options->folder);
    enum err err = make_certificates(ctl, files, why);
    if (!err)
        err = provision_sealing_key(ctl, files, sealing_key_id, why);
    if (!err)
        err = make_signing_keys(ctl, files, why);
    if (!err)
        err = copy_page(assets, files, why);
    if (!err)
        err = make_pack(ctl, options, assets, files, why);
    if (!err)
        err = provision_content(ctl, options, folder, why);
    return err ? err : write_settings(files, options, sealing_key_id, why);
}

enum err provision_district(const struct ctl *ctl, const struct provision_options *options,
                            struct fail *why)
{
    struct files assets, root, district;
    enum err err = system_files_open(options->assets, &assets, why);
    if (err)
        return fail_prefix(why, err, "the assets");
    err = open_folder(options->folder, "", &root, why);
    if (!err) {
        system_files_close(&root);
        err = open_folder(options->folder, "district", &district, why);
    }
    if (!err) {
        err = fill(ctl, options, &assets, &district, why);
        system_files_close(&district);
    }
    system_files_close(&assets);
    return err ? fail_prefix(why, err, "making the district") : ERR_OK;
}
