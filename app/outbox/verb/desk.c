// SPDX-License-Identifier: GPL-3.0-or-later
// What clerks and technicians ask for, and the calls for urgent help.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/rating.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 1000, SETTING_KEY = 96 };

static const char *const state_names[] = {
    [STORE_SAVED] = "saved",       [STORE_SENDING] = "sending", [STORE_RETRY] = "retry",
    [STORE_RECEIVED] = "received", [STORE_HELD] = "held",       [STORE_QUARANTINED] = "quarantined",
    [STORE_PRUNED] = "pruned",
};

struct listing {
    struct outbox_row *rows;
    size_t count;
};

// A restricted case goes first like any urgent one; its number, and every list, is an enquiry's.
static bool says_urgent(const char *number)
{
    enum { TYPE_URGENT = 1 };
    struct receipt_number parsed;
    return receipt_number_parse(number, &parsed, NULL) != ERR_OK || parsed.type == TYPE_URGENT;
}

static void add_row(void *context, const struct store_submission *from, int print_state)
{
    struct listing *listing = context;
    struct outbox_row *row = &listing->rows[listing->count++];
    *row = (struct outbox_row){
        .print_state = print_state < 0 ? PRINT_COMPOSED : (enum print_state)print_state,
        .urgent = from->urgent && says_urgent(from->number),
        .attempts = from->attempts,
        .not_asked = from->not_asked,
        .print_count = from->print_count,
        .saved_utc_ms = from->saved.utc_ms,
        .next_try_utc_ms = from->next_try_utc_ms,
        .received_utc_ms = from->received_utc_ms,
    };
    text_copy(row->number, sizeof row->number, from->number);
    text_copy(row->instance, sizeof row->instance, from->instance);
    text_copy(row->service, sizeof row->service, from->service);
    bool unverified = from->unverified && from->state == STORE_RECEIVED;
    text_copy(row->state, sizeof row->state, unverified ? "unverified" : state_names[from->state]);
    row->total_bytes = from->total_bytes;
    row->sent_bytes = from->sent_bytes;
    text_copy(row->reason, sizeof row->reason, from->reason);
    text_copy(row->status, sizeof row->status, from->status);
    row->status_utc_ms = from->status_utc_ms;
}

// The head of the chain; to the district with the entries between it and the one it knows.
static enum err add_audit(struct outbox *outbox, const struct outbox_request *request,
                          struct outbox_reply *reply, struct fail *why)
{
    const struct audit_log log = outbox_log(outbox);
    struct audit_head known = {.sequence = request->number};
    struct strbuf lines;
    if (request->from != OUTBOX_FROM_SYNC)
        return audit_log_head(&log, &reply->audit_head, why);
    enum err err = known.sequence < 0 ? audit_log_last_exported(&log, &known, why) : ERR_OK;
    if (err == ERR_NOT_FOUND) {
        known.sequence = 0;
        err = ERR_OK;
    }
    if (err)
        return err;
    strbuf_init(&lines, (size_t)AUDIT_LOG_SINCE * (LIMIT_AUDIT_LINE + 1));
    err = audit_log_since(&log, known.sequence, &lines, &reply->audit_head, why);
    reply->audit_after = known.sequence;
    reply->audit_entries = !err && lines.length ? strbuf_take(&lines) : NULL;
    strbuf_free(&lines);
    return err;
}

// What the heartbeat says of the whole: how many were ever saved.
static enum err add_totals(struct outbox *outbox, struct outbox_reply *reply, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_counts counts = {0};
    enum err err = store->ops->counts(store->self, &counts, why);
    if (!err)
        err = outbox_counter(outbox, "saves", &reply->saves, why);
    if (!err)
        err = outbox_gates(outbox, reply, why);
    if (!err)
        err = outbox_status_cursor(outbox, &reply->status_cursor, why);
    if (err)
        return err;
    reply->unsent = (int)counts.unsent;
    reply->open_calls = (size_t)counts.open_calls;
    reply->oldest_call = counts.oldest_call;
    reply->oldest_call_utc_ms = counts.oldest_call_utc_ms;
    return ERR_OK;
}

// NULL when there are none, or they cannot be read now: they are told the next time.
static char *ratings_text(struct outbox *outbox)
{
    struct strbuf text;
    struct fail why = {0};
    strbuf_init(&text, RATING_BYTES);
    if (outbox_ratings(outbox, &text, &why))
        log_fail(LOG_WARNING, "outbox", "ratings", &why);
    char *taken = text.length ? strbuf_take(&text) : NULL;
    strbuf_free(&text);
    return taken;
}

void outbox_list(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct fail why = {0};
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_LISTED);
    struct listing listing = {.rows = calloc(LISTED, sizeof *listing.rows)};
    enum err err = listing.rows ? ERR_OK : fail_set(&why, ERR_RETRY, "no memory");
    if (!err && answer->request->from == OUTBOX_FROM_SYNC) // the head goes to the district
        err = outbox_settle(outbox, &why);
    if (!err)
        err = add_totals(outbox, &reply, &why);
    if (!err)
        err = add_audit(outbox, answer->request, &reply, &why);
    if (!err)
        err = store->ops->submission_list(store->self, LISTED, add_row, &listing, &why);
    if (err) {
        free(listing.rows);
        free(reply.audit_entries);
        outbox_emit_done(answer, err, &why);
        return;
    }
    for (size_t at = 0; at < listing.count; at++) // what is on its way is not written each time
        if (text_equal(listing.rows[at].instance, outbox->sent_instance))
            listing.rows[at].sent_bytes = outbox->sent_bytes;
    reply.rows = listing.rows;
    reply.row_count = listing.count;
    if (answer->request->from == OUTBOX_FROM_SYNC)
        reply.ratings = ratings_text(outbox);
    outbox_emit(answer, &reply);
}

