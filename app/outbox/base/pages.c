// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/text.h"

struct page_visit *outbox_pages_of(struct outbox *outbox, const char *instance)
{
    for (size_t at = 0; at < PAGE_VISITS && instance[0]; at++)
        if (text_equal(outbox->visits[at].instance, instance))
            return &outbox->visits[at];
    return NULL;
}

void outbox_pages_forget(struct page_visit *visit)
{
    if (visit)
        memory_wipe(visit, sizeof *visit);
}

enum err outbox_pages_delete(struct outbox *outbox, const char *instance, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    return store->ops->pages_drop(store->self, instance, 0, why);
}
