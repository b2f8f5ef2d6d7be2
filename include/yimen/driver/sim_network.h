// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"
#include "yimen/port/http_client.h"
#include "yimen/port/http_server.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The http_client port wired straight to a request handler, over a line that loses, repeats,
/// delays, reorders and cuts what it carries, or answers by itself.
///
/// Life cycle: `sim_network_open` -> requests and faults -> `sim_network_close`. A request that was
/// delayed or doubled is kept, and reaches the handler when `sim_network_deliver` is called, after
/// whatever was sent since: that is how messages overtake each other. One thread.

/// Of 1,000 requests, how many meet what. The first that happens counts.
struct sim_network_faults {
    int drop_request; ///< never arrives
    int drop_answer;  ///< arrives, and nobody hears of it
    int delay;        ///< arrives after the sender has given up
    int duplicate;    ///< arrives and is answered, and arrives once more later
    int cut_request;  ///< the line breaks halfway: the half is thrown away, or of a PUT below
                      ///< `resumable_path` handed over
    int cut_answer;   ///< the first half of the answer's body
    int server_error; ///< a proxy says 500, 502, 503 or 504, before or after delivery
    int portal;       ///< a captive portal says 200, 204 or 302 with a page of its own
    bool is_down;     ///< nothing arrives at all
};

struct sim_network_options {
    void (*handle)(void *context, struct http_exchange *exchange); ///< the other end
    void *context;
    const char *device, *fingerprint; ///< what the certificate of this end says; borrowed
    const char *resumable_path;       ///< as in http_server_config; borrowed, may be NULL
    const struct clock *server_clock; ///< for the answer's Date; borrowed
    uint64_t seed;
};

/// ERR_RETRY: no memory.
enum err sim_network_open(const struct sim_network_options *options, struct http_client *out,
                          struct fail *why) MUST_USE;
/// NULL-safe; what is still on its way is lost.
void sim_network_close(struct http_client *client);
/// In force for the next request.
void sim_network_set(struct http_client *client, const struct sim_network_faults *faults);
/// How many requests are on their way.
size_t sim_network_late(const struct http_client *client);
/// One of them, any, arrives; its answer goes nowhere. Nothing when none is on its way.
void sim_network_deliver(struct http_client *client);
