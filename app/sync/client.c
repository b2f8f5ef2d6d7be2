// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of the kiosk's end: ask the outbox, send what it gives, tell it what became of it, and
// now and then a heartbeat. When and how often an item is tried again is the outbox's business.
#include "yimen/sync/client.h"

#include "sync_internal.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <stdlib.h>

enum { BEAT_EVERY_MS = 3 * 60 * 1000, ASK_AGAIN_MS = 30000 };

// No district says a date outside these: its clock, or somebody between, is wrong.
static const int64_t earliest_utc_ms = 1735689600000, latest_utc_ms = 4102444800000; // 2025, 2100

enum err sync_open(const struct sync_options *options, struct sync **out, struct fail *why)
{
    assert(options->http && options->crypto && options->clock && options->device_id);
    *out = NULL;
    if (!text_starts(options->server, "https://") && !options->openrosa_only)
        return fail_set(why, ERR_TECHNICIAN, "the district's address must begin with https://");
    if (text_ends(options->server, "/"))
        return fail_set(why, ERR_TECHNICIAN, "the district's address must not end with /");
    struct sync *sync = calloc(1, sizeof *sync);
    if (!sync)
        return fail_set(why, ERR_RETRY, "out of memory");
    sync->options = *options;
    sync->accept_length = -1;
    sync->audit_after = -1;
    sync->piece_bytes = LIMIT_PIECE_BYTES;
    sync->next_ask_ms = clock_now(options->clock).monotonic_ms;
    sync->next_beat_ms = sync->next_ask_ms;
    strbuf_init(&sync->response.body, LIMIT_HTTP_REPLY);
    *out = sync;
    return ERR_OK;
}

void sync_close(struct sync *sync)
{
    if (!sync)
        return;
    large_clear(sync);
    strbuf_free(&sync->response.body);
    free(sync);
}

static void tell(const struct sync_output *output, enum sync_event_kind kind, const char *receipt,
                 const char *detail)
{
    struct sync_event event = {.kind = kind};
    text_copy(event.receipt, sizeof event.receipt, receipt);
    text_copy(event.detail, sizeof event.detail, detail);
    output->event(output->context, &event);
}

static void tell_time(const struct sync *sync, const struct sync_output *output)
{
    struct sync_event event = {.kind = SYNC_TIME};
    if (http_date_parse(sync->response.date, &event.district_utc_ms) &&
        event.district_utc_ms >= earliest_utc_ms && event.district_utc_ms < latest_utc_ms)
        output->event(output->context, &event);
}

static void tell_line(struct sync *sync, bool online, const char *detail,
                      const struct sync_output *output)
{
    if (sync->told && sync->online == online)
        return;
    sync->told = true;
    sync->online = online;
    tell(output, online ? SYNC_ONLINE : SYNC_OFFLINE, "", detail);
}

static void ask(struct sync *sync, enum outbox_request_kind kind, const struct sync_output *output)
{
    struct outbox_request request = {.kind = kind,
                                     .from = OUTBOX_FROM_SYNC,
                                     .number = kind == OUTBOX_LIST ? sync->audit_after : 0};
    sync->asked = true;
    output->request(output->context, &request);
}

static void report(struct sync *sync, const struct outbox_item *item, const struct verdict *verdict,
                   const struct sync_output *output)
{
    struct outbox_request sent = {.kind = OUTBOX_SENT,
                                  .from = OUTBOX_FROM_SYNC,
                                  .outcome = verdict->outcome,
                                  .wait_s = verdict->wait_s,
                                  .number = large_there(sync)};
    text_copy(sent.instance, sizeof sent.instance, item->instance);
    text_copy(sent.receipt, sizeof sent.receipt, item->number);
    text_copy(sent.detail, sizeof sent.detail, verdict->detail);
    tell_line(sync, !verdict->offline, verdict->detail, output);
    if (verdict->outcome == SEND_RECEIVED || verdict->outcome == SEND_UNVERIFIED)
        tell(output, SYNC_RECEIVED, item->number, "");
    if (verdict->alarm)
        tell(output, SYNC_ALARM, item->number, verdict->detail);
    sync->asked = true;
    output->request(output->context, &sent);
}

static void conclude(struct sync *sync, const struct outbox_item *item,
                     const struct verdict *verdict, const struct sync_output *output)
{
    if (verdict->outcome == SEND_RECEIVED || verdict->outcome == SEND_UNVERIFIED)
        tell_time(sync, output);
    if (verdict->outcome == SEND_RETRY || verdict->outcome == SEND_STOPPED)
        sync->checked = false;
    report(sync, item, verdict, output);
}

