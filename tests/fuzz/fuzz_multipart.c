// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the body of a multipart request to the real listener, or, when the first byte is
// odd, as the whole request. Whatever the handler is given can be read to its end.
#include "yimen/driver/mhd.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void handle(void *context, struct http_exchange *exchange)
{
    unsigned sum = 0;
    (void)context;
    if (exchange->part_count > HTTP_SERVER_PARTS)
        abort();
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct http_server_part *part = &exchange->parts[i];
        sum += (unsigned)strlen(part->name) +
               (unsigned)(part->file_name ? strlen(part->file_name) : 0);
        for (size_t k = 0; k < part->length; k++)
            sum += ((const uint8_t *)part->data)[k];
    }
    (void)exchange->query(exchange, "deviceID");
    exchange->status = sum % 2 == 0 ? 200 : 201;
}

static int listen_once(void)
{
    static struct http_server server;
    struct http_server_config config = {
        .address = "127.0.0.1", .body_maximum = 1 << 20, .deadline_ms = 2000, .handle = handle};
    if (!server.self && mhd_server_open(&config, &server, NULL) != ERR_OK)
        abort();
    return server.ops->port(server.self);
}

static void send_all(int peer, const void *bytes, size_t length)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t sent = send(peer, next, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        next += sent;
        length -= (size_t)sent;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)listen_once())};
    char head[256], answer[512];
    if (length == 0)
        return 0;
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer < 0 || connect(peer, (struct sockaddr *)&address, sizeof address) != 0)
        abort();
    struct linger at_once = {.l_onoff = 1}; // no port is kept waiting
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    snprintf(head, sizeof head,
             "POST /submission HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
             "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %zu\r\n\r\n",
             length - 1);
    if (bytes[0] % 2 == 0)
        send_all(peer, head, strlen(head));
    send_all(peer, bytes + 1, length - 1);
    struct timeval patience = {.tv_usec = 20000}; // for what is no whole request
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (recv(peer, answer, sizeof answer, 0) > 0) {
    }
    close(peer);
    return 0;
}
