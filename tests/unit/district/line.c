// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { TICK_MS = 50, BLOCK = 16 << 10 };

static int dial(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(made, (struct sockaddr *)&address, sizeof address) != 0) {
        close(made);
        return -1;
    }
    return made;
}

// False: the end of this connection.
static bool pass(struct line *line, int from, int to, long *carried)
{
    char block[BLOCK];
    long limit = atomic_load(&line->cut_after);
    size_t room = sizeof block;
    if (carried && limit > 0 && limit - *carried < (long)room)
        room = (size_t)(limit - *carried);
    ssize_t got = room ? recv(from, block, room, 0) : 0;
    for (ssize_t done = 0; done < got;) {
        ssize_t sent = send(to, block + done, (size_t)(got - done), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        done += sent;
    }
    if (got > 0 && carried) {
        *carried += got;
        atomic_fetch_add(&line->carried, got);
    }
    bool is_cut = carried && limit > 0 && *carried >= limit;
    if (is_cut) {
        atomic_fetch_add(&line->cuts, 1);
        atomic_store(&line->is_down, atomic_load(&line->stays_down));
    }
    return got > 0 && !is_cut;
}

static void relay(struct line *line, int client)
{
    int server = atomic_load(&line->is_down) ? -1 : dial(line->server_port);
    long carried = 0;
    struct pollfd ends[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    bool goes_on = server >= 0;
    while (goes_on && !atomic_load(&line->stop)) {
        if (poll(ends, 2, TICK_MS) <= 0)
            continue;
        if (ends[0].revents)
            goes_on = pass(line, client, server, &carried);
        if (goes_on && ends[1].revents)
            goes_on = pass(line, server, client, NULL);
    }
    close(client);
    if (server >= 0)
        close(server);
}

static void *run(void *context)
{
    struct line *line = context;
    struct pollfd wait = {.fd = line->listener, .events = POLLIN};
    while (!atomic_load(&line->stop))
        if (poll(&wait, 1, TICK_MS) > 0)
            relay(line, accept(line->listener, NULL, NULL));
    return NULL;
}

void line_open(struct line *line, int server_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *line = (struct line){.server_port = server_port};
    line->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(line->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(line->listener, 8), 0);
    assert_int_equal(getsockname(line->listener, (struct sockaddr *)&address, &length), 0);
    line->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&line->thread, NULL, run, line), 0);
}

void line_close(struct line *line)
{
    atomic_store(&line->stop, true);
    pthread_join(line->thread, NULL);
    close(line->listener);
}
