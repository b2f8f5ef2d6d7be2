// SPDX-License-Identifier: GPL-3.0-or-later
#include "site.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY_MS = 24 * 3600 * 1000 };

const char *site_file(const struct site *site, const char *name, const char *extension)
{
    static char paths[4][160];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s.%s", site->folder, name, extension);
    return path;
}

static void save(const struct site *site, const char *name, const char *extension,
                 const struct strbuf *content)
{
    FILE *file = fopen(site_file(site, name, extension), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content->data, 1, content->length, file), content->length);
    fclose(file);
}

struct authority {
    struct strbuf key, certificate;
};

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static void make_authority(const struct site *site, const char *name, struct authority *out)
{
    struct fail why = {0};
    strbuf_init(&out->key, 65536);
    strbuf_init(&out->certificate, 65536);
    assert_int_equal(certificate_make_key(&out->key, &why), ERR_OK);
    struct bytes key = {out->key.data, out->key.length};
    assert_int_equal(certificate_make_ca(&key, name, now_ms(), 365, &out->certificate, &why),
                     ERR_OK);
    save(site, name, "crt", &out->certificate);
}

static void make_certificate(const struct site *site, const char *name,
                             const struct authority *issuer, enum certificate_use use,
                             int64_t now_utc_ms)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", NULL};
    struct certificates certificates;
    struct strbuf key, request, certificate;
    struct fail why = {0};
    openssl_certificates_open(&certificates);
    strbuf_init(&key, 65536);
    strbuf_init(&request, 65536);
    strbuf_init(&certificate, 65536);
    assert_int_equal(certificate_make_key(&key, &why), ERR_OK);
    struct bytes key_bytes = {key.data, key.length};
    assert_int_equal(certificate_make_request(&key_bytes, name, &request, &why), ERR_OK);
    struct certificate_order order = {
        .request = {request.data, request.length},
        .ca_certificate = {issuer->certificate.data, issuer->certificate.length},
        .ca_key = {issuer->key.data, issuer->key.length},
        .common_name = name,
        .use = use,
        .hosts = use == CERTIFICATE_SERVER ? hosts : NULL,
        .now_utc_ms = now_utc_ms,
        .days = 30,
    };
    assert_int_equal(certificates.ops->sign_request(certificates.self, &order, &certificate, &why),
                     ERR_OK);
    save(site, name, "key", &key);
    save(site, name, "crt", &certificate);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&certificate);
}

static void make_certificates(const struct site *site)
{
    struct authority ours, other;
    make_authority(site, "ca", &ours);
    make_authority(site, "other-ca", &other);
    make_certificate(site, "server", &ours, CERTIFICATE_SERVER, now_ms());
    make_certificate(site, "server-as-client", &ours, CERTIFICATE_SERVER, now_ms());
    make_certificate(site, "device", &ours, CERTIFICATE_CLIENT, now_ms());
    make_certificate(site, "expired", &ours, CERTIFICATE_CLIENT, now_ms() - 90LL * DAY_MS);
    make_certificate(site, "foreign", &other, CERTIFICATE_CLIENT, now_ms());
    strbuf_free(&ours.key);
    strbuf_free(&ours.certificate);
    strbuf_free(&other.key);
    strbuf_free(&other.certificate);
}

static unsigned sum(const void *bytes, size_t length)
{
    unsigned total = 0;
    for (size_t i = 0; i < length; i++)
        total = total * 31 + ((const unsigned char *)bytes)[i];
    return total;
}

static void tell(struct site *site, struct http_exchange *exchange)
{
    const char *name = exchange->query(exchange, "name");
    const char *version = exchange->header(exchange, "X-OpenRosa-Version");
    struct strbuf *reply = &exchange->reply;
    strbuf_addf(reply, "method %s\npath %s\n", exchange->method, exchange->path);
    strbuf_addf(reply, "device %s\n", exchange->peer_device ? exchange->peer_device : "-");
    strbuf_addf(reply, "fingerprint %s\n",
                exchange->peer_fingerprint ? exchange->peer_fingerprint : "-");
    strbuf_addf(reply, "address %s\n", exchange->peer_address);
    strbuf_addf(reply, "name %s\nversion %s\n", name ? name : "-", version ? version : "-");
    strbuf_addf(reply, "body %zu %u\n", exchange->length, sum(exchange->body, exchange->length));
    for (size_t i = 0; i < exchange->part_count; i++)
        strbuf_addf(reply, "part %s %s %s %zu %u\n", exchange->parts[i].name,
                    exchange->parts[i].file_name ? exchange->parts[i].file_name : "-",
                    exchange->parts[i].type ? exchange->parts[i].type : "-",
                    exchange->parts[i].length,
                    sum(exchange->parts[i].data, exchange->parts[i].length));
    for (size_t i = 0; i < site->answer_bytes; i++)
        strbuf_addc(reply, 'x');
}

