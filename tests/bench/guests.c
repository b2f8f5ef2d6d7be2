// SPDX-License-Identifier: GPL-3.0-or-later
#include "guests.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/driver/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 64 << 10, URL_BYTES = 1024, TIMEOUT_S = 60 };

void give_up(const char *what, const struct fail *why)
{
    (void)fprintf(stderr, "bench_district: %s: %s\n", what, why ? why->text : "");
    exit(1);
}

static void must(enum err err, const char *what, const struct fail *why)
{
    if (err)
        give_up(what, why);
}

static void read_file(const struct files *files, const char *name, struct strbuf *out)
{
    struct fail why = {0};
    strbuf_init(out, FILE_BYTES);
    must(files->ops->read(files->self, name, out, &why), name, &why);
}

static void open_store(const struct town *town, struct district_store *out)
{
    char path[700];
    struct fail why = {0};
    (void)snprintf(path, sizeof path, "%s/district.db", town->folder);
    must(sqlite_district_open(path, out, &why), path, &why);
}

static void note_version(void *context, const struct district_form *form)
{
    struct town *town = context;
    if (text_equal(form->id, "urgent-relief"))
        text_copy(town->version, sizeof town->version, form->version);
}

void town_open(struct town *town, const char *folder, const char *server, const char *public_page)
{
    struct district_store store;
    struct files files;
    struct fail why = {0};
    *town = (struct town){.folder = folder, .server = server, .public_page = public_page};
    must(sodium_crypto_open(&town->crypto, &why), "crypto", &why);
    must(system_clock_open(&town->clock, &why), "clock", &why);
    must(system_files_open(folder, &files, &why), folder, &why);
    openssl_certificates_open(&town->certificates);
    read_file(&files, "keys/ca.crt", &town->authority);
    read_file(&files, "keys/ca.key", &town->authority_key);
    read_file(&files, "keys/sealing.pem", &town->sealing);
    system_files_close(&files);
    (void)snprintf(town->ca_file, sizeof town->ca_file, "%s/keys/ca.crt", folder);
    open_store(town, &store);
    must(store.ops->form_each(store.self, note_version, town, &why), "the forms", &why);
    sqlite_district_close(&store);
    if (!town->version[0])
        give_up("urgent-relief is not published", NULL);
}

static void save(const char *path, const struct strbuf *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fwrite(strbuf_text(text), 1, text->length, file) != text->length || fclose(file))
        give_up(path, NULL);
}

// The district's authority signs; its store is told.
static void certify(struct guest *guest, struct fail *why)
{
    struct town *town = guest->town;
    struct strbuf key, request, certificate;
    struct certificate_info info;
    strbuf_init(&key, FILE_BYTES);
    strbuf_init(&request, FILE_BYTES);
    strbuf_init(&certificate, FILE_BYTES);
    must(certificate_make_key(&key, why), "key", why);
    must(certificate_make_request(&(struct bytes){key.data, key.length}, guest->device.id, &request,
                                  why),
         "request", why);
    const struct certificate_order order = {
        .request = {request.data, request.length},
        .ca_certificate = {town->authority.data, town->authority.length},
        .ca_key = {town->authority_key.data, town->authority_key.length},
        .common_name = guest->device.id,
        .use = CERTIFICATE_CLIENT,
        .now_utc_ms = guest->device.enrolled_utc_ms,
        .days = 30};
    const struct certificates_ops *ops = town->certificates.ops;
    must(ops->sign_request(town->certificates.self, &order, &certificate, why), "certificate", why);
    must(ops->info(town->certificates.self, certificate.data, certificate.length, &info, why),
         "certificate", why);
    text_copy(guest->device.fingerprint, sizeof guest->device.fingerprint, info.fingerprint);
    save(guest->certificate, &certificate);
    save(guest->key, &key);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&certificate);
}

