// SPDX-License-Identifier: GPL-3.0-or-later
// What this kiosk itself can say of a case to somebody who shows its receipt and knows the last
// four of its ID number. What it holds of those opens with the receipt's token only
// (case/owner_lock.h); as long as the kiosk has that token itself, because the receipt is still to
// be printed, the number is enough to get it. Wrong tries are counted by number before they are
// answered; the lock runs in powered-on time.
#include "verb.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

struct asking {
    const struct track_question *question;
    struct track_case *out;
    struct store_submission row; ///< the case whose number was typed
    struct store_submission of;  ///< the one that is shown: itself, or what it belongs to
    bool waits;                  ///< its receipt is not known to be printed: the token is here
    bool newer;                  ///< the code that was scanned is not the one in force
};

// ------------------------------------------------------------------ what is told

static enum err fill_masks(struct outbox *outbox, const struct asking *asking, struct fail *why)
{
    struct track_case *out = asking->out;
    struct receipt_facts facts;
    if (asking->of.state == STORE_PRUNED)
        return ERR_OK;
    enum err err = outbox_open_facts(outbox, asking->of.instance, &facts, why);
    if (err)
        return err;
    text_copy(out->masked_name, sizeof out->masked_name, facts.masked_name);
    if (!facts.line_count) // else they are of what its slip says in full
        text_copy(out->drawn, sizeof out->drawn, facts.drawn);
    text_copy(out->masked_id, sizeof out->masked_id, facts.masked_id);
    bool same_case = text_equal(asking->row.instance, asking->of.instance);
    out->may_reprint = out->owner || (asking->waits && same_case);
    out->newer_receipt = asking->newer && same_case;
    memory_wipe(&facts, sizeof facts);
    return ERR_OK;
}

static void add_linked(void *context, const struct store_submission *row)
{
    struct track_case *out = context;
    if (out->linked_count == TRACK_LINKED)
        return;
    struct track_linked *linked = &out->linked[out->linked_count++];
    *linked = (struct track_linked){.saved_utc_ms = row->saved.utc_ms};
    text_copy(linked->number, sizeof linked->number, row->number);
    text_copy(linked->service, sizeof linked->service, row->service);
    text_copy(linked->status, sizeof linked->status, row->status);
}

static bool is_sent(const struct store_submission *row)
{
    return row->state == STORE_RECEIVED || row->state == STORE_PRUNED;
}

static enum err fill(struct outbox *outbox, const struct asking *asking, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    const struct store_submission *row = &asking->of;
    struct track_case *out = asking->out;
    out->result = TRACK_FOUND;
    out->saved_utc_ms = row->saved.utc_ms;
    out->known_utc_ms = clock_now(outbox->options.clock).utc_ms;
    text_copy(out->number, sizeof out->number, row->number);
    text_copy(out->instance, sizeof out->instance, row->instance);
    text_copy(out->service, sizeof out->service, row->service);
    text_copy(out->status, sizeof out->status, row->status);
    out->status_utc_ms = row->status_utc_ms;
    enum err err =
        is_sent(row) ? outbox_counter(outbox, OUTBOX_HEARD_KEY, &out->known_utc_ms, why) : ERR_OK;
    if (!err)
        err = fill_masks(outbox, asking, why);
    if (!err)
        err = store->ops->linked_each(store->self, row->instance, add_linked, out, why);
    track_case_allow(out);
    return err;
}

// ------------------------------------------------------------------ the factor

static enum err put_try(struct outbox *outbox, const struct store_try *tries, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    enum err err = outbox_powered_write(outbox, why);
    return err ? err : store->ops->try_put(store->self, tries, why);
}

static enum err count_wrong(struct outbox *outbox, struct store_try *tries, struct track_case *out,
                            struct fail *why)
{
    int64_t now = outbox_powered_ms(outbox);
    if (now - tries->tried_ms >= track_lock_ms)
        tries->wrong = 0;
    tries->wrong++;
    tries->tried_ms = now;
    out->result = TRACK_NO_FIT;
    out->tries_left = TRACK_TRIES - tries->wrong;
    if (tries->wrong >= TRACK_TRIES) {
        tries->wrong = 0;
        tries->until_ms = now + track_lock_ms;
        out->result = TRACK_LOCKED;
        out->wait_ms = track_lock_ms;
    }
    return put_try(outbox, tries, why);
}

// With the code that was scanned, or with the token that is still here. ERR_NOT_FOUND: with
// neither.
static enum err open_box(struct outbox *outbox, struct asking *asking,
                         const struct store_owner *owner, uint8_t key[CRYPTO_KEY], struct fail *why)
{
    const struct crypto *crypto = outbox->options.crypto;
    const struct bytes box = {owner->box, owner->box_length};
    struct receipt_facts facts = {0};
    char token[LIMIT_TOKEN_TEXT];
    if (asking->row.state != STORE_PRUNED) {
        enum err err = outbox_open_facts(outbox, asking->row.instance, &facts, why);
        if (err)
            return err;
    }
    outbox_token_of(&facts, token);
    asking->waits = token[0] != '\0';
    bool opened =
        box.length && asking->question->token[0] &&
        !owner_lock_open(crypto, asking->question->token, owner->instance, &box, key, NULL);
    asking->out->owner = opened;
    if (!opened && box.length && asking->waits) {
        opened = !owner_lock_open(crypto, token, owner->instance, &box, key, NULL);
        asking->newer = asking->question->token[0] != '\0';
    }
    memory_wipe(&facts, sizeof facts);
    memory_wipe(token, sizeof token);
    return opened ? ERR_OK : ERR_NOT_FOUND;
}

