// SPDX-License-Identifier: GPL-3.0-or-later
// The library's own time-out starts anew with every byte: a request that sends one header a second
// would stay for ever. Here each socket has a time at which its present request must be over.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { IDLE_GRACE_MS = 15000 }; // above the library's idle time-out, which closes politely

int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void socket_opened(struct mhd_server *server, struct MHD_Connection *connection,
                          void **entry)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct socket_entry *made = calloc(1, sizeof *made);
    *entry = made;
    if (!made || !info)
        return;
    made->descriptor = info->connect_fd;
    made->deadline_ms = monotonic_ms() + server->config.deadline_ms;
    made->next = server->sockets;
    made->link = &server->sockets;
    if (made->next)
        made->next->link = &made->next;
    server->sockets = made;
}

void deadline_socket(void *context, struct MHD_Connection *connection, void **entry,
                     enum MHD_ConnectionNotificationCode code)
{
    struct mhd_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        socket_opened(server, connection, entry);
        return;
    }
    struct socket_entry *gone = *entry;
    if (gone && gone->link) {
        *gone->link = gone->next;
        if (gone->next)
            gone->next->link = gone->link;
    }
    free(gone);
    *entry = NULL;
}

void deadline_set(struct mhd_server *server, struct MHD_Connection *connection, int64_t more_ms)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct socket_entry *entry = info ? info->socket_context : NULL;
    if (entry)
        entry->deadline_ms =
            monotonic_ms() + (more_ms > 0 ? more_ms : server->config.deadline_ms + IDLE_GRACE_MS);
}

int sockets_of_peer(struct mhd_server *server, struct MHD_Connection *connection,
                    const char *fingerprint)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct socket_entry *own = info ? info->socket_context : NULL;
    int count = 0;
    if (own)
        text_copy(own->fingerprint, sizeof own->fingerprint, fingerprint);
    for (struct socket_entry *entry = server->sockets; entry; entry = entry->next)
        count += text_equal(entry->fingerprint, fingerprint);
    return count;
}

// The library waits for edges, and one that came together with the last bytes is lost on it: it
// would hold the socket of a cut line until its idle time-out. Hearing it again does no harm.
static void say_end_again(const struct socket_entry *entry)
{
    char byte;
    if (recv(entry->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        shutdown(entry->descriptor, SHUT_RD);
}

void deadline_enforce(struct mhd_server *server)
{
    int64_t now = monotonic_ms();
    for (struct socket_entry *entry = server->sockets; entry; entry = entry->next)
        if (now > entry->deadline_ms)
            shutdown(entry->descriptor, SHUT_RDWR);
        else
            say_end_again(entry);
}
