// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's real client against whatever may sit between it and the district: login pages of
// hotel networks, proxies, cut lines, servers that talk for ever. Nothing of it counts as received,
// nothing makes the kiosk wait beyond its time or read beyond its limit.
#include "fakes/fake_clock.h"
#include "hostile_server.h"

#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/curl.h"
#include "yimen/sync/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ENVELOPE                                                                                   \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">ok"       \
    "</message></OpenRosaResponse>"
#define VERSION "X-OpenRosa-Version: 1.0\r\n"
#define CLOSE "Connection: close\r\n\r\n"
#define HEAD_OK                                                                                    \
    {                                                                                              \
        .bytes = "HTTP/1.1 204 No Content\r\n" VERSION CLOSE                                       \
    }

struct visit {
    struct hostile_server server;
    struct fake_clock clock;
    struct crypto crypto;
    struct http_client http;
    struct sync *sync;
    char url[64];
    enum send_outcome outcome;
    bool received;
    int64_t told_utc_ms; ///< by SYNC_TIME
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_request(void *context, struct outbox_request *request)
{
    struct visit *visit = context;
    assert_int_equal(request->kind, OUTBOX_SENT);
    assert_true(memchr(request->detail, '\0', sizeof request->detail) != NULL);
    visit->outcome = request->outcome;
}

static void take_event(void *context, const struct sync_event *event)
{
    struct visit *visit = context;
    visit->received = visit->received || event->kind == SYNC_RECEIVED;
    if (event->kind == SYNC_TIME)
        visit->told_utc_ms = event->district_utc_ms;
}

static void begin(struct visit *visit, const struct hostile_answer *head,
                  const struct hostile_answer *rest)
{
    *visit = (struct visit){.server = {.head = *head, .rest = *rest}};
    hostile_open(&visit->server);
    fake_clock_begin(&visit->clock, 1795449600000);
    assert_int_equal(sodium_crypto_open(&visit->crypto, NULL), ERR_OK);
    struct curl_client_options http = {.plain_http = true};
    assert_int_equal(curl_client_open(&http, &visit->http, NULL), ERR_OK);
    snprintf(visit->url, sizeof visit->url, "http://127.0.0.1:%d", visit->server.port);
    struct sync_options options = {.http = &visit->http,
                                   .crypto = &visit->crypto,
                                   .clock = &visit->clock.clock,
                                   .server = visit->url,
                                   .device_id = "kiosk-1",
                                   .openrosa_only = true};
    assert_int_equal(sync_open(&options, &visit->sync, NULL), ERR_OK);
}

static void end(struct visit *visit)
{
    sync_close(visit->sync);
    curl_client_close(&visit->http);
    hostile_close(&visit->server);
}

static void send_one(struct visit *visit)
{
    struct outbox_part part = {.name = "submission.xml.enc", .data = (char[]){"defg"}, .length = 4};
    struct outbox_item item = {.instance = "uuid:1",
                               .number = "370212001251123170019",
                               .manifest = (char[]){"<data/>"},
                               .manifest_length = 7,
                               .part_count = 1,
                               .parts = &part};
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = &item};
    struct sync_output output = {visit, take_request, take_event};
    sync_step(visit->sync, &reply, &output);
}

