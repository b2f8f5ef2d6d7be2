// SPDX-License-Identifier: GPL-3.0-or-later
// The library's own time-out starts anew with every byte: a request that sends one header a second
// would stay for ever. Here each socket has a time at which its present request must be over.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
    IDLE_GRACE_MS = 15000, // above the library's idle time-out, which closes politely
    SHOW_WHO_MS = 5000,
    LOOK_EVERY_MS = 100,
    STRANGERS = 256,
    STRANGERS_OF_ADDRESS = 64,
    SOCKETS_OF_PEER = 8, // a kiosk uses one or two
};

int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void read_address(struct MHD_Connection *connection, char *out, size_t room)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    out[0] = '\0';
    if (info && info->client_addr)
        peer_address(info->client_addr, out, room);
}

static bool is_stranger(const struct socket_entry *entry)
{
    return !entry->is_dropped && !entry->device[0];
}

static void drop(struct socket_entry *entry)
{
    entry->is_dropped = true;
    shutdown(entry->descriptor, SHUT_RDWR);
}

// The newest gets its chance: of those that have not said who they are, the oldest gives way.
static void make_room(struct mhd_server *server, const struct socket_entry *newest)
{
    struct socket_entry *oldest = NULL, *oldest_here = NULL;
    int strangers = 0, strangers_here = 0;
    for (struct socket_entry *entry = server->sockets; entry; entry = entry->next) {
        if (!is_stranger(entry))
            continue;
        strangers++;
        oldest = entry;
        if (text_equal(entry->address, newest->address)) {
            strangers_here++;
            oldest_here = entry;
        }
    }
    bool is_crowd = strangers_here > STRANGERS_OF_ADDRESS &&
                    !proxy_is_trusted(server, newest->address); // many people's address
    struct socket_entry *gone = is_crowd ? oldest_here : strangers > STRANGERS ? oldest : NULL;
    if (gone && gone != newest)
        drop(gone);
}

// Where no certificate is demanded everybody stays a stranger, and has the listener's time.
static int64_t first_deadline_ms(const struct mhd_server *server)
{
    const struct http_server_config *config = &server->config;
    bool is_short = config->client_certificates && config->deadline_ms > SHOW_WHO_MS;
    return monotonic_ms() + (is_short ? SHOW_WHO_MS : config->deadline_ms);
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
    made->deadline_ms = first_deadline_ms(server);
    read_address(connection, made->address, sizeof made->address);
    made->next = server->sockets;
    made->link = &server->sockets;
    if (made->next)
        made->next->link = &made->next;
    server->sockets = made;
    server->socket_count++;
    make_room(server, made);
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
        server->socket_count--;
        *gone->link = gone->next;
        if (gone->next)
            gone->next->link = gone->link;
    }
    free(gone);
    *entry = NULL;
}

static struct socket_entry *entry_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void deadline_known(struct mhd_server *server, struct MHD_Connection *connection)
{
    struct socket_entry *entry = entry_of(connection);
    if (entry)
        entry->deadline_ms = monotonic_ms() + server->config.deadline_ms;
}

void deadline_between(struct mhd_server *server, struct MHD_Connection *connection)
{
    struct socket_entry *entry = entry_of(connection);
    if (!entry)
        return;
    entry->is_asking = false;
    entry->deadline_ms = is_stranger(entry) && server->config.client_certificates
                             ? first_deadline_ms(server)
                             : monotonic_ms() + server->config.deadline_ms + IDLE_GRACE_MS;
}

void deadline_of_peer(struct mhd_server *server, struct MHD_Connection *connection,
                      const char *fingerprint)
{
    struct socket_entry *own = entry_of(connection), *oldest = NULL, *oldest_idle = NULL;
    int count = 0;
    if (!own)
        return;
    own->is_asking = true;
    text_copy(own->fingerprint, sizeof own->fingerprint, fingerprint);
    for (struct socket_entry *entry = server->sockets; entry; entry = entry->next) {
        if (entry->is_dropped || !text_equal(entry->fingerprint, fingerprint))
            continue;
        count++;
        if (entry == own)
            continue;
        oldest = entry;
        oldest_idle = entry->is_asking ? oldest_idle : entry;
    }
    if (count > SOCKETS_OF_PEER)
        drop(oldest_idle ? oldest_idle : oldest);
}

// The library waits for edges, and one that came together with the last bytes is lost on it: it
// would hold the socket of a cut line until its idle time-out. Hearing it again does no harm.
static void say_end_again(const struct socket_entry *entry)
{
    char byte;
    if (recv(entry->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        shutdown(entry->descriptor, SHUT_RD);
}

// Not at each turn of the loop: with many sockets the looking would be most of the work.
void deadline_enforce(struct mhd_server *server)
{
    int64_t now = monotonic_ms();
    if (now - server->enforced_ms < LOOK_EVERY_MS)
        return;
    server->enforced_ms = now;
    for (struct socket_entry *entry = server->sockets; entry; entry = entry->next)
        if (now > entry->deadline_ms)
            shutdown(entry->descriptor, SHUT_RDWR);
        else
            say_end_again(entry);
}
