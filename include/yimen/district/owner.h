// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/draft.h"
#include "yimen/case/track.h"
#include "yimen/port/crypto.h"
#include "yimen/port/http_client.h"
#include "yimen/port/http_server.h"

/// What the owner of a case is told on a telephone, once the second factor was typed there. The
/// public process has neither verifiers nor lock-outs: it passes the characters to an internal one,
/// in its own process or on the other side of a socket, which answers with a state, ids of texts
/// and dates, and nothing else. Five wrong tries lock the token for telephones only, never the
/// owner at a counter. A restricted case answers as an enquiry.

/// Holds the second factor: zero it (memory_wipe) when done.
struct owner_question {
    uint8_t token_hash[CRYPTO_HASH];
    char factor[TRACK_FACTOR];
};

struct owner_state { ///< of one item of several, or of what was handed in later
    char service[40], status[4];
    int64_t saved_utc_ms;
};

enum { OWNER_STATES = 8, OWNER_WANTED = 24 };
/// A plain value.
struct owner_answer {
    enum track_result result; ///< FOUND, NO_FIT, LOCKED, OPENING
    int tries_left;
    int64_t wait_ms;
    char service[40], status[4];
    int64_t saved_utc_ms;    ///< 0: the clock was not vouched for
    int64_t deadline_utc_ms; ///< of an urgent case; 0: none
    int limit_hours, legal_days, promised_days;
    int64_t due_utc_ms; ///< of what is wanted; 0: nothing is
    int questions;      ///< so many answers are wanted
    bool signature_outstanding;
    size_t wanted_count; ///< papers that the district asked for
    char wanted[OWNER_WANTED][32];
    size_t missing_count; ///< papers that were put off
    char missing[DRAFT_PAPERS][32];
    size_t item_count, linked_count;
    struct owner_state items[OWNER_STATES], linked[OWNER_STATES];
};

struct owner_desk_ops {
    /// ERR_RETRY: it cannot be asked just now.
    enum err (*ask)(void *self, const struct owner_question *question, struct owner_answer *out,
                    struct fail *why);
};
/// Whoever can be asked. Belongs to one thread.
struct owner_desk {
    const struct owner_desk_ops *ops;
    void *self;
};

struct district;
/// In this process: a district with the lookup key, in the thread that asks.
void owner_desk_here(struct district *district, struct owner_desk *out);
/// On the other side of a socket: `client` speaks to it. Borrowed.
void owner_desk_far(struct http_client *client, struct owner_desk *out);
/// The handler of the internal listener: POST /v1/owner. `context` is a district with the lookup
/// key. Reached over a socket that only the public process may open.
void district_handle_owner(void *context, struct http_exchange *exchange);
