// SPDX-License-Identifier: GPL-3.0-or-later
// What the owner of a case proves themselves with is made slow on purpose. So it is computed after
// "saved": nobody waits for it, and a case that the power took it from is still the district's and
// the clerk's to tell of.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <string.h>

static void forget(struct owner_order *order)
{
    memory_wipe(order, sizeof *order);
}

static struct owner_order *free_place(struct session *session)
{
    struct owner_order *oldest = &session->owners[0];
    for (size_t i = 0; i < OWNER_ORDERS; i++) {
        if (!session->owners[i].serial)
            return &session->owners[i];
        if (session->owners[i].serial < oldest->serial)
            oldest = &session->owners[i];
    }
    log_event(LOG_WARNING, "session", "owner-not-kept", "%s", "too many are being computed");
    return oldest;
}

static bool token_of(const char *qr_text, char out[LIMIT_TOKEN_TEXT])
{
    struct tracking code = {0};
    char number[LIMIT_RECEIPT_NUMBER];
    bool good = tracking_parse(qr_text, &code, number, NULL) == ERR_OK;
    text_copy(out, LIMIT_TOKEN_TEXT, good ? code.token : "");
    memory_wipe(&code, sizeof code);
    return good;
}

void owner_saved(struct session *session, const struct visit *visit, const char *qr_text)
{
    struct owner_order order = {0};
    struct ticket ticket;
    if (!track_factor_is_whole(visit->factor) || !token_of(qr_text, order.token))
        return;
    owner_lock_draw(session->options.crypto, &ticket);
    text_copy(order.instance, sizeof order.instance, visit->instance);
    text_copy(order.salt, sizeof order.salt, ticket.id);
    order.serial = ask_key(session, ROOM_OWNER, &ticket, visit->factor);
    *free_place(session) = order;
    forget(&order);
}

static struct owner_order *waiting_for(struct session *session, uint64_t serial)
{
    for (size_t i = 0; i < OWNER_ORDERS; i++)
        if (serial && session->owners[i].serial == serial)
            return &session->owners[i];
    return NULL;
}

void owner_key_came(struct session *session, struct session_input *input)
{
    struct owner_order *order = waiting_for(session, input->id);
    struct outbox_request request = {.kind = OUTBOX_OWNER};
    if (!order)
        return;
    if (input->err) {
        log_event(LOG_WARNING, "session", "owner-not-kept", "err=%s", err_name(input->err));
    } else {
        text_copy(request.instance, sizeof request.instance, order->instance);
        text_copy(request.question.token, sizeof request.question.token, order->token);
        text_copy(request.lock.salt, sizeof request.lock.salt, order->salt);
        memcpy(request.lock.key, input->key.key, sizeof request.lock.key);
        tell_store(session, &request);
        memory_wipe(&request, sizeof request);
    }
    forget(order);
}
