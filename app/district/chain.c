// SPDX-License-Identifier: GPL-3.0-or-later
// The second audit chain: every reading of a case and every decision about one.
#include "district_internal.h"

#include "yimen/audit/head.h"
#include "yimen/base/text.h"

#include <string.h>

enum { TRIES = 5 }; // several processes append to one chain

static enum err append(struct district *district, struct audit_entry *entry, struct fail *why)
{
    const struct district_store *store = district->options.store;
    unsigned char previous[AUDIT_HASH], hash[AUDIT_HASH];
    char line[LIMIT_AUDIT_LINE];
    enum err err = store->ops->audit_head(store->self, &entry->sequence, previous, why);
    if (err)
        return err;
    entry->sequence++;
    size_t length = audit_format(entry, line);
    audit_hash(district->options.crypto, previous, line, length, hash);
    return store->ops->audit_put(store->self, entry->sequence, line, hash, why);
}

enum err chain_add(struct district *district, const char *event, const char *subject,
                   const char *actor, const char *detail, struct fail *why)
{
    struct audit_entry entry = {.when = clock_now(district->options.clock)};
    text_copy(entry.event, sizeof entry.event, event);
    text_copy(entry.subject, sizeof entry.subject, subject);
    text_copy(entry.actor, sizeof entry.actor, actor);
    text_copy(entry.detail, sizeof entry.detail, detail);
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = append(district, &entry, why);
    return err ? fail_prefix(why, err, "the audit chain") : ERR_OK;
}

struct walk {
    struct audit_check check;
    struct fail *why;
    int64_t entries;
};

static enum err walk_line(void *context, int64_t sequence, const char *line,
                          const uint8_t hash[CRYPTO_HASH])
{
    struct walk *walk = context;
    walk->entries++;
    return audit_check_line(&walk->check, sequence, line, strlen(line), hash, walk->why);
}

enum err district_audit_verify(struct district *district, int64_t *entries, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct walk walk = {.why = why};
    audit_check_begin(&walk.check, district->options.crypto);
    enum err err = store->ops->audit_each(store->self, walk_line, &walk, why);
    *entries = walk.entries;
    return err;
}

static void add_head(void *context, const struct district_head *told)
{
    struct audit_head head = {.sequence = told->sequence};
    char text[AUDIT_HEAD_TEXT], when[32];
    if (!audit_unhex(told->hash, head.hash, AUDIT_HASH) ||
        !audit_unhex(told->signature, head.signature, CRYPTO_SIGNATURE))
        return;
    audit_head_format(&head, text);
    when_format_utc(told->told_utc_ms, when);
    strbuf_addf(context, "%s %s %s\n%s\n", told->counter, told->device_id, when, text);
}

enum err district_heads(struct district *district, struct strbuf *out, struct fail *why)
{
    const struct district_store *store = district->options.store;
    enum err err = store->ops->head_each(store->self, add_head, out, why);
    return err ? err : strbuf_result(out, why);
}
