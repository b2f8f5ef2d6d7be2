// SPDX-License-Identifier: GPL-3.0-or-later
// A visit that is put away lies sealed: the visit as a draft, under a random key; that key once
// for each code that opens it, under what the slow derivation makes of the code. The derivation is
// the compute worker's; until it has answered (half a second) the random key is in memory, then
// nothing that opens the visit is. What a copy of this memory yields: 10^4 codes, each at the
// price of one Argon2id; a delay, not a wall, and after 15 minutes nothing.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <string.h>

static const char visit_label[] = "yimen/parked-visit/1", key_label[] = "yimen/parked-key/1";

/// What a visit has beside its draft. Stands in front of it, inside the seal; never leaves this
/// process.
struct beside {
    bool has_ticket, declined_ticket, urgent_open;
    struct ticket_held held;
    char hide_code[TICKET_CODE_TEXT];
    char of_instance[LIMIT_INSTANCE_ID], of_number[LIMIT_RECEIPT_NUMBER];
    const struct service *of_service; ///< the catalogue lives as long as the session
    char of_name[64], of_id[24], factor[TRACK_FACTOR], of_token[LIMIT_TOKEN_TEXT];
};

static bool last_four_digits(const char *text, char out[TICKET_CODE_TEXT])
{
    size_t wanted = TICKET_CODE_TEXT - 1, count = 0;
    for (size_t i = strlen(text); i > 0 && count < wanted; i--)
        if (text[i - 1] >= '0' && text[i - 1] <= '9')
            out[wanted - ++count] = text[i - 1];
    out[count == wanted ? wanted : 0] = '\0';
    return count == wanted;
}

static bool code_of_phone(const struct visit *visit, char out[TICKET_CODE_TEXT])
{
    const char *ref = visit->service->ref_phone;
    const char *phone = ref[0] && visit->record ? record_value(visit->record, ref) : NULL;
    out[0] = '\0';
    return phone && last_four_digits(phone, out);
}

// Whoever stands behind a person in danger at home knows ID and telephone: there only a code counts
// that was chosen beforehand. Where one was chosen nothing else opens it in other visits either.
size_t park_codes(const struct visit *visit, char out[PARK_CODES][TICKET_CODE_TEXT])
{
    const struct ticket_state *state = &visit->ticket;
    size_t count = 0;
    memset(out, 0, PARK_CODES * TICKET_CODE_TEXT);
    if (visit->hide_code[0]) {
        text_copy(out[count++], TICKET_CODE_TEXT, visit->hide_code);
    } else if (state->taken && state->held.ticket.code == TICKET_CHOSEN) {
        text_copy(out[count++], TICKET_CODE_TEXT, state->held.code);
    } else if (visit->chosen_code[0]) {
        text_copy(out[count++], TICKET_CODE_TEXT, visit->chosen_code);
    } else if (!visit_is_restricted(visit)) {
        count += code_of_id(visit, out[count]);
        count += code_of_phone(visit, out[count]);
    }
    if (count == 2 && text_equal(out[0], out[1]))
        count = 1;
    return count;
}

// ------------------------------------------------------------------ put away

static void put_beside(const struct session *session, const struct visit *visit,
                       struct strbuf *plain)
{
    struct beside beside;
    memset(&beside, 0, sizeof beside);
    beside.has_ticket = visit->ticket.taken;
    beside.declined_ticket = visit->ticket.declined;
    beside.urgent_open = session->urgent.open && visit->service->urgent;
    beside.held = visit->ticket.held;
    text_copy(beside.hide_code, sizeof beside.hide_code, visit->hide_code);
    text_copy(beside.of_instance, sizeof beside.of_instance, visit->of_instance);
    text_copy(beside.of_number, sizeof beside.of_number, visit->of_number);
    beside.of_service = visit->of_service;
    text_copy(beside.of_name, sizeof beside.of_name, visit->of_name);
    text_copy(beside.of_id, sizeof beside.of_id, visit->of_id);
    memcpy(beside.factor, visit->factor, sizeof beside.factor);
    memcpy(beside.of_token, visit->of_token, sizeof beside.of_token);
    strbuf_add(plain, &beside, sizeof beside);
    memory_wipe(&beside, sizeof beside);
}

static enum err seal_visit(struct session *session, struct visit *visit, struct parked *place,
                           struct fail *why)
{
    const struct crypto *crypto = session->options.crypto;
    struct strbuf plain;
    strbuf_init(&plain, LIMIT_DRAFT_BYTES + sizeof(struct beside));
    put_beside(session, visit, &plain);
    enum err err = draft_write(session, visit, &plain, why);
    crypto->ops->random(crypto->self, place->key, sizeof place->key);
    strbuf_init(&place->sealed, LIMIT_DRAFT_BYTES + sizeof(struct beside) + OUTBOX_SEALED_EXTRA);
    if (!err)
        err = crypto->ops->seal(crypto->self, place->key, visit_label, plain.data, plain.length,
                                &place->sealed);
    strbuf_free(&plain);
    return err;
}

// A place that is free, or the one that has waited longest.
static struct parked *place_for(struct park *park)
{
    struct parked *oldest = &park->places[0];
    for (size_t i = 0; i < PARK_PLACES; i++) {
        if (!park->places[i].until_ms)
            return &park->places[i];
        if (park->places[i].order < oldest->order)
            oldest = &park->places[i];
    }
    park_forget(oldest);
    return oldest;
}

