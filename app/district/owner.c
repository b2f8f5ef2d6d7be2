// SPDX-License-Identifier: GPL-3.0-or-later
// The internal side of the telephone page: it holds the verifiers and counts the wrong tries. What
// it tells of a case is what the case's paper no longer has room for.
#include "lookup_internal.h"
#include "owner_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/correction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t HOUR_MS = 3600000;

// Telephones have tries of their own: a photographed receipt must not lock its owner out.
static void tries_key(const struct owner_question *question, char out[80])
{
    int length = snprintf(out, 80, "phone-");
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        length += snprintf(out + length, 80 - (size_t)length, "%02x", question->token_hash[i]);
}

// ------------------------------------------------------------------ what is told

static void tell_papers(const struct receipt_facts *facts, struct owner_answer *out)
{
    for (size_t i = 0; i < facts->paper_count && out->missing_count < DRAFT_PAPERS; i++)
        if (facts->papers[i].answer == PAPER_ANSWER_NONE ||
            facts->papers[i].answer == PAPER_ANSWER_LATER)
            text_copy(out->missing[out->missing_count++], sizeof out->missing[0],
                      facts->papers[i].id);
}

static void add_linked(void *context, const struct district_case *row)
{
    struct owner_answer *out = context;
    if (out->linked_count == OWNER_STATES)
        return;
    struct owner_state *state = &out->linked[out->linked_count++];
    text_copy(state->service, sizeof state->service, row->submission.service);
    text_copy(state->status, sizeof state->status, row->status);
    state->saved_utc_ms = row->submission.saved_utc_ms;
}

static void add_item(void *context, const struct district_item *item)
{
    struct owner_answer *out = context;
    if (out->item_count == OWNER_STATES)
        return;
    struct owner_state *state = &out->items[out->item_count++];
    text_copy(state->service, sizeof state->service, item->item);
    text_copy(state->status, sizeof state->status, item->status);
}

// Which papers, and how many answers; the desk's own words stay inside.
static enum err tell_wanted(struct lookup *lookup, struct owner_answer *out, struct fail *why)
{
    struct correction_list *list = calloc(1, sizeof *list);
    struct strbuf json;
    if (!list)
        return fail_set(why, ERR_RETRY, "no memory");
    strbuf_init(&json, TRACK_CORRECTION);
    enum err err = correction_wanted(lookup->district, lookup->at.submission.instance, &json, why);
    if (!err)
        err = correction_read(strbuf_text(&json), json.length, list, why);
    if (!err)
        out->due_utc_ms = list->due_utc_ms;
    for (size_t i = 0; !err && i < list->count; i++) {
        if (list->items[i].kind == CORRECTION_FIELD)
            out->questions++;
        else if (out->wanted_count < OWNER_WANTED)
            text_copy(out->wanted[out->wanted_count++], sizeof out->wanted[0], list->items[i].ref);
    }
    strbuf_free(&json);
    free(list);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void tell_times(const struct receipt_facts *facts, struct owner_answer *out)
{
    bool is_known = facts->saved.quality != TIME_UNKNOWN;
    out->saved_utc_ms = is_known ? facts->saved.utc_ms : 0;
    out->legal_days = facts->legal_limit_days;
    out->promised_days = facts->promised_limit_days;
    if (!facts->urgent)
        return;
    out->limit_hours = facts->limit_hours;
    if (facts->first_touch.quality != TIME_UNKNOWN)
        out->deadline_utc_ms = facts->first_touch.utc_ms + facts->limit_hours * HOUR_MS;
}

static enum err tell(struct lookup *lookup, const char *tries, struct owner_answer *out,
                     struct fail *why)
{
    const struct district_store *store = lookup->district->options.store;
    const char *instance = lookup->at.submission.instance;
    enum err err = store->ops->try_clear(store->self, tries, why);
    if (!err)
        err = chain_add(lookup->district, "case.phone-lookup", lookup->at.submission.receipt,
                        "telephone", "its owner", why);
    out->result = TRACK_FOUND;
    text_copy(out->service, sizeof out->service, lookup->facts.service);
    text_copy(out->status, sizeof out->status, lookup_status(lookup));
    tell_times(&lookup->facts, out);
    if (err || lookup_is_quiet(lookup))
        return err;
    out->signature_outstanding = lookup->facts.signature_outstanding;
    tell_papers(&lookup->facts, out);
    err = store->ops->linked_each(store->self, instance, add_linked, out, why);
    if (!err)
        err = store->ops->items_each(store->self, instance, add_item, out, why);
    return err ? err : tell_wanted(lookup, out, why);
}

// ------------------------------------------------------------------ whose it is

static enum err refuse(struct lookup *lookup, const struct district_try *tries, int64_t now,
                       struct owner_answer *out, struct fail *why)
{
    bool locked = tries->until_utc_ms > now;
    *out = (struct owner_answer){.result = locked ? TRACK_LOCKED : TRACK_NO_FIT,
                                 .wait_ms = locked ? tries->until_utc_ms - now : 0,
                                 .tries_left = locked ? 0 : TRACK_TRIES - tries->wrong};
    return chain_add(lookup->district, locked ? "case.phone-locked" : "case.phone-refused",
                     lookup->at.submission.receipt, "telephone", "", why);
}

enum err owner_judge(struct district *district, const struct owner_question *question,
                     struct owner_answer *out, struct fail *why)
{
    const struct district_store *store = district->options.store;
    int64_t now = clock_now(district->options.clock).utc_ms;
    struct lookup lookup = {.district = district, .request.has_token = true};
    struct district_try tries = {0};
    char key[80];
    bool fits = false;
    *out = (struct owner_answer){0};
    memcpy(lookup.request.token, question->token_hash, CRYPTO_HASH);
    memcpy(lookup.request.factor, question->factor, sizeof lookup.request.factor);
    tries_key(question, key);
    enum err err = lookup_find(&lookup, why);
    if (!err && lookup.known && lookup.at.opened != DISTRICT_OPENED) {
        out->result = TRACK_OPENING;
        memory_wipe(&lookup, sizeof lookup);
        return ERR_OK;
    }
    if (!err)
        err = store->ops->try_take(store->self, key, now, TRACK_TRIES, track_lock_ms, &tries, why);
    bool locked = err == ERR_DENIED;
    if (!err)
        err = lookup_fits(&lookup, &fits, why);
    if (!err && fits)
        err = tell(&lookup, key, out, why);
    else if (!err || locked)
        err = refuse(&lookup, &tries, now, out, why);
    memory_wipe(&lookup, sizeof lookup);
    return err;
}

static enum err ask_here(void *self, const struct owner_question *question,
                         struct owner_answer *out, struct fail *why)
{
    struct district *district = self;
    return owner_judge(district, question, out, why);
}

void owner_desk_here(struct district *district, struct owner_desk *out)
{
    static const struct owner_desk_ops operations = {ask_here};
    *out = (struct owner_desk){&operations, district};
}
