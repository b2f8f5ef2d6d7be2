// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/socket.h"
#include "yimen/base/text.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_BYTES = 4 << 20, SEND_MS = 2000 };

struct client {
    int fd; ///< -1: free
    size_t length;
    char line[SOCKET_LINE];
};

struct tree_socket {
    int fd;
    struct sockaddr_un address;
    struct client clients[SOCKET_CLIENTS];
};

enum err tree_socket_open(const char *path, struct tree_socket **out, struct fail *why)
{
    struct tree_socket *opened = calloc(1, sizeof(*opened));
    if (!opened) {
        abort();
    }
    for (size_t i = 0; i < SOCKET_CLIENTS; i++) {
        opened->clients[i].fd = -1;
    }
    opened->address.sun_family = AF_UNIX;
    if (!text_copy(opened->address.sun_path, sizeof(opened->address.sun_path), path)) {
        free(opened);
        return fail_set(why, ERR_TECHNICIAN, "the tree socket's path is too long: %s", path);
    }
    opened->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)unlink(path);
    if (opened->fd < 0 ||
        bind(opened->fd, (const struct sockaddr *)&opened->address, sizeof(opened->address)) ||
        listen(opened->fd, SOCKET_CLIENTS)) {
        enum err err = fail_set(why, ERR_TECHNICIAN, "tree socket %s: %s", path, strerror(errno));
        if (opened->fd >= 0) {
            close(opened->fd);
        }
        free(opened);
        return err;
    }
    *out = opened;
    return ERR_OK;
}

void tree_socket_close(struct tree_socket *opened)
{
    if (!opened) {
        return;
    }
    for (size_t i = 0; i < SOCKET_CLIENTS; i++) {
        if (opened->clients[i].fd >= 0) {
            close(opened->clients[i].fd);
        }
    }
    close(opened->fd);
    (void)unlink(opened->address.sun_path);
    free(opened);
}

static void drop(struct client *client)
{
    close(client->fd);
    client->fd = -1;
    client->length = 0;
}

// A tree is larger than a socket's buffer; a client that does not read is dropped.
static void send_all(struct client *client, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
            continue;
        }
        struct pollfd writable = {.fd = client->fd, .events = POLLOUT};
        if (sent < 0 && errno == EAGAIN && poll(&writable, 1, SEND_MS) > 0) {
            continue;
        }
        drop(client);
        return;
    }
}

static void answer_line(struct client *client, const char *line, tree_socket_answer *answer,
                        void *self)
{
    struct strbuf out;
    strbuf_init(&out, ANSWER_BYTES);
    answer(self, line, &out);
    strbuf_addc(&out, '\n');
    send_all(client, strbuf_text(&out), out.length);
    strbuf_free(&out);
}

static void read_client(struct client *client, tree_socket_answer *answer, void *self)
{
    ssize_t got =
        recv(client->fd, client->line + client->length, SOCKET_LINE - 1 - client->length, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
            drop(client);
        }
        return;
    }
    client->length += (size_t)got;
    client->line[client->length] = '\0';
    for (char *end; client->fd >= 0 && (end = strchr(client->line, '\n'));) {
        *end = '\0';
        answer_line(client, client->line, answer, self);
        size_t used = (size_t)(end - client->line) + 1;
        if (client->fd >= 0) {
            client->length -= used;
            memmove(client->line, end + 1, client->length + 1);
        }
    }
    if (client->fd >= 0 && client->length == SOCKET_LINE - 1) {
        drop(client);
    }
}

static void accept_client(struct tree_socket *opened)
{
    int fd = accept4(opened->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    for (size_t i = 0; fd >= 0 && i < SOCKET_CLIENTS; i++) {
        if (opened->clients[i].fd < 0) {
            opened->clients[i] = (struct client){.fd = fd};
            return;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
}

void tree_socket_poll(struct tree_socket *opened, int timeout_ms, tree_socket_answer *answer,
                      void *self)
{
    struct pollfd fds[SOCKET_CLIENTS + 1] = {{.fd = opened->fd, .events = POLLIN}};
    for (size_t i = 0; i < SOCKET_CLIENTS; i++) {
        fds[i + 1] = (struct pollfd){.fd = opened->clients[i].fd, .events = POLLIN};
    }
    if (poll(fds, SOCKET_CLIENTS + 1, timeout_ms) <= 0) {
        return;
    }
    for (size_t i = 0; i < SOCKET_CLIENTS; i++) {
        if (fds[i + 1].fd >= 0 && fds[i + 1].revents) {
            read_client(&opened->clients[i], answer, self);
        }
    }
    if (fds[0].revents) {
        accept_client(opened);
    }
}
