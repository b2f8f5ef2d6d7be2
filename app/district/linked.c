// SPDX-License-Identifier: GPL-3.0-or-later
// What belongs to another case: a withdrawal moves that case, papers and corrections are shown with
// it. Either may arrive first.
#include "lookup_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROOF_TRIES = 3 };
static const char withdrawal[] = "withdraw", withdrawn[] = "96";

// Only while the state machine lets it; a case that is decided stays as it is, and a clerk sees
// both.
static enum err withdraw(struct district *district, const struct district_case *of,
                         const char *receipt, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct status *now = status_find(of->status);
    struct district_event event = {.utc_ms = clock_now(district->options.clock).utc_ms};
    if (!now || !status_may_follow(now, withdrawn)) {
        log_event(LOG_INFO, "district", "withdrawal-too-late", "receipt=%s", receipt);
        return ERR_OK;
    }
    text_copy(event.instance, sizeof event.instance, of->submission.instance);
    text_copy(event.from, sizeof event.from, of->status);
    text_copy(event.status, sizeof event.status, withdrawn);
    text_copy(event.actor, sizeof event.actor, "its owner");
    snprintf(event.reason, sizeof event.reason, "withdrawn with %s", receipt);
    enum err err = store->ops->status_set(store->self, &event, why);
    return err ? err
               : chain_add(district, "case.status", of->submission.receipt, "its owner",
                           event.reason, why);
}

// The record must say of which case it is: the seal alone is of the device.
static enum err names_its_case(const struct manifest *manifest, const struct attachment *record,
                               struct fail *why)
{
    char of[LIMIT_INSTANCE_ID];
    enum err err = opened_value(record, "/data/visit/of", of, sizeof of, NULL);
    if (err || !text_equal(of, manifest->seal.of_instance))
        return fail_set(why, ERR_CORRUPT, "the record does not say what its seal says it is of");
    return ERR_OK;
}

// "TOKEN FACTOR", as the visit wrote it.
static bool read_proof(const struct crypto *crypto, const struct attachment *record,
                       struct lookup_request *out)
{
    char proof[LIMIT_TOKEN_TEXT + TRACK_FACTOR], hash[TRACKING_HASH_TEXT];
    bool good = opened_value(record, "/data/visit/of_proof", proof, sizeof proof, NULL) == ERR_OK &&
                strlen(proof) == sizeof proof - 1 && proof[LIMIT_TOKEN_TEXT - 1] == ' ';
    if (good) {
        proof[LIMIT_TOKEN_TEXT - 1] = '\0';
        text_copy(out->factor, sizeof out->factor, proof + LIMIT_TOKEN_TEXT);
        good = track_factor_is_whole(out->factor) &&
               tracking_token_hash(crypto, proof, hash, NULL) == ERR_OK &&
               lookup_hash(crypto, hash, out->token);
    }
    memory_wipe(proof, sizeof proof);
    out->has_token = good;
    return good;
}

// A case whose withdrawal is judged. One that is being opened has no factor on file yet: it stands
// in its record.
struct judged {
    const struct district_case *of;
    const struct attachment *record; ///< NULL: it is on file
};

// Whoever holds a device's key can send as many as they like: what does not fit is counted, apart
// from what the owner types at a kiosk or a telephone, whom this must not lock out. One that comes
// while it is locked proves nothing, and a clerk decides.
static enum err factor_fits_on_file(struct lookup *lookup, bool *out, struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    int64_t now = clock_now(lookup->district->options.clock).utc_ms;
    struct district_try tries;
    char key[sizeof "withdrawal-" + LIMIT_RECEIPT_NUMBER];
    snprintf(key, sizeof key, "withdrawal-%s", lookup->at.submission.receipt);
    enum err err =
        store->ops->try_take(store->self, key, now, TRACK_TRIES, track_lock_ms, &tries, why);
    if (err)
        return err == ERR_DENIED ? ERR_OK : err;
    err = lookup_fits(lookup, out, why);
    return err || !*out ? err : store->ops->try_clear(store->self, key, why);
}

static enum err factor_fits(struct lookup *lookup, const struct judged *judged, bool *out,
                            struct fail *why)
{
    char factor[TRACK_FACTOR];
    if (!judged->record)
        return factor_fits_on_file(lookup, out, why);
    lookup_factor_of(lookup->district, judged->of->submission.service, judged->record, factor);
    *out = factor[0] && text_equal(factor, lookup->request.factor);
    memory_wipe(factor, sizeof factor);
    return ERR_OK;
}

enum proof {
    PROOF_NOT_YET, ///< none, or a receipt's code that is not known: the news of it may be on its
                   ///< way
    PROOF_WRONG,
    PROOF_GOOD
};