static void send_item(struct sync *sync, const struct outbox_item *item,
                      const struct sync_output *output)
{
    struct verdict verdict = upload_check(sync);
    if (verdict.outcome == SEND_RECEIVED)
        verdict = upload_item(sync, item);
    conclude(sync, item, &verdict, output);
}

static void send_large(struct sync *sync, struct outbox_reply *reply,
                       const struct sync_output *output)
{
    struct outbox_request wanted;
    struct verdict verdict = {0};
    if (large_step(sync, reply, &wanted, &verdict)) {
        tell_line(sync, true, "", output);
        sync->asked = true;
        output->request(output->context, &wanted);
        return;
    }
    conclude(sync, sync->large.item, &verdict, output);
    large_clear(sync);
}

static void beat(struct sync *sync, const struct outbox_reply *listed,
                 const struct sync_output *output)
{
    struct fail why = {0};
    bool answered = false;
    enum err err = heartbeat_send(sync, listed, &answered, &why);
    if (answered)
        chores_plan(sync, listed);
    if (!err) {
        tell_time(sync, output);
        tell_line(sync, true, "", output);
    } else if (err == ERR_DENIED || err == ERR_TECHNICIAN) {
        tell(output, SYNC_ALARM, "", why.text);
    } else {
        tell_line(sync, false, why.text, output);
    }
}

static void take(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output,
                 int64_t now)
{
    sync->asked = false;
    if (reply->kind == OUTBOX_ITEM) {
        assert(reply->item);
        if (reply->item->is_large) {
            large_begin(sync, reply->item);
            reply->item = NULL;
            send_large(sync, NULL, output);
        } else {
            send_item(sync, reply->item, output);
        }
    } else if (sync->large.item) { // the bytes, or that they cannot be had
        send_large(sync, reply, output);
    } else if (reply->kind == OUTBOX_DRAFT_ITEM) {
        drafts_send(sync, reply->sealed, output);
    } else if (reply->kind == OUTBOX_NOTHING && reply->to == OUTBOX_DRAFT_NEXT) {
        return; // when the queue wants to be asked again was said before
    } else if (reply->kind == OUTBOX_NOTHING) {
        sync->next_ask_ms = reply->to == OUTBOX_TOKEN_NEXT ? now : reply->retry_at_ms;
        if (reply->tokens > 0 && !sync->options.openrosa_only)
            sync->due |= CHORE_TOKENS;
        chores_step(sync, output);
        drafts_ask(sync, output); // last: cases and what the district is asked come first
    } else if (reply->kind == OUTBOX_TOKEN) {
        token_tell(sync, reply, output);
    } else if (reply->kind == OUTBOX_LISTED) {
        beat(sync, reply, output);
        sync->next_ask_ms = now;
    } else if (reply->kind == OUTBOX_LEDGER_READY) {
        sync->next_ask_ms = now;
        chores_compare(sync, reply, output);
    } else {
        sync->next_ask_ms = reply->kind == OUTBOX_FAILED ? now + ASK_AGAIN_MS : now;
    }
}

void sync_step(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output)
{
    int64_t now = clock_now(sync->options.clock).monotonic_ms;
    if (reply)
        take(sync, reply, output, now);
    if (sync->asked)
        return;
    bool after_done = reply && sync->next_ask_ms == now;
    if (!reply || after_done) {
        // Between two cases too: a long queue is when the district most wants to hear of it.
        if (!sync->options.openrosa_only && now >= sync->next_beat_ms) {
            sync->next_beat_ms = now + BEAT_EVERY_MS;
            ask(sync, OUTBOX_LIST, output);
        } else {
            ask(sync, OUTBOX_NEXT, output);
        }
    }
}

int sync_wait_ms(const struct sync *sync)
{
    if (sync->asked)
        return -1;
    int64_t next = sync->next_ask_ms;
    if (!sync->options.openrosa_only && (next < 0 || sync->next_beat_ms < next))
        next = sync->next_beat_ms;
    if (next < 0)
        return -1;
    int64_t wait = next - clock_now(sync->options.clock).monotonic_ms;
    return wait < 0 ? 0 : wait > BEAT_EVERY_MS ? (int)BEAT_EVERY_MS : (int)wait;
}

enum err sync_check(struct sync *sync, struct fail *why)
{
    sync->checked = false;
    struct verdict verdict = upload_check(sync);
    if (verdict.outcome == SEND_RECEIVED)
        return ERR_OK;
    return fail_set(why, verdict.outcome == SEND_STOPPED || verdict.alarm ? ERR_DENIED : ERR_RETRY,
                    "%s", verdict.detail);
}
