// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/track.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/port/http_client.h"
#include <stdbool.h>

/// Asking the district about a case while a resident waits: POST /v1/lookup, and POST /v1/reprint
/// for the receipt of another counter's case. A worker of its own calls it, with an http_client of
/// its own, so that no upload is in the way.

struct lookup_options {
    struct http_client *http;
    const struct crypto *crypto;
    const struct clock *clock;
    const char *server;      ///< "https://district:8443"
    const char *public_host; ///< for the new receipt's code
    const char *device_key_id;
    const uint8_t *signing_secret; ///< CRYPTO_SECRET bytes
    bool openrosa_only;            ///< a stand-in server: there is nobody to ask
};

/// Blocks until there is an answer, 15 s at most. What cannot be understood, and no network, is
/// TRACK_NO_ANSWER. The answer is the caller's (track_case_free); NULL: no memory.
struct track_case *lookup_ask(const struct lookup_options *options,
                              const struct track_question *question);
