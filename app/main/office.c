// SPDX-License-Identifier: GPL-3.0-or-later
#include "office.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/driver/system.h"
#include "yimen/weave/pack_release.h"

#include <arpa/inet.h>
#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { KEY_CA, KEY_CA_KEY, KEY_SEALING, KEY_SEALING_PRIVATE, KEY_BYTES = 64 << 10 };
enum { LOOKUP_ROLES = OFFICE_DESK | OFFICE_INGEST | OFFICE_OWNER | OFFICE_OPENER };
enum { MEGABYTE = 1 << 20, MEGABYTES_A_DAY = 2048, MOST_MEGABYTES_A_DAY = 1 << 20 };

static const struct {
    const char *file;
    int roles;
} key_files[] = {
    [KEY_CA] = {"keys/ca.crt", OFFICE_INGEST},
    [KEY_CA_KEY] = {"keys/ca.key", OFFICE_INGEST},
    [KEY_SEALING] = {"keys/sealing.pem", OFFICE_INGEST},
    [KEY_SEALING_PRIVATE] = {"keys/sealing.key", OFFICE_OPENER},
};

void office_path(const struct office *office, const char *name, char out[1024])
{
    int length = snprintf(out, 1024, "%s/%s", office->folder, name);
    assert(length > 0 && length < 1024);
}

static bool setting(const json_t *settings, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(settings, name));
    return text && text_copy(out, room, text);
}

static enum err read_share(const json_t *settings, struct office_settings *out, struct fail *why)
{
    const json_t *said = json_object_get(settings, "device_megabytes_a_day");
    json_int_t megabytes = said ? json_integer_value(said) : MEGABYTES_A_DAY;
    if ((said && !json_is_integer(said)) || megabytes < 1 || megabytes > MOST_MEGABYTES_A_DAY)
        return fail_set(why, ERR_TECHNICIAN,
                        "district.json: device_megabytes_a_day is a number from 1 to %d",
                        MOST_MEGABYTES_A_DAY);
    out->device_bytes_a_day = (int64_t)megabytes * MEGABYTE;
    return ERR_OK;
}

// Nobody is believed by mistake: what is no address is an error.
static enum err read_proxies(const json_t *settings, struct office_settings *out, struct fail *why)
{
    const json_t *list = json_object_get(settings, "trusted_proxies");
    const char *header = json_string_value(json_object_get(settings, "proxy_header"));
    unsigned char bytes[sizeof(struct in6_addr)];
    if (list && (!json_is_array(list) || json_array_size(list) > HTTP_SERVER_PROXIES))
        return fail_set(why, ERR_TECHNICIAN, "district.json: trusted_proxies: up to %d addresses",
                        HTTP_SERVER_PROXIES);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *address = json_string_value(json_array_get(list, i));
        if (!address || inet_pton(AF_INET, address, bytes) != 1 ||
            !text_copy(out->proxies[i], sizeof out->proxies[i], address))
            return fail_set(why, ERR_TECHNICIAN,
                            "district.json: trusted_proxies: \"%s\" is no IPv4 address",
                            address ? address : "");
    }
    text_copy(out->proxy_header, sizeof out->proxy_header, header ? header : "X-Forwarded-For");
    if (!text_equal(out->proxy_header, "X-Forwarded-For") &&
        !text_equal(out->proxy_header, "Forwarded"))
        return fail_set(why, ERR_TECHNICIAN,
                        "district.json: proxy_header is X-Forwarded-For or Forwarded");
    return ERR_OK;
}

static enum err read_settings(struct office *office, struct fail *why)
{
    struct strbuf text;
    json_error_t error;
    struct office_settings *out = &office->settings;
    strbuf_init(&text, KEY_BYTES);
    enum err err = office->files.ops->read(office->files.self, "district.json", &text, why);
    json_t *settings =
        err ? NULL : json_loadb(strbuf_text(&text), text.length, JSON_REJECT_DUPLICATES, &error);
    if (!err && !settings)
        err = fail_set(why, ERR_TECHNICIAN, "district.json:%d: %s", error.line, error.text);
    out->device_port = (int)json_integer_value(json_object_get(settings, "device_port"));
    out->public_port = (int)json_integer_value(json_object_get(settings, "public_port"));
    if (!err)
        err = read_share(settings, out, why);
    char socket[1024];
    office_path(office, "owner.sock", socket);
    const char *own = json_string_value(json_object_get(settings, "owner_socket"));
    if (!err && !text_copy(out->owner_socket, sizeof out->owner_socket, own ? own : socket) &&
        !(office->roles == OFFICE_ALL))
        err = fail_set(why, ERR_TECHNICIAN,
                       "%s: too long for a socket; set \"owner_socket\" in district.json", socket);
    if (!err &&
        !(setting(settings, "address", out->address, sizeof out->address) &&
          setting(settings, "public_host", out->public_host, sizeof out->public_host) &&
          setting(settings, "sealing_key_id", out->sealing_key_id, sizeof out->sealing_key_id)))
        err = fail_set(why, ERR_TECHNICIAN,
                       "district.json: address, public_host, sealing_key_id are wanted");
    if (!err)
        err = read_proxies(settings, out, why);
    json_decref(settings);
    strbuf_free(&text);
    return err;
}