static void handle(void *context, struct http_exchange *exchange)
{
    struct site *site = context;
    if (exchange->is_cut)
        site->cut = exchange->length;
    site->handled++;
    exchange->status = site->answer_status;
    exchange->type = "text/plain; charset=utf-8";
    exchange->after_turn = site->has_filed = text_equal(exchange->path, "/filed");
    exchange->answer_after_ms = text_equal(exchange->path, "/late") ? site->late_ms : 0;
    if (site->answer_header)
        text_copy(exchange->reply_headers[0], sizeof exchange->reply_headers[0],
                  site->answer_header);
    tell(site, exchange);
}

static bool end_turn(void *context)
{
    struct site *site = context;
    if (!site->has_filed)
        return true;
    site->has_filed = false;
    site->turns++;
    if (site->turns_fail == 0)
        return true;
    site->turns_fail--;
    return false;
}

void site_open(struct site *site, const struct site_options *options)
{
    *site = (struct site){.folder = "/tmp/yimen-site-XXXXXX", .answer_status = 200};
    assert_non_null(mkdtemp(site->folder));
    make_certificates(site);
    struct http_server_config config = {
        .address = "127.0.0.1",
        .tls = !options->plain,
        .client_certificates = !options->plain && !options->open_to_all,
        .open_path = "/v1/enroll",
        .certificate_file = site_file(site, "server", "crt"),
        .key_file = site_file(site, "server", "key"),
        .ca_file = site_file(site, "ca", "crt"),
        .body_maximum = options->body_maximum ? options->body_maximum : 1 << 20,
        .resumable_path = options->put_maximum ? "/parts/" : NULL,
        .put_maximum = options->put_maximum,
        .open_maximum = options->open_maximum,
        .memory_maximum = options->memory_maximum,
        .spool_folder = options->spools ? site->folder : NULL,
        .deadline_ms = options->deadline_ms ? options->deadline_ms : 5000,
        .trusted_proxies = options->proxies,
        .proxy_header = options->proxy_header,
        .handle = handle,
        .end_turn = end_turn,
        .context = site,
    };
    struct fail why = {0};
    if (mhd_server_open(&config, &site->server, &why) != ERR_OK)
        fail_msg("%s", why.text);
    snprintf(site->url, sizeof site->url, "%s://localhost:%d", options->plain ? "http" : "https",
             site->server.ops->port(site->server.self));
    strbuf_init(&site->response.body, 2 << 20);
    site_client(site, options->plain ? NULL : "device", "ca");
}

void site_close(struct site *site)
{
    curl_client_close(&site->client);
    site->server.ops->close(site->server.self);
    strbuf_free(&site->response.body);
    static const char *const names[] = {"ca",     "other-ca", "server", "server-as-client",
                                        "device", "expired",  "foreign"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove(site_file(site, names[i], "crt"));
        remove(site_file(site, names[i], "key"));
    }
    assert_int_equal(rmdir(site->folder), 0); // nothing was left in it
}

void site_client(struct site *site, const char *certificate, const char *authority)
{
    curl_client_close(&site->client);
    struct curl_client_options options = {
        .certificate_file = certificate ? site_file(site, certificate, "crt") : NULL,
        .key_file = certificate ? site_file(site, certificate, "key") : NULL,
        .ca_file = site_file(site, authority, "crt"),
        .plain_http = text_starts(site->url, "http:"),
    };
    assert_int_equal(curl_client_open(&options, &site->client, NULL), ERR_OK);
}

void site_ask(struct site *site, const struct http_request *request, enum err expected)
{
    char url[256];
    struct fail why = {0};
    struct http_request asked = *request;
    snprintf(url, sizeof url, "%s%s", site->url, request->url);
    asked.url = url;
    asked.timeout_ms = request->timeout_ms ? request->timeout_ms : 10000;
    enum err err = site->client.ops->perform(site->client.self, &asked, &site->response, &why);
    if (err != expected)
        fail_msg("%s %s: %s (%s), expected %s", asked.method, url, err_name(err), why.text,
                 err_name(expected));
}