static const char junk[] = "<a>abcdefghijklmnopqrstuvwxyz0123456789</a>\n";
static const char header_junk[] = "X-Junk: abcdefghijklmnopqrstuvwxyz0123456789\r\n";
static const struct {
    const char *name;
    struct hostile_answer head, post;
    enum send_outcome outcome;
} strangers[] = {
    {"an honest server",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" VERSION CLOSE ENVELOPE},
     SEND_UNVERIFIED},
    {"login page to everything",
     {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" CLOSE},
     {.bytes = "HTTP/1.1 200 OK\r\n" CLOSE "<html>Log in</html>"},
     SEND_RETRY},
    {"login page to posts only",
     HEAD_OK,
     {.bytes = "HTTP/1.1 200 OK\r\n" CLOSE "<html>Log in</html>"},
     SEND_RETRY},
    {"login page with 201",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE "<html>Welcome</html>"},
     SEND_RETRY},
    {"envelope inside a page",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE "<html>" ENVELOPE "</html>"},
     SEND_RETRY},
    {"204 that knows nothing of OpenRosa",
     {.bytes = "HTTP/1.1 204 No Content\r\n" CLOSE},
     {0},
     SEND_RETRY},
    {"redirect of the HEAD",
     {.bytes = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n" CLOSE},
     {0},
     SEND_RETRY},
    {"redirect of the POST",
     HEAD_OK,
     {.bytes = "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n" CLOSE},
     SEND_RETRY},
    {"redirect with an envelope",
     HEAD_OK,
     {.bytes = "HTTP/1.1 301 Moved\r\nLocation: /x\r\n" CLOSE ENVELOPE},
     SEND_RETRY},
    {"200 with an error in the envelope",
     HEAD_OK,
     {.bytes = "HTTP/1.1 200 OK\r\n" VERSION CLOSE
               "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
               "<message nature=\"submit_failure\">no</message></OpenRosaResponse>"},
     SEND_RETRY},
    {"envelope cut by its length",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\nContent-Length: 400\r\n" CLOSE ENVELOPE},
     SEND_RETRY},
    {"envelope cut in the middle",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE "<OpenRosaResponse xmlns=\"http://open"},
     SEND_RETRY},
    {"chunks without an end",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n" CLOSE "9\r\n<OpenRosa\r\n"},
     SEND_RETRY},
    {"chunks of nonsense",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n" CLOSE "zz\r\n"},
     SEND_RETRY},
    {"reset in the answer",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Cre", .way = HOSTILE_RESET},
     SEND_RETRY},
    {"no answer at all", HEAD_OK, {.way = HOSTILE_PLAIN}, SEND_RETRY},
    {"not HTTP", HEAD_OK, {.bytes = "SSH-2.0-OpenSSH_9.2\r\n"}, SEND_RETRY},
    {"HTTP/0.9", HEAD_OK, {.bytes = ENVELOPE}, SEND_RETRY},
    {"a body without an end",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE "<a>", .tail = junk, .way = HOSTILE_ENDLESS},
     SEND_RETRY},
    {"headers without an end",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n", .tail = header_junk, .way = HOSTILE_ENDLESS},
     SEND_RETRY},
    {"entities that grow",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE
               "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
               "<!ENTITY c \"&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;\">]>"
               "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>&d;"
               "</message></OpenRosaResponse>"},
     SEND_RETRY},
    {"bytes that are no text",
     HEAD_OK,
     {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE "\xff\xfe\x01\x80<\x02"},
     SEND_RETRY},
};

static void no_stranger_makes_a_case_received(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        struct visit visit;
        begin(&visit, &strangers[i].head, &strangers[i].post);
        int64_t begun = now_ms();
        send_one(&visit);
        if (visit.outcome != strangers[i].outcome ||
            visit.received != (strangers[i].outcome == SEND_UNVERIFIED))
            fail_msg("%s: outcome %d", strangers[i].name, (int)visit.outcome);
        if (now_ms() - begun > 5000)
            fail_msg("%s: took %lld ms", strangers[i].name, (long long)(now_ms() - begun));
        end(&visit);
    }
}

static void a_redirect_is_never_gone_after(void **state)
{
    struct hostile_server other = {.rest = {.bytes = "HTTP/1.1 201 Created\r\n" CLOSE ENVELOPE}};
    char redirect[160];
    struct visit visit;
    (void)state;
    hostile_open(&other);
    snprintf(redirect, sizeof redirect,
             "HTTP/1.1 308 Permanent Redirect\r\nLocation: http://127.0.0.1:%d/submission\r\n"
             "Connection: close\r\n\r\n",
             other.port);
    begin(&visit, &(struct hostile_answer)HEAD_OK, &(struct hostile_answer){.bytes = redirect});
    send_one(&visit);
    assert_int_equal(visit.outcome, SEND_RETRY);
    assert_int_equal(atomic_load(&visit.server.asked), 1);
    assert_int_equal(atomic_load(&other.asked), 0);
    end(&visit);
    hostile_close(&other);
}

