// SPDX-License-Identifier: GPL-3.0-or-later
// What a kiosk asks for a resident: POST /v1/lookup (how far is it, and with the receipt's
// own code what its owner may do), POST /v1/reprint (the receipt of another counter's case under a
// new token), and what it tells: POST /v1/token (of its own
// case). Wrong tries are counted by number, whether there is such a case or not, and answered
// alike.
#include "lookup_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>
#include <string.h>

enum {
    QUESTIONS_A_MINUTE = 60,
    PRINT_STEP = 3, // prints whose message was refused, or comes later, lie between
};

// Wrong tries are counted for the case and all that belongs to it together: each linked receipt
// would be five tries more. A number that is not here is counted by itself.
static const char *counted_as(const struct lookup *lookup)
{
    return lookup->known ? lookup->at.submission.receipt : lookup->request.number;
}

static json_t *refusal(const struct district_try *tries, int64_t now_utc_ms)
{
    if (tries->until_utc_ms > now_utc_ms)
        return json_pack("{s:s, s:I}", "result", "locked", "wait_ms",
                         (json_int_t)(tries->until_utc_ms - now_utc_ms));
    return json_pack("{s:s, s:i}", "result", "no-fit", "tries_left", TRACK_TRIES - tries->wrong);
}

// ------------------------------------------------------------------ what is told

static void add_linked(void *context, const struct district_case *row)
{
    json_t *list = context;
    if (json_array_size(list) < TRACK_LINKED)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I}", "number", row->submission.receipt,
                                        "service", row->submission.service, "status", row->status,
                                        "saved_ms", (json_int_t)row->submission.saved_utc_ms));
}

static enum err add_more(struct lookup *lookup, json_t *object, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    const char *instance = lookup->at.submission.instance;
    struct strbuf correction;
    int prints = 1;
    json_t *linked = json_array();
    strbuf_init(&correction, TRACK_CORRECTION);
    enum err err = store->ops->token_newest(store->self, instance, &prints, why);
    if (!err && !lookup_is_quiet(lookup))
        err = store->ops->linked_each(store->self, instance, add_linked, linked, why);
    if (!err && !lookup_is_quiet(lookup))
        err = correction_wanted(lookup->district, instance, &correction, why);
    if (err == ERR_NOT_FOUND)
        err = ERR_OK;
    json_object_set_new(object, "linked", linked);
    json_object_set_new(object, "prints", json_integer(prints));
    if (!err && correction.length > 0)
        json_object_set_new(object, "correction", json_string(strbuf_text(&correction)));
    strbuf_free(&correction);
    return err;
}

// With a number and the factor: how far it is. What its owner may do wants the receipt's code too.
static json_t *describe(struct lookup *lookup, struct fail *why)
{
    bool owner = lookup->owner;
    const struct district_submission *s = &lookup->at.submission;
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:b, s:b, s:b}", "number", s->receipt,
        "instance", s->instance, "service", lookup->facts.service, "counter", s->counter, "status",
        lookup_status(lookup), "saved_ms", (json_int_t)s->saved_utc_ms, "status_ms",
        (json_int_t)lookup->at.status_utc_ms, "masked_name", owner ? lookup->facts.masked_name : "",
        "masked_id", owner ? lookup->facts.masked_id : "", "drawn",
        owner && !lookup->facts.line_count ? lookup->facts.drawn : "", "newer", lookup->newer,
        "owner", owner, "reprint", owner);
    if (object && (!owner || add_more(lookup, object, why) == ERR_OK))
        return object;
    json_decref(object);
    return NULL;
}

static json_t *facts_json(const struct receipt_facts *facts)
{
    struct strbuf text;
    strbuf_init(&text, LOOKUP_FACTS);
    json_t *object = NULL;
    if (receipt_facts_write(facts, &text, NULL) == ERR_OK)
        object = json_loadb(strbuf_text(&text), text.length, JSON_REJECT_DUPLICATES, NULL);
    strbuf_free(&text);
    return object;
}

// ------------------------------------------------------------------ a new token

static void token_of(const struct renewal *renewal, const struct district_device *device,
                     struct district_token *out)
{
    *out = (struct district_token){.print = renewal->print, .renewed_utc_ms = renewal->utc_ms};
    text_copy(out->instance, sizeof out->instance, renewal->instance);
    text_copy(out->receipt, sizeof out->receipt, renewal->receipt);
    text_copy(out->device_id, sizeof out->device_id, device->id);
}

// Signed by the device that brings it, and of the right shape.
static bool renewal_is_good(struct lookup *lookup, const struct renewal *renewal,
                            struct district_token *out)
{
    const struct district_options *options = &lookup->district->options;
    struct district_device signer;
    token_of(renewal, lookup->device, out);
    return lookup_hash(options->crypto, renewal->token_hash, out->hash) &&
           options->store->ops->device_by_key(options->store->self, renewal->key_id, &signer,
                                              NULL) == ERR_OK &&
           text_equal(signer.counter, lookup->device->counter) && signer.revoked_utc_ms == 0 &&
           renewal_verify(options->crypto, signer.public_key, renewal, NULL) == ERR_OK;
}

static enum err renew(struct lookup *lookup, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    const struct renewal *renewal = &lookup->request.renewal;
    struct district_token token;
    int newest = 1;
    enum err err =
        store->ops->token_newest(store->self, lookup->at.submission.instance, &newest, why);
    if (err)
        return err;
    if (!text_equal(renewal->instance, lookup->at.submission.instance) ||
        !text_equal(renewal->receipt, lookup->at.submission.receipt) || renewal->print <= newest ||
        renewal->print > newest + PRINT_STEP || !renewal_is_good(lookup, renewal, &token))
        return fail_set(why, ERR_INPUT, "not a new token of this case");
    err = chain_add(lookup->district, "receipt.reprinted", lookup->at.submission.receipt,
                    lookup->device->id, "", why);
    if (!err)
        err = store->ops->token_put(store->self, &token, why);
    lookup->facts.print_count = renewal->print;
    return err;
}

