// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/when.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the district store keeps, as plain rows; the calls are in port/district_store.h.

enum { DISTRICT_INCARNATIONS = 9, DISTRICT_STATUS = 4, DISTRICT_KEY_ID = 40 };

struct district_device {
    char id[64], counter[4], key_id[DISTRICT_KEY_ID];
    char fingerprint[65]; ///< of its TLS certificate, SHA-256 hex
    uint8_t public_key[CRYPTO_PUBLIC];
    int incarnation; ///< 0..9
    int64_t enrolled_utc_ms;
    int64_t revoked_utc_ms; ///< 0 = in force; what was saved later is flagged
    int64_t seen_utc_ms, saves;
    char audit_head[65];    ///< hash of its audit's last entry, hex; "" before it told
    int64_t audit_sequence; ///< and which entry that is
    bool frozen;            ///< went back or forked: no ordinary visits until it is enrolled again
    int64_t forked_utc_ms;  ///< when it told another history than before; 0 = never, or resolved
    int audit_still; ///< heartbeats that left its audit where it was although it should have grown
    int audit_chain; ///< how often staff have let a new history begin
};

struct district_key { ///< a device's public key, and until when it counts
    const char *device_id;
    const uint8_t *key; ///< CRYPTO_PUBLIC bytes
    int64_t revoked_utc_ms;
};

struct district_contact { ///< what a heartbeat tells
    const char *device_id;
    int64_t saves;
    const char *audit_head;
    const char *audit_signature; ///< NULL: the head is not one to keep
    int64_t audit_sequence;
    int64_t utc_ms;
    bool frozen, forked;
    int audit_still;
    const char *const *unsent; ///< receipt numbers, NULL at the end
};

/// The last head a device told on a day: what its audit is checked against.
struct district_head {
    char device_id[64], counter[4], hash[65], signature[129];
    int64_t sequence, told_utc_ms;
};

/// What one device may store on a day: `submission_put` and `upload_add` count what is new, and
/// refuse what goes beyond it with ERR_FULL and `over_share`; nothing of that is stored.
struct district_share {
    int day;             ///< YYMMDD
    int kept_from;       ///< YYMMDD: what was stored before it is forgotten
    int64_t bytes_a_day; ///< 0: no bound, and nothing is counted
};
struct district_stored {
    int64_t bytes;
    bool refused; ///< more than its share came
};

struct district_form {
    char id[LIMIT_FORM_ID], version[64], title[160], md5[33];
    struct strbuf *xml; ///< wanted when not NULL
};

struct district_submission {
    char instance[LIMIT_INSTANCE_ID], form_id[LIMIT_FORM_ID], version[64],
        receipt[LIMIT_RECEIPT_NUMBER];
    char counter[4], device_id[64], key_id[DISTRICT_KEY_ID], service[40];
    char of_instance[LIMIT_INSTANCE_ID];
    uint8_t token_hash[CRYPTO_HASH], manifest_digest[CRYPTO_HASH];
    bool urgent;
    int64_t first_touch_utc_ms, saved_utc_ms, received_utc_ms;
    enum time_quality saved_quality;
    char flag[40]; ///< "" or what a clerk should look at: "revoked-device", "repeated-number"
    // given to `submission_put` only
    struct bytes manifest;
    struct district_share share;
};

struct district_part {
    const char *name;
    size_t size;
    uint8_t digest[CRYPTO_HASH];
    const void *data; ///< NULL: not in this request
};

struct district_put {
    bool is_new; ///< false: these bytes were here before
    bool became_complete;
    int missing; ///< parts still to come; 0 = received
    bool over_share;
};

/// A part of a large case that comes in pieces, by its sender and its SHA-256.
struct district_upload {
    int64_t size, there; ///< bytes in all, bytes that are durable here
    bool complete;       ///< all are here and are what the digest says
    bool over_share;     ///< said by upload_add
    bool is_digested;    ///< the next says how far the digest of what is there is
    struct crypto_sha256 digested;
};
struct district_piece {
    const char *device_id;
    const uint8_t *digest; ///< CRYPTO_HASH bytes, of the whole part
    int64_t size, offset;  ///< of the whole part; where these bytes begin
    const void *data;
    size_t length;
    int64_t now_utc_ms;
    struct district_share share;
    const struct crypto_sha256 *digested; ///< with these bytes; NULL: not known
    int64_t quota; ///< bytes that one device may have here which no case has claimed
};

enum district_opened { DISTRICT_SEALED, DISTRICT_OPENED, DISTRICT_QUARANTINED };

struct district_case {
    struct district_submission submission; ///< without its manifest
    char status[DISTRICT_STATUS];
    int64_t status_utc_ms;
    enum district_opened opened;
    char reason[160];   ///< why quarantined, or why opening it failed for now
    int tries;          ///< of opening it that failed so far
    int64_t due_utc_ms; ///< sealed: not tried again before
};

struct district_file { ///< one opened file, sealed under the case's own key
    const char *name;
    struct bytes sealed;
};
enum district_index { INDEX_ID_NUMBER = 1, INDEX_LAST_FOUR, INDEX_PHONE };
struct district_mark { ///< HMAC blind index entry
    enum district_index kind;
    uint8_t mac[CRYPTO_HASH];
};
struct district_opening {
    const char *instance;
    struct bytes wrapped_key; ///< the case's key under the opener's
    const struct district_file *files;
    size_t file_count;
    const struct district_mark *marks;
    size_t mark_count;
    const uint8_t *factor; ///< CRYPTO_HASH bytes: blind, of who may ask for it; NULL: nobody
    struct bytes facts;    ///< sealed: what its receipt says; length 0: nothing is told of it
};

struct district_event {
    int64_t sequence, utc_ms;
    char instance[LIMIT_INSTANCE_ID], receipt[LIMIT_RECEIPT_NUMBER], counter[4];
    char from[DISTRICT_STATUS], status[DISTRICT_STATUS], reason[160], actor[32];
};

/// A resume ticket's sealed draft, named by the ticket's id (32 hex digits).
struct district_draft {
    char id[33], device_id[64]; ///< device_id: who sent it last
    int64_t revision, expires_utc_ms;
    bool spent;   ///< nothing is left of it
    int releases; ///< times handed out since this revision came
    int64_t locked_until_utc_ms;
    // said by draft_take
    bool expired, is_newer;
    int64_t wait_ms; ///< locked for so long
};
struct district_draft_rules {
    int64_t now_utc_ms;
    int quota; ///< drafts of one device that are not spent
    int64_t lifetime_ms;
    int releases; ///< after so many it is locked
    int64_t lock_ms;
};

typedef void district_each_part(void *context, const char *name, const void *data, size_t length);
