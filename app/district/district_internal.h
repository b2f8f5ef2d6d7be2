// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/manifest.h"
#include "yimen/district/district.h"
#include "yimen/district/owner.h"
#include "yimen/case/status.h"

#include <jansson.h>

enum { FAIR_DEVICES = 64 };
struct fair_share {
    char fingerprint[65];
    int64_t tokens;     ///< requests
    int64_t work_ms;    ///< of the listener's time; below 0 it owes
    int64_t parts_ms;   ///< passed, and too little to be worth a millisecond yet
    int64_t seen_ms;    ///< monotonic
    int64_t pace_bytes; ///< of parts; below 0 it owes
    int64_t paced_ms;   ///< monotonic: until when it was counted
};

enum { LIMIT_KEY = 16, LIMIT_BUCKETS = 512, LIMIT_WAYS = 8 };
struct limit_entry {
    uint8_t key[LIMIT_KEY]; ///< hash of what and who
    int64_t minute;         ///< monotonic
    int count;
};
struct limits {
    struct limit_entry entries[LIMIT_BUCKETS][LIMIT_WAYS];
    int64_t minute;      ///< of which the next two are
    long taken, refused; ///< and not yet put down
};

enum { TURN_DEVICES = 32 };
struct turn { ///< whose requests wait for the same commit
    char fingerprints[TURN_DEVICES][65];
    size_t count;
};

struct district {
    struct district_options options;
    struct limits limits;
    struct fair_share shares[FAIR_DEVICES];
    struct turn turn;
    struct strbuf page;            ///< the tracking page's template
    uint8_t wrap_key[CRYPTO_KEY];  ///< desk: wraps the cases' own keys
    uint8_t index_key[CRYPTO_KEY]; ///< desk: blind index
};

// device.c, openrosa.c: answers of the device listener
void openrosa_answer(struct http_exchange *exchange, int status, const char *nature,
                     const char *message);
void openrosa_headers(struct http_exchange *exchange);
void openrosa_form_list(struct district *district, struct http_exchange *exchange);
void openrosa_form(struct district *district, struct http_exchange *exchange);
// tell.c: how the district tells something
/// Answers with `body` (taken) as JSON.
void json_answer(struct http_exchange *exchange, int status, json_t *body);
/// What a command of the desk tells (taken; NULL: there was no memory for it). Appends.
enum err json_tell(json_t *told, struct strbuf *out, struct fail *why) MUST_USE;
/// The state's name in the district's own language, "" without texts.
const char *status_name(const struct district *district, const char *code);

// limits.c
/// Counts one use; false: `who` has had `a_minute` of them in this minute.
bool limit_take(struct district *district, const char *what, const char *who, int a_minute);
/// Counts a request of this device, or of this address where none is known; false (and answered
/// with 429) when there were too many.
bool within_limit(struct district *district, struct http_exchange *exchange, const char *what,
                  int a_minute);

// fair.c: one device's flood leaves the listener to the others
/// False: this device has used up its share for now.
bool fair_take(struct district *district, const struct http_exchange *exchange);
/// After the answer: what the request cost since `begun_ms` (monotonic).
void fair_charge(struct district *district, const struct http_exchange *exchange, int64_t begun_ms,
                 bool refused);
/// What was done for a device elsewhere is part of its share too.
void fair_charge_work(struct district *district, const char *fingerprint, int64_t work_ms);

// turn.c: requests that are there at once are filed with one commit
/// What this one has filed, or one before it in the same turn, is not durable yet: its answer
/// waits.
void turn_add(struct district *district, struct http_exchange *exchange);

// pace.c: how fast the parts of large cases may come while others are there
/// False, and answered: this device is too far ahead of its pace.
bool pace_take(struct district *district, struct http_exchange *exchange);
/// These bytes were filed: the answer waits until they are within the pace.
void pace_charge(struct district *district, struct http_exchange *exchange);
/// 429 for now; the connection rests, so that asking at once again costs nobody anything.
void fair_refuse(struct http_exchange *exchange);
/// This device's, made when there is none; its place is another's some time later.
struct fair_share *fair_share_of(struct district *district, const char *fingerprint,
                                 int64_t now_ms);
/// This device, and every other that asked lately.
int fair_devices_here(const struct district *district, const struct fair_share *own,
                      int64_t now_ms);

/// One more header line of the answer.
void answer_header(struct http_exchange *exchange, const char *line);

// quota.c: what one device may store on a day
struct district_share quota_share(const struct district *district, bool urgent);
/// 429, why and until when.
void quota_answer(const struct district *district, const struct district_device *device,
                  struct http_exchange *exchange);

// parts.c: HEAD and PUT /v1/parts/<sha256>
void parts_head(struct district *district, const struct district_device *device,
                struct http_exchange *exchange);
void parts_put(struct district *district, const struct district_device *device,
               struct http_exchange *exchange);
/// 202 with the digests that the case still lacks: not received.
void parts_answer_missing(struct district *district, const struct district_device *device,
                          const char *instance, struct http_exchange *exchange);

// ingest.c: POST /submission
void ingest_submission(struct district *district, const struct district_device *sender,
                       struct http_exchange *exchange);
// enroll.c: POST /v1/enroll
void enroll_handle(struct district *district, struct http_exchange *exchange);
// contact.c: POST /v1/heartbeat, GET /v1/status
void contact_heartbeat(struct district *district, const struct district_device *device,
                       struct http_exchange *exchange);
void contact_status(struct district *district, const struct district_device *device,
                    struct http_exchange *exchange);

// drafts.c: PUT and GET /v1/drafts/<id>
void drafts_put(struct district *district, const struct district_device *device,
                struct http_exchange *exchange);