static void only_a_sensible_date_is_passed_on(void **state)
{
    static const struct {
        const char *date;
        bool good;
    } table[] = {
        {"Mon, 23 Nov 2026 17:32:23 GMT", true},
        {"Mon, 23 Nov 2026 05:32:23 PM", false},
        {"Thu, 01 Jan 1970 00:00:00 GMT", false},
        {"Sat, 01 Jan 0001 00:00:00 GMT", false},
        {"Fri, 31 Dec 9999 23:59:59 GMT", false},
        {"Mon, 31 Feb 2026 17:32:23 GMT", false},
        {"Mon, 23 Nov 2026 25:32:23 GMT", false},
        {"Mon, 23 Nov 2026 17:32:23 CST", false},
        {"1795449600", false},
        {"", false},
        {"\xE6\x98\x9F\xE6\x9C\x9F", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char post[512];
        struct visit visit;
        snprintf(post, sizeof post, "HTTP/1.1 201 Created\r\nDate: %s\r\n" VERSION CLOSE ENVELOPE,
                 table[i].date);
        begin(&visit, &(struct hostile_answer)HEAD_OK, &(struct hostile_answer){.bytes = post});
        send_one(&visit);
        assert_int_equal(visit.outcome, SEND_UNVERIFIED); // an odd date refuses nothing
        if ((visit.told_utc_ms != 0) != table[i].good)
            fail_msg("%s: %lld", table[i].date, (long long)visit.told_utc_ms);
        end(&visit);
    }
}

static void nobody_keeps_the_client_beyond_its_time(void **state)
{
    static const struct hostile_answer table[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaa",
         .way = HOSTILE_DRIP},
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", .way = HOSTILE_DRIP},
        {.way = HOSTILE_SILENT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct visit visit;
        begin(&visit, &table[i], &table[i]);
        struct http_response response = {0};
        strbuf_init(&response.body, LIMIT_HTTP_REPLY);
        struct http_request request = {.method = "GET", .url = visit.url, .timeout_ms = 300};
        int64_t begun = now_ms();
        assert_int_equal(visit.http.ops->perform(visit.http.self, &request, &response, NULL),
                         ERR_RETRY);
        assert_true(now_ms() - begun < 2000);
        strbuf_free(&response.body);
        end(&visit);
    }
}

static void headers_without_an_end_are_refused_early(void **state)
{
    static const struct hostile_answer endless = {
        .bytes = "HTTP/1.1 200 OK\r\n",
        .tail = "X-Junk: abcdefghijklmnopqrstuvwxyz0123456789\r\n",
        .way = HOSTILE_ENDLESS};
    struct visit visit;
    (void)state;
    begin(&visit, &endless, &endless);
    struct http_response response = {0};
    strbuf_init(&response.body, LIMIT_HTTP_REPLY);
    struct http_request request = {.method = "GET", .url = visit.url, .timeout_ms = 10000};
    assert_int_equal(visit.http.ops->perform(visit.http.self, &request, &response, NULL),
                     ERR_INPUT);
    strbuf_free(&response.body);
    end(&visit);
}

static bool ends_soon(void *context)
{
    return now_ms() >= *(const int64_t *)context;
}

static void closing_time_cuts_off_what_is_on_the_wire(void **state)
{
    static const struct hostile_answer silent = {.way = HOSTILE_SILENT};
    struct visit visit;
    (void)state;
    begin(&visit, &silent, &silent);
    curl_client_close(&visit.http);
    int64_t from = now_ms(), until = from + 300;
    struct curl_client_options http = {
        .plain_http = true, .is_ending = ends_soon, .context = &until};
    assert_int_equal(curl_client_open(&http, &visit.http, NULL), ERR_OK);
    send_one(&visit);
    assert_int_equal(visit.outcome, SEND_RETRY);
    assert_in_range(now_ms() - from, 300, 5000); // HEAD alone would wait for 15 s
    end(&visit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_stranger_makes_a_case_received),
        cmocka_unit_test(a_redirect_is_never_gone_after),
        cmocka_unit_test(only_a_sensible_date_is_passed_on),
        cmocka_unit_test(nobody_keeps_the_client_beyond_its_time),
        cmocka_unit_test(headers_without_an_end_are_refused_early),
        cmocka_unit_test(closing_time_cuts_off_what_is_on_the_wire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
