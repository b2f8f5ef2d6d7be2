// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl provision --demo DIR: a district with a CA of its own and a kiosk that goes through the
// real enrolment, over HTTPS, against that district's listener.
#include "options.h"
#include "../office.h"
#include "demo.h"
#include "yimen/base/text.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/staff/staff.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 2, CODE_MINUTES = 10, BODY_BYTES = 1 << 20, DEADLINE_MS = 20000, PORT = 8443 };

// -------------------------------------------------------------------- the kiosk

static enum err open_listener(const struct office *office, struct district *district,
                              struct http_server *out, struct fail *why)
{
    char certificate[1024], key[1024], authority[1024];
    office_path(office, "keys/server.crt", certificate);
    office_path(office, "keys/server.key", key);
    office_path(office, "keys/ca.crt", authority);
    struct http_server_config config = {
        .address = office->settings.address,
        .port = office->settings.device_port,
        .tls = true,
        .client_certificates = true,
        .open_path = "/v1/enroll",
        .certificate_file = certificate,
        .key_file = key,
        .ca_file = authority,
        .body_maximum = BODY_BYTES,
        .deadline_ms = DEADLINE_MS,
        .handle = district_handle_device,
        .context = district,
    };
    return mhd_server_open(&config, out, why);
}

static enum err enroll_here(const struct ctl *ctl, const struct provision_options *options,
                            const char *code, int port, struct fail *why)
{
    char kiosk[1024], server[64];
    snprintf(kiosk, sizeof kiosk, "%s/kiosk", options->folder);
    snprintf(server, sizeof server, "https://localhost:%d", port);
    struct enroll_options enroll = {
        .kiosk = kiosk, .server = server, .code = code, .printer = options->printer, .demo = true};
    return kiosk_enroll(ctl, &enroll, why);
}

// A store handle belongs to one thread: the code is made here, the listener has its own.
static enum err make_code(const struct office *office, const char *counter,
                          char code[DISTRICT_CODE], struct fail *why)
{
    struct office_room room;
    enum err err = office_room_open(office, OFFICE_INGEST, &room, why);
    if (!err)
        err = district_make_code(room.district, counter, CODE_MINUTES, code, why);
    office_room_close(&room);
    return err;
}

static enum err provision_kiosk(const struct ctl *ctl, const struct provision_options *options,
                                struct fail *why)
{
    struct office office;
    struct office_room room = {0};
    struct http_server server = {0};
    char folder[1024], code[DISTRICT_CODE];
    snprintf(folder, sizeof folder, "%s/district", options->folder);
    enum err err = office_open(&office, folder, OFFICE_INGEST, ctl->crypto, ctl->clock, why);
    if (err)
        return err;
    err = make_code(&office, options->counter, code, why);
    if (!err)
        err = office_room_open(&office, OFFICE_INGEST, &room, why);
    if (!err)
        err = open_listener(&office, room.district, &server, why);
    if (!err)
        err = enroll_here(ctl, options, code, server.ops->port(server.self), why);
    if (server.ops)
        server.ops->close(server.self);
    office_room_close(&room);
    office_close(&office);
    snprintf(folder, sizeof folder, "%s/kiosk", options->folder);
    return err ? err : provision_content(ctl, options, folder, why);
}

// -------------------------------------------------------------------- staff

static void make_pin(const struct crypto *crypto, const char *number,
                     char pin[LIMIT_PIN_DIGITS + 1])
{
    do {
        uint32_t random = 0;
        crypto->ops->random(crypto->self, &random, sizeof random);
        snprintf(pin, LIMIT_PIN_DIGITS + 1, "%06u", (unsigned)(random % 1000000));
    } while (!staff_pin_is_strong(pin, number));
}

static enum err add_accounts(const struct ctl *ctl, struct kiosk_store *store,
                             const uint8_t root[CRYPTO_KEY], json_t *list, struct fail *why)
{
    static const char *const accounts[][2] = {{"1001", "clerk"}, {"9001", "technician"}};
    struct staff staff;
    enum err err = ERR_OK;
    staff_begin(&staff, store, ctl->crypto, ctl->clock, root);
    for (size_t i = 0; !err && i < sizeof accounts / sizeof accounts[0]; i++) {
        char pin[LIMIT_PIN_DIGITS + 1];
        make_pin(ctl->crypto, accounts[i][0], pin);
        err = staff_add(&staff, accounts[i][0], accounts[i][1], pin, true, why);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "number", accounts[i][0], "role",
                                              accounts[i][1], "pin", pin));
        printf("%s %s PIN %s\n", accounts[i][1], accounts[i][0], pin);
    }
    memory_wipe(&staff, sizeof staff);
    return err;
}

