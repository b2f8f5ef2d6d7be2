// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/sync/client.h"

/// What is to be done with the district beside sending.
enum chore { CHORE_CONTACT = 1, CHORE_FORMS = 2, CHORE_STATUS = 4, CHORE_COMPARE = 8 };

struct sync {
    struct sync_options options;
    bool asked;          ///< a request to the outbox is out
    bool wants_list;     ///< the next request asks for the list, for the heartbeat
    bool online, told;   ///< what the last contact showed, and whether anybody was told
    bool checked;        ///< the server answered HEAD as an OpenRosa server, lately
    int64_t checked_ms;  ///< monotonic, like the next two
    int64_t next_ask_ms; ///< -1: only when something comes
    int64_t next_beat_ms;
    int64_t next_compare_ms;
    unsigned due;          ///< chores
    bool wants_enrolment;  ///< what the last heartbeat said, like the next
    int64_t backup_utc_ms; ///< up to when a verified backup holds everything; 0 = none
    int64_t status_cursor;
    uint8_t forms_digest[CRYPTO_HASH]; ///< of the form list seen last
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

/// After a heartbeat that was answered: what is due.
void chores_plan(struct sync *sync, const struct outbox_reply *listed);
/// Does what is due until the outbox must be asked for something.
void chores_step(struct sync *sync, const struct sync_output *output);
/// Compares the ledger (its rows are sorted) with the district; asks for a repair where it must.
void chores_compare(struct sync *sync, struct outbox_reply *reply,
                    const struct sync_output *output);

/// POST /v1/heartbeat. ERR_DENIED: the district wants the kiosk enrolled again, or refuses it.
/// `*answered`: it was our district that spoke.
enum err heartbeat_send(struct sync *sync, const struct outbox_reply *listed, bool *answered,
                        struct fail *why);

/// "Mon, 23 Nov 2026 17:32:23 GMT".
void http_date_format(int64_t utc_ms, char out[40]);
/// False when it is no such date.
bool http_date_parse(const char *text, int64_t *utc_ms);
