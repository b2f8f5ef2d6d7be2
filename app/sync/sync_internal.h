// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/envelope.h"
#include "yimen/sync/client.h"

/// What is to be done with the district beside sending.
enum chore {
    CHORE_CONTACT = 1,
    CHORE_FORMS = 2,
    CHORE_STATUS = 4,
    CHORE_COMPARE = 8,
    CHORE_TOKENS = 16,
    CHORE_DRAFTS = 32
};

/// A large case on its way, part by part. See large.c.
struct large {
    struct outbox_item *item; ///< owned; NULL: none is on its way
    int64_t began_ms;         ///< monotonic, when it was handed out
    bool known;               ///< the district has said what is missing
    bool missing[ENVELOPE_PARTS];
    bool moved;     ///< this turn has got it further
    size_t part;    ///< whose bytes were asked for
    int64_t offset; ///< from where on
    int rounds;     ///< how often the manifest was posted
    int stuck;      ///< answers to this part that did not get it on
    int damaged;    ///< times that this part arrived as something else
    size_t first;   ///< stand-in: the part that the next POST begins with, like the next
    size_t wanted;  ///< how many parts it is to have; those asked for so far have their data
};

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
    int64_t next_draft_ms; ///< not before: a draft could not be sent
    unsigned due;          ///< chores
    unsigned failing;      ///< chores that failed when they were done last
    unsigned noted;        ///< of these, those that the log has since next_note_ms was set
    int64_t next_note_ms;
    bool wants_enrolment;  ///< what the last heartbeat said, like the next
    int64_t backup_utc_ms; ///< up to when a verified backup holds everything; 0 = none
    int64_t status_cursor;
    int64_t audit_after; ///< up to which entry the district has the audit; -1: it has not said
    struct audit_head exported;        ///< what the last heartbeat told of the audit
    uint8_t forms_digest[CRYPTO_HASH]; ///< of the form list seen last
    long accept_length;
    char submission_url[600];
    struct large large;
    size_t piece_bytes; ///< of a part in one request: less on a line that breaks
    struct http_response response;
};

/// What an exchange means for the item that was sent.
struct verdict {
    enum send_outcome outcome;
    bool offline; ///< nobody there at all
    bool alarm;   ///< staff should look
    int wait_s;   ///< SEND_LATER: when the server wants to be asked again
    char detail[200];
};

/// What a status without any other meaning asks for.
struct verdict answer_by_status(const struct sync *sync, enum err err, const struct fail *why);
/// Reads an answer to POST /submission. `err` is what the http port said.
struct verdict answer_to_post(const struct sync *sync, enum err err, const struct fail *why);
/// Reads an answer to HEAD /submission; outcome SEND_RECEIVED: go on.
struct verdict answer_to_head(const struct sync *sync, enum err err, const struct fail *why);

/// HEAD when the last good one is too old.
struct verdict upload_check(struct sync *sync);
/// One or several POSTs of the stored bytes.
struct verdict upload_item(struct sync *sync, const struct outbox_item *item);
/// As many parts from `first` on, with the manifest; `is_last`: nothing follows.
struct verdict upload_post(struct sync *sync, const struct outbox_item *item, size_t first,
                           size_t count, bool is_last);
/// How many parts from `first` on go into one request of at most `room` bytes; at least one when
/// any is left.
size_t upload_fit(const struct outbox_item *item, size_t first, size_t room);
/// What a request of the OpenRosa server may have.
size_t upload_room(const struct sync *sync);
/// How long an exchange of so many bytes may take.
int upload_timeout_ms(size_t bytes);

/// Takes a large case. Then large_step without a reply.
void large_begin(struct sync *sync, struct outbox_item *item);
/// Goes on until bytes are wanted (true: ask the outbox for `wanted`) or something is to be said of
/// the case (false: `verdict`). `reply`: the bytes that were asked for, or that they cannot be had.
bool large_step(struct sync *sync, struct outbox_reply *reply, struct outbox_request *wanted,
                struct verdict *verdict);
/// How many of its bytes are known to be at the district; -1: not known.
int64_t large_there(const struct sync *sync);
/// Frees what is on its way.
void large_clear(struct sync *sync);

/// OpenRosa's headers beside the request's own (at most two); the answer is in sync->response.
enum err upload_perform(struct sync *sync, struct http_request *request, struct fail *why);

/// After a heartbeat that was answered: what is due.
void chores_plan(struct sync *sync, const struct outbox_reply *listed);
/// Does what is due until the outbox must be asked for something.
void chores_step(struct sync *sync, const struct sync_output *output);
/// What became of a chore: a failure reaches the log once a day, its end once.
void chores_note(struct sync *sync, enum chore chore, enum err err, const struct fail *why);
/// Compares the ledger (its rows are sorted) with the district; asks for a repair where it must.
void chores_compare(struct sync *sync, struct outbox_reply *reply,
                    const struct sync_output *output);

/// POST /v1/token; what came of it goes to the outbox.
void token_tell(struct sync *sync, const struct outbox_reply *reply,
                const struct sync_output *output);
// drafts.c
/// Asks for the sealed draft to send next, when nothing else was asked for.
void drafts_ask(struct sync *sync, const struct sync_output *output);
void drafts_send(struct sync *sync, const struct outbox_sealed *sealed,
                 const struct sync_output *output);

/// POST /v1/heartbeat. ERR_DENIED: the district wants the kiosk enrolled again, or refuses it.
/// `*answered`: it was our district that spoke.
enum err heartbeat_send(struct sync *sync, const struct outbox_reply *listed, bool *answered,
                        struct fail *why);

/// "Mon, 23 Nov 2026 17:32:23 GMT".
void http_date_format(int64_t utc_ms, char out[40]);
/// False when it is no such date.
bool http_date_parse(const char *text, int64_t *utc_ms);