static enum err write_accounts(const char *folder, const json_t *list, struct fail *why)
{
    struct files files;
    char *text = json_dumps(list, JSON_INDENT(2));
    if (!text)
        return fail_set(why, ERR_RETRY, "out of memory");
    enum err err = open_folder(folder, "", &files, why);
    if (!err) {
        err = files.ops->write(files.self, "staff.json", text, strlen(text), true, why);
        system_files_close(&files);
    }
    free(text);
    return err;
}

static enum err read_root(const char *folder, uint8_t root[CRYPTO_KEY], struct fail *why)
{
    struct files files;
    struct strbuf bytes;
    enum err err = open_folder(folder, "kiosk", &files, why);
    if (err)
        return err;
    strbuf_init(&bytes, CRYPTO_KEY);
    err = files.ops->read(files.self, "keys/root.secret", &bytes, why);
    if (!err && bytes.length != CRYPTO_KEY)
        err = fail_set(why, ERR_CORRUPT, "keys/root.secret is no key");
    if (!err)
        memcpy(root, bytes.data, CRYPTO_KEY);
    strbuf_free(&bytes);
    system_files_close(&files);
    return err;
}

enum err provision_staff(const struct ctl *ctl, const struct provision_options *options,
                         struct fail *why)
{
    char path[1024];
    uint8_t root[CRYPTO_KEY];
    struct files data;
    struct kiosk_store store = {0};
    snprintf(path, sizeof path, "%s/kiosk", options->folder);
    enum err err = read_root(options->folder, root, why);
    if (!err)
        err = open_folder(path, "data", &data, why);
    if (err)
        return err;
    system_files_close(&data);
    snprintf(path, sizeof path, "%s/kiosk/data/kiosk.db", options->folder);
    struct sqlite_kiosk_store_options store_options = {.path = path, .crypto = ctl->crypto};
    err = sqlite_kiosk_store_open(&store_options, &store, why);
    json_t *list = json_array();
    if (!err)
        err = add_accounts(ctl, &store, root, list, why);
    sqlite_kiosk_store_close(&store);
    if (!err)
        err = write_accounts(options->folder, list, why);
    json_decref(list);
    memory_wipe(root, sizeof root);
    return err ? fail_prefix(why, err, "staff accounts") : ERR_OK;
}

// -------------------------------------------------------------------- the command

static bool read_options(const struct ctl *ctl, int argc, char **argv,
                         struct provision_options *out)
{
    int64_t port = PORT;
    const char *said = NULL;
    memset(out, 0, sizeof *out);
    out->counter = "001";
    const struct ctl_option options[] = {{"--demo", &out->folder, NULL, true},
                                         {"--counter", &out->counter, NULL, false},
                                         {"--printer", &out->printer, NULL, false},
                                         {"--assets", &out->assets, NULL, false},
                                         {"--port-base", &said, NULL, false}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return false;
    bool good = place_assets(out->installed, sizeof out->installed) &&
                (!said || text_to_int64(said, &port)) && port > 0 && port < 65535;
    if (!out->assets)
        out->assets = out->installed;
    out->port_base = (int)port;
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

static enum err not_there_yet(const char *folder, struct fail *why)
{
    struct files files;
    struct strbuf text;
    if (system_files_open(folder, &files, NULL) != ERR_OK)
        return ERR_OK;
    strbuf_init(&text, 65536);
    enum err err = files.ops->read(files.self, "kiosk/kiosk.json", &text, NULL);
    strbuf_free(&text);
    system_files_close(&files);
    return err == ERR_NOT_FOUND ? ERR_OK
                                : fail_set(why, ERR_CONFLICT, "%s is provisioned already", folder);
}

int ctl_provision(const struct ctl *ctl, int argc, char **argv)
{
    struct provision_options options;
    struct fail why = {0};
    if (!read_options(ctl, argc, argv, &options))
        return USAGE;
    enum err err = not_there_yet(options.folder, &why);
    if (!err)
        err = provision_district(ctl, &options, &why);
    if (!err)
        err = provision_kiosk(ctl, &options, &why);
    if (!err)
        err = provision_staff(ctl, &options, &why);
    if (err)
        (void)fprintf(stderr, "yimenctl: %s (%s)\n", why.text, err_name(err));
    return err ? 1 : 0;
}
