// SPDX-License-Identifier: GPL-3.0-or-later
// What a case's owner proves themselves with, as far as this kiosk can tell (case/owner_lock.h):
// the box is made after the case is saved, the token of its receipt goes when that is on paper.
#include "base.h"

#include "yimen/base/text.h"
#include "yimen/case/tracking.h"

#include <string.h>

enum { SEALED_MAXIMUM = 32 << 10 };

void outbox_token_of(const struct receipt_facts *facts, char out[LIMIT_TOKEN_TEXT])
{
    struct tracking code = {0};
    char number[LIMIT_RECEIPT_NUMBER];
    out[0] = '\0';
    if (facts->qr_text[0] && tracking_parse(facts->qr_text, &code, number, NULL) == ERR_OK)
        text_copy(out, LIMIT_TOKEN_TEXT, code.token);
    memory_wipe(&code, sizeof code);
}

enum err outbox_owner_row(struct outbox *outbox, const char *instance, struct store_owner *out,
                          struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = store->ops->owner_get(store->self, instance, out, why);
    if (err != ERR_NOT_FOUND)
        return err;
    *out = (struct store_owner){0}; // saved by a version that had no such rows
    text_copy(out->instance, sizeof out->instance, instance);
    return ERR_OK;
}

enum err outbox_owner_close(struct outbox *outbox, struct store_owner *row, const char *token,
                            const struct owner_lock *lock, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf box;
    strbuf_init(&box, OWNER_BOX);
    row->salt[0] = '\0';
    row->box_length = 0;
    enum err err =
        lock ? owner_lock_close(outbox->options.crypto, token, row->instance, lock, &box, why)
             : ERR_OK;
    if (!err && lock) {
        text_copy(row->salt, sizeof row->salt, lock->salt);
        memcpy(row->box, box.data, row->box_length = box.length);
    }
    strbuf_free(&box);
    return err ? err : store->ops->owner_put(store->self, row, why);
}

enum err outbox_token_erase(struct outbox *outbox, const char *instance, int print, bool *erased,
                            struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct receipt_facts facts;
    struct strbuf sealed;
    *erased = false;
    enum err err = outbox_open_facts(outbox, instance, &facts, why);
    if (err == ERR_NOT_FOUND || err == ERR_CORRUPT) // pruned, or nobody can open it any more
        return ERR_OK;
    bool bore_it = !err && facts.qr_text[0] && print >= facts.print_count;
    if (bore_it) {
        memory_wipe(facts.qr_text, sizeof facts.qr_text);
        strbuf_init(&sealed, SEALED_MAXIMUM);
        err = outbox_seal_facts(outbox, instance, &facts, &sealed, why);
        if (!err)
            err = store->ops->receipt_set(store->self, instance, &sealed, why);
        strbuf_free(&sealed);
        *erased = !err;
    }
    memory_wipe(&facts, sizeof facts);
    return err;
}
