// SPDX-License-Identifier: GPL-3.0-or-later
// The store worker: owns the database and runs the outbox; each reply goes to whoever asked.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include <assert.h>

struct store_worker {
    struct workers *workers;
    enum outbox_from asked_by;
    bool owes; ///< whoever asked keeps a place for the answer
    struct kiosk_store store;
    struct outbox *outbox;
};

static void log_failed(const struct outbox_reply *reply, const char *event)
{
    if (reply->kind == OUTBOX_FAILED)
        log_event(LOG_ERROR, "store", event, "request=%d err=%s why=\"%s\"", (int)reply->to,
                  err_name(reply->err), reply->why);
}

static void to_session(struct store_worker *self, struct outbox_reply *reply)
{
    struct session_input input = {.kind = SESSION_OUTBOX, .id = reply->id, .outbox = *reply};
    if (input.id) {
        self->owes = false;
        worker_answer(self->workers, &input);
    } else if (reply->kind == OUTBOX_READY) {
        worker_tell_ui(self->workers, &input);
    } else { // told, not asked
        log_failed(reply, "not-done");
        outbox_reply_clear(reply);
    }
}

static void emit(void *context, struct outbox_reply *reply)
{
    struct store_worker *self = context;
    struct sync_message to_sync = {.order = SYNC_REPLY};
    switch (self->asked_by) {
    case OUTBOX_FROM_SESSION: to_session(self, reply); break;
    case OUTBOX_FROM_SYNC:
        to_sync.reply = *reply;
        self->owes = false;
        queue_put_reserved(self->workers->worker[WORKER_SYNC].queue, &to_sync);
        break;
    case OUTBOX_FROM_PRINT:
        log_failed(reply, "print-state");
        outbox_reply_clear(reply);
        break;
    }
}

static enum err open_outbox(struct store_worker *self, struct fail *why)
{
    const struct workers_options *with = &self->workers->with;
    const struct kiosk_config *config = with->config;
    struct sqlite_kiosk_store_options store = {.path = config->store_file, .crypto = with->crypto};
    enum err err = sqlite_kiosk_store_open(&store, &self->store, why);
    if (err)
        return err;
    struct outbox_options options = {
        .store = &self->store,
        .crypto = with->crypto,
        .clock = with->clock,
        .counter = config->counter,
        .incarnation = config->incarnation,
        .district_host = config->public_host,
        .sealing_key = config->sealing_key.data,
        .sealing_key_length = config->sealing_key.length,
        .sealing_key_id = config->sealing_key_id,
        .signing_secret = config->signing_secret,
        .device_key_id = config->device_key_id,
        .root_secret = config->root_secret,
        .keep_days = config->keep_days,
    };
    err = outbox_open(&options, &self->outbox, why);
    if (err)
        sqlite_kiosk_store_close(&self->store);
    return err;
}

void store_run(struct workers *workers)
{
    struct store_worker self = {.workers = workers, .asked_by = OUTBOX_FROM_SESSION};
    struct outbox_request request;
    struct fail why = {0};
    enum err err = open_outbox(&self, &why);
    worker_is_ready(workers, err, &why);
    if (err)
        return;
    outbox_step(self.outbox, NULL, emit, &self);
    while (worker_take(workers, WORKER_STORE, &request, -1)) {
        self.asked_by = request.from;
        self.owes = request.id != 0;
        outbox_step(self.outbox, &request, emit, &self);
        assert(!self.owes);                    // it answers each once
        memory_wipe(&request, sizeof request); // a login's PIN
        wipe_stack();
    }
    outbox_close(self.outbox);
    sqlite_kiosk_store_close(&self.store);
}
