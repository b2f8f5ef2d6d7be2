// SPDX-License-Identifier: GPL-3.0-or-later
// The http_client port on libcurl, against the real listener.
#include "../http_server/site.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int open_site(void **state)
{
    struct site *site = calloc(1, sizeof *site);
    site_open(site, &(struct site_options){0});
    *state = site;
    return 0;
}

static int close_site(void **state)
{
    site_close(*state);
    free(*state);
    return 0;
}

static void a_get_arrives_with_its_headers_and_query(void **state)
{
    static const char *const headers[] = {"X-OpenRosa-Version: 1.0", NULL};
    struct site *site = *state;
    site_ask(site,
             &(struct http_request){
                 .method = "GET", .url = "/a%20b?name=%E5%BC%A0%E4%B8%89", .headers = headers},
             ERR_OK);
    assert_int_equal(site->response.status, 200);
    assert_true(site_heard(site, "path /a b"));
    assert_true(site_heard(site, "name 张三"));
    assert_true(site_heard(site, "version 1.0"));
    assert_true(site_heard(site, "device device"));
}

static void a_head_has_headers_and_no_body(void **state)
{
    struct site *site = *state;
    site->answer_status = 204;
    site->answer_header = "X-OpenRosa-Accept-Content-Length: 12345";
    site_ask(site, &(struct http_request){.method = "HEAD", .url = "/submission"}, ERR_OK);
    assert_int_equal(site->response.status, 204);
    assert_int_equal(site->response.accept_length, 12345);
    assert_int_equal(site->response.body.length, 0);
    assert_true(text_ends(site->response.date, " GMT"));
}

static void an_absent_accept_length_is_minus_one(void **state)
{
    struct site *site = *state;
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
    assert_int_equal(site->response.accept_length, -1);
}

static void a_redirect_is_told_and_not_followed(void **state)
{
    struct site *site = *state;
    site->answer_status = 302;
    site->answer_header = "Location: https://portal.example/login";
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
    assert_int_equal(site->response.status, 302);
    assert_string_equal(site->response.location, "https://portal.example/login");
    assert_int_equal(site->handled, 1);
}

static void a_body_is_posted_and_put_unchanged(void **state)
{
    static const char body[] = "{\"a\":\0\"\r\n--x\"}";
    static const char *const methods[] = {"POST", "PUT"};
    struct site *site = *state;
    for (size_t i = 0; i < 2; i++) {
        char method[32];
        snprintf(method, sizeof method, "method %s", methods[i]);
        site_ask(site,
                 &(struct http_request){.method = methods[i],
                                        .url = "/v1/heartbeat",
                                        .body = body,
                                        .length = sizeof body,
                                        .type = "application/json"},
                 ERR_OK);
        assert_true(site_heard(site, method));
        assert_non_null(strstr(strbuf_text(&site->response.body), "body 15 "));
    }
}

static void an_empty_post_is_a_post(void **state)
{
    struct site *site = *state;
    site_ask(site, &(struct http_request){.method = "POST", .url = "/"}, ERR_OK);
    assert_true(site_heard(site, "method POST"));
}

static void an_answer_that_is_too_long_is_refused(void **state)
{
    struct site *site = *state;
    site->answer_bytes = (1 << 20) + 1;
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_INPUT);
}

static void a_server_of_another_authority_is_denied(void **state)
{
    struct site *site = *state;
    site_client(site, "device", "other-ca");
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_DENIED);
    assert_int_equal(site->handled, 0);
}

static void a_server_under_another_name_is_denied(void **state)
{
    struct site *site = *state;
    char *host = strstr(site->url, "localhost");
    char port[8];
    snprintf(port, sizeof port, "%s", strrchr(site->url, ':') + 1);
    snprintf(host, sizeof site->url - (size_t)(host - site->url), "127.0.0.2:%s", port);
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_RETRY);
}

static void nobody_there_is_a_retry(void **state)
{
    struct site *site = *state;
    snprintf(site->url, sizeof site->url, "https://localhost:1");
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_RETRY);
}

static void plain_http_is_not_spoken_unless_asked_for(void **state)
{
    struct site *site = *state;
    snprintf(site->url, sizeof site->url, "http://localhost:1");
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_TECHNICIAN);
}

static void no_proxy_is_taken_from_the_environment(void **state)
{
    struct site *site = *state;
    setenv("https_proxy", "http://localhost:1", 1);
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
    unsetenv("https_proxy");
}

static void the_chain_of_a_stranger_can_be_read(void **state)
{
    struct site *site = *state;
    struct strbuf pem;
    strbuf_init(&pem, 65536);
    assert_int_equal(curl_server_chain(site->url, 5000, &pem, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&pem), "-----BEGIN CERTIFICATE-----"));
    strbuf_free(&pem);
}