void guest_enrol(struct town *town, int counter, struct guest *out)
{
    struct district_store store;
    struct fail why = {0};
    uint8_t code[CRYPTO_HASH];
    struct district_device *device = &out->device;
    *out = (struct guest){.town = town};
    town->crypto.ops->random(town->crypto.self, code, sizeof code);
    town->crypto.ops->sign_keypair(town->crypto.self, device->public_key, out->secret);
    device->incarnation = 1;
    device->enrolled_utc_ms = clock_now(&town->clock).utc_ms;
    (void)snprintf(device->counter, sizeof device->counter, "%03u", (unsigned)counter % 1000);
    (void)snprintf(device->id, sizeof device->id, "kiosk-%s-%02x%02x%02x", device->counter, code[0],
                   code[1], code[2]);
    (void)snprintf(device->key_id, sizeof device->key_id, "key-%.35s", device->id);
    (void)snprintf(out->certificate, sizeof out->certificate, "%.500s/%s.crt", town->folder,
                   device->id);
    (void)snprintf(out->key, sizeof out->key, "%.500s/%s.key", town->folder, device->id);
    certify(out, &why);
    open_store(town, &store);
    must(store.ops->code_put(store.self, code, device->counter, INT64_MAX, &why), "code", &why);
    must(store.ops->device_add(store.self, code, device, &why), "device", &why);
    sqlite_district_close(&store);
}

static void seal_parts(struct town *town, struct manifest *manifest, struct sealed_case *out)
{
    char drawing[2048], record[2048];
    struct fail why = {0};
    memset(drawing, 'x', sizeof drawing);
    int length = snprintf(
        record, sizeof record,
        "<data id=\"%s\" version=\"%s\"><orx:meta xmlns:orx=\"http://openrosa.org/xforms\">"
        "<orx:instanceID>%s</orx:instanceID></orx:meta></data>",
        manifest->form_id, manifest->version, manifest->instance_id);
    const struct attachment files[2] = {
        {.name = "signature.svg", .data = drawing, .length = sizeof drawing},
        {.name = ENVELOPE_RECORD, .data = record, .length = (size_t)length}};
    const struct envelope_about about = {manifest->form_id, manifest->version,
                                         manifest->instance_id};
    const struct bytes key = {town->sealing.data, town->sealing.length};
    must(envelope_seal(&town->crypto, &about, &key, files, 2, &out->envelope, &why), "seal", &why);
    text_copy(manifest->encrypted_key, sizeof manifest->encrypted_key, out->envelope.encrypted_key);
    text_copy(manifest->element_signature, sizeof manifest->element_signature,
              out->envelope.element_signature);
    manifest->file_count = manifest->seal.part_count = out->envelope.count;
    for (size_t i = 0; i < out->envelope.count; i++) {
        const struct attachment *part = &out->envelope.parts[i];
        text_copy(manifest->files[i], sizeof manifest->files[i], part->name);
        seal_describe_part(&town->crypto, part->name, part->data, part->length,
                           &manifest->seal.parts[i]);
    }
}

void guest_case(struct guest *guest, const char *form_id, const char *version,
                struct sealed_case *out)
{
    struct town *town = guest->town;
    struct tracking tracking;
    struct fail why = {0};
    int made = atomic_fetch_add(&guest->made, 1);
    int64_t now_ms = clock_now(&town->clock).utc_ms;
    memset(out, 0, sizeof *out);
    struct manifest *manifest = &out->manifest;
    struct seal *seal = &manifest->seal;
    struct receipt_number number = {
        .day = receipt_day(now_ms), .type = 1, .incarnation = 1, .serial = made % 1000};
    text_copy(number.counter, sizeof number.counter, guest->device.counter);
    must(receipt_number_format(&number, seal->receipt, &why), "number", &why);
    must(tracking_make(&town->crypto, guest->secret, "localhost:8444", seal->receipt, &tracking,
                       &why),
         "token", &why);
    manifest->has_seal = true;
    text_copy(manifest->form_id, sizeof manifest->form_id, form_id);
    text_copy(manifest->version, sizeof manifest->version, version ? version : town->version);
    (void)snprintf(manifest->instance_id, sizeof manifest->instance_id, "uuid:%.40s-%d",
                   guest->device.id, made);
    text_copy(seal->key_id, sizeof seal->key_id, guest->device.key_id);
    text_copy(seal->counter, sizeof seal->counter, guest->device.counter);
    text_copy(seal->service, sizeof seal->service, "urgent-relief");
    text_copy(seal->token_hash, sizeof seal->token_hash, tracking.token_hash);
    seal->touched_utc_ms = seal->saved_utc_ms = now_ms;
    seal->touched_quality = seal->saved_quality = TIME_RTC;
    seal_parts(town, manifest, out);
    strbuf_init(&out->xml, LIMIT_MANIFEST);
    must(seal_sign(&town->crypto, guest->secret, manifest, &why), "seal", &why);
    must(manifest_write(manifest, &out->xml, &why), "manifest", &why);
}

