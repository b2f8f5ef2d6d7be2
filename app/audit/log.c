// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/log.h"

#include "yimen/base/text.h"

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
    return store->ops->audit_append(store->self, entry.sequence, line, length, hash, why);
}

static enum err check_entry(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    return audit_check_line(context, sequence, line, length, hash, why);
}

enum err audit_log_verify(const struct audit_log *log, struct audit_check *check, struct fail *why)
{
    audit_check_begin(check, log->crypto);
    return log->store->ops->audit_walk(log->store->self, check_entry, check, why);
}
