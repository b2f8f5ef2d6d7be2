// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/log.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char head_key[] = "audit-head";
static const char head_domain[] = "yimen/audit-head/1";

enum { HEAD_TEXT = 24 + 2 * AUDIT_HASH, HEAD_STORED = HEAD_TEXT + CRYPTO_SIGNATURE };

// "sequence hash": what is signed.
static size_t head_text(int64_t sequence, const unsigned char hash[AUDIT_HASH],
                        char out[HEAD_TEXT + 1])
{
    int length = snprintf(out, HEAD_TEXT + 1, "%lld ", (long long)sequence);
    for (int at = 0; at < AUDIT_HASH; at++, length += 2)
        snprintf(out + length, 3, "%02x", hash[at]);
    return (size_t)length;
}

// Text, then the signature's bytes. Ed25519 signs alike every time, so checking is signing again.
static enum err signed_head(const struct audit_log *log, int64_t sequence,
                            const unsigned char hash[AUDIT_HASH], struct strbuf *out,
                            struct fail *why)
{
    char text[HEAD_TEXT + 1];
    unsigned char signature[CRYPTO_SIGNATURE];
    size_t length = head_text(sequence, hash, text);
    enum err err = log->crypto->ops->sign(log->crypto->self, log->signing_secret, head_domain, text,
                                          length, signature);
    if (err)
        return fail_set(why, err, "signing the head of the audit");
    strbuf_init(out, HEAD_STORED);
    strbuf_add(out, text, length);
    strbuf_add(out, signature, sizeof signature);
    return strbuf_result(out, why);
}

static enum err keep_head(const struct audit_log *log, int64_t sequence,
                          const unsigned char hash[AUDIT_HASH], struct fail *why)
{
    const struct kiosk_store *store = log->store;
    struct strbuf head = {0};
    enum err err = signed_head(log, sequence, hash, &head, why);
    if (!err)
        err = store->ops->meta_set(store->self, head_key, head.data, head.length, why);
    strbuf_free(&head);
    return err;
}

enum err audit_log_append(const struct audit_log *log, const char *event, const char *subject,
                          const char *actor, const char *detail, struct fail *why)
{
    const struct kiosk_store *store = log->store;
    struct audit_entry entry = {.when = clock_now(log->clock)};
    unsigned char previous[AUDIT_HASH], hash[AUDIT_HASH];
    enum err err = store->ops->audit_head(store->self, &entry.sequence, previous, why);
    if (err)
        return err;
    entry.sequence++;
    text_copy(entry.event, sizeof entry.event, event);
    text_copy(entry.subject, sizeof entry.subject, subject);
    text_copy(entry.actor, sizeof entry.actor, actor[0] ? actor : "kiosk");
    text_copy(entry.detail, sizeof entry.detail, detail);
    char line[LIMIT_AUDIT_LINE];
    size_t length = audit_format(&entry, line);
    audit_hash(log->crypto, previous, line, length, hash);
    err = store->ops->audit_append(store->self, entry.sequence, line, length, hash, why);
    return err || !log->signing_secret ? err : keep_head(log, entry.sequence, hash, why);
}

// A walk that looks out for the entry whose head was signed.
struct walk {
    const struct audit_log *log;
    struct audit_check *check;
    struct strbuf head; // as stored, empty when there is none
    int64_t head_sequence;
};

static enum err check_head(const struct walk *walk, const unsigned char hash[AUDIT_HASH],
                           struct fail *why)
{
    struct strbuf expected = {0};
    enum err err = signed_head(walk->log, walk->head_sequence, hash, &expected, why);
    if (!err && (expected.length != walk->head.length ||
                 !memory_equal(expected.data, walk->head.data, expected.length)))
        err = fail_set(why, ERR_CORRUPT, "audit entry %lld is not the one that was signed",
                       (long long)walk->head_sequence);
    strbuf_free(&expected);
    return err;
}

static enum err check_entry(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    const struct walk *walk = context;
    enum err err = audit_check_line(walk->check, sequence, line, length, hash, why);
    if (!err && sequence == walk->head_sequence)
        err = check_head(walk, hash, why);
    return err;
}

static enum err read_head(struct walk *walk, struct fail *why)
{
    const struct kiosk_store *store = walk->log->store;
    if (!walk->log->signing_secret)
        return ERR_OK;
    enum err err = store->ops->meta_get(store->self, head_key, &walk->head, why);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    char digits[HEAD_TEXT] = "";
    const char *space = memchr(walk->head.data, ' ', walk->head.length);
    if (space && space - walk->head.data < HEAD_TEXT)
        memcpy(digits, walk->head.data, (size_t)(space - walk->head.data));
    if (!text_to_int64(digits, &walk->head_sequence))
        return fail_set(why, ERR_CORRUPT, "the signed head of the audit cannot be read");
    return ERR_OK;
}

enum err audit_log_verify(const struct audit_log *log, struct audit_check *check, struct fail *why)
{
    struct walk walk = {.log = log, .check = check};
    strbuf_init(&walk.head, HEAD_STORED);
    audit_check_begin(check, log->crypto);
    enum err err = read_head(&walk, why);
    if (!err)
        err = log->store->ops->audit_walk(log->store->self, check_entry, &walk, why);
    if (!err && walk.head_sequence >= check->next_sequence)
        err = fail_set(why, ERR_CORRUPT, "audit entry %lld is missing, and all behind it",
                       (long long)check->next_sequence);
    strbuf_free(&walk.head);
    return err;
}
