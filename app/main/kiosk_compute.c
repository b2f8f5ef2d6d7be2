// SPDX-License-Identifier: GPL-3.0-or-later
// The compute worker: what takes longer than a frame and belongs to no device.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/text.h"
#include <stdlib.h>

static void load_form(struct workers *workers, const char *service)
{
    struct ui_message message = {.kind = UI_FORM};
    struct fail why = {0};
    text_copy(message.service, sizeof message.service, service);
    message.err = kiosk_content_form(workers->with.content, service, &message.form, &why);
    text_copy(message.why, sizeof message.why, why.text);
    worker_tell_ui(workers, &message);
}

static void load_earlier(struct workers *workers, const char *service, const char *version)
{
    struct ui_message message = {.kind = UI_FORM};
    struct pack_release release;
    struct fail why = {0};
    text_copy(message.service, sizeof message.service, version);
    message.err = kiosk_release_open(workers->with.content, version, &release, &why);
    if (!message.err) {
        message.err = pack_service_form(&release.source, workers->with.crypto, service,
                                        &message.form, &why);
        pack_release_close(&release);
    }
    text_copy(message.why, sizeof message.why, why.text);
    worker_tell_ui(workers, &message);
}

static void load_correction(struct workers *workers, struct correction_list *list)
{
    struct ui_message message = {.kind = UI_FORM};
    struct fail why = {0};
    text_copy(message.service, sizeof message.service, list->id);
    message.err = kiosk_content_correction(workers->with.content, list, &message.form, &why);
    text_copy(message.why, sizeof message.why, why.text);
    memory_wipe(list, sizeof *list);
    free(list);
    worker_tell_ui(workers, &message);
}

static void install_pack(struct workers *workers)
{
    struct ui_message message = {.kind = UI_PACK};
    struct fail why = {0};
    message.err = kiosk_content_install(workers->with.content, &why);
    text_copy(message.why, sizeof message.why, why.text);
    worker_tell_ui(workers, &message);
}

// Slow on purpose: whoever has the paper still has to try.
static void derive_key(struct workers *workers, const struct compute_message *order)
{
    struct ui_message message = {
        .kind = UI_KEY, .serial = order->serial, .ticket = order->ticket};
    struct fail why = {0};
    message.err =
        ticket_work(workers->with.crypto, &message.ticket, order->code, message.key, &why);
    text_copy(message.why, sizeof message.why, why.text);
    worker_tell_ui(workers, &message);
    memory_wipe(&message, sizeof message);
    wipe_stack();
}

void compute_run(struct workers *workers)
{
    struct compute_message message;
    worker_is_ready(workers, ERR_OK, NULL);
    while (queue_take(workers->worker[WORKER_COMPUTE].queue, &message, -1)) {
        if (message.order == COMPUTE_FORM)
            load_form(workers, message.service);
        else if (message.order == COMPUTE_EARLIER)
            load_earlier(workers, message.service, message.version);
        else if (message.order == COMPUTE_CORRECTION)
            load_correction(workers, message.list);
        else if (message.order == COMPUTE_KEY)
            derive_key(workers, &message);
        else if (message.order == COMPUTE_PACK)
            install_pack(workers);
        else
            kiosk_content_clean(workers->with.content, message.oldest_open_utc_ms);
        memory_wipe(&message, sizeof message);
    }
}
