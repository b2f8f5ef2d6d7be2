// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl enroll: a kiosk's own keys, the one request that makes it a device of the district, and
// the folder that yimen-kiosk reads (see kiosk_config.h). The secrets are made here and stay here.
#include "options.h"
#include "demo.h"
#include "kiosk_folder.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"
#include "yimen/sync/enroll.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char new_authority[] = "keys/ca-new.crt"; // until the enrolment is done

enum { USAGE = 2, PEM_BYTES = 64 << 10, TIMEOUT_MS = 20000 };

struct enrolling {
    const struct ctl *ctl;
    const struct enroll_options *options;
    struct files files;
    struct strbuf key, request, chain, authority;
    uint8_t public_key[CRYPTO_PUBLIC], signing[CRYPTO_SECRET];
    struct enroll_result result;
};

// A secret that is there stays: the root secret must outlive an enrolment.
static enum err keep_or_make(struct enrolling *e, const char *name, uint8_t *secret, size_t length,
                             struct fail *why)
{
    struct strbuf there;
    strbuf_init(&there, length);
    enum err err = e->files.ops->read(e->files.self, name, &there, why);
    if (!err && there.length != length)
        err = fail_set(why, ERR_CORRUPT, "%s has %zu bytes instead of %zu", name, there.length,
                       length);
    if (!err)
        memcpy(secret, there.data, length);
    else if (err == ERR_NOT_FOUND)
        err = e->files.ops->write(e->files.self, name, secret, length, true, why);
    strbuf_free(&there);
    return err;
}

// Nothing that a device may be working with is touched before the district has answered.
static enum err make_secrets(struct enrolling *e, struct fail *why)
{
    const struct crypto *crypto = e->ctl->crypto;
    uint8_t root[CRYPTO_KEY];
    crypto->ops->sign_keypair(crypto->self, e->public_key, e->signing);
    crypto->ops->random(crypto->self, root, sizeof root);
    enum err err = keep_or_make(e, "keys/root.secret", root, sizeof root, why);
    memory_wipe(root, sizeof root);
    if (!err)
        err = certificate_make_key(&e->key, why);
    struct bytes key = {e->key.data, e->key.length};
    if (!err)
        err = certificate_make_request(&key, "kiosk", &e->request, why);
    return err;
}

// Looks at the server without believing it, and keeps the authority whose hash the code names.
static enum err find_authority(struct enrolling *e, struct fail *why)
{
    enum err err = curl_server_chain(e->options->server, TIMEOUT_MS, &e->chain, why);
    if (!err)
        err = enroll_pick_authority(e->ctl->crypto, e->options->code, strbuf_text(&e->chain),
                                    &e->authority, why);
    if (!err)
        err = e->files.ops->write(e->files.self, new_authority, e->authority.data,
                                  e->authority.length, false, why);
    return err;
}

static enum err send(struct enrolling *e, struct fail *why)
{
    char authority[1024];
    struct http_client http = {0};
    if (snprintf(authority, sizeof authority, "%s/%s", e->options->kiosk, new_authority) >=
        (int)sizeof authority)
        return fail_set(why, ERR_INPUT, "the folder's path is too long");
    struct curl_client_options options = {.ca_file = authority};
    enum err err = curl_client_open(&options, &http, why);
    if (err)
        return err;
    struct enroll_request request = {.server = e->options->server,
                                     .code = e->options->code,
                                     .signing_request = strbuf_text(&e->request),
                                     .public_key = e->public_key,
                                     .timeout_ms = TIMEOUT_MS};
    err = enroll_send(&http, e->ctl->crypto, &request, &e->result, why);
    curl_client_close(&http);
    return err;
}

