// SPDX-License-Identifier: GPL-3.0-or-later
// The sync worker: owns the connection to the district.
#include "kiosk_workers_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/system.h"
#include <assert.h>

struct sync_worker {
    struct workers *workers;
    struct http_client http;
    struct sync *sync;
    struct sync_output output;
    uint64_t asked; ///< number of the last request
};

static void request(void *context, struct outbox_request *request)
{
    struct sync_worker *self = context;
    request->from = OUTBOX_FROM_SYNC;
    request->id = ++self->asked;
    // One waits for its reply at a time: there is always a place for that one.
    bool is_kept = queue_reserve(self->workers->worker[WORKER_SYNC].queue);
    assert(is_kept);
    (void)worker_put(self->workers, WORKER_STORE, request); // it ends last
}

static void event(void *context, const struct sync_event *event)
{
    struct sync_worker *self = context;
    struct session_input message = {.kind = SESSION_SYNC, .sync = *event};
    if (event->kind == SYNC_TIME)
        system_clock_set_district(self->workers->with.clock, event->district_utc_ms);
    worker_tell_ui(self->workers, &message);
}

// Closing time: what is on the wire is cut off and sent after the next start.
static bool is_ending(void *context)
{
    struct sync_worker *self = context;
    return atomic_load(&self->workers->worker[WORKER_SYNC].is_stopping);
}

static enum err open_all(struct sync_worker *self, struct fail *why)
{
    const struct kiosk_config *config = self->workers->with.config;
    struct curl_client_options client = {
        .certificate_file = config->certificate_file,
        .key_file = config->key_file,
        .ca_file = config->ca_file,
        .plain_http = config->openrosa_only,
        .user = config->server_user[0] ? config->server_user : NULL,
        .password = config->server_user[0] ? config->server_password : NULL,
        .clock = self->workers->with.clock,
        .judge_by = certificates_judge_by,
        .is_ending = is_ending,
        .context = self,
    };
    struct sync_options options = {
        .http = &self->http,
        .crypto = self->workers->with.crypto,
        .clock = self->workers->with.clock,
        .server = config->server,
        .device_id = config->device_id,
        .counter = config->counter,
        .incarnation = config->incarnation,
        .content_version = self->workers->with.content->version,
        .content_ends_utc_ms = self->workers->with.content->ends_ms,
        .openrosa_only = config->openrosa_only,
    };
    self->output = (struct sync_output){self, request, event};
    enum err err = curl_client_open(&client, &self->http, why);
    if (!err)
        err = sync_open(&options, &self->sync, why);
    if (err)
        curl_client_close(&self->http);
    return err;
}

static void work(struct sync_worker *self, const struct session_request *request)
{
    struct session_input answer = {.id = request->id};
    struct fail why = {0};
    if (request->kind == SESSION_DISTRICT) { // are the certificates good?
        answer.kind = SESSION_DISTRICT_TESTED;
        answer.err = sync_check(self->sync, &why);
        text_copy(answer.why, sizeof answer.why, why.text);
    } else {
        answer.kind = SESSION_DRAFT;
        sync_fetch_draft(self->sync, request->fetch.id, request->fetch.have, &answer.draft);
    }
    worker_answer(self->workers, &answer);
}

static void take_reply(struct sync_worker *self, struct outbox_reply *reply)
{
    if (reply->id == self->asked) // the one that is waited for
        sync_step(self->sync, reply, &self->output);
    else
        log_event(LOG_ERROR, "sync", "unexpected-reply", "kind=%d", (int)reply->kind);
    outbox_reply_clear(reply);
}

static void take(struct sync_worker *self, struct sync_message *message)
{
    switch (message->order) {
    case SYNC_ASKED: work(self, &message->asked); break;
    case SYNC_REPLY: take_reply(self, &message->reply); break;
    case SYNC_NUDGE:
        atomic_store(&self->workers->is_nudged, false);
        sync_step(self->sync, NULL, &self->output);
        break;
    }
}

// What is not sent yet is sent after the next start.
static void forget(struct sync_worker *self, struct sync_message *message)
{
    if (message->order == SYNC_REPLY)
        outbox_reply_clear(&message->reply);
    else if (message->order == SYNC_ASKED)
        worker_no_answer(self->workers);
}

void sync_run(struct workers *workers)
{
    struct sync_worker self = {.workers = workers};
    struct worker *worker = &workers->worker[WORKER_SYNC];
    struct sync_message message;
    struct fail why = {0};
    enum err err = open_all(&self, &why);
    worker_is_ready(workers, err, &why);
    if (err)
        return;
    sync_step(self.sync, NULL, &self.output);
    for (;;) {
        bool got = worker_take(workers, WORKER_SYNC, &message, sync_wait_ms(self.sync));
        bool ends = atomic_load(&worker->is_stopping);
        if (ends && !got)
            break;
        if (ends)
            forget(&self, &message);
        else if (got)
            take(&self, &message);
        else
            sync_step(self.sync, NULL, &self.output);
    }
    sync_close(self.sync);
    curl_client_close(&self.http);
}
