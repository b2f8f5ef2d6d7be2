// SPDX-License-Identifier: GPL-3.0-or-later
// The http_server port: what people who have shown no certificate can take of a listener, and what
// long bodies can.
#include "site.h"

#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <poll.h>
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

enum { IDLE = 100, FOR_EVER_MS = 60000 };

static int connect_silently(const struct site *site)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port =
                                      htons((uint16_t)site->server.ops->port(site->server.self)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(socket_ >= 0);
    assert_int_equal(connect(socket_, (struct sockaddr *)&address, sizeof address), 0);
    return socket_;
}

static void wait_until_closed(int socket_)
{
    char byte;
    struct pollfd wait = {.fd = socket_, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, FOR_EVER_MS), 1);
    assert_true(recv(socket_, &byte, 1, 0) <= 0);
}

static void silent_connections_give_way_to_who_comes_later(void **state)
{
    int idle[IDLE];
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.deadline_ms = FOR_EVER_MS});
    for (int i = 0; i < IDLE; i++)
        idle[i] = connect_silently(&site);
    site_ask(&site, &(struct http_request){.method = "GET", .url = "/formList"}, ERR_OK);
    assert_int_equal(site.response.status, 200);
    wait_until_closed(idle[0]); // the oldest
    for (int i = 0; i < IDLE; i++)
        close(idle[i]);
    site_close(&site);
}

static void a_known_device_keeps_its_connection_however_many_strangers_come(void **state)
{
    int idle[IDLE];
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.deadline_ms = FOR_EVER_MS});
    site_ask(&site, &(struct http_request){.method = "GET", .url = "/formList"}, ERR_OK);
    int port = site_port(&site);
    assert_true(port > 0);
    for (int i = 0; i < IDLE; i++)
        idle[i] = connect_silently(&site);
    wait_until_closed(idle[0]);
    site_ask(&site, &(struct http_request){.method = "GET", .url = "/formList"}, ERR_OK);
    assert_int_equal(site.response.status, 200);
    assert_int_equal(site_port(&site), port); // the same one, not a new one
    for (int i = 0; i < IDLE; i++)
        close(idle[i]);
    site_close(&site);
}

static void who_says_nothing_is_cut_off_long_before_the_listener_s_deadline(void **state)
{
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.deadline_ms = 10 * FOR_EVER_MS});
    int socket_ = connect_silently(&site);
    wait_until_closed(socket_);
    close(socket_);
    site_close(&site);
}

static void without_a_certificate_only_a_small_body_is_read(void **state)
{
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.open_maximum = 1000});
    static const char body[1001];
    struct http_request request = {
        .method = "POST", .url = "/v1/enroll", .body = body, .length = 1000};
    site_client(&site, NULL, "ca");
    site_ask(&site, &request, ERR_OK);
    assert_int_equal(site.response.status, 200);
    request.length++;
    site_ask(&site, &request, ERR_OK);
    assert_int_equal(site.response.status, 413);
    site_client(&site, "device", "ca");
    site_ask(&site, &request, ERR_OK);
    assert_int_equal(site.response.status, 200);
    site_close(&site);
}

static void a_long_body_arrives_whole_through_a_file_and_leaves_none(void **state)
{
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.open_to_all = true, .spools = true});
    static unsigned char noise[700001];
    unsigned total = 0;
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (unsigned char)(i % 7 == 0 ? '\r' : i % 5 == 0 ? '\n' : i % 3 == 0 ? '-' : i);
        total = total * 31 + noise[i];
    }
    struct http_part parts[] = {
        {"small", "small", "text/plain", "x", 1},
        {"long", "long", "application/octet-stream", noise, sizeof noise},
        {"last", "last", "text/plain", "yz", 2},
    };
    struct http_request request = {
        .method = "POST", .url = "/submission", .parts = parts, .part_count = 3};
    site_ask(&site, &request, ERR_OK);
    assert_int_equal(site.response.status, 200);
    char line[160];
    snprintf(line, sizeof line, "part long long application/octet-stream 700001 %u", total);
    assert_true(site_heard(&site, line));
    snprintf(line, sizeof line, "part last last text/plain 2 %u", (unsigned)'y' * 31 + 'z');
    assert_true(site_heard(&site, line));
    site_close(&site); // asserts that its folder is empty
}

static void all_bodies_together_have_a_bound_and_who_comes_then_is_told_to_wait(void **state)
{
    static const char begun[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n";
    static const char body[800];
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){
                         .plain = true, .deadline_ms = FOR_EVER_MS, .memory_maximum = 1000});
    int half = connect_silently(&site);
    assert_int_equal(send(half, begun, strlen(begun), 0), strlen(begun));
    assert_int_equal(send(half, body, sizeof body, 0), sizeof body);
    struct http_request request = {.method = "POST", .url = "/", .body = body, .length = 300};
    int status = 200;
    while (status == 200) { // until the listener has read the half
        site_ask(&site, &request, ERR_OK);
        status = site.response.status;
    }
    assert_int_equal(status, 503);
    close(half);
    while (status == 503) {
        site_ask(&site, &request, ERR_OK);
        status = site.response.status;
    }
    assert_int_equal(status, 200);
    site_close(&site);
}

static const char *const here[] = {"127.0.0.1", "192.0.2.250", NULL};
static const char *const elsewhere[] = {"192.0.2.250", NULL};