static enum err read_hex(struct office *office, const char *name, uint8_t *out, size_t length,
                         struct fail *why)
{
    struct strbuf text, bytes;
    strbuf_init(&text, 1024);
    strbuf_init(&bytes, length);
    enum err err = office->files.ops->read(office->files.self, name, &text, why);
    if (!err) {
        size_t digits = strcspn(strbuf_text(&text), "\r\n");
        if (office->crypto->ops->hex_decode(office->crypto->self, strbuf_text(&text), digits,
                                            &bytes) == ERR_OK &&
            bytes.length == length)
            memcpy(out, bytes.data, length);
        else
            err = fail_set(why, ERR_TECHNICIAN, "%s: must be one line of %zu hexadecimal digits",
                           name, 2 * length);
    }
    strbuf_free(&text);
    strbuf_free(&bytes);
    return err;
}

static enum err read_keys(struct office *office, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < sizeof key_files / sizeof key_files[0]; i++)
        if (office->roles & key_files[i].roles)
            err = office->files.ops->read(office->files.self, key_files[i].file, &office->keys[i],
                                          why);
    if (!err && (office->roles & (OFFICE_DESK | OFFICE_OPENER)))
        err = read_hex(office, "keys/records.key", office->record_secret, CRYPTO_KEY, why);
    if (!err && (office->roles & OFFICE_DESK))
        err = read_hex(office, "keys/district.key", office->signing_secret, CRYPTO_SECRET, why);
    if (!err && (office->roles & LOOKUP_ROLES))
        err = read_hex(office, "keys/lookup.key", office->lookup_key, CRYPTO_KEY, why);
    if (!err)
        err = read_hex(office, "keys/district.pub", office->signing_public, CRYPTO_PUBLIC, why);
    if (!err)
        err = read_hex(office, "keys/content.pub", office->content_public[0], CRYPTO_PUBLIC, why);
    return err;
}

static enum err open_content(struct office *office, struct fail *why)
{
    char path[1024];
    office_path(office, "content", path);
    struct pack_trust trust = {office->crypto, office->content_public, 1};
    enum err err = system_files_open(path, &office->content, why);
    if (!err)
        err = pack_open(&office->content, &trust, clock_now(office->clock).utc_ms, &office->pack,
                        why);
    if (!err)
        err = texts_load(pack_files(office->pack), &office->texts, why);
    if (!err)
        err = catalogue_load(pack_files(office->pack), &office->catalogue, why);
    office_path(office, "web", path);
    if (!err && (office->roles & OFFICE_PUBLIC))
        err = system_files_open(path, &office->web, why);
    return err;
}

enum err office_open(struct office *office, const char *folder, int roles,
                     const struct crypto *crypto, const struct clock *clock, struct fail *why)
{
    *office = (struct office){.roles = roles, .crypto = crypto, .clock = clock};
    for (size_t i = 0; i < OFFICE_KEYS; i++)
        strbuf_init(&office->keys[i], KEY_BYTES);
    if (!text_copy(office->folder, sizeof office->folder, folder))
        return fail_set(why, ERR_INPUT, "the folder's name is too long");
    openssl_certificates_open(&office->certificates);
    enum err err = system_files_open(folder, &office->files, why);
    if (!err)
        err = read_settings(office, why);
    if (!err)
        err = read_keys(office, why);
    if (!err)
        err = open_content(office, why);
    if (!err)
        return ERR_OK;
    office_close(office);
    return fail_prefix(why, err, "opening the district %s", folder);
}