bool park_put(struct session *session, struct visit *visit, size_t count,
              char codes[PARK_CODES][TICKET_CODE_TEXT])
{
    struct park *park = &session->park;
    struct fail why = {0};
    struct parked *place = place_for(park);
    checkpoint_last(session, visit); // the ticket's last revision is the one that is put away
    if (seal_visit(session, visit, place, &why)) {
        log_fail(LOG_ERROR, "session", "park", &why);
        park_forget(place);
        return false;
    }
    visit->put_away = true;
    place->until_ms = session_now_ms(session) + PARKED_MS;
    place->order = ++park->order;
    if (!park->lock.id[0])
        ticket_make(session->options.crypto, TICKET_CHOSEN, &park->lock);
    for (size_t i = 0; i < count; i++) {
        place->serials[i] = ask_key(session, ROOM_PARK, &park->lock, codes[i]);
    }
    return true;
}

static bool is_waiting(const struct parked *place)
{
    for (size_t i = 0; i < PARK_CODES; i++)
        if (place->serials[i])
            return true;
    return false;
}

static void lock_place(struct session *session, struct parked *place, size_t code,
                       struct session_input *input)
{
    const struct crypto *crypto = session->options.crypto;
    struct strbuf *locked = &place->keys[code];
    place->serials[code] = 0;
    strbuf_init(locked, CRYPTO_KEY + OUTBOX_SEALED_EXTRA);
    if (!input->err && crypto->ops->seal(crypto->self, input->key.key, key_label, place->key,
                                         sizeof place->key, locked))
        strbuf_free(locked);
    if (is_waiting(place))
        return;
    memory_wipe(place->key, sizeof place->key);
    if (!place->keys[0].length && !place->keys[1].length) // nothing would open it
        park_forget(place);
}

bool park_lock(struct session *session, struct session_input *input)
{
    for (size_t i = 0; i < PARK_PLACES; i++)
        for (size_t k = 0; k < PARK_CODES; k++)
            if (session->park.places[i].serials[k] == input->id) {
                lock_place(session, &session->park.places[i], k, input);
                return true;
            }
    return false;
}

// ------------------------------------------------------------------ opened

static bool opens(const struct crypto *crypto, const struct parked *place, const uint8_t *key,
                  struct strbuf *plain)
{
    bool good = false;
    struct strbuf inner;
    for (size_t i = 0; i < PARK_CODES && !good; i++) {
        strbuf_init(&inner, CRYPTO_KEY);
        const struct strbuf *locked = &place->keys[i];
        good = locked->length && !crypto->ops->open(crypto->self, key, key_label, locked->data,
                                                    locked->length, &inner);
        good = good && inner.length == CRYPTO_KEY &&
               !crypto->ops->open(crypto->self, (const uint8_t *)inner.data, visit_label,
                                  place->sealed.data, place->sealed.length, plain);
        strbuf_free(&inner);
    }
    return good && plain->length >= sizeof(struct beside);
}

static void take_beside(struct session *session, struct visit *visit, const struct beside *beside)
{
    visit->ticket.taken = beside->has_ticket;
    visit->ticket.declined = beside->declined_ticket;
    visit->ticket.held = beside->held;
    if (beside->has_ticket)
        ticket_text(session->options.crypto, &beside->held.ticket, visit->ticket.qr);
    session->urgent.open |= beside->urgent_open;
    session->urgent.meant |= beside->urgent_open;
    text_copy(visit->hide_code, sizeof visit->hide_code, beside->hide_code);
    text_copy(visit->of_instance, sizeof visit->of_instance, beside->of_instance);
    text_copy(visit->of_number, sizeof visit->of_number, beside->of_number);
    visit->of_service = beside->of_service;
    text_copy(visit->of_name, sizeof visit->of_name, beside->of_name);
    text_copy(visit->of_id, sizeof visit->of_id, beside->of_id);
    memcpy(visit->factor, beside->factor, sizeof visit->factor);
    memcpy(visit->of_token, beside->of_token, sizeof visit->of_token);
}

static struct parked *find(struct session *session, const uint8_t *key, struct strbuf *plain)
{
    struct parked *found = NULL;
    for (size_t i = 0; i < PARK_PLACES; i++) {
        struct parked *place = &session->park.places[i];
        if (!place->until_ms || (found && found->order > place->order))
            continue;
        struct strbuf content;
        strbuf_init(&content, plain->maximum);
        if (opens(session->options.crypto, place, key, &content)) {
            found = place;
            strbuf_free(plain);
            *plain = content;
        } else {
            strbuf_free(&content);
        }
    }
    return found;
}

struct visit *park_unseal(struct session *session, const uint8_t *key)
{
    struct beside beside;
    struct visit *visit = NULL;
    struct strbuf plain;
    strbuf_init(&plain, LIMIT_DRAFT_BYTES + sizeof beside);
    struct parked *place = find(session, key, &plain);
    if (place) {
        memcpy(&beside, plain.data, sizeof beside);
        visit = draft_begin(session, plain.data + sizeof beside, plain.length - sizeof beside);
        if (visit)
            take_beside(session, visit, &beside);
        memory_wipe(&beside, sizeof beside);
        place->is_open = visit != NULL;
    }
    strbuf_free(&plain);
    return visit;
}
