// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the kiosk store keeps, as plain rows; the calls are in port/kiosk_store.h. Texts are cut at
/// their arrays by nobody: what does not fit is ERR_INPUT.

enum { STORE_SERIALS = 1000, STORE_HASH = 32, STORE_SALT = 16, STORE_BOX = 96 };

/// How far a case is on its way. The numbers are stored.
enum store_state {
    STORE_SAVED = 0,
    STORE_SENDING = 1,
    STORE_RETRY = 2,
    STORE_RECEIVED = 3,
    STORE_HELD = 4,
    STORE_QUARANTINED = 5,
    STORE_PRUNED = 6,
};

/// One saved case. What stands before `state` never changes and is covered by the record's hash.
struct store_submission {
    char instance[LIMIT_INSTANCE_ID]; ///< key
    char number[LIMIT_RECEIPT_NUMBER];
    char service[40], form_id[LIMIT_FORM_ID];
    char sealing_key_id[64]; ///< the district may drop that key when no kiosk has rows of it
    bool urgent;
    struct when saved;
    int not_asked; ///< required questions that no kiosk asks; written by `submission_insert` alone
    enum store_state state;
    int attempts;
    int strikes;                   ///< failures while other cases went through
    int64_t received_at_failure;   ///< how many cases had gone through at the last failure
    int64_t next_try_utc_ms;       ///< for people
    int64_t next_try_monotonic_ms; ///< decides, in the boot next_try_boot; due at once in another
    char next_try_boot[37];
    int64_t received_utc_ms;
    int print_count; ///< receipts composed
    char reason[160];
    int64_t total_bytes; ///< of its sealed files; written by `submission_insert` alone
    int64_t sent_bytes;  ///< how many of them the district is known to have, while it is sent
    bool unverified;     ///< received by a stand-in server, which cannot say that it has all of it
    char status[4]; ///< the district's code, "" before it said any; written by `status_set` alone
    int64_t status_utc_ms;
};

/// One file of a case, sealed.
struct store_part {
    char name[LIMIT_PART_NAME], type[48];
    const void *data; ///< borrowed; NULL in `submission_insert`: the held page number `page`, which
                      ///< has this length
    size_t length;
    int page;
    uint8_t digest[STORE_HASH]; ///< SHA-256, when read
};

struct store_range {
    int64_t offset;
    size_t length;
};

struct store_print_job {
    char name[64]; ///< key
    char instance[LIMIT_INSTANCE_ID];
    int state; ///< enum print_state of case/answers.h, by value
    char detail[200];
    int64_t changed_utc_ms;
};

struct store_staff {
    char number[16]; ///< key
    char role[16];   ///< "clerk", "supervisor", "technician"
    uint8_t salt[STORE_SALT], hash[STORE_HASH];
    int64_t operations, memory_bytes; ///< Argon2id's cost
    int wrong;                        ///< wrong tries since the last right one
    bool locked;                      ///< until somebody resets it
    struct powered_wait wait;
};

/// A call for urgent help, without personal data; open until staff close it.
struct store_call {
    int64_t id; ///< given by the store
    struct when opened;
    char place[64];
    int64_t closed_utc_ms; ///< 0 = open
    char closed_by[16], reason[64];
};

/// Whose a case is, and what it belongs to.
struct store_owner {
    char instance[LIMIT_INSTANCE_ID], of_instance[LIMIT_INSTANCE_ID]; ///< of_instance: "" = none
    char salt[33];          ///< hex; "" where there is no box
    uint8_t box[STORE_BOX]; ///< case/owner_lock.h
    size_t box_length;      ///< 0: no second factor was given, or the case is pruned
};

/// Wrong tries at a receipt number. Times are powered-on time of the kiosk.
struct store_try {
    char number[LIMIT_RECEIPT_NUMBER]; ///< key
    int wrong;
    int64_t tried_ms; ///< the last one
    int64_t until_ms; ///< locked until then; 0 = it is not
};

/// A visit's sealed checkpoint, named by its ticket's id (32 hex digits).
struct store_draft {
    char id[33];                      ///< key
    char instance[LIMIT_INSTANCE_ID]; ///< of the visit
    int64_t revision;                 ///< grows with each; 0: none is here, only tries
    int64_t sent_revision;            ///< the newest that the district has
    int64_t created_utc_ms, expires_utc_ms;
    bool spent; ///< nothing is left of it
    int wrong;  ///< tries with its ticket's code since the last right one
    struct powered_wait wait;
};

struct store_counts {
    int64_t unsent;   ///< not received and not pruned
    int64_t received; ///< received or pruned
    int64_t open_calls;
    int64_t oldest_unsent_utc_ms; ///< when it was saved; 0 without one
    struct when newest_call;      ///< when the newest open call was opened; boot_id "" without one
    int64_t oldest_call;          ///< the id of the one that is answered first; 0 without one
    int64_t oldest_call_utc_ms;   ///< when it was opened
};

struct store_health {
    int64_t disk_free, disk_total;
    bool reserve; ///< the ballast is in place: early warning when it is not
};
