// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/fake_clock.h"
#include "scripted_http.h"

#include "yimen/driver/crypto.h"
#include "yimen/sync/client.h"

/// A sync step between an outbox that a test plays and a district whose answers are written down.

#define ENVELOPE                                                                                   \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">ok"       \
    "</message></OpenRosaResponse>"
#define NO_EVENTS "{\"events\":[],\"next\":0}"
#define GOOD_HEAD                                                                                  \
    {                                                                                              \
        .status = 204, .accept_length = 1000000                                                    \
    }
#define MESSAGE(text)                                                                              \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message "                      \
    "nature=\"error\">" text "</message></OpenRosaResponse>"

enum { OUT_MAXIMUM = 16 };

struct stage {
    struct script script;
    struct fake_clock clock;
    struct crypto crypto;
    struct sync *sync;
    struct outbox_request requests[OUT_MAXIMUM];
    struct sync_event events[OUT_MAXIMUM];
    size_t request_count, event_count;
    struct sync_output output;
};

/// Ends with stage_end. `steps` are borrowed: the district's answers in their order.
struct stage *stage_begin(const struct script_step *steps, size_t count, bool openrosa_only);
void stage_end(struct stage *stage);
/// What the outbox answers when it is asked for the next case.
void stage_reply_item(struct stage *stage, struct outbox_part *parts, size_t count);
/// A case of two parts.
void stage_send_one(struct stage *stage);
/// Was this told?
bool stage_saw(const struct stage *stage, enum sync_event_kind kind);