void outbox_self_test(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct kiosk_store *store = outbox->options.store;
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_SELF_TESTED);
    struct store_health health = {0};
    const struct audit_log log = outbox_log(outbox);
    struct audit_check check;
    struct fail why = {0};
    reply.database_good = !store->ops->integrity(store->self, &why);
    if (!reply.database_good)
        log_fail(LOG_ERROR, "outbox", "database", &why);
    reply.audit_good = !audit_log_verify(&log, &check, &why);
    if (!reply.audit_good)
        log_fail(LOG_ERROR, "outbox", "audit", &why);
    reply.err = store->ops->health(store->self, &health, &why);
    reply.disk_free = health.disk_free;
    reply.disk_total = health.disk_total;
    if (!reply.err && !health.reserve) // early warning: the next full disk has nothing to give
        reply.err = fail_set(&why, ERR_FULL, "the reserve on the disk is used up");
    if (reply.err || !reply.database_good || !reply.audit_good)
        text_copy(reply.why, sizeof reply.why, why.text);
    outbox_emit(answer, &reply);
}

struct entry {
    const char *event, *subject, *actor, *detail;
};

static enum err entry_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct entry *entry = context;
    return outbox_audit(outbox, entry->event, entry->subject, entry->actor, entry->detail, why);
}

static void login_refused(const struct outbox_answer *answer, const struct staff_login *login)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_LOGIN_REFUSED);
    reply.wait_s = login->result == STAFF_LOCKED ? -1 : login->wait_s;
    outbox_emit(answer, &reply);
}

void outbox_login(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct staff_login login;
    struct fail why = {0};
    enum err err = staff_try(&outbox->staff, request->staff, request->text, &login, &why);
    // What was typed may be anything when no account has it: then it is not written down.
    const char *actor = login.known ? request->staff : "";
    struct entry entry = {login.result == STAFF_RIGHT ? "staff.login"
                          : login.just_locked         ? "staff.locked"
                                                      : "staff.refused",
                          "", actor, login.role};
    if (!err)
        err = outbox_transaction(outbox, entry_work, &entry, &why);
    if (err) {
        outbox_emit_done(answer, err, &why);
    } else if (login.result != STAFF_RIGHT) {
        login_refused(answer, &login);
    } else {
        struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_LOGGED_IN);
        text_copy(reply.role, sizeof reply.role, login.role);
        text_copy(reply.staff, sizeof reply.staff, request->staff);
        outbox_emit(answer, &reply);
    }
}

static enum err setting_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct outbox_request *request = context;
    const struct kiosk_store *store = outbox->options.store;
    char key[SETTING_KEY];
    snprintf(key, sizeof key, "setting.%s", request->text);
    enum err err =
        store->ops->meta_set(store->self, key, request->detail, strlen(request->detail), why);
    return err ? err
               : outbox_audit(outbox, "setting.changed", request->text, request->staff,
                              request->detail, why);
}

void outbox_setting(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct fail why = {0};
    enum err err = outbox_transaction(outbox, setting_work, (void *)answer->request, &why);
    outbox_emit_done(answer, err, &why);
}

void outbox_note(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct fail why = {0};
    struct entry entry = {request->text, request->receipt, request->staff, request->detail};
    enum err err = outbox_transaction(outbox, entry_work, &entry, &why);
    outbox_emit_done(answer, err, &why);
}

static enum err urgent_open_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct store_call *call = context;
    const struct kiosk_store *store = outbox->options.store;
    char id[24];
    enum err err = store->ops->call_open(store->self, call, why);
    snprintf(id, sizeof id, "%lld", (long long)call->id);
    return err ? err : outbox_audit(outbox, "urgent.opened", id, "", call->place, why);
}

void outbox_urgent_open(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct fail why = {0};
    struct store_call call = {.opened = request->when};
    text_copy(call.place, sizeof call.place, request->text);
    enum err err = outbox_transaction(outbox, urgent_open_work, &call, &why);
    if (err) {
        outbox_emit_done(answer, err, &why);
        return;
    }
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_URGENT_OPENED);
    reply.number = call.id;
    outbox_emit(answer, &reply);
}

static enum err urgent_close_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct store_call *call = context;
    const struct kiosk_store *store = outbox->options.store;
    char id[24];
    enum err err = store->ops->call_close(store->self, call, why);
    snprintf(id, sizeof id, "%lld", (long long)call->id);
    return err ? err
               : outbox_audit(outbox, "urgent.closed", id, call->closed_by, call->reason, why);
}

void outbox_urgent_close(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct fail why = {0};
    struct store_call call = {.id = request->number,
                              .closed_utc_ms = clock_now(outbox->options.clock).utc_ms};
    text_copy(call.closed_by, sizeof call.closed_by, request->staff);
    text_copy(call.reason, sizeof call.reason, request->text);
    enum err err = outbox_transaction(outbox, urgent_close_work, &call, &why);
    outbox_emit_done(answer, err, &why);
}
