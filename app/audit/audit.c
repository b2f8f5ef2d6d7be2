// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/audit.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char domain[] = "yimen/audit/1";

enum { HASHED = sizeof domain + AUDIT_HASH + LIMIT_AUDIT_LINE };

// A tab or a control byte inside a field would move the fields behind it.
static void make_inert(char *field)
{
    for (; *field; field++)
        if ((unsigned char)*field < 0x20 || *field == 0x7F)
            *field = ' ';
}

size_t audit_format(const struct audit_entry *entry, char out[LIMIT_AUDIT_LINE])
{
    struct audit_entry clean = *entry;
    make_inert(clean.event);
    make_inert(clean.subject);
    make_inert(clean.actor);
    make_inert(clean.detail);
    int length =
        snprintf(out, LIMIT_AUDIT_LINE, "%lld\t%lld\t%s\t%s\t%s\t%s\t%s", (long long)clean.sequence,
                 (long long)clean.when.utc_ms, time_quality_name(clean.when.quality), clean.event,
                 clean.subject, clean.actor, clean.detail);
    return length < LIMIT_AUDIT_LINE ? (size_t)length : (size_t)LIMIT_AUDIT_LINE - 1;
}

void audit_hash(const struct crypto *crypto, const unsigned char previous[AUDIT_HASH],
                const char *line, size_t length, unsigned char out[AUDIT_HASH])
{
    unsigned char text[HASHED], digest[CRYPTO_DIGEST_MAX];
    if (length > LIMIT_AUDIT_LINE)
        length = LIMIT_AUDIT_LINE; // longer than any line of ours: the hash cannot fit anyway
    memcpy(text, domain, sizeof domain);
    memcpy(text + sizeof domain, previous, AUDIT_HASH);
    memcpy(text + sizeof domain + AUDIT_HASH, line, length);
    crypto->ops->digest(crypto->self, DIGEST_SHA256, text, sizeof domain + AUDIT_HASH + length,
                        digest);
    memcpy(out, digest, AUDIT_HASH);
}

void audit_check_begin(struct audit_check *check, const struct crypto *crypto)
{
    *check = (struct audit_check){.crypto = crypto, .next_sequence = 1};
}

// The sequence stands in the line too, so that a row cannot be renumbered.
static bool line_has_sequence(const char *line, size_t length, int64_t sequence)
{
    char start[24];
    int digits = snprintf(start, sizeof start, "%lld\t", (long long)sequence);
    return digits > 0 && length >= (size_t)digits && memcmp(line, start, (size_t)digits) == 0;
}

enum err audit_check_line(struct audit_check *check, int64_t sequence, const char *line,
                          size_t length, const unsigned char hash[AUDIT_HASH], struct fail *why)
{
    unsigned char expected[AUDIT_HASH];
    if (sequence != check->next_sequence || !line_has_sequence(line, length, sequence))
        return fail_set(why, ERR_CORRUPT, "audit entry %lld is missing or out of order",
                        (long long)check->next_sequence);
    audit_hash(check->crypto, check->head, line, length, expected);
    if (!memory_equal(expected, hash, AUDIT_HASH))
        return fail_set(why, ERR_CORRUPT, "audit entry %lld was changed", (long long)sequence);
    memcpy(check->head, hash, AUDIT_HASH);
    check->next_sequence++;
    return ERR_OK;
}

enum err audit_follow(const struct crypto *crypto, int64_t *sequence,
                      unsigned char hash[AUDIT_HASH], const char *lines, size_t length,
                      struct fail *why)
{
    while (length > 0) {
        const char *end = memchr(lines, '\n', length);
        size_t line = end ? (size_t)(end - lines) : length;
        if (!end || line >= LIMIT_AUDIT_LINE || !line_has_sequence(lines, line, *sequence + 1))
            return fail_set(why, ERR_CORRUPT, "audit entry %lld is missing or out of order",
                            (long long)*sequence + 1);
        audit_hash(crypto, hash, lines, line, hash);
        ++*sequence;
        lines += line + 1;
        length -= line + 1;
    }
    return ERR_OK;
}
