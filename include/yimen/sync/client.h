// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/when.h"
#include "yimen/outbox/outbox.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/port/http_client.h"
#include <stdbool.h>

/// The kiosk's end of the wire: OpenRosa submission over mutual TLS, and the heartbeat.
///
/// A step module on the sync worker, which owns the http_client. `sync_step` takes what the outbox
/// answered (OUTBOX_ITEM, OUTBOX_NOTHING, OUTBOX_DONE) or a nudge (NULL: something was saved, or
/// time passed) and emits outbox requests (OUTBOX_NEXT, OUTBOX_SENT) and events. Sends one item at
/// a time, urgent first as the outbox orders them; stored bytes are re-sent unchanged.

enum sync_event_kind { SYNC_RECEIVED, SYNC_OFFLINE, SYNC_ONLINE, SYNC_ALARM, SYNC_TIME };
struct sync_event {
    enum sync_event_kind kind;
    char receipt[LIMIT_RECEIPT_NUMBER];
    char detail[200];
    int64_t district_utc_ms; ///< SYNC_TIME: the district's Date
};
struct sync_options {
    struct http_client *http;
    const struct crypto *crypto;
    const struct clock *clock;
    const char *server; ///< "https://district:8443"
    const char *device_id;
    const char *counter; ///< for the heartbeat, with the incarnation; NULL: not told
    int incarnation;
    bool openrosa_only; ///< a stand-in server: no /v1, 202 counts
};
struct sync_output {
    void *context;
    void (*request)(void *context, struct outbox_request *request);
    void (*event)(void *context, const struct sync_event *event);
};
struct sync;
/// Options are borrowed until sync_close. Nothing is sent before the first step.
enum err sync_open(const struct sync_options *options, struct sync **out,
                   struct fail *why) MUST_USE;
/// NULL-safe.
void sync_close(struct sync *sync);
/// Takes one answer of the outbox (or NULL: time passed, or something was saved) and does what is
/// due; may block on the network.
void sync_step(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output);
/// Milliseconds until it wants to be stepped again; -1 = only when something comes.
int sync_wait_ms(const struct sync *sync);
/// One HEAD to the district for the self-test. ERR_OK: reachable, certificates good. Blocks.
enum err sync_check(struct sync *sync, struct fail *why) MUST_USE;