// The device's signature says who sent it, not whose case it is: of that the receipt's code with
// the second factor is the proof. A receipt that was replaced since proves as much.
static enum err is_its_owners(struct district *district, const struct judged *judged,
                              const struct attachment *wish, enum proof *out, struct fail *why)
{
    struct lookup lookup = {.district = district};
    enum err err = ERR_OK;
    bool fits = false;
    *out = PROOF_NOT_YET;
    if (district->options.lookup_key &&
        read_proof(district->options.crypto, wish, &lookup.request)) {
        err = lookup_find(&lookup, why);
        if (!err && lookup.known &&
            text_equal(lookup.at.submission.instance, judged->of->submission.instance)) {
            err = factor_fits(&lookup, judged, &fits, why);
            *out = fits ? PROOF_GOOD : PROOF_WRONG;
        }
    }
    memory_wipe(&lookup, sizeof lookup);
    return err;
}

// What nobody has proven is filed and linked like any other, moves nothing, and a clerk decides.
// The news of a token that was renewed may come a little later than what was handed in with it.
static enum err withdraw_if_proven(struct district *district, const struct judged *judged,
                                   const struct district_case *wish,
                                   const struct attachment *record, struct fail *why)
{
    enum proof proof;
    enum err err = is_its_owners(district, judged, record, &proof, why);
    if (err || proof == PROOF_GOOD)
        return err ? err : withdraw(district, judged->of, wish->submission.receipt, why);
    if (proof == PROOF_NOT_YET && wish->opened != DISTRICT_OPENED && wish->tries < PROOF_TRIES)
        return fail_set(why, ERR_RETRY, "nothing proves yet that its owner withdraws it");
    log_event(LOG_WARNING, "district", "withdrawal-unproven", "receipt=%s",
              wish->submission.receipt);
    return chain_add(district, "case.withdrawal-unproven", judged->of->submission.receipt, "opener",
                     wish->submission.receipt, why);
}

struct wishes {
    struct district_case *rows;
    size_t count;
    bool short_of_memory;
};

static void add_withdrawal(void *context, const struct district_case *row)
{
    struct wishes *wishes = context;
    if (row->opened != DISTRICT_OPENED || !text_equal(row->submission.service, withdrawal))
        return;
    struct district_case *rows = realloc(wishes->rows, (wishes->count + 1) * sizeof *rows);
    wishes->short_of_memory |= !rows;
    if (!rows)
        return;
    wishes->rows = rows;
    rows[wishes->count++] = *row;
}

static enum err apply_one(struct district *district, const struct district_case *wish,
                          const char *instance, const struct attachment *record, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_case at; // as the one before has left it
    const struct judged judged = {&at, record};
    struct opened *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fail_set(why, ERR_RETRY, "no memory");
    enum err err = store->ops->case_get(store->self, instance, &at, why);
    if (!err)
        err = opened_read(district, wish->submission.instance, opened, why);
    if (!err)
        err = withdraw_if_proven(district, &judged, wish, &opened->files[opened->count - 1], why);
    opened_clear(opened);
    free(opened);
    return err;
}

// A case that comes after its withdrawal, or after several: one that proves nothing takes no other
// one's place.
static enum err apply_waiting(struct district *district, const char *instance,
                              const struct attachment *record, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct wishes wishes = {0};
    enum err err = store->ops->linked_each(store->self, instance, add_withdrawal, &wishes, why);
    if (!err && wishes.short_of_memory)
        err = fail_set(why, ERR_RETRY, "no memory");
    for (size_t i = 0; !err && i < wishes.count; i++) {
        err = apply_one(district, &wishes.rows[i], instance, record, why);
        if (err == ERR_CORRUPT || err == ERR_DENIED || err == ERR_NOT_FOUND) {
            log_fail(LOG_WARNING, "district", "withdrawal-unreadable", why);
            err = ERR_OK; // the case is as good as before: a clerk sees both
        }
    }
    free(wishes.rows);
    return err;
}

enum err linked_apply(struct district *district, const struct manifest *manifest,
                      const struct attachment *record, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct seal *seal = &manifest->seal;
    struct district_case of, wish;
    const struct judged judged = {&of, NULL};
    if (!text_equal(seal->service, withdrawal))
        return apply_waiting(district, manifest->instance_id, record, why);
    enum err err = names_its_case(manifest, record, why);
    if (!err)
        err = store->ops->case_get(store->self, seal->of_instance, &of, why);
    if (err == ERR_NOT_FOUND || (!err && of.opened != DISTRICT_OPENED)) // it comes later
        return ERR_OK;
    if (!err)
        err = store->ops->case_get(store->self, manifest->instance_id, &wish, why);
    return err || !of.status[0] ? err : withdraw_if_proven(district, &judged, &wish, record, why);
}

struct listing {
    const struct district *district;
    json_t *list;
};

static void add_linked(void *context, const struct district_case *row)
{
    const struct listing *listing = context;
    char saved[32];
    when_format_utc(row->submission.saved_utc_ms, saved);
    json_array_append_new(listing->list,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "receipt", row->submission.receipt,
                                    "service", row->submission.service, "saved", saved, "status",
                                    row->status, "status_name",
                                    status_name(listing->district, row->status)));
}

json_t *linked_describe(struct district *district, const char *instance)
{
    const struct district_store *store = district->options.store;
    struct listing listing = {district, json_array()};
    if (store->ops->linked_each(store->self, instance, add_linked, &listing, NULL) != ERR_OK)
        json_array_clear(listing.list);
    return listing.list;
}
