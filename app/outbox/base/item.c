// SPDX-License-Identifier: GPL-3.0-or-later
// What sync is given: a small case whole, of a large one the manifest and a line about each part,
// whose bytes it asks for in pieces.
#include "base.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARTS = LIMIT_ATTACHMENTS + 1 };

static void describe(const struct store_part *about, struct outbox_part *out)
{
    text_copy(out->name, sizeof out->name, about->name);
    out->length = about->length;
    for (size_t at = 0; at < sizeof about->digest; at++)
        snprintf(out->sha256 + 2 * at, 3, "%02x", about->digest[at]);
}

static enum err load_part(struct outbox *outbox, const struct outbox_item *item, size_t at,
                          struct outbox_part *out, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_part about;
    struct strbuf data;
    strbuf_init(&data, LIMIT_PART_BYTES + 64);
    enum err err;
    if (item->is_large) {
        err = store->ops->part_about(store->self, item->instance, at, &about, why);
        if (!err)
            err = store->ops->part_check(store->self, item->instance, at, why);
    } else {
        err = store->ops->part_get(store->self, item->instance, at, &about, &data, why);
    }
    if (!err) {
        describe(&about, out);
        if (!item->is_large)
            out->data = strbuf_take(&data);
    }
    strbuf_free(&data);
    return err;
}

static enum err load_parts(struct outbox *outbox, struct outbox_item *item, struct fail *why)
{
    item->parts = calloc(PARTS, sizeof *item->parts);
    if (!item->parts)
        return fail_set(why, ERR_RETRY, "no memory");
    for (size_t at = 0; at < PARTS; at++) {
        enum err err = load_part(outbox, item, at, &item->parts[at], why);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        item->part_count++;
    }
    return ERR_OK;
}

enum err outbox_load_item(struct outbox *outbox, const struct store_submission *row,
                          struct outbox_item *item, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf manifest;
    strbuf_init(&manifest, LIMIT_MANIFEST);
    text_copy(item->instance, sizeof item->instance, row->instance);
    text_copy(item->number, sizeof item->number, row->number);
    text_copy(item->form_id, sizeof item->form_id, row->form_id);
    item->urgent = row->urgent;
    item->attempts = row->attempts;
    item->sent_bytes = row->sent_bytes;
    item->is_large = row->total_bytes > LIMIT_WHOLE_CASE;
    enum err err = store->ops->manifest_get(store->self, row->instance, &manifest, why);
    if (!err) {
        item->manifest_length = manifest.length;
        item->manifest = strbuf_take(&manifest);
        err = load_parts(outbox, item, why);
    }
    strbuf_free(&manifest);
    return err;
}