static enum err write_settings(struct enrolling *e, struct fail *why)
{
    const struct enroll_result *result = &e->result;
    json_t *settings = json_pack(
        "{s:i, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s}", "format", 1, "profile",
        e->options->demo ? "demo" : "production", "counter", result->counter, "incarnation",
        result->incarnation, "device_id", result->device_id, "device_key_id", result->key_id,
        "sealing_key_id", result->sealing_key_id, "time_zone", "Asia/Shanghai", "server",
        e->options->server, "public_host", result->public_host, "openrosa_only", 0, "printer",
        e->options->printer ? e->options->printer : "receipt");
    char *text = settings ? json_dumps(settings, JSON_INDENT(2)) : NULL;
    json_decref(settings);
    enum err err =
        text ? e->files.ops->write(e->files.self, "kiosk.json", text, strlen(text), false, why)
             : fail_set(why, ERR_RETRY, "out of memory");
    free(text);
    return err;
}

// The store is made now, so that a kiosk whose store is gone is told from a new one, and knows from
// its first start on what time it cannot be.
static enum err make_store(struct enrolling *e, struct fail *why)
{
    struct kiosk_store store = {0};
    struct files data;
    struct when now = clock_now(e->ctl->clock);
    enum err err = open_folder(e->options->kiosk, "data", &data, why);
    if (err)
        return err;
    system_files_close(&data);
    if (e->result.district_utc_ms) {
        now.utc_ms = e->result.district_utc_ms;
        now.quality = TIME_DISTRICT;
    }
    err = kiosk_folder_open_store(e->ctl, e->options->kiosk, false, &store, why);
    if (!err)
        err = outbox_set_known_time(&store, &now, why);
    sqlite_kiosk_store_close(&store);
    return err;
}

// kiosk.json last: a folder without it is not enrolled.
static enum err keep(struct enrolling *e, struct fail *why)
{
    const struct enroll_result *result = &e->result;
    const struct {
        const char *name;
        const void *data;
        size_t length;
        bool secret;
    } files[] = {
        {"keys/ca.crt", e->authority.data, e->authority.length, false},
        {"keys/signing.secret", e->signing, sizeof e->signing, true},
        {"keys/device.key", e->key.data, e->key.length, true},
        {"keys/device.crt", result->certificate.data, result->certificate.length, false},
        {"keys/sealing.pem", result->sealing_key.data, result->sealing_key.length, false},
        {"keys/content.pub", result->content_key, CRYPTO_PUBLIC, false},
        {"keys/district.pub", result->district_key, CRYPTO_PUBLIC, false},
    };
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < sizeof files / sizeof files[0]; i++)
        err = e->files.ops->write(e->files.self, files[i].name, files[i].data, files[i].length,
                                  files[i].secret, why);
    if (!err)
        err = make_store(e, why);
    return err ? err : write_settings(e, why);
}

enum err kiosk_enroll(const struct ctl *ctl, const struct enroll_options *options, struct fail *why)
{
    struct enrolling e = {.ctl = ctl, .options = options};
    struct strbuf *buffers[] = {
        &e.key, &e.request, &e.chain, &e.authority, &e.result.certificate, &e.result.sealing_key};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        strbuf_init(buffers[i], PEM_BYTES);
    enum err err = open_folder(options->kiosk, "", &e.files, why);
    if (!err)
        err = make_secrets(&e, why);
    if (!err)
        err = find_authority(&e, why);
    if (!err)
        err = send(&e, why);
    if (!err)
        err = keep(&e, why);
    if (e.files.self) {
        (void)!e.files.ops->remove(e.files.self, new_authority, NULL);
        system_files_close(&e.files);
    }
    memory_wipe(e.signing, sizeof e.signing);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        strbuf_free(buffers[i]);
    return err ? fail_prefix(why, err, "enrolling the kiosk") : ERR_OK;
}

int ctl_enroll(const struct ctl *ctl, int argc, char **argv)
{
    struct enroll_options options = {0};
    const struct ctl_option table[] = {{"--kiosk", &options.kiosk, NULL, true},
                                       {"--server", &options.server, NULL, true},
                                       {"--code", &options.code, NULL, true},
                                       {"--printer", &options.printer, NULL, false}};
    struct fail why = {0};
    if (!ctl_read_options(ctl, argc, argv, table, sizeof table / sizeof *table))
        return USAGE;
    return kiosk_enroll(ctl, &options, &why) == ERR_OK ? 0 : ctl_failed("enroll", &why);
}
