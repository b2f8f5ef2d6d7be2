// SPDX-License-Identifier: GPL-3.0-or-later
// The sync worker: owns the connection to the district.
#include "kiosk_workers_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/system.h"

struct sync_worker {
    struct workers *workers;
    struct http_client http;
    struct sync *sync;
    struct sync_output output;
};

static void request(void *context, struct outbox_request *request)
{
    struct sync_worker *self = context;
    request->from = OUTBOX_FROM_SYNC;
    worker_put(self->workers->worker[WORKER_STORE].queue, request);
}

static void event(void *context, const struct sync_event *event)
{
    struct sync_worker *self = context;
    struct ui_message message = {.kind = UI_SYNC, .sync = *event};
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

// The technician's question: can the district be reached, and are the certificates good?
static void test(struct sync_worker *self)
{
    struct fail why = {0};
    enum err err = sync_check(self->sync, &why);
    struct sync_event answer = {.kind = !err               ? SYNC_ONLINE
                                        : err == ERR_RETRY ? SYNC_OFFLINE
                                                           : SYNC_ALARM};
    text_copy(answer.detail, sizeof answer.detail, why.text);
    event(self, &answer);
}

static void fetch_draft(struct sync_worker *self, const struct sync_message *order)
{
    struct ui_message message = {.kind = UI_DRAFT};
    sync_fetch_draft(self->sync, order->draft_id, order->have, &message.draft);
    worker_tell_ui(self->workers, &message);
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
        bool got = queue_take(worker->queue, &message, sync_wait_ms(self.sync));
        if (atomic_load(
                &worker->is_stopping)) { // what is not sent yet is sent after the next start
            if (!got)
                break;
            outbox_reply_clear(&message.reply);
            continue;
        }
        if (got && message.order == SYNC_TEST)
            test(&self);
        else if (got && message.order == SYNC_FETCH_DRAFT)
            fetch_draft(&self, &message);
        else
            sync_step(self.sync, got && message.order == SYNC_REPLY ? &message.reply : NULL,
                      &self.output);
        if (got)
            outbox_reply_clear(&message.reply);
    }
    sync_close(self.sync);
    curl_client_close(&self.http);
}
