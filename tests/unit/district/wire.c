// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/sync/client.h"
#include "yimen/sync/enroll.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

const char *wire_path(const struct wire *wire, const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", wire->bench.folder, name);
    return path;
}

void wire_save(const struct wire *wire, const char *name, const struct strbuf *content)
{
    FILE *file = fopen(wire_path(wire, name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content->data, 1, content->length, file), content->length);
    fclose(file);
}

static void handle(void *context, struct http_exchange *exchange)
{
    struct wire *wire = context;
    district_handle_device(wire->district, exchange);
    if (text_equal(exchange->method, "POST") && atomic_load(&wire->lost_answers) > 0) {
        atomic_fetch_sub(&wire->lost_answers, 1);
        exchange->status = 502; // as if a proxy had lost it: the district has committed
        strbuf_clear(&exchange->reply);
    }
}

static void make_server_certificate(struct wire *wire)
{
    static const char *const hosts[] = {"localhost", NULL};
    struct bench *bench = &wire->bench;
    struct strbuf key, request, chain;
    strbuf_init(&key, 65536);
    strbuf_init(&request, 65536);
    strbuf_init(&chain, 65536);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes key_bytes = {key.data, key.length};
    assert_int_equal(certificate_make_request(&key_bytes, "localhost", &request, NULL), ERR_OK);
    struct certificate_order order = {.request = {request.data, request.length},
                                      .ca_certificate = {bench->ca.data, bench->ca.length},
                                      .ca_key = {bench->ca_key.data, bench->ca_key.length},
                                      .common_name = "localhost",
                                      .use = CERTIFICATE_SERVER,
                                      .hosts = hosts,
                                      .now_utc_ms = bench->clock.now.utc_ms,
                                      .days = 30};
    assert_int_equal(
        bench->certificates.ops->sign_request(bench->certificates.self, &order, &chain, NULL),
        ERR_OK);
    strbuf_adds(&chain, strbuf_text(&bench->ca));
    wire_save(wire, "server.key", &key);
    wire_save(wire, "server.crt", &chain);
    wire_save(wire, "listener-ca.crt", &bench->ca);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&chain);
}

void wire_listen(struct wire *wire)
{
    struct http_server_config config = {.address = "127.0.0.1",
                                        .tls = true,
                                        .client_certificates = true,
                                        .open_path = "/v1/enroll",
                                        .certificate_file = wire_path(wire, "server.crt"),
                                        .key_file = wire_path(wire, "server.key"),
                                        .ca_file = wire_path(wire, "listener-ca.crt"),
                                        .body_maximum = 44 << 20,
                                        .resumable_path = DISTRICT_RESUMABLE_PATH,
                                        .put_maximum = DISTRICT_PIECE_MAXIMUM,
                                        .deadline_ms = 20000,
                                        .handle = handle,
                                        .context = wire};
    struct fail why = {0};
    bench_second(&wire->bench, &wire->store, &wire->district);
    if (mhd_server_open(&config, &wire->server, &why) != ERR_OK)
        fail_msg("%s", why.text);
    snprintf(wire->server_url, sizeof wire->server_url, "https://localhost:%d",
             wire->server.ops->port(wire->server.self));
}

// The whole enrolment, as yimenctl does it. The kiosk's key becomes the one that seals.
void wire_enroll(struct wire *wire)
{
    struct bench *bench = &wire->bench;
    char code[DISTRICT_CODE];
    struct strbuf chain, authority;
    struct fail why = {0};
    strbuf_init(&chain, 65536);
    strbuf_init(&authority, 65536);
    assert_int_equal(district_make_code(bench->district, "001", 10, code, NULL), ERR_OK);
    assert_int_equal(curl_server_chain(wire->server_url, 5000, &chain, NULL), ERR_OK);
    assert_int_equal(
        enroll_pick_authority(&bench->crypto, code, strbuf_text(&chain), &authority, NULL), ERR_OK);
    wire_save(wire, "ca.crt", &authority);
    struct bytes key = {wire->key.data, wire->key.length};
    assert_int_equal(certificate_make_request(&key, "kiosk", &wire->request, NULL), ERR_OK);
    bench->crypto.ops->sign_keypair(bench->crypto.self, bench->device.public_key,
                                    bench->device_secret);
    struct http_client http = {0};
    struct curl_client_options options = {.ca_file = wire_path(wire, "ca.crt")};
    assert_int_equal(curl_client_open(&options, &http, NULL), ERR_OK);
    struct enroll_request request = {.server = wire->server_url,
                                     .code = code,
                                     .signing_request = strbuf_text(&wire->request),
                                     .public_key = bench->device.public_key,
                                     .timeout_ms = 10000};
    if (enroll_send(&http, &bench->crypto, &request, &wire->enrolled, &why) != ERR_OK)
        fail_msg("%s", why.text);
    curl_client_close(&http);
    text_copy(bench->device.key_id, sizeof bench->device.key_id, wire->enrolled.key_id);
    wire_save(wire, "device.crt", &wire->enrolled.certificate);
    strbuf_free(&chain);
    strbuf_free(&authority);
}

void wire_open_sync(struct wire *wire)
{
    struct curl_client_options http = {.certificate_file = wire_path(wire, "device.crt"),
                                       .key_file = wire_path(wire, "device.key"),
                                       .ca_file = wire_path(wire, "ca.crt")};
    assert_int_equal(curl_client_open(&http, &wire->http, NULL), ERR_OK);
    struct sync_options options = {.http = &wire->http,
                                   .crypto = &wire->bench.crypto,
                                   .clock = &wire->bench.clock.clock,
                                   .server = wire->server_url,
                                   .device_id = wire->enrolled.device_id,
                                   .counter = wire->enrolled.counter,
                                   .incarnation = wire->enrolled.incarnation};
    assert_int_equal(sync_open(&options, &wire->sync, NULL), ERR_OK);
}

int wire_open(void **state)
{
    struct wire *wire = calloc(1, sizeof *wire);
    bench_open(&wire->bench);
    wire->bench.clock.now.utc_ms = (int64_t)time(NULL) * 1000; // certificates are checked by it
    struct strbuf *buffers[] = {&wire->key, &wire->request, &wire->enrolled.certificate,
                                &wire->enrolled.sealing_key};
    for (size_t i = 0; i < 4; i++)
        strbuf_init(buffers[i], 65536);
    assert_int_equal(certificate_make_key(&wire->key, NULL), ERR_OK);
    wire_save(wire, "device.key", &wire->key);
    make_server_certificate(wire);
    wire_listen(wire);
    wire_enroll(wire);
    wire_open_sync(wire);
    *state = wire;
    return 0;
}

int wire_close(void **state)
{
    static const char *const files[] = {"server.key", "server.crt", "listener-ca.crt",
                                        "ca.crt",     "device.crt", "device.key"};
    struct wire *wire = *state;
    sync_close(wire->sync);
    curl_client_close(&wire->http);
    if (wire->server.ops)
        wire->server.ops->close(wire->server.self);
    district_close(wire->district);
    sqlite_district_close(&wire->store);
    struct strbuf *buffers[] = {&wire->key, &wire->request, &wire->enrolled.certificate,
                                &wire->enrolled.sealing_key};
    for (size_t i = 0; i < 4; i++)
        strbuf_free(buffers[i]);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(wire_path(wire, files[i]));
    bench_close(&wire->bench);
    free(wire);
    return 0;
}
