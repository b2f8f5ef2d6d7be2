// SPDX-License-Identifier: GPL-3.0-or-later
#include "office_bench.h"

#include "fakes/sealing_key.h"

#include "yimen/base/text.h"
#include "yimen/outbox/outbox.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/driver/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t start_utc_ms = 1763863200000; // 2025-11-23 10:00 in the district
static const char *const names[] = {"X-OpenRosa-Version", "1.0", "Host", "district:8443", NULL};

#define GOOD(call)                                                                                 \
    do {                                                                                           \
        struct fail why = {0};                                                                     \
        enum err err_ = (call);                                                                    \
        if (err_)                                                                                  \
            fail_msg("%s: %s (%s)", #call, why.text, err_name(err_));                              \
    } while (0)

void bench_second(struct bench *bench, struct district_store *store, struct district **district)
{
    struct district_options options = {
        .store = store,
        .crypto = &bench->crypto,
        .clock = &bench->clock.clock,
        .certificates = &bench->certificates,
        .ca_certificate = {bench->ca.data, bench->ca.length},
        .ca_key = {bench->ca_key.data, bench->ca_key.length},
        .sealing_public = {bench->sealing_public.data, bench->sealing_public.length},
        .sealing_key_id = "seal-1",
        .content_public = bench->content_public,
        .signing_public = bench->signing_public,
        .device_bytes_a_day = bench->bytes_a_day,
        .public_host = "localhost:8444",
        .sealing_private = {bench->sealing_private.data, bench->sealing_private.length},
        .record_secret = bench->record_secret,
        .lookup_key = bench->lookup_key,
        .signing_secret = bench->signing_secret,
        .catalogue = bench->catalogue,
        .texts = bench->texts,
        .web = &bench->web,
        .content = &bench->assets,
        .composing = bench->composing,
        .compose = bench->compose,
        .compose_context = bench,
        .owners = &bench->owners,
    };
    if (bench->is_opener) {
        options.certificates = NULL;
        options.ca_key = (struct bytes){0};
        options.signing_secret = NULL;
    }
    if (bench->is_desk)
        options.sealing_private = (struct bytes){0};
    if (bench->is_read_only)
        GOOD(sqlite_district_open_read_only(bench->database, store, &why));
    else
        GOOD(sqlite_district_open(bench->database, store, &why));
    GOOD(district_open(&options, district, &why));
}

static void open_district(struct bench *bench)
{
    bench_second(bench, &bench->store, &bench->district);
    owner_desk_here(bench->district, &bench->owners);
}

static void note_version(void *context, const struct district_form *form)
{
    struct bench *bench = context;
    if (text_equal(form->id, "urgent-relief"))
        text_copy(bench->form_version, sizeof bench->form_version, form->version);
}

static void publish(struct bench *bench)
{
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    GOOD(bench->assets.ops->read(bench->assets.self, "forms/urgent_relief.xml", &xml, &why));
    GOOD(district_publish_form(bench->district, xml.data, xml.length, &why));
    GOOD(bench->store.ops->form_each(bench->store.self, note_version, bench, &why));
    strbuf_free(&xml);
}

static void register_device(struct bench *bench)
{
    uint8_t code[CRYPTO_HASH] = {1};
    bench->device = (struct district_device){
        .id = "kiosk-001-7-test", .counter = "001", .key_id = "device-key-1", .incarnation = 7};
    memset(bench->device.fingerprint, 'a', 64);
    bench->crypto.ops->sign_keypair(bench->crypto.self, bench->device.public_key,
                                    bench->device_secret);
    bench->device.enrolled_utc_ms = start_utc_ms;
    GOOD(bench->store.ops->code_put(bench->store.self, code, "001", start_utc_ms + 1, &why));
    GOOD(bench->store.ops->device_add(bench->store.self, code, &bench->device, &why));
}

void bench_open(struct bench *bench)
{
    *bench = (struct bench){.folder = "/tmp/yimen-office-XXXXXX"};
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->database, sizeof bench->database, "%s/district.db", bench->folder);
    bench->composing = composing_new();
    fake_clock_begin(&bench->clock, start_utc_ms);
    openssl_certificates_open(&bench->certificates);
    GOOD(sodium_crypto_open(&bench->crypto, &why));
    bench->crypto.ops->sign_keypair(bench->crypto.self, bench->signing_public,
                                    bench->signing_secret);
    GOOD(system_files_open("assets", &bench->assets, &why));
    GOOD(system_files_open("assets/web", &bench->web, &why));
    GOOD(texts_load(&bench->assets, &bench->texts, &why));
    GOOD(catalogue_load(&bench->assets, &bench->catalogue, &why));
    struct strbuf *keys[] = {&bench->sealing_private, &bench->sealing_public, &bench->ca,
                             &bench->ca_key};
    for (size_t i = 0; i < 4; i++)
        strbuf_init(keys[i], 65536);
    sealing_key_copy(&bench->sealing_private, &bench->sealing_public);
    GOOD(certificate_make_key(&bench->ca_key, &why));
    struct bytes key = {bench->ca_key.data, bench->ca_key.length};
    GOOD(certificate_make_ca(&key, "test CA", start_utc_ms, 20000, &bench->ca, &why));
    open_district(bench);
    publish(bench);
    register_device(bench);
}