bool site_heard(const struct site *site, const char *line)
{
    const char *body = strbuf_text(&site->response.body);
    size_t length = strlen(line);
    for (const char *at = body; (at = strstr(at, line)) != NULL; at++)
        if ((at == body || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

int site_port(const struct site *site)
{
    int server = site->server.ops->port(site->server.self);
    for (int descriptor = 3; descriptor < 256; descriptor++) {
        struct sockaddr_in there = {0}, here = {0};
        socklen_t length = sizeof there;
        if (getpeername(descriptor, (struct sockaddr *)&there, &length) != 0 ||
            ntohs(there.sin_port) != server)
            continue;
        length = sizeof here;
        assert_int_equal(getsockname(descriptor, (struct sockaddr *)&here, &length), 0);
        return ntohs(here.sin_port);
    }
    return 0;
}

// The listener's end of the connection from this port, in this process too.
static bool is_there(const struct site *site, int port)
{
    int server = site->server.ops->port(site->server.self);
    for (int descriptor = 3; descriptor < 256; descriptor++) {
        struct sockaddr_in there = {0}, here = {0};
        socklen_t length = sizeof here;
        if (getsockname(descriptor, (struct sockaddr *)&here, &length) != 0 ||
            ntohs(here.sin_port) != server)
            continue;
        length = sizeof there;
        if (getpeername(descriptor, (struct sockaddr *)&there, &length) == 0 &&
            ntohs(there.sin_port) == port)
            return true;
    }
    return false;
}

void site_wait_gone(const struct site *site, int port)
{
    while (is_there(site, port)) // the test's own time-out ends what never comes
        sched_yield();
}

int site_connect(const struct site *site)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    address.sin_port = htons((uint16_t)site->server.ops->port(site->server.self));
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(connection, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval patience = {.tv_sec = 20};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return connection;
}

static long elapsed_ms(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

// The line to the listener; with TLS where it speaks that, as the device whose certificate it is.
struct line {
    int connection;
    SSL_CTX *context;
    SSL *tls; // NULL: plain
};

static void line_open(const struct site *site, struct line *out)
{
    *out = (struct line){.connection = site_connect(site)};
    if (text_starts(site->url, "http:"))
        return;
    out->context = SSL_CTX_new(TLS_client_method());
    assert_non_null(out->context);
    assert_int_equal(SSL_CTX_use_certificate_file(out->context, site_file(site, "device", "crt"),
                                                  SSL_FILETYPE_PEM),
                     1);
    assert_int_equal(SSL_CTX_use_PrivateKey_file(out->context, site_file(site, "device", "key"),
                                                 SSL_FILETYPE_PEM),
                     1);
    out->tls = SSL_new(out->context);
    assert_int_equal(SSL_set_fd(out->tls, out->connection), 1);
    assert_int_equal(SSL_connect(out->tls), 1);
}

static long line_send(const struct line *line, const char *bytes, size_t length)
{
    return line->tls ? SSL_write(line->tls, bytes, (int)length)
                     : send(line->connection, bytes, length, MSG_NOSIGNAL);
}

static long line_receive(const struct line *line, char *bytes, size_t room)
{
    return line->tls ? SSL_read(line->tls, bytes, (int)room)
                     : recv(line->connection, bytes, room, 0);
}

static void line_close(struct line *line)
{
    SSL_free(line->tls);
    SSL_CTX_free(line->context);
    close(line->connection);
}

long site_raw(const struct site *site, const char *bytes, size_t length, int pause_ms, char *reply,
              size_t room)
{
    struct timespec start;
    struct line line;
    clock_gettime(CLOCK_MONOTONIC, &start);
    line_open(site, &line);
    if (pause_ms == 0)
        assert_int_equal(line_send(&line, bytes, length), length);
    for (size_t i = 0; pause_ms > 0 && i < length; i++) {
        if (line_send(&line, bytes + i, 1) != 1)
            break;
        usleep((useconds_t)pause_ms * 1000);
    }
    size_t filled = 0;
    long got;
    while (filled + 1 < room && (got = line_receive(&line, reply + filled, room - 1 - filled)) > 0)
        filled += (size_t)got;
    reply[filled] = '\0';
    line_close(&line);
    return elapsed_ms(&start);
}
