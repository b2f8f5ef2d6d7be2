// SPDX-License-Identifier: GPL-3.0-or-later
// The store worker: owns the database and runs the outbox; each reply goes to whoever asked.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"

struct store_worker {
    struct workers *workers;
    enum outbox_from asked_by;
    struct kiosk_store store;
    struct outbox *outbox;
};

static void emit(void *context, struct outbox_reply *reply)
{
    struct store_worker *self = context;
    struct ui_message to_ui = {.kind = UI_OUTBOX};
    struct sync_message to_sync = {.order = SYNC_REPLY};
    switch (self->asked_by) {
    case OUTBOX_FROM_SESSION:
        to_ui.outbox = *reply;
        worker_tell_ui(self->workers, &to_ui);
        break;
    case OUTBOX_FROM_SYNC:
        to_sync.reply = *reply;
        // Sync is stopped before the store: a reply it can no longer take is of no use to anybody.
        if (!queue_put(self->workers->worker[WORKER_SYNC].queue, &to_sync))
            outbox_reply_clear(&to_sync.reply);
        break;
    case OUTBOX_FROM_PRINT:
        if (reply->kind == OUTBOX_FAILED)
            log_event(LOG_ERROR, "store", "print-state", "err=%s why=\"%s\"", err_name(reply->err),
                      reply->why);
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
    while (queue_take(workers->worker[WORKER_STORE].queue, &request, -1)) {
        self.asked_by = request.from;
        outbox_step(self.outbox, &request, emit, &self);
        memory_wipe(&request, sizeof request); // a login's PIN
        wipe_stack();
    }
    outbox_close(self.outbox);
    sqlite_kiosk_store_close(&self.store);
}
