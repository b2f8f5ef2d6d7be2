// SPDX-License-Identifier: GPL-3.0-or-later
// The last time that somebody vouched for: what a machine's clock with a dead battery is measured
// by at the next start.
#include "verb.h"

#include "yimen/base/text.h"

#include <string.h>

static const char known_key[] = "clock.known";

enum err outbox_known_time(const struct kiosk_store *store, struct when *out, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, WHEN_TEXT);
    enum err err = store->ops->meta_get(store->self, known_key, &text, why);
    if (!err && !when_from_text(strbuf_text(&text), out))
        err = fail_set(why, ERR_CORRUPT, "the time known last cannot be read");
    strbuf_free(&text);
    return err;
}

static enum err set_known(const struct kiosk_store *store, const struct when *when,
                          struct fail *why)
{
    char text[WHEN_TEXT];
    when_to_text(when, text);
    return store->ops->meta_set(store->self, known_key, text, strlen(text), why);
}

enum err outbox_set_known_time(const struct kiosk_store *store, const struct when *when,
                               struct fail *why)
{
    enum err err = store->ops->begin(store->self, why);
    if (err)
        return err;
    err = set_known(store, when, why);
    if (!err)
        err = store->ops->commit(store->self, why);
    if (err)
        store->ops->rollback(store->self);
    return err;
}

static enum err time_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    return set_known(outbox->options.store, &request->when, why);
}

void outbox_time_known(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction_soft(outbox, time_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}
