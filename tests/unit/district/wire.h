// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "office_bench.h"
#include "yimen/port/http_client.h"
#include "yimen/port/http_server.h"
#include "yimen/sync/client.h"
#include "yimen/sync/enroll.h"

#include <stdatomic.h>

/// A district behind a real listener, and an enrolled kiosk's end of a real line to it.
/// `wire_open`/`wire_close` fit cmocka.

struct wire {
    struct bench bench;
    struct district_store store; ///< the listener's own
    struct district *district;
    struct http_server server;
    char server_url[64];
    struct http_client http;
    struct sync *sync;
    enum send_outcome outcome;
    atomic_int lost_answers; ///< so many answers are lost after the work was done
    struct strbuf key, request;
    struct enroll_result enrolled;
};

int wire_open(void **state);
int wire_close(void **state);
/// A file in the bench's folder; the next four calls leave it as it is.
const char *wire_path(const struct wire *wire, const char *name);
void wire_save(const struct wire *wire, const char *name, const struct strbuf *content);
/// Opens the listener, on a port of its own; the address is wire->server_url.
void wire_listen(struct wire *wire);
/// The whole enrolment, as yimenctl does it. The kiosk's key becomes the one that seals.
void wire_enroll(struct wire *wire);
/// The kiosk's end, with the certificate it has now, to wire->server_url.
void wire_open_sync(struct wire *wire);
