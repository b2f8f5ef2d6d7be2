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
/// answered or a nudge (NULL: something was saved, or time passed) and emits outbox requests and
/// events: it asks for the item to send (OUTBOX_NEXT), reports what became of it (OUTBOX_SENT), and
/// asks for counts (OUTBOX_LIST) for the heartbeat. At most one request waits for its reply. Sends
/// one item at a time, urgent first as the outbox orders them; stored bytes are re-sent unchanged.
///
/// A large case goes part by part (HEAD and PUT /v1/parts/<sha256>, then its manifest), from the
/// byte where an earlier try ended; its bytes are asked for in pieces (OUTBOX_PART), so that they
/// are never in memory together, and it gives way to others between two pieces. A stand-in server
/// gets several OpenRosa POSTs instead, and what it takes is "received, unverified".
///
/// Life cycle: `sync_open` -> `sync_step`, again after `sync_wait_ms` or when something comes ->
/// `sync_close`. Failures of the network are events and outcomes, never errors of a call.

enum sync_event_kind {
    SYNC_RECEIVED, ///< the district has this case
    SYNC_OFFLINE,  ///< no answer; said once, when the line goes
    SYNC_ONLINE,   ///< it is back
    SYNC_ALARM,    ///< it refuses this kiosk or this case: a person has to act
    SYNC_TIME,     ///< what time the district says it is
};
/// Borrowed during the call of `event`.
struct sync_event {
    enum sync_event_kind kind;
    char receipt[LIMIT_RECEIPT_NUMBER]; ///< RECEIVED, ALARM about one case; "" else
    char detail[200];                   ///< for staff and the log, English
    int64_t district_utc_ms;            ///< SYNC_TIME: the district's Date
};
struct sync_options {
    struct http_client *http;
    const struct crypto *crypto;
    const struct clock *clock;
    const char *server; ///< "https://district:8443"
    const char *device_id;
    const char *counter; ///< for the heartbeat, with the incarnation; NULL: not told
    int incarnation;
    const char *content_version; ///< for the heartbeat; NULL: not told
    int64_t content_ends_utc_ms; ///< 0 = open; past it the heartbeat says so
    bool openrosa_only;          ///< a stand-in server: no /v1, 202 counts
};
struct sync_output {
    void *context;
    /// To the outbox, whose reply comes back through sync_step. The request is borrowed during the
    /// call; `news` in it, which the outbox frees, changes owner.
    void (*request)(void *context, struct outbox_request *request);
    void (*event)(void *context, const struct sync_event *event);
};
/// What the district says of a ticket's draft.
enum draft_answer {
    DRAFT_OFFLINE, ///< nothing: nobody was reached
    DRAFT_UNKNOWN,
    DRAFT_NOT_NEWER, ///< it has none newer than the one here
    DRAFT_NEWER,     ///< `sealed`
    DRAFT_SPENT,
    DRAFT_EXPIRED,
    DRAFT_LOCKED, ///< handed out too often without having been opened: wait_s
};
struct sync_draft_answer {
    char id[33];
    enum draft_answer answer;
    int wait_s;
    struct outbox_sealed *sealed; ///< NEWER: owned by the receiver
};
struct sync;
/// What the options point to is borrowed until sync_close. Nothing is sent before the first step.
/// ERR_TECHNICIAN: an address that is not https:// (a stand-in server's may be http://) or ends
/// with a slash. ERR_RETRY: no memory.
enum err sync_open(const struct sync_options *options, struct sync **out,
                   struct fail *why) MUST_USE;
/// NULL-safe.
void sync_close(struct sync *sync);
/// Reads one answer of the outbox (or NULL: time passed, or something was saved) and does what is
/// due; may block on the network. The reply stays the caller's, who clears it afterwards
/// (outbox_reply_clear); only a large item is taken out of it.
void sync_step(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output);
/// Milliseconds until it wants to be stepped again; -1 = only when something comes.
int sync_wait_ms(const struct sync *sync);
/// One HEAD to the district for the self-test. ERR_OK: reachable, certificates good. ERR_RETRY: no
/// answer. Anything else: it answered, and refuses this kiosk. Blocks.
enum err sync_check(struct sync *sync, struct fail *why) MUST_USE;
/// Asks the district for the draft of a ticket, if it is newer than revision `have`. Blocks for
/// some seconds at most.
void sync_fetch_draft(struct sync *sync, const char *id, int64_t have,
                      struct sync_draft_answer *out);