void drafts_get(struct district *district, const struct district_device *device,
                struct http_exchange *exchange);

// reconcile.c: POST /v1/reconcile
void reconcile_handle(struct district *district, const struct district_device *device,
                      struct http_exchange *exchange);

// record.c: opened records
struct opened {
    size_t count;
    struct attachment files[ENVELOPE_PARTS]; ///< owned; the record is the last
};
void opened_clear(struct opened *opened);
/// Opens the sealed parts with the district's private key and checks the record against its seal.
/// ERR_DENIED, ERR_CORRUPT, ERR_INPUT: not to be opened; a person must look.
enum err opened_unseal(struct district *district, const char *instance, struct manifest *manifest,
                       struct opened *out, struct fail *why) MUST_USE;
/// Files the opened record under a fresh key of the case's own.
enum err opened_file(struct district *district, const struct manifest *manifest,
                     const struct opened *opened, struct fail *why) MUST_USE;
/// Reads back what opened_file wrote. ERR_NOT_FOUND: not opened yet.
enum err opened_read(struct district *district, const char *instance, struct opened *out,
                     struct fail *why) MUST_USE;
/// The case with this receipt and its opened files.
enum err opened_fetch(struct district *district, const char *receipt, struct district_case *at,
                      struct opened *out, struct fail *why) MUST_USE;
/// Text of the element of a path like "/data/contact/phone", "/data/member[2]/name"; without a
/// number the first. ERR_NOT_FOUND.
enum err opened_value(const struct attachment *record, const char *path, char *out, size_t room,
                      struct fail *why) MUST_USE;

// lookup.c: POST /v1/lookup, /v1/reprint, /v1/token
void lookup_handle(struct district *district, const struct district_device *device,
                   struct http_exchange *exchange);
void lookup_reprint(struct district *district, const struct district_device *device,
                    struct http_exchange *exchange);
void lookup_token(struct district *district, const struct district_device *device,
                  struct http_exchange *exchange);
/// What is filed of an opened case for its owner. `facts` is to be freed also after a failure.
struct lookup_row {
    bool has_factor;
    uint8_t factor[CRYPTO_HASH];
    struct strbuf facts;
};
enum err lookup_file(struct district *district, const struct manifest *manifest,
                     const struct opened *opened, struct lookup_row *out,
                     struct fail *why) MUST_USE;
// linked.c
/// Before a case is filed as opened: a withdrawal moves the case that it is of.
enum err linked_apply(struct district *district, const struct manifest *manifest,
                      const struct attachment *record, struct fail *why) MUST_USE;
/// What belongs to a case, as an array.
json_t *linked_describe(struct district *district, const char *instance);

// correction.c, correction_answer.c, correction_show.c: what a case still needs
/// Appends the signed list that a case waits for. ERR_NOT_FOUND: none.
enum err correction_wanted(struct district *district, const char *instance, struct strbuf *json,
                           struct fail *why) MUST_USE;
/// An opened submission that answers a list: says so in the store, moves the case on. Nothing for
/// any other submission. Before it is filed as opened, so that a stop in between repeats it.
enum err correction_answered(struct district *district, const struct manifest *manifest,
                             struct fail *why) MUST_USE;
/// Every list of a case and what came in answer: an array for district_show. NULL: the store
/// failed.
json_t *corrections_describe(struct district *district, const struct district_case *at,
                             const struct attachment *record);

// compose.c
/// Asks for a form of several services that was not asked for before. ERR_RETRY: it is being
/// composed, or will be. ERR_NOT_FOUND: the content gives no such form in that version.
enum err composed_form(struct district *district, const char *form_id, const char *version,
                       const char *fingerprint, struct fail *why) MUST_USE;
/// Takes note of what the worker has done meanwhile.
void composed_collect(struct district *district);

// show.c
/// The whole case with its opened record.
json_t *case_describe(struct district *district, const struct district_case *at,
                      const struct opened *opened);

// ratings.c
/// What a counter says of its grades so far (case/rating.h); NULL: nothing.
void ratings_take(struct district *district, const char *counter, const char *text);

// opener.c
enum err opener_open(struct district *district, const char *instance, struct fail *why) MUST_USE;

// chain.c: the audit chain of readings and decisions
enum err chain_add(struct district *district, const char *event, const char *subject,
                   const char *actor, const char *detail, struct fail *why) MUST_USE;

// page.c: what the tracking page looks like
/// What it says to whoever asks with the second factor, or asks of whoever looks.
enum page_owner {
    OWNER_NOBODY,     ///< nothing: it cannot be asked here, or there is nothing to ask about
    OWNER_ASKS,       ///< the field for the second factor
    OWNER_INCOMPLETE, ///< and that it was not whole
    OWNER_ANSWERED,   ///< see the answer
    OWNER_AWAY,       ///< the internal process does not answer
};
enum page_state {
    PAGE_KNOWN,
    PAGE_NOT_YET,
    PAGE_WANTED,
    PAGE_INVALID,
    PAGE_BUSY,  ///< this visitor has asked too often
    PAGE_PAUSE, ///< the store cannot be asked just now: no word about the code
    PAGE_RENEWED
};
struct page {
    enum page_state state;
    const char *language;  ///< "zh", "en", "ko"
    const char *number;    ///< receipt number, "" when not to be shown
    const char *counter;   ///< "001", "" when unknown
    const char *signature; ///< kept in the language links
    enum page_owner owner;
    const struct owner_answer *answer; ///< of OWNER_ANSWERED
};
void page_write(const struct district *district, const struct page *page, struct strbuf *out);