static void a_visitor_s_address_is_what_a_trusted_proxy_says(void **state)
{
    static const struct {
        const char *const *proxies;
        const char *header, *lines[2], *address;
    } table[] = {
        {here, NULL, {"X-Forwarded-For: 192.0.2.1"}, "192.0.2.1"},
        {here, NULL, {"X-Forwarded-For: 192.0.2.1, 192.0.2.250"}, "192.0.2.1"}, // two proxies
        {here, NULL, {"X-Forwarded-For: 192.0.2.66, 192.0.2.1"}, "192.0.2.1"},  // he claims 66
        {here, NULL, {"X-Forwarded-For: 192.0.2.66", "X-Forwarded-For: 192.0.2.1"}, "192.0.2.1"},
        {here, NULL, {"X-Forwarded-For: 192.0.2.1:4711"}, "192.0.2.1"},
        {here, NULL, {"X-Forwarded-For: 2001:DB8::1"}, "2001:db8::1"},
        {here,
         NULL,
         {"X-Forwarded-For: ::ffff:192.0.2.1"},
         "192.0.2.1"}, // it listens for both kinds
        {here, NULL, {"X-Forwarded-For: 192.0.2.1, ::FFFF:192.0.2.250"}, "192.0.2.1"},
        {here, NULL, {"X-Forwarded-For: nobody"}, "127.0.0.1"},
        {here, NULL, {"X-Forwarded-For: 192.0.2.1, "}, "127.0.0.1"},
        {here, NULL, {"Forwarded: for=192.0.2.66"}, "127.0.0.1"}, // not the header it writes
        {here,
         "Forwarded",
         {"Forwarded: for=192.0.2.66, proto=https;For=\"[2001:db8::1]:4711\""},
         "2001:db8::1"},
        {here, "Forwarded", {"Forwarded: for=192.0.2.1;by=192.0.2.250"}, "192.0.2.1"},
        {here, "Forwarded", {"Forwarded: for=_hidden"}, "127.0.0.1"},
        {here, "Forwarded", {"X-Forwarded-For: 192.0.2.66"}, "127.0.0.1"},
        {here, NULL, {NULL}, "127.0.0.1"},
        {elsewhere, NULL, {"X-Forwarded-For: 192.0.2.66"}, "127.0.0.1"}, // nobody asked it
        {NULL, NULL, {"X-Forwarded-For: 192.0.2.66"}, "127.0.0.1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct site site;
        char line[96];
        const char *headers[] = {table[i].lines[0], table[i].lines[1], NULL};
        site_open(&site, &(struct site_options){.plain = true,
                                                .proxies = table[i].proxies,
                                                .proxy_header = table[i].header});
        struct http_request request = {.method = "GET", .url = "/t/x", .headers = headers};
        site_ask(&site, &request, ERR_OK);
        snprintf(line, sizeof line, "address %s", table[i].address);
        if (!site_heard(&site, line))
            fail_msg("row %zu: not %s", i, line);
        site_close(&site);
    }
}

static void where_a_certificate_is_demanded_no_header_says_who_it_is(void **state)
{
    static const char *const headers[] = {"X-Forwarded-For: 192.0.2.66", NULL};
    struct site site;
    (void)state;
    site_open(&site, &(struct site_options){.proxies = here});
    struct http_request request = {.method = "GET", .url = "/formList", .headers = headers};
    site_ask(&site, &request, ERR_OK);
    assert_true(site_heard(&site, "address 127.0.0.1"));
    site_close(&site);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_trusted_proxy_may_have_many_connections(void **state)
{
    enum { CROWD = 250, AT_ONCE = 100, A_SECOND = 200 };
    int idle[CROWD];
    struct site site;
    char byte;
    (void)state;
    site_open(&site,
              &(struct site_options){.plain = true, .proxies = here, .deadline_ms = FOR_EVER_MS});
    int64_t begun_ms = now_ms();
    for (int i = 0; i < CROWD; i++)
        idle[i] = connect_silently(&site);
    site_ask(&site, &(struct http_request){.method = "GET", .url = "/t/x"}, ERR_OK);
    assert_int_equal(site.response.status, 200); // behind all the others, in its turn
    assert_true(now_ms() - begun_ms >= (CROWD - AT_ONCE - 1) * 1000 / A_SECOND);
    for (int i = 0; i < CROWD; i++) {
        assert_int_equal(recv(idle[i], &byte, 1, MSG_DONTWAIT), -1); // open
        close(idle[i]);
    }
    site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visitor_s_address_is_what_a_trusted_proxy_says),
        cmocka_unit_test(where_a_certificate_is_demanded_no_header_says_who_it_is),
        cmocka_unit_test(a_trusted_proxy_may_have_many_connections),
        cmocka_unit_test(silent_connections_give_way_to_who_comes_later),
        cmocka_unit_test(a_known_device_keeps_its_connection_however_many_strangers_come),
        cmocka_unit_test(who_says_nothing_is_cut_off_long_before_the_listener_s_deadline),
        cmocka_unit_test(without_a_certificate_only_a_small_body_is_read),
        cmocka_unit_test(a_long_body_arrives_whole_through_a_file_and_leaves_none),
        cmocka_unit_test(all_bodies_together_have_a_bound_and_who_comes_then_is_told_to_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
