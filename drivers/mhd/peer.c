// SPDX-License-Identifier: GPL-3.0-or-later
// Who is on the other side. The library only asks for a certificate: a handshake without one, or
// with a bad one, succeeds, so every request is checked here, before its body is read.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

enum { CHECKED_KEEPS_MS = 60000 }; // checking is a third of a small request's work

static bool for_clients(gnutls_x509_crt_t certificate)
{
    for (unsigned i = 0;; i++) {
        char purpose[64];
        size_t size = sizeof purpose;
        int result = gnutls_x509_crt_get_key_purpose_oid(certificate, i, purpose, &size, NULL);
        if (result < 0)
            return false;
        if (text_equal(purpose, GNUTLS_KP_TLS_WWW_CLIENT))
            return true;
    }
}

static bool read_names(struct request *request, gnutls_x509_crt_t certificate)
{
    unsigned char digest[32];
    size_t digest_size = sizeof digest, name_size = sizeof request->device;
    if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, digest, &digest_size) < 0 ||
        gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0,
                                      request->device, &name_size) < 0)
        return false;
    for (size_t i = 0; i < digest_size; i++)
        snprintf(request->fingerprint + 2 * i, 3, "%02x", digest[i]);
    return true;
}

static bool is_good(struct request *request, gnutls_session_t session)
{
    unsigned count = 0, status = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || count == 0)
        return false;
    if (gnutls_certificate_verify_peers2(session, &status) < 0 || status != 0)
        return false;
    gnutls_x509_crt_t certificate;
    if (gnutls_x509_crt_init(&certificate) < 0)
        return false;
    bool good = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0 &&
                for_clients(certificate) && read_names(request, certificate);
    gnutls_x509_crt_deinit(certificate);
    return good;
}

void peer_address(const struct sockaddr *address, char *out, size_t room)
{
    socklen_t length =
        address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo(address, length, out, (socklen_t)room, NULL, 0, NI_NUMERICHOST) != 0)
        out[0] = '\0';
}

static struct socket_entry *socket_of(const struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// A connection keeps the certificate it began with, which only time can make bad.
static bool is_known(struct request *request)
{
    const struct socket_entry *entry = socket_of(request);
    if (!entry || !entry->device[0] || monotonic_ms() - entry->checked_ms > CHECKED_KEEPS_MS)
        return false;
    text_copy(request->fingerprint, sizeof request->fingerprint, entry->fingerprint);
    text_copy(request->device, sizeof request->device, entry->device);
    return true;
}

static bool is_checked(struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    struct socket_entry *entry = socket_of(request);
    if (!info || !info->tls_session || !is_good(request, info->tls_session))
        return false;
    if (entry) {
        entry->checked_ms = monotonic_ms();
        text_copy(entry->fingerprint, sizeof entry->fingerprint, request->fingerprint);
        text_copy(entry->device, sizeof entry->device, request->device);
    }
    return true;
}

void peer_identify(struct request *request)
{
    const struct socket_entry *entry = socket_of(request);
    text_copy(request->address, sizeof request->address, entry ? entry->address : "");
    request->exchange.peer_address = request->address;
    proxy_find_visitor(request);
    if (!request->server->config.client_certificates)
        return;
    if (is_known(request) || is_checked(request)) {
        request->exchange.peer_device = request->device;
        request->exchange.peer_fingerprint = request->fingerprint;
    }
}
