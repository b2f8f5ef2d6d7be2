// SPDX-License-Identifier: GPL-3.0-or-later
// The http_server port on libmicrohttpd: who is let in, what is refused, how long a request may
// take.
#include "site.h"

#include "yimen/base/text.h"
#include "yimen/driver/curl.h"

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

static const struct site_options mutual = {0}, open_to_all = {.open_to_all = true},
                                 plain = {.plain = true, .deadline_ms = 1500, .body_maximum = 4096};

static struct site *begin(const struct site_options *options)
{
    struct site *site = calloc(1, sizeof *site);
    site_open(site, options);
    return site;
}

static void end(struct site *site)
{
    site_close(site);
    free(site);
}

static void only_a_device_certificate_of_our_authority_is_let_in(void **state)
{
    static const struct {
        const char *certificate;
        int status;
    } table[] = {{"device", 200},
                 {NULL, 403},
                 {"expired", 403},
                 {"server-as-client", 403},
                 {"foreign", 403}};
    (void)state;
    struct site *site = begin(&mutual);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        site_client(site, table[i].certificate, "ca");
        site_ask(site, &(struct http_request){.method = "GET", .url = "/formList"}, ERR_OK);
        if (site->response.status != table[i].status)
            fail_msg("%s: %d", table[i].certificate, site->response.status);
    }
    assert_int_equal(site->handled, 1);
    end(site);
}

static void the_open_path_needs_no_certificate_and_names_nobody(void **state)
{
    (void)state;
    struct site *site = begin(&mutual);
    site_client(site, NULL, "ca");
    site_ask(site, &(struct http_request){.method = "POST", .url = "/v1/enroll"}, ERR_OK);
    assert_int_equal(site->response.status, 200);
    assert_true(site_heard(site, "device -"));
    site_client(site, "foreign", "ca");
    site_ask(site, &(struct http_request){.method = "POST", .url = "/v1/enroll"}, ERR_OK);
    assert_true(site_heard(site, "device -"));
    site_ask(site, &(struct http_request){.method = "POST", .url = "/v1/enroll/"}, ERR_OK);
    assert_int_equal(site->response.status, 403);
    end(site);
}

static void a_refused_upload_still_hears_why(void **state)
{
    (void)state;
    struct site *site = begin(&mutual);
    char *body = calloc(1, 600000);
    site_client(site, NULL, "ca");
    struct http_request request = {
        .method = "POST", .url = "/submission", .body = body, .length = 600000};
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 403);
    free(body);
    end(site);
}

static void parts_arrive_whole_whatever_their_bytes(void **state)
{
    (void)state;
    struct site *site = begin(&open_to_all);
    static unsigned char noise[300001];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)(i % 7 == 0 ? '\r' : i % 5 == 0 ? '\n' : i % 3 == 0 ? '-' : i);
    struct http_part parts[] = {
        {"xml_submission_file", "submission.xml", "text/xml", "<data/>", 7},
        {"signature.svg.enc", "signature.svg.enc", "application/octet-stream", noise, sizeof noise},
        {"empty.enc", "empty.enc", "application/octet-stream", "", 0},
        {"a\"b.enc", "a\"b.enc", "application/octet-stream", noise, 1},
        {"*isIncomplete*", NULL, NULL, "yes", 3},
    };
    struct http_request request = {
        .method = "POST", .url = "/submission", .parts = parts, .part_count = 5};
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 200);
    unsigned total = 0;
    for (size_t i = 0; i < sizeof noise; i++)
        total = total * 31 + noise[i];
    char line[160];
    snprintf(line, sizeof line,
             "part signature.svg.enc signature.svg.enc application/octet-stream 300001 %u", total);
    assert_true(site_heard(site, line));
    assert_true(site_heard(site, "part empty.enc empty.enc application/octet-stream 0 0"));
    assert_non_null(strstr(strbuf_text(&site->response.body), "part *isIncomplete* - "));
    end(site);
}

