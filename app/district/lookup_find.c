// SPDX-License-Identifier: GPL-3.0-or-later
// Which case is asked for, and whether it is its owner who asks.
#include "lookup_internal.h"

#include "yimen/base/text.h"

enum { CHAIN = 4 }; // of what belongs to what

static enum err find_asked(struct lookup *lookup, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    enum err err = ERR_NOT_FOUND;
    bool by_number = lookup->request.number[0] != '\0', found_by_token = false;
    if (lookup->request.has_token)
        err = store->ops->case_by_token(store->self, lookup->request.token, &lookup->at, why);
    bool of_another =
        !err && by_number && !text_equal(lookup->at.submission.receipt, lookup->request.number);
    if (by_number &&
        (err == ERR_NOT_FOUND || of_another)) // repeated numbers are told apart by their token
        err = store->ops->case_by_receipt(store->self, lookup->request.number, &lookup->at, why);
    else if (!err && (found_by_token = lookup->request.has_token))
        err = store->ops->token_renewed(store->self, lookup->request.token, &lookup->newer, why);
    if (!err)
        lookup->owner = lookup->request.has_code && found_by_token && !lookup->newer;
    return err;
}

enum err lookup_find(struct lookup *lookup, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    enum err err = find_asked(lookup, why);
    for (int i = 0; !err && i < CHAIN && lookup->at.submission.of_instance[0]; i++) {
        struct district_case of;
        err = store->ops->case_get(store->self, lookup->at.submission.of_instance, &of, why);
        if (!err)
            lookup->at = of;
    }
    lookup->known = !err && lookup->at.status[0] != '\0';
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

// An unknown number takes the same way, so that it takes as long.
enum err lookup_fits(struct lookup *lookup, bool *out, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    const char *instance = lookup->known ? lookup->at.submission.instance : lookup->request.number;
    uint8_t typed[CRYPTO_HASH], filed[CRYPTO_HASH] = {0};
    bool has_factor = false;
    struct strbuf sealed;
    strbuf_init(&sealed, LOOKUP_FACTS + 256);
    lookup_factor(lookup->district, instance, lookup->request.factor, typed);
    enum err err = store->ops->lookup_get(store->self, instance, &has_factor, filed, &sealed, why);
    *out = !err && lookup->known && has_factor && memory_equal(typed, filed, sizeof typed);
    if (*out)
        err = lookup_open_facts(lookup->district, instance, &sealed, &lookup->facts, why);
    strbuf_free(&sealed);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

// What it tells is an enquiry, and its seal says something else: it is restricted.
bool lookup_is_quiet(const struct lookup *lookup)
{
    return lookup->facts.service[0] &&
           !text_equal(lookup->facts.service, lookup->at.submission.service);
}

bool lookup_tells_enquiry(struct district *district, const char *instance)
{
    const struct district_store *store = district->options.store;
    struct lookup lookup = {.district = district};
    uint8_t factor[CRYPTO_HASH];
    bool has_factor = false;
    struct strbuf sealed;
    strbuf_init(&sealed, LOOKUP_FACTS + 256);
    bool tells =
        district->options.lookup_key && instance &&
        !store->ops->case_get(store->self, instance, &lookup.at, NULL) &&
        !store->ops->lookup_get(store->self, instance, &has_factor, factor, &sealed, NULL) &&
        sealed.length > 0 && !lookup_open_facts(district, instance, &sealed, &lookup.facts, NULL) &&
        lookup_is_quiet(&lookup);
    strbuf_free(&sealed);
    memory_wipe(&lookup, sizeof lookup);
    return tells;
}

const char *lookup_status(const struct lookup *lookup)
{
    return lookup_is_quiet(lookup) ? "10" : lookup->at.status;
}