void bench_restart(struct bench *bench)
{
    district_close(bench->district);
    sqlite_district_close(&bench->store);
    open_district(bench);
}

void bench_close(struct bench *bench)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    district_close(bench->district);
    sqlite_district_close(&bench->store);
    composing_free(bench->composing);
    catalogue_free(bench->catalogue);
    texts_free(bench->texts);
    system_files_close(&bench->web);
    system_files_close(&bench->assets);
    strbuf_free(&bench->sealing_private);
    strbuf_free(&bench->sealing_public);
    strbuf_free(&bench->ca);
    strbuf_free(&bench->ca_key);
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", bench->database, ends[i]);
        unlink(path);
    }
    rmdir(bench->folder);
}

static const char *or_else(const char *value, const char *usual)
{
    return value ? value : usual;
}

static void seal_parts(struct bench *bench, const struct bench_record *record,
                       struct bench_submission *out)
{
    static const char drawing[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    char usual[1024], xml[4096];
    struct manifest *manifest = &out->manifest;
    snprintf(usual, sizeof usual,
             "<applicant><name>%s</name><id_number>%s</id_number></applicant>"
             "<contact><phone>%s</phone></contact>"
             "<member><name>甲</name></member><member><name>乙</name></member>",
             or_else(record->name, "张三"), or_else(record->id_number, "370212195406070029"),
             or_else(record->phone, "13800000001"));
    int length = snprintf(
        xml, sizeof xml,
        "<data id=\"%s\" version=\"%s\"><visit><receipt_number>%s</receipt_number>"
        "<counter>001</counter><key_id>%s</key_id><chosen_code>%s</chosen_code><papers>%s</"
        "papers><of>%s</of>"
        "<of_proof>%s</of_proof></visit>%s"
        "<orx:meta xmlns:orx=\"http://openrosa.org/xforms\"><orx:instanceID>%s</orx:instanceID>"
        "</orx:meta></data>",
        manifest->form_id, manifest->version,
        or_else(record->record_receipt, manifest->seal.receipt),
        or_else(record->record_key_id, bench->device.key_id), or_else(record->chosen_code, ""),
        or_else(record->papers, ""), or_else(record->record_of, or_else(record->of_instance, "")),
        or_else(record->of_proof, ""), or_else(record->answers, usual), manifest->instance_id);
    struct attachment files[2] = {
        {.name = "signature.svg", .data = (void *)(uintptr_t)drawing, .length = sizeof drawing - 1},
        {.name = ENVELOPE_RECORD, .data = xml, .length = (size_t)length}};
    struct envelope_about about = {manifest->form_id, manifest->version, manifest->instance_id};
    struct bytes key = {bench->sealing_public.data, bench->sealing_public.length};
    GOOD(envelope_seal(&bench->crypto, &about, &key, files, 2, &out->envelope, &why));
}

static void fill_seal(struct bench *bench, const struct bench_record *record,
                      struct bench_submission *out)
{
    struct manifest *manifest = &out->manifest;
    struct seal *seal = &manifest->seal;
    text_copy(seal->key_id, sizeof seal->key_id, bench->device.key_id);
    text_copy(seal->counter, sizeof seal->counter, "001");
    text_copy(seal->service, sizeof seal->service, or_else(record->service, "urgent-relief"));
    text_copy(seal->of_instance, sizeof seal->of_instance, or_else(record->of_instance, ""));
    text_copy(seal->token_hash, sizeof seal->token_hash, out->tracking.token_hash);
    seal->urgent = true;
    seal->touched_utc_ms = start_utc_ms - 60000;
    seal->saved_utc_ms = start_utc_ms + record->saved_after_ms;
    seal->saved_quality = seal->touched_quality = TIME_RTC;
    seal->part_count = manifest->file_count = out->envelope.count;
    for (size_t i = 0; i < out->envelope.count; i++) {
        const struct attachment *part = &out->envelope.parts[i];
        text_copy(manifest->files[i], sizeof manifest->files[i], part->name);
        seal_describe_part(&bench->crypto, part->name, part->data, part->length, &seal->parts[i]);
    }
}

void bench_rewrite(struct bench *bench, struct bench_submission *submission, bool sign)
{
    if (sign)
        GOOD(seal_sign(&bench->crypto, bench->device_secret, &submission->manifest, &why));
    strbuf_clear(&submission->xml);
    GOOD(manifest_write(&submission->manifest, &submission->xml, &why));
}

void bench_submission(struct bench *bench, const struct bench_record *record,
                      struct bench_submission *out)
{
    memset(out, 0, sizeof *out);
    struct manifest *manifest = &out->manifest;
    manifest->has_seal = true;
    text_copy(manifest->form_id, sizeof manifest->form_id,
              or_else(record->form_id, "urgent-relief"));
    text_copy(manifest->version, sizeof manifest->version,
              or_else(record->version, bench->form_version));
    text_copy(manifest->instance_id, sizeof manifest->instance_id,
              or_else(record->instance, "uuid:11111111-2222-4333-8444-555555555555"));
    text_copy(manifest->seal.receipt, sizeof manifest->seal.receipt,
              or_else(record->receipt, "370212001251123170019"));
    GOOD(tracking_make(&bench->crypto, bench->device_secret, "localhost:8444",
                       manifest->seal.receipt, &out->tracking, &why));
    seal_parts(bench, record, out);
    text_copy(manifest->encrypted_key, sizeof manifest->encrypted_key, out->envelope.encrypted_key);
    text_copy(manifest->element_signature, sizeof manifest->element_signature,
              out->envelope.element_signature);
    fill_seal(bench, record, out);
    strbuf_init(&out->xml, LIMIT_MANIFEST);
    bench_rewrite(bench, out, true);
}

void bench_submission_free(struct bench_submission *submission)
{
    envelope_clear(&submission->envelope);
    strbuf_free(&submission->xml);
}

// ------------------------------------------------------------------ requests without a network

struct asked {
    const char *const *query, *const *headers;
};

static const char *pair(const char *const *pairs, const char *name)
{
    for (; pairs && *pairs; pairs += 2)
        if (text_equal(pairs[0], name))
            return pairs[1];
    return NULL;
}

static const char *get_query(const struct http_exchange *exchange, const char *name)
{
    return pair(((const struct asked *)exchange->driver)->query, name);
}

static const char *get_header(const struct http_exchange *exchange, const char *name)
{
    return pair(((const struct asked *)exchange->driver)->headers, name);
}

static struct bench_answer *finish(struct http_exchange *exchange)
{
    static struct bench_answer answer;
    free(answer.body);
    answer.status = exchange->status;
    answer.after_turn = exchange->after_turn;
    memcpy(answer.headers, exchange->reply_headers, sizeof answer.headers);
    answer.body = text_duplicate(strbuf_text(&exchange->reply));
    strbuf_free(&exchange->reply);
    return &answer;
}

static struct http_exchange exchange_of(struct asked *asked, const char *method, const char *path)
{
    struct http_exchange exchange = {.method = method,
                                     .path = path,
                                     .peer_address = "127.0.0.1",
                                     .query = get_query,
                                     .header = get_header,
                                     .body = "",
                                     .driver = asked};
    strbuf_init(&exchange.reply, 20 << 20);
    return exchange;
}

struct bench_answer *bench_ask(struct bench *bench, const char *method, const char *path,
                               const char *body, const char *const *query)
{
    struct asked asked = {query, names};
    struct http_exchange exchange = exchange_of(&asked, method, path);
    exchange.peer_device = bench->device.id;
    exchange.peer_fingerprint = bench->device.fingerprint;
    exchange.body = body ? body : "";
    exchange.length = strlen(exchange.body);
    district_handle_device(bench->district, &exchange);
    return finish(&exchange);
}

static struct bench_answer *post(struct bench *bench, const void *manifest, size_t length,
                                 const struct attachment *files, size_t count)
{
    struct asked asked = {NULL, names};
    struct http_exchange exchange = exchange_of(&asked, "POST", "/submission");
    struct http_server_part parts[8] = {{.name = "xml_submission_file",
                                         .file_name = "submission.xml",
                                         .type = "text/xml",
                                         .data = manifest,
                                         .length = length}};
    assert_true(count < 8);
    for (size_t i = 0; i < count; i++)
        parts[i + 1] =
            (struct http_server_part){files[i].name, files[i].name, "application/octet-stream",
                                      files[i].data, files[i].length};
    exchange.parts = parts;
    exchange.part_count = count + 1;
    exchange.peer_device = bench->device.id;
    exchange.peer_fingerprint = bench->device.fingerprint;
    district_handle_device(bench->district, &exchange);
    return finish(&exchange);
}

struct bench_answer *bench_post(struct bench *bench, const struct bench_submission *submission,
                                size_t first, size_t count)
{
    return post(bench, submission->xml.data, submission->xml.length,
                submission->envelope.parts + first, count);
}

struct bench_answer *bench_post_item(struct bench *bench, const struct outbox_item *item)
{
    struct attachment files[8] = {0};
    assert_true(item->part_count < 8 && !item->is_large);
    for (size_t i = 0; i < item->part_count; i++) {
        text_copy(files[i].name, sizeof files[i].name, item->parts[i].name);
        files[i].data = item->parts[i].data;
        files[i].length = item->parts[i].length;
    }
    return post(bench, item->manifest, item->manifest_length, files, item->part_count);
}

static struct bench_answer *see(struct bench *bench, struct http_exchange *exchange,
                                struct asked *asked, const char *accept_language)
{
    const char *headers[] = {"Accept-Language", accept_language, NULL};
    asked->headers = headers;
    if (bench->visitor)
        exchange->peer_address = bench->visitor;
    district_handle_public(bench->district, exchange);
    return finish(exchange);
}

struct bench_answer *bench_look(struct bench *bench, const char *path, const char *const *query,
                                const char *accept_language)
{
    struct asked asked = {query, names};
    struct http_exchange exchange = exchange_of(&asked, "GET", path);
    return see(bench, &exchange, &asked, accept_language);
}

struct bench_answer *bench_type(struct bench *bench, const char *path, const char *body,
                                const char *accept_language)
{
    struct asked asked = {NULL, names};
    struct http_exchange exchange = exchange_of(&asked, "POST", path);
    exchange.body = body;
    exchange.length = strlen(body);
    return see(bench, &exchange, &asked, accept_language);
}

static void count_row(void *context, const struct district_case *row)
{
    (void)row;
    ++*(int *)context;
}

int bench_rows(struct bench *bench)
{
    int rows = 0;
    GOOD(bench->store.ops->case_each(bench->store.self, count_row, &rows, &why));
    return rows;
}
