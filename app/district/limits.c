// SPDX-License-Identifier: GPL-3.0-or-later
// How often somebody may ask in a minute. Counted in memory, because a limit that writes a row for
// each request does the flood's work; a restart forgets at most the present minute. What is counted
// is put down once a minute, as one line of the log. Of many who ask the busiest are remembered.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
    MINUTE_MS = 60000,
    V6_HOST_BYTES = 8,
    RESTS_MS = 500, ///< the connection of who asks all the same
};

// Of the newer kind of address somebody has a whole network: it counts as one.
static void visitor(const struct http_exchange *exchange, char *out, size_t room)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    text_copy(out, room, exchange->peer_address);
    if (inet_pton(AF_INET6, out, bytes) != 1)
        return;
    memset(bytes + sizeof bytes - V6_HOST_BYTES, 0, V6_HOST_BYTES);
    inet_ntop(AF_INET6, bytes, out, (socklen_t)room);
}

// The one with this key; else the place of one from an earlier minute, or of the least busy.
static struct limit_entry *find_entry(struct limits *limits, const uint8_t *key, int64_t minute)
{
    struct limit_entry *bucket = limits->entries[(key[0] | key[1] << 8) % LIMIT_BUCKETS];
    struct limit_entry *out = &bucket[0];
    for (int i = 0; i < LIMIT_WAYS; i++) {
        if (bucket[i].minute != minute)
            bucket[i] = (struct limit_entry){.minute = minute}; // expired
        if (bucket[i].count > 0 && memory_equal(bucket[i].key, key, LIMIT_KEY))
            return &bucket[i];
        if (bucket[i].count < out->count)
            out = &bucket[i];
    }
    *out = (struct limit_entry){.minute = minute};
    memcpy(out->key, key, LIMIT_KEY);
    return out;
}

static void put_down(struct limits *limits, int64_t minute)
{
    if (limits->minute != minute && limits->taken + limits->refused > 0) {
        log_event(LOG_INFO, "district", "asked-in-a-minute", "taken=%ld refused=%ld", limits->taken,
                  limits->refused);
        limits->taken = limits->refused = 0;
    }
    limits->minute = minute;
}

bool limit_take(struct district *district, const char *what, const char *who, int a_minute)
{
    const struct crypto *crypto = district->options.crypto;
    struct limits *limits = &district->limits;
    int64_t minute = clock_now(district->options.clock).monotonic_ms / MINUTE_MS;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    char named[160];
    snprintf(named, sizeof named, "%.31s %.127s", what, who);
    crypto->ops->digest(crypto->self, DIGEST_SHA256, named, strlen(named), digest);
    put_down(limits, minute);
    struct limit_entry *entry = find_entry(limits, digest, minute);
    bool good = entry->count < a_minute;
    entry->count += good;
    limits->taken += good;
    limits->refused += !good;
    return good;
}

bool within_limit(struct district *district, struct http_exchange *exchange, const char *what,
                  int a_minute)
{
    char address[64];
    visitor(exchange, address, sizeof address);
    bool good = limit_take(district, what, exchange->peer_device ? exchange->peer_device : address,
                           a_minute);
    if (!good) {
        exchange->status = 429;
        exchange->answer_after_ms = RESTS_MS;
    }
    return good;
}