void guest_case_free(struct sealed_case *sealed)
{
    envelope_clear(&sealed->envelope);
    strbuf_free(&sealed->xml);
}

static size_t swallow(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

void talk_open(struct talk *talk, struct town *town, const struct guest *guest)
{
    *talk = (struct talk){.handle = curl_easy_init(), .town = town};
    if (!talk->handle)
        abort();
    curl_easy_setopt(talk->handle, CURLOPT_CAINFO, town->ca_file);
    curl_easy_setopt(talk->handle, CURLOPT_PROXY, "");
    curl_easy_setopt(talk->handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(talk->handle, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(talk->handle, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(talk->handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    if (guest) {
        curl_easy_setopt(talk->handle, CURLOPT_SSLCERT, guest->certificate);
        curl_easy_setopt(talk->handle, CURLOPT_SSLKEY, guest->key);
    }
}

void talk_close(struct talk *talk)
{
    curl_easy_cleanup(talk->handle);
}

static long perform(struct talk *talk)
{
    long status = 0;
    if (curl_easy_perform(talk->handle) != CURLE_OK)
        return 0;
    curl_easy_getinfo(talk->handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

long talk_ask(struct talk *talk, const char *method, const char *url, const char *header,
              const void *body, size_t length)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    if (header)
        headers = curl_slist_append(headers, header);
    bool is_get = text_equal(method, "GET");
    curl_easy_setopt(talk->handle, CURLOPT_URL, url);
    curl_easy_setopt(talk->handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(talk->handle, is_get ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
    if (!is_get) {
        curl_easy_setopt(talk->handle, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(talk->handle, CURLOPT_POSTFIELDSIZE, (long)length);
    }
    curl_easy_setopt(talk->handle, CURLOPT_CUSTOMREQUEST, method);
    long status = perform(talk);
    curl_slist_free_all(headers);
    curl_easy_setopt(talk->handle, CURLOPT_HTTPHEADER, NULL);
    return status;
}

static void add_part(curl_mime *mime, const char *name, const void *data, size_t length)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    curl_mime_name(part, name);
    curl_mime_filename(part, name);
    curl_mime_data(part, data, length);
}

long talk_post_case(struct talk *talk, const struct sealed_case *sealed)
{
    char url[URL_BYTES];
    struct curl_slist *headers = curl_slist_append(NULL, "X-OpenRosa-Version: 1.0");
    headers = curl_slist_append(headers, "Expect:");
    curl_mime *mime = curl_mime_init(talk->handle);
    add_part(mime, "xml_submission_file", sealed->xml.data, sealed->xml.length);
    for (size_t i = 0; i < sealed->envelope.count; i++)
        add_part(mime, sealed->envelope.parts[i].name, sealed->envelope.parts[i].data,
                 sealed->envelope.parts[i].length);
    (void)snprintf(url, sizeof url, "%s/submission", talk->town->server);
    curl_easy_setopt(talk->handle, CURLOPT_URL, url);
    curl_easy_setopt(talk->handle, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(talk->handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(talk->handle, CURLOPT_MIMEPOST, mime);
    long status = perform(talk);
    curl_mime_free(mime);
    curl_slist_free_all(headers);
    curl_easy_setopt(talk->handle, CURLOPT_HTTPHEADER, NULL);
    return status;
}
