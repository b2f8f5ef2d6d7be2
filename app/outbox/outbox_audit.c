// SPDX-License-Identifier: GPL-3.0-or-later
#include "outbox_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>

enum { COUNTER_TEXT = 24 };

enum err outbox_audit(struct outbox *outbox, const char *event, const char *subject,
                      const char *actor, const char *detail, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct audit_entry entry = {.when = clock_now(outbox->options.clock)};
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
    audit_hash(outbox->options.crypto, previous, line, length, hash);
    return store->ops->audit_append(store->self, entry.sequence, line, length, hash, why);
}

enum err outbox_counter(struct outbox *outbox, const char *key, int64_t *out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf text;
    strbuf_init(&text, COUNTER_TEXT);
    *out = 0;
    enum err err = store->ops->meta_get(store->self, key, &text, why);
    if (err == ERR_NOT_FOUND)
        err = ERR_OK;
    else if (!err && !text_to_int64(strbuf_text(&text), out))
        err = fail_set(why, ERR_CORRUPT, "the counter %s is not a number", key);
    strbuf_free(&text);
    return err;
}

enum err outbox_count_up(struct outbox *outbox, const char *key, int64_t *out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = outbox_counter(outbox, key, out, why);
    if (err)
        return err;
    char text[COUNTER_TEXT];
    ++*out;
    int length = snprintf(text, sizeof text, "%lld", (long long)*out);
    return store->ops->meta_set(store->self, key, text, (size_t)length, why);
}
