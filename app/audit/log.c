// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/log.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

static const char head_key[] = "audit-head", exported_key[] = "audit-exported";
static const char checkpoint[] = "audit.checkpoint", signed_mark[] = " signed=";

// ------------------------------------------------------------------ heads in the store

static enum err keep(const struct audit_log *log, const char *key, const struct audit_head *head,
                     struct fail *why)
{
    char text[AUDIT_HEAD_TEXT];
    audit_head_format(head, text);
    return log->store->ops->meta_set(log->store->self, key, text, strlen(text), why);
}

static enum err kept(const struct audit_log *log, const char *key, struct audit_head *out,
                     struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, AUDIT_HEAD_TEXT);
    enum err err = log->store->ops->meta_get(log->store->self, key, &text, why);
    if (!err && audit_head_parse(strbuf_text(&text), out, why) != ERR_OK)
        err = fail_set(why, ERR_CORRUPT, "the kept head of the audit cannot be read");
    strbuf_free(&text);
    return err;
}

enum err audit_log_head(const struct audit_log *log, struct audit_head *out, struct fail *why)
{
    const struct kiosk_store *store = log->store;
    *out = (struct audit_head){0};
    enum err err = store->ops->audit_head(store->self, &out->sequence, out->hash, why);
    return err || !log->signing_secret
               ? err
               : audit_head_sign(log->crypto, log->signing_secret, out, why);
}

struct since {
    struct strbuf *lines;
    struct audit_head *head;
};

static enum err add_line(void *context, int64_t sequence, const char *line, size_t length,
                         const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct since *since = context;
    (void)why;
    strbuf_add(since->lines, line, length);
    strbuf_addc(since->lines, '\n');
    since->head->sequence = sequence;
    memcpy(since->head->hash, hash, AUDIT_HASH);
    return ERR_OK;
}

enum err audit_log_since(const struct audit_log *log, int64_t after, struct strbuf *lines,
                         struct audit_head *out, struct fail *why)
{
    const struct kiosk_store *store = log->store;
    struct since since = {lines, out};
    *out = (struct audit_head){0};
    enum err err =
        store->ops->audit_after(store->self, after, AUDIT_LOG_SINCE, add_line, &since, why);
    if (!err)
        err = strbuf_result(lines, why);
    if (err)
        return err;
    if (out->sequence == 0)
        return audit_log_head(log, out, why);
    return log->signing_secret ? audit_head_sign(log->crypto, log->signing_secret, out, why)
                               : ERR_OK;
}

enum err audit_log_exported(const struct audit_log *log, const struct audit_head *head,
                            struct fail *why)
{
    return keep(log, exported_key, head, why);
}

enum err audit_log_last_exported(const struct audit_log *log, struct audit_head *out,
                                 struct fail *why)
{
    return kept(log, exported_key, out, why);
}

// ------------------------------------------------------------------ appending

enum err audit_log_append(const struct audit_log *log, const char *event, const char *subject,
                          const char *actor, const char *detail, struct fail *why)
{
    const struct kiosk_store *store = log->store;
    struct audit_entry entry = {.when = clock_now(log->clock)};
    unsigned char previous[AUDIT_HASH];
    struct audit_head head;
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
    head.sequence = entry.sequence;
    audit_hash(log->crypto, previous, line, length, head.hash);
    err = store->ops->audit_append(store->self, entry.sequence, line, length, head.hash, why);
    if (err || !log->signing_secret)
        return err;
    err = audit_head_sign(log->crypto, log->signing_secret, &head, why);
    return err ? err : keep(log, head_key, &head, why);
}

enum err audit_log_checkpoint(const struct audit_log *log, const char *detail, struct fail *why)
{
    struct audit_head head;
    char text[200], signature[2 * CRYPTO_SIGNATURE + 1];
    enum err err = audit_log_head(log, &head, why);
    if (err)
        return err;
    audit_hex(head.signature, CRYPTO_SIGNATURE, signature);
    snprintf(text, sizeof text, "%.60s%s%s", detail, signed_mark, signature);
    return audit_log_append(log, checkpoint, "", "", text, why);
}

// ------------------------------------------------------------------ checking

struct walk {
    const struct audit_log *log;
    struct audit_check *check;
    const struct audit_head *outside; // NULL: none
    struct audit_head newest;         // as kept
    bool has_newest, wants_newest;    // accounts are made before the kiosk has ever signed
};

static const unsigned char *public_key(const struct audit_log *log)
{
    return log->signing_secret + CRYPTO_SECRET - CRYPTO_PUBLIC; // its second half
}

