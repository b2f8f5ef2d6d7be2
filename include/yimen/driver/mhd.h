// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_server.h"

/// The http_server port on libmicrohttpd and GnuTLS.
///
/// Life cycle: `mhd_server_open` (listens; requests are answered from now on) -> `ops->port` ->
/// `ops->close` (waits for the request being answered). Each listener has one thread, and all calls
/// of its handler come from that thread. Strings of the configuration are copied.

/// ERR_TECHNICIAN: the port is taken, or a certificate file is missing or bad.
enum err mhd_server_open(const struct http_server_config *config, struct http_server *out,
                         struct fail *why) MUST_USE;
