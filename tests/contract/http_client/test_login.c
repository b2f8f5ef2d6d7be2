// SPDX-License-Identifier: GPL-3.0-or-later
// Logging in at a stand-in server that asks for Basic (over TLS) or Digest: libmicrohttpd's own
// implementation of both stands at the other end.
#include "../http_server/site.h"

#include "yimen/base/text.h"
#include "yimen/driver/curl.h"

#include <microhttpd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REALM "stand-in"
#define OPAQUE "11733b200778ce33060f31c9af70a870ba96ddd4"
#define USER "kiosk-007"
#define PASSWORD "p\"\xC3\xA4ss:w\xC3\xB6rd 7"

enum way { BASIC, DIGEST };

struct server {
    struct site site; ///< for its certificates
    struct MHD_Daemon *daemon;
    enum way way;
    char url[96], *key, *certificate;
    size_t uploaded, served;
    int requests, refused, plain_passwords;
};

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);
    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    (void)fclose(file);
    return text;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    (void)MHD_add_response_header(response, "X-OpenRosa-Version", "1.0");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result ask_for_login(struct server *server, struct MHD_Connection *connection,
                                     bool stale)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    server->refused++;
    enum MHD_Result result =
        server->way == BASIC ? MHD_queue_basic_auth_fail_response(connection, REALM, response)
                             : MHD_queue_auth_fail_response2(connection, REALM, OPAQUE, response,
                                                             stale, MHD_DIGEST_ALG_MD5);
    MHD_destroy_response(response);
    return result;
}

static bool basic_is_right(struct MHD_Connection *connection)
{
    char *password = NULL, *user = MHD_basic_auth_get_username_password(connection, &password);
    bool right = user && password && text_equal(user, USER) && text_equal(password, PASSWORD);
    MHD_free(user);
    MHD_free(password);
    return right;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *length, void **state)
{
    static int known;
    struct server *server = context;
    (void)url, (void)method, (void)version, (void)bytes;
    if (!*state) {
        *state = &known;
        return MHD_YES;
    }
    if (*length > 0) {
        server->uploaded += *length;
        *length = 0;
        return MHD_YES;
    }
    const char *login = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    server->requests++;
    server->plain_passwords += login && text_starts(login, "Basic");
    int right = server->way == BASIC ? (basic_is_right(connection) ? MHD_YES : MHD_NO)
                                     : MHD_digest_auth_check2(connection, REALM, USER, PASSWORD,
                                                              300, MHD_DIGEST_ALG_MD5);
    if (right != MHD_YES)
        return ask_for_login(server, connection, right == MHD_INVALID_NONCE);
    server->served++;
    return say(connection, text_equal(method, "HEAD") ? 204 : 201);
}

static void start(struct server *server, enum way way, bool tls)
{
    server->way = way;
    server->key = read_file(site_file(&server->site, "server", "key"));
    server->certificate = read_file(site_file(&server->site, "server", "crt"));
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | (tls ? MHD_USE_TLS : 0);
    const struct MHD_OptionItem security[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                              {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
                                              {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, answer, server, MHD_OPTION_DIGEST_AUTH_RANDOM, (size_t)8, "12345678",
        MHD_OPTION_NONCE_NC_SIZE, 16u, MHD_OPTION_ARRAY, tls ? security : none, MHD_OPTION_END);
    assert_non_null(server->daemon);
    const union MHD_DaemonInfo *bound =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(server->url, sizeof server->url, "%s://localhost:%u/submission",
             tls ? "https" : "http", bound->port);
}

static int open_server(void **state)
{
    struct server *server = calloc(1, sizeof *server);
    site_open(&server->site, &(struct site_options){0});
    *state = server;
    return 0;
}

static int close_server(void **state)
{
    struct server *server = *state;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    site_close(&server->site);
    free(server->key);
    free(server->certificate);
    free(server);
    return 0;
}

static struct http_client open_client(struct server *server, const char *password)
{
    struct http_client client = {0};
    struct curl_client_options options = {.ca_file = site_file(&server->site, "ca", "crt"),
                                          .plain_http = true,
                                          .user = USER,
                                          .password = password};
    assert_int_equal(curl_client_open(&options, &client, NULL), ERR_OK);
    return client;
}

// What the queue does: HEAD, then the case in one POST.
static void send_case(struct server *server, struct http_client *client, size_t bytes, int head,
                      int post)
{
    struct http_response response = {0};
    char *body = calloc(1, bytes);
    struct http_part part = {"xml_submission_file", "submission.xml", "text/xml", body, bytes};
    struct http_request asked = {.method = "HEAD", .url = server->url, .timeout_ms = 10000};
    strbuf_init(&response.body, 4096);
    assert_int_equal(client->ops->perform(client->self, &asked, &response, NULL), ERR_OK);
    assert_int_equal(response.status, head);
    asked.method = "POST";
    asked.parts = &part;
    asked.part_count = 1;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(client->ops->perform(client->self, &asked, &response, NULL), ERR_OK);
        assert_int_equal(response.status, post);
    }
    strbuf_free(&response.body);
    free(body);
}

static void each_way_is_answered_and_a_body_goes_over_once(void **state)
{
    static const struct {
        enum way way;
        bool tls;
    } table[] = {{BASIC, true}, {DIGEST, true}, {DIGEST, false}};
    enum { BYTES = 700000 };
    struct server *server = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        start(server, table[i].way, table[i].tls);
        struct http_client client = open_client(server, PASSWORD);
        server->uploaded = server->served = 0;
        send_case(server, &client, BYTES, 204, 201);
        assert_int_equal(server->served, 4);
        assert_in_range(server->uploaded, 3 * BYTES, 3 * BYTES + BYTES / 2);
        curl_client_close(&client);
        MHD_stop_daemon(server->daemon);
        server->daemon = NULL;
        free(server->key);
        free(server->certificate);
        server->key = server->certificate = NULL;
    }
}

static void a_wrong_password_is_a_401(void **state)
{
    struct server *server = *state;
    start(server, DIGEST, true);
    struct http_client client = open_client(server, "guessed");
    send_case(server, &client, 10, 401, 401);
    assert_int_equal(server->served, 0);
    curl_client_close(&client);
}

static void without_tls_no_password_is_told(void **state)
{
    struct server *server = *state;
    start(server, BASIC, false);
    struct http_client client = open_client(server, PASSWORD);
    send_case(server, &client, 10, 401, 401);
    assert_int_equal(server->plain_passwords, 0);
    curl_client_close(&client);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_server, close_server)
    const struct CMUnitTest tests[] = {
        TEST(each_way_is_answered_and_a_body_goes_over_once),
        TEST(a_wrong_password_is_a_401),
        TEST(without_tls_no_password_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
