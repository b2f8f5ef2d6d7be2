// SPDX-License-Identifier: GPL-3.0-or-later
// Who is behind a proxy that we trust: of the addresses in its header the last that is none of our
// proxies' is the one that it has seen itself; whatever stands before that one, the visitor may
// have written. Only where the proxy ends the TLS: through a listener that demands certificates it
// hands on what the kiosk wrote.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { HEADER_BYTES = 4096 };
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff}; // how such an address begins

bool proxy_is_trusted(const struct mhd_server *server, const char *address)
{
    for (int i = 0; i < HTTP_SERVER_PROXIES && server->proxies[i][0]; i++)
        if (text_equal(server->proxies[i], address))
            return true;
    return false;
}

struct wanted {
    const char *name;
    struct strbuf *out;
};

// A proxy may add a line of its own behind the visitor's.
static enum MHD_Result join(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value)
{
    const struct wanted *wanted = context;
    (void)kind;
    if (strcasecmp(name, wanted->name) == 0)
        strbuf_addf(wanted->out, "%s%s", wanted->out->length ? "," : "", value ? value : "");
    return MHD_YES;
}

// "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:4711", each also in quotes. False: no address.
static bool read_address(const char *text, size_t length, char *out, size_t room)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char plain[64];
    while (length > 0 && strchr(" \t\"", *text))
        text++, length--;
    while (length > 0 && strchr(" \t\"", text[length - 1]))
        length--;
    if (length == 0 || length >= sizeof plain)
        return false;
    memcpy(plain, text, length);
    plain[length] = '\0';
    char *start = plain, *colon = strchr(plain, ':');
    if (plain[0] == '[') {
        start++;
        start[strcspn(start, "]")] = '\0';
    } else if (colon && !strchr(colon + 1, ':')) {
        *colon = '\0';
    }
    int family = strchr(start, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(family, start, bytes) != 1)
        return false;
    // A proxy that listens for both kinds of address may write the older one as "::ffff:192.0.2.1".
    bool is_mapped = family == AF_INET6 && memcmp(bytes, mapped, sizeof mapped) == 0;
    return inet_ntop(is_mapped ? AF_INET : family, bytes + (is_mapped ? sizeof mapped : 0), out,
                     (socklen_t)room);
}

// One hop of either header.
static bool read_hop(const char *text, size_t length, bool is_forwarded, char *out, size_t room)
{
    if (!is_forwarded)
        return read_address(text, length, out, room);
    for (size_t at = 0; at < length;) { // "for=...;proto=https"
        size_t part = 0;
        while (at + part < length && text[at + part] != ';')
            part++;
        while (part > 0 && text[at] == ' ')
            at++, part--;
        if (part > 4 && strncasecmp(text + at, "for=", 4) == 0)
            return read_address(text + at + 4, part - 4, out, room);
        at += part + 1;
    }
    return false;
}

static void walk_back(const struct mhd_server *server, const char *list, bool is_forwarded,
                      char *visitor, size_t room)
{
    size_t end = strlen(list);
    while (proxy_is_trusted(server, visitor)) {
        size_t start = end;
        char hop[64];
        while (start > 0 && list[start - 1] != ',')
            start--;
        if (!read_hop(list + start, end - start, is_forwarded, hop, sizeof hop))
            return; // nobody that we know of: the proxy itself
        text_copy(visitor, room, hop);
        if (start == 0)
            return;
        end = start - 1;
    }
}

void proxy_find_visitor(struct request *request)
{
    const struct mhd_server *server = request->server;
    if (server->config.client_certificates || !proxy_is_trusted(server, request->address))
        return;
    struct strbuf list;
    struct wanted wanted = {server->proxy_header, &list};
    strbuf_init(&list, HEADER_BYTES);
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, join, &wanted);
    if (!list.failed && list.length > 0)
        walk_back(server, strbuf_text(&list), strcasecmp(server->proxy_header, "Forwarded") == 0,
                  request->address, sizeof request->address);
    strbuf_free(&list);
}
