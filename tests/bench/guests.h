// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/case/manifest.h"
#include "yimen/driver/certificates.h"
#include "yimen/port/clock.h"
#include "yimen/port/district_store.h"

#include <curl/curl.h>
#include <stdatomic.h>

/// Kiosks of a provisioned district, as far as the district can tell: enrolled, with a certificate
/// of its own authority, handing in cases that are sealed and signed. For bench_district.

struct town {
    const char *folder, *server, *public_page; ///< of the district; its listeners' addresses
    struct crypto crypto;
    struct clock clock;
    struct certificates certificates;
    struct strbuf authority, authority_key, sealing;
    char ca_file[600], version[64]; ///< of urgent-relief, which is published
};
struct guest {
    struct town *town;
    struct district_device device;
    uint8_t secret[CRYPTO_SECRET];
    char certificate[700], key[700];
    atomic_int made; ///< cases so far
};
struct sealed_case {
    struct manifest manifest;
    struct envelope envelope;
    struct strbuf xml;
};
/// One connection of somebody. `guest` NULL: of a stranger.
struct talk {
    CURL *handle;
    struct town *town;
};

/// Ends the program with words.
_Noreturn void give_up(const char *what, const struct fail *why);
void town_open(struct town *town, const char *folder, const char *server, const char *public_page);
/// Adds a kiosk to the district's store. `counter` 1..999.
void guest_enrol(struct town *town, int counter, struct guest *out);
/// The next case of this kiosk; `version` NULL: of a form that is published.
void guest_case(struct guest *guest, const char *form_id, const char *version,
                struct sealed_case *out);
void guest_case_free(struct sealed_case *sealed);

void talk_open(struct talk *talk, struct town *town, const struct guest *guest);
void talk_close(struct talk *talk);
/// The answer's status; 0: none. `method` "GET", "POST", "PUT"; `header` may be NULL.
long talk_ask(struct talk *talk, const char *method, const char *url, const char *header,
              const void *body, size_t length);
long talk_post_case(struct talk *talk, const struct sealed_case *sealed);
