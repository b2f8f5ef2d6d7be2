// SPDX-License-Identifier: GPL-3.0-or-later
// Receipt facts: sealed under a key from the root secret, because they must be printable again.
#include "base.h"

#include "yimen/base/text.h"

#include <stdio.h>

enum { FACTS_MAXIMUM = 16 << 10, PLACE = 96 };

static void place_of(const char *instance, char out[PLACE])
{
    snprintf(out, PLACE, "yimen/receipt-facts/1 %s", instance);
}

void outbox_job_name(const char *number, int print_count, char out[64])
{
    snprintf(out, 64, "yimen-%s-%d", number, print_count);
}

enum err outbox_seal_facts(struct outbox *outbox, const char *instance,
                           const struct receipt_facts *facts, struct strbuf *out, struct fail *why)
{
    const struct crypto *crypto = outbox->options.crypto;
    struct strbuf json;
    char place[PLACE];
    strbuf_init(&json, FACTS_MAXIMUM);
    place_of(instance, place);
    enum err err = receipt_facts_write(facts, &json, why);
    if (!err) {
        err = crypto->ops->seal(crypto->self, outbox->receipt_key, place, json.data, json.length,
                                out);
        if (err)
            fail_set(why, err, "sealing the receipt");
    }
    strbuf_free(&json);
    return err;
}

enum err outbox_open_facts(struct outbox *outbox, const char *instance, struct receipt_facts *out,
                           struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct crypto *crypto = outbox->options.crypto;
    struct strbuf sealed, json;
    char place[PLACE];
    strbuf_init(&sealed, FACTS_MAXIMUM + 256);
    strbuf_init(&json, FACTS_MAXIMUM);
    place_of(instance, place);
    enum err err = store->ops->receipt_get(store->self, instance, &sealed, why);
    if (!err) {
        err = crypto->ops->open(crypto->self, outbox->receipt_key, place, sealed.data,
                                sealed.length, &json);
        if (err)
            fail_set(why, err, "the stored receipt cannot be opened");
    }
    if (!err)
        err = receipt_facts_read(json.data, json.length, out, why);
    strbuf_free(&sealed);
    strbuf_free(&json);
    return err;
}
