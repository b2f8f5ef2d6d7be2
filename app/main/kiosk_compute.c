// SPDX-License-Identifier: GPL-3.0-or-later
// The compute worker: what takes longer than a frame and belongs to no device.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/text.h"

static void load_earlier(struct workers *workers, const struct session_request *request,
                         struct session_input *answer, struct fail *why)
{
    struct pack_release release;
    answer->err =
        kiosk_release_open(workers->with.content, request->earlier.version, &release, why);
    if (answer->err)
        return;
    answer->err = pack_service_form(&release.source, workers->with.crypto, request->earlier.service,
                                    &answer->form, why);
    pack_release_close(&release);
}

static void load_form(struct workers *workers, struct session_request *request,
                      struct session_input *answer, struct fail *why)
{
    const struct kiosk_content *content = workers->with.content;
    answer->kind = SESSION_FORM_LOADED;
    if (request->kind == SESSION_FORM)
        answer->err = kiosk_content_form(content, request->form.name, &answer->form, why);
    else if (request->kind == SESSION_CORRECTION)
        answer->err = kiosk_content_correction(content, request->list, &answer->form, why);
    else
        load_earlier(workers, request, answer, why);
}

static void work(struct workers *workers, struct session_request *request)
{
    struct session_input answer = {.id = request->id};
    struct fail why = {0};
    if (request->kind ==
        SESSION_DERIVE) { // slow on purpose: whoever has the paper still has to try
        answer.kind = SESSION_KEY;
        answer.key.ticket = request->derive.ticket;
        answer.err = ticket_work(workers->with.crypto, &answer.key.ticket, request->derive.code,
                                 answer.key.key, &why);
    } else if (request->kind == SESSION_PACK) {
        answer.kind = SESSION_PACK_INSTALLED;
        answer.err = kiosk_content_install(workers->with.content, &why);
    } else {
        load_form(workers, request, &answer, &why);
    }
    text_copy(answer.why, sizeof answer.why, why.text);
    worker_answer(workers, &answer);
    memory_wipe(&answer, sizeof answer);
}

void compute_run(struct workers *workers)
{
    struct compute_message message;
    worker_is_ready(workers, ERR_OK, NULL);
    while (worker_take(workers, WORKER_COMPUTE, &message, -1)) {
        if (message.order == COMPUTE_CLEAN) {
            kiosk_content_clean(workers->with.content, message.oldest_open_utc_ms);
            continue;
        }
        work(workers, &message.asked);
        session_request_clear(&message.asked);
        wipe_stack();
    }
}