// Argon2id, as for a PIN: whoever asks waits for it, and nobody else is at this kiosk.
static enum err fits(struct outbox *outbox, struct asking *asking, const struct store_owner *owner,
                     const uint8_t key[CRYPTO_KEY], bool *out, struct fail *why)
{
    struct owner_lock typed = {0};
    *out = false;
    if (!track_factor_is_whole(asking->question->factor))
        return ERR_OK;
    text_copy(typed.salt, sizeof typed.salt, owner->salt);
    enum err err = owner_lock_key(outbox->options.crypto, asking->question->factor, &typed, why);
    *out = !err && memory_equal(typed.key, key, sizeof typed.key);
    memory_wipe(&typed, sizeof typed);
    return err;
}

static enum err judge(struct outbox *outbox, struct asking *asking, const struct store_owner *owner,
                      struct store_try *tries, struct fail *why)
{
    uint8_t key[CRYPTO_KEY];
    bool right = false;
    enum err err = open_box(outbox, asking, owner, key, why);
    if (err == ERR_NOT_FOUND) { // of what was sent the district can tell
        asking->out->result = is_sent(&asking->row) ? TRACK_NO_ANSWER : TRACK_NEEDS_RECEIPT;
        return ERR_OK;
    }
    if (!err)
        err = fits(outbox, asking, owner, key, &right, why);
    memory_wipe(key, sizeof key);
    if (!err && !right) {
        asking->out->owner = false;
        return count_wrong(outbox, tries, asking->out, why);
    }
    if (!err && tries->wrong) { // right: what was counted is forgiven
        tries->wrong = 0;
        err = put_try(outbox, tries, why);
    }
    return err ? err : fill(outbox, asking, why);
}

static enum err check(struct outbox *outbox, struct asking *asking, const struct store_owner *owner,
                      struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct track_case *out = asking->out;
    struct store_try tries;
    enum err err = store->ops->try_get(store->self, asking->question->number, &tries, why);
    if (err && err != ERR_NOT_FOUND)
        return err;
    text_copy(tries.number, sizeof tries.number, asking->question->number);
    int64_t left = tries.until_ms - outbox_powered_ms(outbox);
    if (tries.until_ms && left > 0) {
        out->result = TRACK_LOCKED;
        out->wait_ms = left < track_lock_ms ? left : track_lock_ms;
        return ERR_OK;
    }
    tries.until_ms = 0;
    return judge(outbox, asking, owner, &tries, why);
}

// What belongs to another case is shown as that case.
static enum err find_shown(struct outbox *outbox, struct asking *asking,
                           const struct store_owner *owner, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    asking->of = asking->row;
    if (!owner->of_instance[0])
        return ERR_OK;
    enum err err =
        store->ops->submission_get(store->self, owner->of_instance, false, &asking->of, why);
    if (err == ERR_NOT_FOUND) { // of another counter
        asking->of = asking->row;
        return ERR_OK;
    }
    return err;
}

static const char *result_word(enum track_result result)
{
    switch (result) {
    case TRACK_FOUND: return "found";
    case TRACK_NO_FIT: return "wrong";
    case TRACK_LOCKED: return "locked";
    case TRACK_OPENING:
    case TRACK_ELSEWHERE:
    case TRACK_NO_ANSWER:
    case TRACK_NEEDS_RECEIPT: break;
    }
    return "not-here";
}

static enum err track_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct asking *asking = context;
    const struct kiosk_store *store = outbox->options.store;
    struct track_case *out = asking->out;
    struct store_owner owner = {0};
    out->result = TRACK_NO_ANSWER;
    out->linked_count = 0;
    out->owner = asking->waits = asking->newer = false; // it may be the second run
    enum err err =
        store->ops->submission_get(store->self, asking->question->number, true, &asking->row, why);
    if (err == ERR_NOT_FOUND) {
        out->result = TRACK_ELSEWHERE;
        return ERR_OK;
    }
    out->own = true;
    out->place = is_sent(&asking->row) ? TRACK_SENT : TRACK_HERE;
    if (!err)
        err = outbox_owner_row(outbox, asking->row.instance, &owner, why);
    if (!err)
        err = find_shown(outbox, asking, &owner, why);
    if (!err)
        err = check(outbox, asking, &owner, why);
    return err ? err
               : outbox_audit(outbox, "case.asked", asking->row.number, "",
                              result_word(out->result), why);
}

void outbox_track(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    struct asking asking = {.question = &answer->request->question,
                            .out = track_case_new(&answer->request->question)};
    enum err err = asking.out ? outbox_transaction(outbox, track_work, &asking, &why)
                              : fail_set(&why, ERR_RETRY, "no memory");
    if (err) {
        track_case_free(asking.out);
        outbox_emit_done(answer, err, &why);
        return;
    }
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_TRACKED);
    reply.track = asking.out;
    outbox_emit(answer, &reply);
}
