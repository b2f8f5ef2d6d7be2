// SPDX-License-Identifier: GPL-3.0-or-later
// The listening socket, and how fast connections are taken from it. Each costs a TLS session before
// anybody has said a word, so that somebody who opens and opens would have the listener's whole
// time: beyond so many a second the others wait in the kernel's queue, where they cost nothing, in
// the order in which they came. Nobody is sent away.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    WAITING = 1024,
    ACCEPTS_A_SECOND = 200,
    ACCEPTS_AT_ONCE = 100, // after a quiet time: all kiosks of a district whose line comes back
    ACCEPTS_A_TURN = 8,    // then those that are known are served
    OWNER_AND_GROUP = 0660,
};

// What an earlier run left is taken away; anything that is no socket stays, and is in the way.
static int bind_local(const char *path, struct fail *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat there;
    if (!text_copy(address.sun_path, sizeof address.sun_path, path)) {
        fail_set(why, ERR_TECHNICIAN, "%s: too long for a socket", path);
        return -1;
    }
    if (lstat(path, &there) == 0 && S_ISSOCK(there.st_mode))
        unlink(path);
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made >= 0 && bind(made, (const struct sockaddr *)&address, sizeof address) == 0 &&
        chmod(path, OWNER_AND_GROUP) == 0)
        return made;
    fail_set(why, ERR_TECHNICIAN, "cannot listen on %s: %s", path, strerror(errno));
    if (made >= 0)
        close(made);
    return -1;
}

static int bind_address(const struct mhd_server *server, struct fail *why)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server->config.port)};
    int yes = 1;
    if (inet_pton(AF_INET, server->address, &address.sin_addr) != 1) {
        fail_set(why, ERR_TECHNICIAN, "%s is not an IPv4 address", server->address);
        return -1;
    }
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made >= 0 && setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(made, (const struct sockaddr *)&address, sizeof address) == 0)
        return made;
    fail_set(why, ERR_TECHNICIAN, "cannot listen on %s:%d: %s", server->address,
             server->config.port, strerror(errno));
    if (made >= 0)
        close(made);
    return -1;
}

enum err accept_open(struct mhd_server *server, struct fail *why)
{
    server->listening =
        server->socket_path ? bind_local(server->socket_path, why) : bind_address(server, why);
    if (server->listening < 0)
        return ERR_TECHNICIAN;
    if (listen(server->listening, WAITING) != 0)
        return fail_set(why, ERR_TECHNICIAN, "cannot listen: %s", strerror(errno));
    server->accepts = ACCEPTS_AT_ONCE;
    server->accepted_ms = monotonic_ms();
    return ERR_OK;
}

void accept_close(struct mhd_server *server)
{
    if (server->listening < 0)
        return;
    close(server->listening);
    if (server->socket_path)
        unlink(server->socket_path);
    server->listening = -1;
}

int accept_port(const struct mhd_server *server)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof address;
    if (server->socket_path ||
        getsockname(server->listening, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return ntohs(address.sin_port);
}

static void refill(struct mhd_server *server)
{
    int64_t now_ms = monotonic_ms();
    int64_t more = (now_ms - server->accepted_ms) * ACCEPTS_A_SECOND / 1000;
    if (more <= 0)
        return;
    server->accepted_ms = now_ms;
    server->accepts =
        more > ACCEPTS_AT_ONCE - server->accepts ? ACCEPTS_AT_ONCE : server->accepts + (int)more;
}

int accept_wait_ms(struct mhd_server *server)
{
    refill(server);
    if (server->socket_count >= SOCKETS_MOST)
        return -1; // until one is closed
    return server->accepts > 0 ? 0 : 1000 / ACCEPTS_A_SECOND;
}

void accept_some(struct mhd_server *server)
{
    for (int i = 0; i < ACCEPTS_A_TURN && server->accepts > 0; i++) {
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        if (server->socket_count >= SOCKETS_MOST)
            return;
        int made = accept4(server->listening, (struct sockaddr *)&address, &length,
                           SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (made < 0) {
            bool is_out = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
            server->accepts = is_out ? 0 : server->accepts; // does not spin
            return;
        }
        server->accepts--;
        // Closes it when there is no room.
        (void)MHD_add_connection(server->daemon, made, (struct sockaddr *)&address, length);
    }
}