static void more_parts_than_the_maximum_are_refused(void **state)
{
    (void)state;
    struct site *site = begin(&open_to_all);
    struct http_part parts[HTTP_SERVER_PARTS + 1];
    static char names[HTTP_SERVER_PARTS + 1][16];
    for (size_t i = 0; i <= HTTP_SERVER_PARTS; i++) {
        snprintf(names[i], sizeof names[i], "part%zu", i);
        parts[i] = (struct http_part){names[i], names[i], "text/plain", "x", 1};
    }
    struct http_request request = {
        .method = "POST", .url = "/", .parts = parts, .part_count = HTTP_SERVER_PARTS};
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 200);
    request.part_count++;
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 413);
    end(site);
}

static void a_body_over_the_maximum_is_refused_with_413(void **state)
{
    (void)state;
    struct site *site = begin(&open_to_all);
    size_t sizes[] = {(1 << 20) + 1, 5 << 20};
    char *body = calloc(1, sizes[1]);
    for (size_t i = 0; i < 2; i++) {
        struct http_request request = {
            .method = "POST", .url = "/", .body = body, .length = sizes[i]};
        site_ask(site, &request, ERR_OK);
        assert_int_equal(site->response.status, 413);
    }
    assert_int_equal(site->handled, 0);
    free(body);
    end(site);
}