static void a_missing_key_file_is_a_matter_for_the_technician(void **state)
{
    struct site *site = *state;
    struct http_client client = {0};
    struct curl_client_options options = {.certificate_file = site_file(site, "device", "crt"),
                                          .key_file = site_file(site, "nobody", "key"),
                                          .ca_file = site_file(site, "ca", "crt")};
    assert_int_equal(curl_client_open(&options, &client, NULL), ERR_TECHNICIAN);
}

static struct when tell_time(void *self)
{
    return *(const struct when *)self;
}

// One request under a clock that says this.
static void ask_at(struct site *site, struct when when, enum err expected, struct fail *why)
{
    static const struct clock_ops ops = {.now = tell_time};
    struct clock clock = {.ops = &ops, .self = &when};
    struct http_client client = {0};
    char url[256];
    snprintf(url, sizeof url, "%s/", site->url);
    struct curl_client_options options = {.certificate_file = site_file(site, "device", "crt"),
                                          .key_file = site_file(site, "device", "key"),
                                          .ca_file = site_file(site, "ca", "crt"),
                                          .clock = &clock,
                                          .judge_by = certificates_judge_by};
    struct http_request request = {.method = "GET", .url = url, .timeout_ms = 10000};
    assert_int_equal(curl_client_open(&options, &client, NULL), ERR_OK);
    assert_int_equal(client.ops->perform(client.self, &request, &site->response, why), expected);
    curl_client_close(&client);
}

static void a_wrong_clock_is_told_from_a_wrong_certificate(void **state)
{
    const int64_t now_ms = (int64_t)time(NULL) * 1000, year_ms = 365LL * 86400000;
    struct site *site = *state;
    struct fail why = {0};
    ask_at(site, (struct when){.utc_ms = now_ms, .quality = TIME_RTC}, ERR_OK, &why);
    // The battery is dead: the last time known is before the certificates were made.
    ask_at(site, (struct when){.utc_ms = now_ms - 2 * year_ms}, ERR_OK, &why);
    ask_at(site, (struct when){.utc_ms = 86400000}, ERR_OK, &why);
    // Expired by a time that is never later than the truth: it has.
    ask_at(site, (struct when){.utc_ms = now_ms + 50 * year_ms}, ERR_DENIED, &why);
    assert_true(text_starts(why.text, "clock: at "));
    struct when back = {.utc_ms = now_ms - 2 * year_ms, .quality = TIME_RTC};
    ask_at(site, back, ERR_DENIED, &why);
    assert_true(text_starts(why.text, "clock: at "));
    back.quality = TIME_DISTRICT;
    ask_at(site, back, ERR_DENIED, &why);
    assert_null(strstr(why.text, "clock: "));
}

static void an_unknown_time_lets_no_other_fault_pass(void **state)
{
    struct site *site = *state;
    struct when when = {.utc_ms = 86400000};
    static const struct clock_ops ops = {.now = tell_time};
    struct clock clock = {.ops = &ops, .self = &when};
    struct http_client client = {0};
    char url[256];
    snprintf(url, sizeof url, "%s/", site->url);
    struct curl_client_options options = {.ca_file = site_file(site, "other-ca", "crt"),
                                          .clock = &clock,
                                          .judge_by = certificates_judge_by};
    struct http_request request = {.method = "GET", .url = url, .timeout_ms = 10000};
    assert_int_equal(curl_client_open(&options, &client, NULL), ERR_OK);
    assert_int_equal(client.ops->perform(client.self, &request, &site->response, NULL), ERR_DENIED);
    assert_int_equal(site->handled, 0);
    curl_client_close(&client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_site, close_site)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_get_arrives_with_its_headers_and_query),
        TEST(a_head_has_headers_and_no_body),
        TEST(an_absent_accept_length_is_minus_one),
        TEST(a_redirect_is_told_and_not_followed),
        TEST(a_body_is_posted_and_put_unchanged),
        TEST(an_empty_post_is_a_post),
        TEST(an_answer_that_is_too_long_is_refused),
        TEST(a_server_of_another_authority_is_denied),
        TEST(a_server_under_another_name_is_denied),
        TEST(nobody_there_is_a_retry),
        TEST(plain_http_is_not_spoken_unless_asked_for),
        TEST(no_proxy_is_taken_from_the_environment),
        TEST(a_wrong_clock_is_told_from_a_wrong_certificate),
        TEST(an_unknown_time_lets_no_other_fault_pass),
        TEST(the_chain_of_a_stranger_can_be_read),
        TEST(a_missing_key_file_is_a_matter_for_the_technician),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
