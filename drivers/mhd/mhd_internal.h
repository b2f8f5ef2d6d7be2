// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdint.h>

/// One open socket, and until when its present request must be over.
struct socket_entry {
    int descriptor;
    int64_t deadline_ms;  ///< monotonic
    char fingerprint[65]; ///< of the client's certificate, "" before its first request
    char device[128];     ///< its name
    int64_t checked_ms;   ///< when the two were read and found good
    struct socket_entry *next, **link;
};

struct mhd_server {
    struct http_server_config config;
    char *address, *open_path, *resumable_path;
    struct strbuf certificate, key, authority;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake; ///< an eventfd: readable = stop
    struct socket_entry *sockets;
};

/// One request from its first line to the last byte of its answer.
struct request {
    struct http_exchange exchange;
    struct mhd_server *server;
    struct MHD_Connection *connection;
    struct MHD_PostProcessor *processor; ///< multipart only
    bool begun, bad_uri, answered;
    int refusal;     ///< status decided before the handler is asked, 0 = none
    size_t received; ///< body bytes so far
    struct strbuf body;
    struct http_server_part parts[HTTP_SERVER_PARTS];
    struct strbuf part_data[HTTP_SERVER_PARTS];
    char device[128], fingerprint[65], address[64], path[1024];
};

// request.c: one request's life
void *request_begin(void *server, const char *uri, struct MHD_Connection *connection);
void request_end(void *server, struct MHD_Connection *connection, void **request,
                 enum MHD_RequestTerminationCode code);
enum MHD_Result request_step(void *server, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *length, void **request);
// intake.c: its body
void intake_begin(struct request *request);
/// How many bytes the body of this request may have.
size_t intake_maximum(const struct request *request);
void intake_bytes(struct request *request, const char *bytes, size_t length);
void intake_end(struct request *request);
void intake_free(struct request *request);
// reply.c
enum MHD_Result reply_send(struct request *request);
// peer.c: who is on the other side
void peer_identify(struct request *request);
// deadline.c
int64_t monotonic_ms(void);
void deadline_socket(void *server, struct MHD_Connection *connection, void **entry,
                     enum MHD_ConnectionNotificationCode code);
void deadline_set(struct mhd_server *server, struct MHD_Connection *connection, int64_t more_ms);
void deadline_enforce(struct mhd_server *server);
/// Notes who is on this socket; how many sockets that certificate has now.
int sockets_of_peer(struct mhd_server *server, struct MHD_Connection *connection,
                    const char *fingerprint);
