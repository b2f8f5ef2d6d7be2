// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <sys/socket.h>
#include <stdint.h>

enum { SOCKETS_MOST = 900 }; ///< those of strangers are bounded far below (deadline.c)

struct request;

/// One open socket, and until when its present request must be over.
struct socket_entry {
    int descriptor;
    int64_t deadline_ms;  ///< monotonic
    char address[64];     ///< of the other side
    bool is_dropped;      ///< it gave way to another, and only has to be cleared away
    bool is_asking;       ///< a request of it is not over
    char fingerprint[65]; ///< of the client's certificate, "" before its first request
    char device[128];     ///< its name
    int64_t checked_ms;   ///< when the two were read and found good
    struct socket_entry *next, **link;
};

struct mhd_server {
    struct http_server_config config;
    char *address, *open_path, *resumable_path, *spool_folder;
    char proxies[HTTP_SERVER_PROXIES][64], proxy_header[32];
    struct strbuf certificate, key, authority;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake;      ///< an eventfd: readable = stop
    int listening; ///< the socket that connections are taken from; -1: none
    char *socket_path;
    int accepts;         ///< how many more may be taken now
    int64_t accepted_ms; ///< monotonic: since when they are counted
    int socket_count;
    struct socket_entry *sockets; ///< the newest first
    int64_t enforced_ms;          ///< monotonic: when all of them were looked at last
    size_t body_bytes;            ///< of all bodies, in memory
    struct request *waiting;      ///< answered, and not yet due
    struct request *of_turn;      ///< answered, and waiting for the turn's end
};

/// One request's body while it comes.
struct body {
    struct mhd_server *server;
    struct strbuf memory;
    int file; ///< -1: all of it is in memory
    size_t length;
    void *map; ///< of the file, once it is read
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
    struct body body;
    struct http_server_part parts[HTTP_SERVER_PARTS];
    size_t part_starts[HTTP_SERVER_PARTS]; ///< where in the body each begins
    char device[128], fingerprint[65], address[64], path[1024];
    int64_t due_ms; ///< monotonic, of an answer that waits
    struct request *next_waiting;
};

// request.c: one request's life
void *request_begin(void *server, const char *uri, struct MHD_Connection *connection);
void request_end(void *server, struct MHD_Connection *connection, void **request,
                 enum MHD_RequestTerminationCode code);
enum MHD_Result request_step(void *server, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *length, void **request);
// body.c: what its body is held in
void body_begin(struct body *body, struct mhd_server *server);
/// False: there is no room for it now.
bool body_add(struct body *body, const char *bytes, size_t length);
/// All of it, valid until body_end; NULL: it cannot be read back.
const char *body_bytes(struct body *body);
void body_end(struct body *body);
// intake.c: its parts
void intake_begin(struct request *request);
/// How many bytes the body of this request may have.
size_t intake_maximum(const struct request *request);
void intake_bytes(struct request *request, const char *bytes, size_t length);
void intake_end(struct request *request);
void intake_free(struct request *request);
// reply.c
enum MHD_Result reply_send(struct request *request);
// later.c
/// Sends the answer after the turn and after `answer_after_ms`.
enum MHD_Result later_send(struct request *request);
/// What was handled in this turn is done; its answers go on.
void later_end_turn(struct mhd_server *server);
/// Until the next is due; -1: none waits.
int later_wait_ms(const struct mhd_server *server);
/// Those that are due go on, or all of them.
void later_resume(struct mhd_server *server, bool all);
// accept.c: the listening socket
enum err accept_open(struct mhd_server *server, struct fail *why) MUST_USE;
void accept_close(struct mhd_server *server);
int accept_port(const struct mhd_server *server);
/// 0: it may be looked at now. Else after so many milliseconds; -1: not before a socket is closed.
int accept_wait_ms(struct mhd_server *server);
void accept_some(struct mhd_server *server);
// peer.c: who is on the other side
void peer_identify(struct request *request);
void peer_address(const struct sockaddr *address, char *out, size_t room);
// proxy.c
bool proxy_is_trusted(const struct mhd_server *server, const char *address);
/// Behind a trusted proxy the request's address becomes the visitor's.
void proxy_find_visitor(struct request *request);
// deadline.c
int64_t monotonic_ms(void);
void deadline_socket(void *server, struct MHD_Connection *connection, void **entry,
                     enum MHD_ConnectionNotificationCode code);
/// A request is over: until when the next must be.
void deadline_between(struct mhd_server *server, struct MHD_Connection *connection);
void deadline_enforce(struct mhd_server *server);
/// This socket's peer is known from now on: it has the time of the listener.
void deadline_known(struct mhd_server *server, struct MHD_Connection *connection);
/// Notes who is on this socket. A certificate that has too many loses its oldest that asks nothing,
/// or its oldest: whoever has a copy of it must not shut its owner out.
void deadline_of_peer(struct mhd_server *server, struct MHD_Connection *connection,
                      const char *fingerprint);