void office_close(struct office *office)
{
    catalogue_free(office->catalogue);
    texts_free(office->texts);
    pack_close(office->pack);
    if (office->web.self)
        system_files_close(&office->web);
    if (office->content.self)
        system_files_close(&office->content);
    if (office->files.self)
        system_files_close(&office->files);
    for (size_t i = 0; i < OFFICE_KEYS; i++)
        strbuf_free(&office->keys[i]);
    memory_wipe(office->record_secret, sizeof office->record_secret);
    memory_wipe(office->lookup_key, sizeof office->lookup_key);
    memory_wipe(office->signing_secret, sizeof office->signing_secret);
    *office = (struct office){0};
}

static struct bytes key_of(const struct office *office, int roles, int key)
{
    if (!(roles & key_files[key].roles))
        return (struct bytes){0};
    return (struct bytes){office->keys[key].data, office->keys[key].length};
}

// Forms of several services come from the release in force or, for a kiosk that was away, from an
// earlier one that is still there.
static enum err compose(void *context, const char *form_id, const char *version, struct strbuf *out,
                        struct fail *why)
{
    const struct office *office = context;
    const struct pack_trust trust = {office->crypto, office->content_public, 1};
    const struct pack_shelf shelf = {
        .now = {pack_files(office->pack), office->catalogue, office->texts},
        .version = pack_about(office->pack)->version,
        .releases = &office->content,
        .trust = &trust,
    };
    const struct pack_made_with made_with = {"", form_id, version};
    return pack_shelf_read(&shelf, &made_with, out, why);
}

enum err office_room_open(const struct office *office, int roles, struct office_room *out,
                          struct fail *why)
{
    char path[1024];
    *out = (struct office_room){0};
    assert((roles & ~office->roles) == 0);
    office_path(office, "district.db", path);
    // Whoever may ask without a certificate is answered from a store that cannot be written.
    enum err err = roles == OFFICE_PUBLIC ? sqlite_district_open_read_only(path, &out->store, why)
                                          : sqlite_district_open(path, &out->store, why);
    struct district_options options = {
        .store = &out->store,
        .crypto = office->crypto,
        .clock = office->clock,
        .certificates = roles & OFFICE_INGEST ? &office->certificates : NULL,
        .ca_certificate = key_of(office, roles, KEY_CA),
        .ca_key = key_of(office, roles, KEY_CA_KEY),
        .sealing_public = key_of(office, roles, KEY_SEALING),
        .sealing_key_id = office->settings.sealing_key_id,
        .content_public = office->content_public[0],
        .signing_public = office->signing_public,
        .device_bytes_a_day = office->settings.device_bytes_a_day,
        .public_host = office->settings.public_host,
        .sealing_private = key_of(office, roles, KEY_SEALING_PRIVATE),
        .record_secret = roles & (OFFICE_DESK | OFFICE_OPENER) ? office->record_secret : NULL,
        .lookup_key = roles & LOOKUP_ROLES ? office->lookup_key : NULL,
        .signing_secret = roles & OFFICE_DESK ? office->signing_secret : NULL,
        .catalogue = office->catalogue,
        .content = pack_files(office->pack),
        .composing = roles & OFFICE_INGEST ? office->composing : NULL,
        .compose = compose,
        .compose_context = (void *)(uintptr_t)office,
        .texts = office->texts,
        .web = roles & OFFICE_PUBLIC ? &office->web : NULL,
        .owners = roles & OFFICE_PUBLIC ? office->owners : NULL,
    };
    if (!err)
        err = district_open(&options, &out->district, why);
    if (err)
        office_room_close(out);
    return err;
}

void office_room_close(struct office_room *room)
{
    district_close(room->district);
    sqlite_district_close(&room->store);
    *room = (struct office_room){0};
}

enum err office_publish(const struct office *office, struct district *district, struct fail *why)
{
    const struct files *pack = pack_files(office->pack);
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < catalogue_service_count(office->catalogue); i++) {
        const struct service *service = catalogue_service_at(office->catalogue, i);
        struct strbuf xml;
        strbuf_init(&xml, LIMIT_FORM_BYTES);
        err = pack->ops->read(pack->self, service->form, &xml, why);
        if (!err)
            err = district_publish_form(district, strbuf_text(&xml), xml.length, why);
        strbuf_free(&xml);
        if (err)
            return fail_prefix(why, err, "%s", service->form);
    }
    return err;
}
