// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/sync/client.h"

struct sync {
    struct sync_options options;
    bool asked;          ///< a request to the outbox is out
    bool wants_list;     ///< the next request asks for the list, for the heartbeat
    bool online, told;   ///< what the last contact showed, and whether anybody was told
    bool checked;        ///< the server answered HEAD as an OpenRosa server, lately
    int64_t checked_ms;  ///< monotonic, like the next two
    int64_t next_ask_ms; ///< -1: only when something comes
    int64_t next_beat_ms;
    long accept_length;
    char submission_url[600];
    struct http_response response;
};

/// What an exchange means for the item that was sent.
struct verdict {
    enum send_outcome outcome;
    bool offline; ///< nobody there at all
    bool alarm;   ///< staff should look
    char detail[200];
};

/// Reads an answer to POST /submission. `err` is what the http port said.
struct verdict answer_to_post(const struct sync *sync, enum err err, const struct fail *why);
/// Reads an answer to HEAD /submission; outcome SEND_RECEIVED: go on.
struct verdict answer_to_head(const struct sync *sync, enum err err, const struct fail *why);

/// HEAD when the last good one is too old.
struct verdict upload_check(struct sync *sync);
/// One or several POSTs of the stored bytes.
struct verdict upload_item(struct sync *sync, const struct outbox_item *item);
/// Method, headers and time-out as OpenRosa wants them; the answer is in sync->response.
enum err upload_perform(struct sync *sync, struct http_request *request, struct fail *why);

/// POST /v1/heartbeat. ERR_DENIED: the district wants the kiosk enrolled again.
enum err heartbeat_send(struct sync *sync, const struct outbox_reply *listed, struct fail *why);

/// "Mon, 23 Nov 2026 17:32:23 GMT".
void http_date_format(int64_t utc_ms, char out[40]);
/// False when it is no such date.
bool http_date_parse(const char *text, int64_t *utc_ms);
