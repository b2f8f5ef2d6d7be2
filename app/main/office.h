// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/pack.h"
#include "yimen/district/district.h"

/// A district's folder, opened for a role: its settings, the keys that the role needs and no
/// others, its content. What yimen-district and the commands about a district share.
///
/// DIR/district.json  settings (see provision)      DIR/district.db   the store
/// DIR/keys/          ca.crt ca.key server.crt server.key sealing.pem sealing.key records.key
/// lookup.key
///                    content.pub content.key district.pub district.key
/// DIR/content/       releases of content           DIR/web/          track.html

enum {
    OFFICE_INGEST = 1,
    OFFICE_DESK = 2,
    OFFICE_PUBLIC = 4,
    OFFICE_OWNER = 8,
    OFFICE_OPENER = 16, ///< opens what is sealed: alone it has the private sealing keys, and no
                        ///< listener, so that nobody outside ever speaks to the process
    OFFICE_ALL = 31,    ///< for the demo
    OFFICE_KEYS = 5
};

struct office_settings {
    char address[64], public_host[LIMIT_HOST], sealing_key_id[40];
    char owner_socket[108]; ///< of the owner role, when it is a process of its own
    int device_port, public_port;
    /// "device_megabytes_a_day": what one kiosk may store on a day. 2048: a week without a line at
    /// a busy counter is about 200 visits, a quarter of them with scans to the full 30 MB (1.5 GB),
    /// and drains within a day; thirty mad kiosks take a month to fill 2 TB, and staff see the
    /// first one on the first day. 0: no bound.
    int64_t device_bytes_a_day;
    /// "trusted_proxies": addresses of proxies that end TLS before the public listener, at most
    /// eight; none when absent. "proxy_header": which header they write, "X-Forwarded-For" (when
    /// absent) or "Forwarded". Only on these is believed who the visitor is.
    char proxies[HTTP_SERVER_PROXIES][64], proxy_header[32];
};

struct office {
    char folder[512];
    int roles;
    const struct crypto *crypto;
    const struct clock *clock;
    struct office_settings settings;
    struct certificates certificates;
    struct files files, web, content;
    struct strbuf keys[OFFICE_KEYS];
    uint8_t record_secret[CRYPTO_KEY], content_public[1][CRYPTO_PUBLIC];
    uint8_t lookup_key[CRYPTO_KEY];
    uint8_t signing_public[CRYPTO_PUBLIC], signing_secret[CRYPTO_SECRET];
    struct pack *pack;
    struct texts *texts;
    struct catalogue *catalogue;
    struct composing *composing;     ///< where ingest's forms wait to be composed; NULL: nowhere
    const struct owner_desk *owners; ///< whom the public role asks; NULL: nobody
};

/// ERR_TECHNICIAN names the file that is missing or wrong. `crypto` and `clock` are borrowed.
enum err office_open(struct office *office, const char *folder, int roles,
                     const struct crypto *crypto, const struct clock *clock,
                     struct fail *why) MUST_USE;
/// NULL-safe inside.
void office_close(struct office *office);

/// A store handle and the district on it, for one thread and some of the office's roles.
struct office_room {
    struct district_store store;
    struct district *district;
};
enum err office_room_open(const struct office *office, int roles, struct office_room *out,
                          struct fail *why) MUST_USE;
/// NULL-safe inside.
void office_room_close(struct office_room *room);
/// Puts every form of the content in force. Needs a catalogue.
enum err office_publish(const struct office *office, struct district *district,
                        struct fail *why) MUST_USE;
/// "FOLDER/NAME" in a fixed array. Asserts that it fits.
void office_path(const struct office *office, const char *name, char out[1024]);