static const struct {
    const char *name, *bytes;
    const char *status;
} malformed[] = {
    {"two lengths",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
     "Connection: close\r\n\r\n0\r\n\r\n",
     "400"},
    {"negative length",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\nConnection: close\r\n\r\n", "400"},
    {"NUL in the path", "GET /a%00b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400"},
    {"strange method", "DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "405"},
    {"no boundary",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data\r\nContent-Length: 1\r\n"
     "Connection: close\r\n\r\nx",
     "400"},
    {"parts cut off",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
     "Content-Length: 60\r\nConnection: close\r\n\r\n"
     "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nabcdefgh123",
     "400"},
    {"chunked and too long",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
     "3\r\nabc\r\n0\r\n\r\n",
     "200"},
    {"nothing of HTTP", "\x16\x03\x01\x02\r\n\r\n", "4"},
    {"an empty request line", "\r\n\r\n\r\nConnection: close\r\n\r\n", "4"},
    {"no version", "GET /\r\nConnection: close\r\n\r\n", "4"},
    {"a version of tomorrow", "GET / HTTP/9.9\r\nHost: a\r\nConnection: close\r\n\r\n", "5"},
    {"no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "4"},
    {"a length in words",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: three\r\nConnection: close\r\n\r\n", "4"},
    {"a length beyond all",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n"
     "Connection: close\r\n\r\n",
     "4"},
    {"lengths that differ",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
     "Connection: close\r\n\r\nxx",
     "4"},
    {"a chunk of no size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
     "zz\r\nabc\r\n0\r\n\r\n",
     "4"},
    {"a coding of its own",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13\r\nConnection: close\r\n\r\nabc", "4"},
    {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nbroken\r\nConnection: close\r\n\r\n",
     "4"},
    {"a header that begins with a space", "GET / HTTP/1.1\r\n Host: a\r\nConnection: close\r\n\r\n",
     "4"},
    {"a space before the colon",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\nConnection: close\r\n\r\nabc", "4"},
    {"a boundary without end",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\r\n"
     "Content-Length: 1\r\nConnection: close\r\n\r\nx",
     "4"},
    {"a method of no name", " / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "4"},
};

static void refuses_what_is_malformed(const struct site_options *options)
{
    int bad = 0;
    struct site *site = begin(options);
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const char *status = malformed[i].status;
        char reply[4096];
        int handled = site->handled;
        site_raw(site, malformed[i].bytes, strlen(malformed[i].bytes), 0, reply, sizeof reply);
        bool hung_up = reply[0] == '\0', any = strlen(status) == 1;
        bool good = hung_up ? any : strncmp(reply + 9, status, strlen(status)) == 0;
        if (!good || (any && site->handled != handled))
            bad++, print_error("%s: %.40s\n", malformed[i].name, reply);
    }
    assert_int_equal(bad, 0);
    struct http_request ordinary = {.method = "GET", .url = "/"};
    site_ask(site, &ordinary, ERR_OK); // and whoever comes next is served
    assert_int_equal(site->response.status, 200);
    end(site);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    refuses_what_is_malformed(&plain);
}

static void malformed_requests_of_a_device_are_refused(void **state)
{
    (void)state;
    refuses_what_is_malformed(&mutual);
}

static void a_request_that_trickles_in_is_cut_at_its_deadline(void **state)
{
    static const char *const slow[] = {
        "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-Two: 2\r\nX-Three: 3\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 4000\r\n\r\nabcdefghijklmnopqrstuvwxyzabcdef",
    };
    (void)state;
    struct site *site = begin(&plain);
    for (size_t i = 0; i < 2; i++) {
        char reply[4096];
        long took = site_raw(site, slow[i], strlen(slow[i]), 100, reply, sizeof reply);
        assert_in_range(took, 1000, 9000);
    }
    assert_int_equal(site->handled, 0);
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
    assert_int_equal(site->response.status, 200);
    end(site);
}

static void what_came_of_a_part_that_was_cut_is_handed_over(void **state)
{
    static const struct {
        const char *bytes;
        size_t cut;
    } table[] = {
        {"PUT /parts/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n0123456789", 10},
        {"PUT /parts/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n", 0},
        {"PUT /other HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n0123456789", 0},
        {"POST /parts/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n0123456789", 0},
        {"PUT /parts/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n0123456789", 0},
        {"PUT /parts/a HTTP/1.1\r\nHost: a\r\nContent-Le", 0},
    };
    static const struct site_options resumable = {
        .plain = true, .deadline_ms = 1500, .body_maximum = 4096, .put_maximum = 2000};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct site *site = begin(&resumable);
        char none[1];
        site_raw(site, table[i].bytes, strlen(table[i].bytes), 0, none, sizeof none);
        usleep(800000); // long before the deadline
        if (site->cut != table[i].cut || site->handled != (table[i].cut > 0))
            fail_msg("%s: %zu bytes", table[i].bytes, site->cut);
        end(site);
    }
}

static void a_part_longer_than_a_piece_is_refused(void **state)
{
    static const char body[2001];
    static const struct site_options resumable = {.put_maximum = 2000};
    (void)state;
    struct site *site = begin(&resumable);
    struct http_request request = {
        .method = "PUT", .url = "/parts/a", .body = body, .length = sizeof body - 1};
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 200);
    request.length = sizeof body;
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 413);
    site->answer_header = "Upload-Offset: 12345678901";
    site_ask(site, &(struct http_request){.method = "HEAD", .url = "/parts/a"}, ERR_OK);
    assert_true(site->response.upload_offset == 12345678901);
    end(site);
}

static void every_answer_carries_the_safe_headers(void **state)
{
    (void)state;
    struct site *site = begin(&plain);
    static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    char reply[4096];
    site_raw(site, request, strlen(request), 0, reply, sizeof reply);
    assert_non_null(strstr(reply, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(reply, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(reply, "Referrer-Policy: no-referrer\r\n"));
    assert_null(strstr(reply, "Server:"));
    end(site);
}

static void a_handler_without_an_answer_gives_500(void **state)
{
    (void)state;
    struct site *site = begin(&plain);
    site->answer_status = 0;
    site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
    assert_int_equal(site->response.status, 500);
    assert_int_equal(site->response.body.length, 0);
    end(site);
}

static int ask_again(struct site *site, struct http_client *client)
{
    struct http_request request = {.method = "GET", .url = site->url, .timeout_ms = 5000};
    assert_int_equal(client->ops->perform(client->self, &request, &site->response, NULL), ERR_OK);
    return site->response.status;
}

// The answer to the one waits for ever; nobody else hears of it, and the listener ends all the
// same.
static void an_answer_that_waits_keeps_nobody_else_waiting(void **state)
{
    static const char late[] = "GET /late HTTP/1.1\r\nHost: x\r\n\r\n";
    char byte;
    (void)state;
    struct site *site = begin(&plain);
    site->late_ms = INT32_MAX;
    int waiting = site_connect(site);
    assert_int_equal(send(waiting, late, sizeof late - 1, 0), sizeof late - 1);
    for (int i = 0; i < 3; i++) {
        site_ask(site, &(struct http_request){.method = "GET", .url = "/"}, ERR_OK);
        assert_int_equal(site->response.status, 200);
    }
    assert_int_equal(recv(waiting, &byte, 1, MSG_DONTWAIT), -1);
    close(waiting);
    end(site);
}

static void an_answer_that_waited_arrives_and_its_connection_goes_on(void **state)
{
    static const char body[3000];
    (void)state;
    struct site *site = begin(&mutual);
    site->late_ms = 30;
    struct http_request late = {
        .method = "POST", .url = "/late", .body = body, .length = sizeof body};
    for (int i = 0; i < 3; i++) {
        site_ask(site, &late, ERR_OK);
        assert_int_equal(site->response.status, 200);
        assert_true(site_heard(site, "body 3000 0"));
        assert_int_equal(site->handled, i + 1); // and was asked once
    }
    end(site);
}

static void what_is_filed_is_told_when_its_turn_is_done(void **state)
{
    const struct http_request request = {
        .method = "POST", .url = "/filed", .body = "x", .length = 1};
    (void)state;
    struct site *site = begin(&mutual);
    site->answer_header = "X-Filed: yes";
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 200);
    assert_int_equal(site->turns, 1);
    site->turns_fail = 1;
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 503); // and not a word of what the handler said
    assert_int_equal(site->response.body.length, 0);
    assert_true(site->response.retry_after_s > 0);
    site_ask(site, &request, ERR_OK);
    assert_int_equal(site->response.status, 200);
    assert_int_equal(site->handled, 3);
    end(site);
}

static void one_device_cannot_take_all_connections(void **state)
{
    enum { CLIENTS = 9 };
    (void)state;
    struct site *site = begin(&mutual);
    struct http_client clients[CLIENTS] = {0};
    struct curl_client_options options = {.certificate_file = site_file(site, "device", "crt"),
                                          .key_file = site_file(site, "device", "key"),
                                          .ca_file = site_file(site, "ca", "crt")};
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(curl_client_open(&options, &clients[i], NULL), ERR_OK);
    assert_int_equal(ask_again(site, &clients[0]), 200);
    int first = site_port(site);
    for (int i = 1; i < CLIENTS; i++)
        assert_int_equal(ask_again(site, &clients[i]), 200); // the newest is never refused
    assert_int_not_equal(first, 0);
    site_wait_gone(site, first); // the oldest gave way
    for (int i = CLIENTS - 1; i >= 0; i--)
        assert_int_equal(ask_again(site, &clients[i]), 200);
    for (int i = 0; i < CLIENTS; i++)
        curl_client_close(&clients[i]);
    end(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_device_certificate_of_our_authority_is_let_in),
        cmocka_unit_test(the_open_path_needs_no_certificate_and_names_nobody),
        cmocka_unit_test(a_refused_upload_still_hears_why),
        cmocka_unit_test(parts_arrive_whole_whatever_their_bytes),
        cmocka_unit_test(more_parts_than_the_maximum_are_refused),
        cmocka_unit_test(a_body_over_the_maximum_is_refused_with_413),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(malformed_requests_of_a_device_are_refused),
        cmocka_unit_test(a_request_that_trickles_in_is_cut_at_its_deadline),
        cmocka_unit_test(what_came_of_a_part_that_was_cut_is_handed_over),
        cmocka_unit_test(a_part_longer_than_a_piece_is_refused),
        cmocka_unit_test(an_answer_that_waits_keeps_nobody_else_waiting),
        cmocka_unit_test(an_answer_that_waited_arrives_and_its_connection_goes_on),
        cmocka_unit_test(what_is_filed_is_told_when_its_turn_is_done),
        cmocka_unit_test(one_device_cannot_take_all_connections),
        cmocka_unit_test(every_answer_carries_the_safe_headers),
        cmocka_unit_test(a_handler_without_an_answer_gives_500),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
