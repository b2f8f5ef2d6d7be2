// SPDX-License-Identifier: GPL-3.0-or-later
// What a request's body is held in while it comes: a little memory, and beyond that a file without
// a name, which is gone with its descriptor. So what strangers or a mad kiosk send never fills the
// memory of the process; all bodies together have a bound as well.
#include "mhd_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { IN_MEMORY_BYTES = 256 << 10 };

void body_begin(struct body *body, struct mhd_server *server)
{
    *body = (struct body){.server = server, .file = -1};
    strbuf_init(&body->memory, server->config.spool_folder ? (size_t)IN_MEMORY_BYTES
                                                           : server->config.body_maximum);
}

static int nameless_file(const char *folder)
{
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static void give_back_memory(struct body *body)
{
    body->server->body_bytes -= body->memory.length;
    strbuf_free(&body->memory);
}

static bool move_to_file(struct body *body)
{
    body->file = nameless_file(body->server->config.spool_folder);
    if (body->file < 0 || !write_all(body->file, strbuf_text(&body->memory), body->memory.length))
        return false;
    give_back_memory(body);
    return true;
}

static bool add_to_memory(struct body *body, const char *bytes, size_t length)
{
    struct mhd_server *server = body->server;
    size_t maximum = server->config.memory_maximum;
    if (maximum > 0 && server->body_bytes + length > maximum)
        return false;
    strbuf_add(&body->memory, bytes, length);
    if (body->memory.failed)
        return false;
    server->body_bytes += length;
    return true;
}

bool body_add(struct body *body, const char *bytes, size_t length)
{
    bool spools = body->server->config.spool_folder != NULL;
    bool good = true;
    if (body->file < 0 && spools && body->memory.length + length > IN_MEMORY_BYTES)
        good = move_to_file(body);
    if (good)
        good = body->file < 0 ? add_to_memory(body, bytes, length)
                              : write_all(body->file, bytes, length);
    body->length += good ? length : 0;
    return good;
}

const char *body_bytes(struct body *body)
{
    if (body->file < 0)
        return strbuf_text(&body->memory);
    if (!body->map) {
        body->map = mmap(NULL, body->length, PROT_READ, MAP_PRIVATE, body->file, 0);
        if (body->map == MAP_FAILED)
            body->map = NULL;
    }
    return body->map;
}

void body_end(struct body *body)
{
    if (!body->server)
        return;
    if (body->map)
        munmap(body->map, body->length);
    if (body->file >= 0)
        close(body->file);
    give_back_memory(body);
    *body = (struct body){.file = -1};
}
