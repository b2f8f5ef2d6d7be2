// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/log.h"

enum { SOFT_AT_MOST = 64 };

static enum err work_and_commit(struct outbox *outbox,
                                enum err (*work)(struct outbox *outbox, void *context,
                                                 struct fail *why),
                                void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = work(outbox, context, why);
    if (!err)
        err = store->ops->commit(store->self, why);
    if (err)
        store->ops->rollback(store->self);
    return err;
}

enum err outbox_transaction_once(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->begin(store->self, why);
    return err ? err : work_and_commit(outbox, work, context, why);
}

enum err outbox_transaction_soft(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->begin_soft(store->self, why);
    if (!err)
        err = work_and_commit(outbox, work, context, why);
    if (err == ERR_FULL)
        return outbox_transaction(outbox, work, context, why);
    if (!err && ++outbox->soft >= SOFT_AT_MOST)
        (void)!outbox_settle(outbox, NULL); // it is tried again with the next
    return err;
}

static enum err settle_work(struct outbox *outbox, void *context, struct fail *why)
{
    int64_t count;
    (void)context;
    return outbox_count_up(outbox, "settled", &count, why); // only what writes is flushed
}

enum err outbox_settle(struct outbox *outbox, struct fail *why)
{
    if (outbox->soft == 0)
        return ERR_OK;
    enum err err = outbox_transaction(outbox, settle_work, NULL, why);
    if (err)
        log_event(LOG_WARNING, "outbox", "not-settled", "err=%s", err_name(err));
    else
        outbox->soft = 0;
    return err;
}

enum err outbox_transaction(struct outbox *outbox,
                            enum err (*work)(struct outbox *outbox, void *context,
                                             struct fail *why),
                            void *context, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = outbox_transaction_once(outbox, work, context, why);
    if (err == ERR_FULL && store->ops->make_room(store->self, why) == ERR_OK) {
        log_event(LOG_ERROR, "outbox", "disk-full", "%s", "room was made");
        err = outbox_transaction_once(outbox, work, context, why);
    }
    return err;
}