// ------------------------------------------------------------------ answering

static enum err tell(struct lookup *lookup, bool reprint, json_t **out, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    enum err err = store->ops->try_clear(store->self, counted_as(lookup), why);
    if (!err)
        err = chain_add(lookup->district, "case.lookup", lookup->at.submission.receipt,
                        lookup->device->id, "its owner", why);
    if (!err && reprint && !lookup->owner)
        err = fail_set(why, ERR_INPUT, "a receipt is printed again for whoever shows it");
    if (!err && reprint)
        err = renew(lookup, why);
    json_t *object = err ? NULL : describe(lookup, why);
    if (!err && !object)
        err = fail_set(why, ERR_RETRY, "cannot be told just now");
    if (!err && reprint)
        json_object_set_new(object, "facts", facts_json(&lookup->facts));
    if (!err)
        *out = json_pack("{s:s, s:o}", "result", "found", "case", object);
    return err;
}

static enum err judge(struct lookup *lookup, bool reprint, json_t **out, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    int64_t now = clock_now(lookup->district->options.clock).utc_ms;
    struct district_try tries = {0};
    bool fits = false;
    enum err err = lookup_find(lookup, why);
    if (!err && lookup->known && lookup->at.opened != DISTRICT_OPENED) {
        *out = json_pack("{s:s}", "result", "opening");
        return ERR_OK;
    }
    if (!err)
        err = store->ops->try_take(store->self, counted_as(lookup), now, TRACK_TRIES, track_lock_ms,
                                   &tries, why);
    bool locked = err == ERR_DENIED;
    if (!err)
        err = lookup_fits(lookup, &fits, why);
    if (!err && fits)
        return tell(lookup, reprint, out, why);
    if (err && !locked)
        return err;
    *out = refusal(&tries, now);
    return chain_add(lookup->district, locked ? "case.lookup-locked" : "case.lookup-refused",
                     lookup->request.number, lookup->device->id, "", why);
}

static bool not_too_many(struct district *district, const struct district_device *device,
                         struct http_exchange *exchange)
{
    bool good = limit_take(district, "lookup", device->id, QUESTIONS_A_MINUTE);
    if (!good)
        exchange->status = 429;
    return good;
}

static void answer(struct district *district, const struct district_device *device,
                   struct http_exchange *exchange, bool reprint)
{
    struct lookup lookup = {.district = district, .device = device};
    struct fail why = {0};
    json_t *body = NULL;
    if (!district->options.lookup_key) {
        exchange->status = 503;
        return;
    }
    if (!lookup_read(district->options.crypto, exchange->body, exchange->length, &lookup.request) ||
        lookup.request.has_renewal != reprint) {
        exchange->status = 400;
    } else if (not_too_many(district, device, exchange)) {
        enum err err = judge(&lookup, reprint, &body, &why);
        if (!err)
            json_answer(exchange, 200, body);
        else
            log_fail(LOG_WARNING, "district", "lookup", &why);
        if (err)
            exchange->status = err == ERR_INPUT ? 409 : 503;
    }
    memory_wipe(&lookup, sizeof lookup);
}

void lookup_handle(struct district *district, const struct district_device *device,
                   struct http_exchange *exchange)
{
    answer(district, device, exchange, false);
}

void lookup_reprint(struct district *district, const struct district_device *device,
                    struct http_exchange *exchange)
{
    answer(district, device, exchange, true);
}

// A kiosk speaks of its own counter's case only, and of the next print, not of one that would leave
// no number for any later. ERR_CONFLICT: it never will be taken. ERR_RETRY: the case is on its way.
static enum err token_fits(struct district *district, const struct district_device *device,
                           const struct renewal *renewal)
{
    const struct district_store *store = district->options.store;
    struct district_case at;
    int newest = 1;
    enum err err = store->ops->case_get(store->self, renewal->instance, &at, NULL);
    if (err == ERR_NOT_FOUND)
        return ERR_RETRY;
    if (err)
        return err;
    if (!text_equal(at.submission.receipt, renewal->receipt) ||
        !text_equal(at.submission.counter, device->counter))
        return ERR_CONFLICT;
    err = store->ops->token_newest(store->self, renewal->instance, &newest, NULL);
    return err ? err : renewal->print > newest + PRINT_STEP ? ERR_CONFLICT : ERR_OK;
}

void lookup_token(struct district *district, const struct district_device *device,
                  struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    struct lookup lookup = {.district = district, .device = device};
    struct renewal renewal;
    struct receipt_number number;
    struct district_token token;
    enum err fits;
    if (renewal_read(exchange->body, exchange->length, &renewal, NULL) != ERR_OK ||
        receipt_number_parse(renewal.receipt, &number, NULL) != ERR_OK) {
        exchange->status = 400;
    } else if (!text_equal(number.counter, device->counter) ||
               !renewal_is_good(&lookup, &renewal, &token)) {
        exchange->status = 409;
    } else if ((fits = token_fits(district, device, &renewal)) != ERR_OK) {
        exchange->status = fits == ERR_CONFLICT ? 409 : 503;
    } else if (chain_add(district, "receipt.reprinted", renewal.receipt, device->id, "", NULL) ||
               store->ops->token_put(store->self, &token, NULL)) {
        exchange->status = 503;
    } else {
        json_answer(exchange, 200, json_pack("{s:b}", "filed", true));
    }
}
