// SPDX-License-Identifier: GPL-3.0-or-later
// One listener: its socket, its certificates and its thread. The thread runs the library's event
// loop itself, so that everything of a listener happens in one thread and nothing needs a lock.
#include "yimen/driver/mhd.h"

#include "mhd_internal.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TICK_MS = 200, // how late a deadline may be noticed
    IDLE_S = 10,
    HEADER_BYTES = 32 << 10,
    PEM_BYTES = 256 << 10,
};

static const char device_tls[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3";
static const char public_tls[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"; // older telephones

static enum err read_pem(const char *path, struct strbuf *out, struct fail *why)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fail_set(why, ERR_TECHNICIAN, "%s: %s", path, strerror(errno));
    char block[4096];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        strbuf_add(out, block, got);
    memory_wipe(block, sizeof block);
    fclose(file);
    if (out->failed || out->length == 0)
        return fail_set(why, ERR_TECHNICIAN, "%s: empty or too long", path);
    return ERR_OK;
}

static enum err read_certificates(struct mhd_server *server, struct fail *why)
{
    const struct http_server_config *config = &server->config;
    if (!config->tls)
        return ERR_OK;
    enum err err = read_pem(config->certificate_file, &server->certificate, why);
    if (!err)
        err = read_pem(config->key_file, &server->key, why);
    if (!err && config->client_certificates)
        err = read_pem(config->ca_file, &server->authority, why);
    return err;
}

static int sooner(int wait_ms, int other_ms)
{
    return other_ms >= 0 && other_ms < wait_ms ? other_ms : wait_ms;
}

// Until something happens, or something is due.
static void wait(struct mhd_server *server, struct pollfd waits[3])
{
    MHD_UNSIGNED_LONG_LONG due = 0;
    int wait_ms = TICK_MS, accept_ms = accept_wait_ms(server);
    if (MHD_get_timeout(server->daemon, &due) == MHD_YES && due < TICK_MS)
        wait_ms = (int)due;
    wait_ms = sooner(wait_ms, later_wait_ms(server));
    waits[2].events = accept_ms == 0 ? POLLIN : 0;
    if (accept_ms > 0)
        wait_ms = sooner(wait_ms, accept_ms);
    poll(waits, 3, wait_ms);
}

static void *run(void *context)
{
    struct mhd_server *server = context;
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd waits[3] = {{.fd = info->epoll_fd, .events = POLLIN},
                              {.fd = server->wake, .events = POLLIN},
                              {.fd = server->listening}};
    while (!(waits[1].revents & POLLIN)) {
        wait(server, waits);
        if (waits[2].revents & POLLIN)
            accept_some(server);
        later_resume(server, false);
        MHD_run(server->daemon);
        later_end_turn(server);
        deadline_enforce(server);
    }
    return NULL;
}

static struct MHD_Daemon *start(struct mhd_server *server)
{
    const struct http_server_config *config = &server->config;
    bool with_tls = config->tls, asks = config->client_certificates;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate.data},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key.data},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)(asks ? device_tls : public_tls)},
        {asks ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, server->authority.data},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none = {MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            (with_tls ? MHD_USE_TLS : 0u),
        0, NULL, NULL, request_step, server, MHD_OPTION_URI_LOG_CALLBACK, request_begin, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        deadline_socket, server, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT, (unsigned)SOCKETS_MOST,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES, MHD_OPTION_ARRAY,
        with_tls ? tls : &none, MHD_OPTION_END);
}

static int port(void *self)
{
    return accept_port(self);
}

static void server_free(struct mhd_server *server)
{
    if (server->daemon) {
        later_end_turn(server);
        later_resume(server, true); // the library ends nobody who rests
        MHD_stop_daemon(server->daemon);
    }
    accept_close(server);
    if (server->wake >= 0)
        close(server->wake);
    strbuf_free(&server->certificate);
    strbuf_free(&server->key);
    strbuf_free(&server->authority);
    free(server->address);
    free(server->socket_path);
    free(server->open_path);
    free(server->resumable_path);
    free(server->spool_folder);
    free(server);
}

static void server_close(void *self)
{
    struct mhd_server *server = self;
    if (!server)
        return;
    uint64_t one = 1;
    ssize_t written = write(server->wake, &one, sizeof one);
    assert(written == (ssize_t)sizeof one);
    pthread_join(server->thread, NULL);
    server_free(server);
}

static const struct http_server_ops operations = {.port = port, .close = server_close};

static enum err begin(struct mhd_server *server, struct fail *why)
{
    enum err err = read_certificates(server, why);
    if (!err)
        err = accept_open(server, why);
    if (err)
        return err;
    server->wake = eventfd(0, EFD_CLOEXEC);
    server->daemon = server->wake >= 0 ? start(server) : NULL;
    if (!server->daemon)
        return fail_set(why, ERR_TECHNICIAN, "cannot listen on %s:%d (bad certificate)",
                        server->address, server->config.port);
    if (pthread_create(&server->thread, NULL, run, server) != 0)
        return fail_set(why, ERR_TECHNICIAN, "no thread for the listener");
    return ERR_OK;
}

static void copy_proxies(struct mhd_server *server, const struct http_server_config *config)
{
    const char *const *proxy = config->trusted_proxies;
    for (int i = 0; proxy && proxy[i] && i < HTTP_SERVER_PROXIES; i++)
        text_copy(server->proxies[i], sizeof server->proxies[i], proxy[i]);
    text_copy(server->proxy_header, sizeof server->proxy_header,
              config->proxy_header ? config->proxy_header : "X-Forwarded-For");
    server->config.trusted_proxies = NULL;
    server->config.proxy_header = NULL;
}

enum err mhd_server_open(const struct http_server_config *config, struct http_server *out,
                         struct fail *why)
{
    assert(config->handle && config->body_maximum > 0 && config->deadline_ms > 0);
    struct mhd_server *server = calloc(1, sizeof *server);
    if (!server)
        return fail_set(why, ERR_RETRY, "out of memory");
    server->config = *config;
    server->wake = server->listening = -1;
    server->address = text_duplicate(config->address ? config->address : "");
    server->socket_path = config->socket_path ? text_duplicate(config->socket_path) : NULL;
    server->open_path = config->open_path ? text_duplicate(config->open_path) : NULL;
    server->resumable_path = config->resumable_path ? text_duplicate(config->resumable_path) : NULL;
    server->config.resumable_path = server->resumable_path;
    server->spool_folder = config->spool_folder ? text_duplicate(config->spool_folder) : NULL;
    server->config.spool_folder = server->spool_folder;
    server->config.address = server->address;
    server->config.open_path = server->open_path;
    copy_proxies(server, config);
    strbuf_init(&server->certificate, PEM_BYTES);
    strbuf_init(&server->key, PEM_BYTES);
    strbuf_init(&server->authority, PEM_BYTES);
    enum err err = begin(server, why);
    if (err) {
        server_free(server);
        return err;
    }
    *out = (struct http_server){.ops = &operations, .self = server};
    return ERR_OK;
}
