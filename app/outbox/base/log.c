// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/text.h"

#include <stdio.h>

enum { COUNTER_TEXT = 24 };

struct audit_log outbox_log(const struct outbox *outbox)
{
    return (struct audit_log){.store = outbox->options.store,
                              .crypto = outbox->options.crypto,
                              .clock = outbox->options.clock,
                              .signing_secret = outbox->options.signing_secret};
}

enum err outbox_audit(struct outbox *outbox, const char *event, const char *subject,
                      const char *actor, const char *detail, struct fail *why)
{
    const struct audit_log log = outbox_log(outbox);
    return audit_log_append(&log, event, subject, actor, detail, why);
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

enum err outbox_set_number(struct outbox *outbox, const char *key, int64_t value, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    char text[COUNTER_TEXT];
    int length = snprintf(text, sizeof text, "%lld", (long long)value);
    return store->ops->meta_set(store->self, key, text, (size_t)length, why);
}

enum err outbox_count_up(struct outbox *outbox, const char *key, int64_t *out, struct fail *why)
{
    enum err err = outbox_counter(outbox, key, out, why);
    if (err)
        return err;
    return outbox_set_number(outbox, key, ++*out, why);
}