static enum err check_newest(const struct walk *walk, const unsigned char hash[AUDIT_HASH],
                             struct fail *why)
{
    const struct audit_head *newest = &walk->newest;
    if (!memory_equal(newest->hash, hash, AUDIT_HASH) ||
        audit_head_check(walk->log->crypto, public_key(walk->log), newest, NULL) != ERR_OK)
        return fail_set(why, ERR_CORRUPT, "audit entry %lld is not the one that was signed",
                        (long long)newest->sequence);
    return ERR_OK;
}

// A checkpoint says what the chain was before it. An old one without a signature says nothing.
static enum err check_checkpoint(const struct walk *walk, const char *line, size_t length,
                                 struct fail *why)
{
    char text[LIMIT_AUDIT_LINE];
    struct audit_head before = {.sequence = walk->check->next_sequence - 1};
    size_t kept_length = length < sizeof text - 1 ? length : sizeof text - 1;
    memcpy(text, line, kept_length);
    text[kept_length] = '\0';
    const char *found = strstr(text, signed_mark);
    if (!walk->log->signing_secret || !strstr(text, "\taudit.checkpoint\t") || !found)
        return ERR_OK;
    memcpy(before.hash, walk->check->head, AUDIT_HASH);
    if (!audit_unhex(found + strlen(signed_mark), before.signature, CRYPTO_SIGNATURE) ||
        audit_head_check(walk->log->crypto, public_key(walk->log), &before, NULL) != ERR_OK)
        return fail_set(why, ERR_CORRUPT, "the checkpoint behind audit entry %lld is not signed",
                        (long long)before.sequence);
    return ERR_OK;
}

static bool is_about_staff(const char *line, size_t length)
{
    static const char staff[] = "staff.";
    for (int field = 0; field < 3; field++) {
        const char *tab = memchr(line, '\t', length);
        if (!tab)
            return false;
        length -= (size_t)(tab + 1 - line);
        line = tab + 1;
    }
    return length >= sizeof staff - 1 && memcmp(line, staff, sizeof staff - 1) == 0;
}

static enum err check_entry(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct walk *walk = context;
    enum err err = check_checkpoint(walk, line, length, why);
    if (!err)
        err = audit_check_line(walk->check, sequence, line, length, hash, why);
    walk->wants_newest |= !is_about_staff(line, length);
    if (!err && walk->has_newest && walk->newest.sequence == sequence)
        err = check_newest(walk, hash, why);
    if (!err && walk->outside && walk->outside->sequence == sequence &&
        !memory_equal(walk->outside->hash, hash, AUDIT_HASH))
        err = fail_set(why, ERR_CORRUPT,
                       "something up to audit entry %lld was changed: the head that left the "
                       "kiosk is another",
                       (long long)sequence);
    return err;
}

static enum err check_end(const struct walk *walk, struct fail *why)
{
    int64_t next = walk->check->next_sequence;
    bool is_cut = (walk->has_newest && walk->newest.sequence >= next) ||
                  (walk->outside && walk->outside->sequence >= next);
    if (is_cut)
        return fail_set(why, ERR_CORRUPT, "audit entry %lld is missing, and all behind it",
                        (long long)next);
    if (walk->log->signing_secret && walk->wants_newest && !walk->has_newest)
        return fail_set(why, ERR_CORRUPT, "the audit's signed head is missing");
    return ERR_OK;
}

static enum err verify(struct walk *walk, struct fail *why)
{
    const struct audit_log *log = walk->log;
    audit_check_begin(walk->check, log->crypto);
    enum err err = log->signing_secret ? kept(log, head_key, &walk->newest, why) : ERR_NOT_FOUND;
    if (err && err != ERR_NOT_FOUND)
        return err;
    walk->has_newest = !err;
    if (walk->has_newest && walk->newest.sequence == 0)
        return fail_set(why, ERR_CORRUPT, "the audit's signed head is of no entry");
    err = log->store->ops->audit_walk(log->store->self, check_entry, walk, why);
    return err ? err : check_end(walk, why);
}

enum err audit_log_verify(const struct audit_log *log, struct audit_check *check, struct fail *why)
{
    struct walk walk = {.log = log, .check = check};
    return verify(&walk, why);
}

enum err audit_log_verify_from(const struct audit_log *log, const struct audit_head *head,
                               struct audit_check *check, struct fail *why)
{
    struct walk walk = {.log = log, .check = check, .outside = head};
    return verify(&walk, why);
}
