// SPDX-License-Identifier: GPL-3.0-or-later
#include "hostile_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { REQUEST_BYTES = 64 << 10, WAIT_MS = 20, ENDLESS_BYTES = 16 << 20 };

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000L}, NULL);
}

static size_t body_length(const char *request)
{
    const char *said = strcasestr(request, "\r\nContent-Length:");
    return said ? (size_t)strtoul(said + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

static bool readable(struct hostile_server *server, int descriptor)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    while (!atomic_load(&server->stop))
        if (poll(&wait, 1, WAIT_MS) > 0)
            return true;
    return false;
}

// The whole request, or what of it fits; false when the other side went away.
static bool read_request(struct hostile_server *server, int peer, char *request)
{
    size_t length = 0;
    for (;;) {
        if (!readable(server, peer) || length == REQUEST_BYTES - 1)
            return false;
        ssize_t got = read(peer, request + length, REQUEST_BYTES - 1 - length);
        if (got <= 0)
            return false;
        length += (size_t)got;
        request[length] = '\0';
        const char *end = strstr(request, "\r\n\r\n");
        if (end && length >= (size_t)(end + 4 - request) + body_length(request))
            return true;
    }
}

static bool send_bytes(int peer, const char *bytes, size_t length)
{
    return send(peer, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void answer(struct hostile_server *server, int peer, const struct hostile_answer *answer)
{
    const char *bytes = answer->bytes ? answer->bytes : "";
    if (answer->way == HOSTILE_SILENT) {
        (void)readable(server, peer); // until the other side gives up
    } else if (answer->way == HOSTILE_DRIP) {
        for (; *bytes && !atomic_load(&server->stop) && send_bytes(peer, bytes, 1); bytes++)
            nap();
    } else if (!send_bytes(peer, bytes, strlen(bytes))) {
        return;
    }
    if (answer->way == HOSTILE_ENDLESS)
        for (size_t sent = 0; sent < ENDLESS_BYTES; sent += strlen(answer->tail))
            if (!send_bytes(peer, answer->tail, strlen(answer->tail)))
                return;
    if (answer->way == HOSTILE_RESET) {
        struct linger at_once = {.l_onoff = 1};
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
}

static void *serve(void *context)
{
    struct hostile_server *server = context;
    static char request[REQUEST_BYTES];
    while (readable(server, server->listener)) {
        int peer = accept(server->listener, NULL, NULL);
        if (peer < 0)
            continue;
        if (read_request(server, peer, request)) {
            bool is_head = strncmp(request, "HEAD ", 5) == 0;
            if (!is_head)
                atomic_fetch_add(&server->asked, 1);
            answer(server, peer, is_head ? &server->head : &server->rest);
        }
        close(peer);
    }
    return NULL;
}

void hostile_open(struct hostile_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(server->listener, 16), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

void hostile_close(struct hostile_server *server)
{
    atomic_store(&server->stop, true);
    pthread_join(server->thread, NULL);
    close(server->listener);
}
