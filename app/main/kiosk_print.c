// SPDX-License-Identifier: GPL-3.0-or-later
// The print worker: owns printer and paper. What became of a receipt goes to the screen and into
// the store.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/cups.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/driver/system.h"
#include <string.h>

struct print_worker {
    struct workers *workers;
    struct printer printer;
    bool is_simulated;
    struct paper paper;
    struct files keep;
    struct print *print;
};

static void emit(void *context, const struct print_event *event)
{
    struct print_worker *self = context;
    struct session_input message = {.kind = SESSION_PRINT, .id = event->id, .print = *event};
    struct outbox_request remember = {
        .kind = OUTBOX_PRINT_STATE,
        .from = OUTBOX_FROM_PRINT,
        .print_state = event->state,
    };
    if (message.id)
        worker_answer(self->workers, &message);
    else
        worker_tell_ui(self->workers, &message);
    if (event->kind != PRINT_EVENT_JOB || !event->receipt[0]) // a test slip is nobody's
        return;
    text_copy(remember.job, sizeof remember.job, event->job);
    text_copy(remember.receipt, sizeof remember.receipt, event->receipt);
    text_copy(remember.detail, sizeof remember.detail, event->detail);
    (void)worker_put(self->workers, WORKER_STORE, &remember); // it ends last
}

static enum err open_printer(struct print_worker *self, struct fail *why)
{
    const struct workers_options *with = &self->workers->with;
    const char *name = with->options->printer ? with->options->printer : with->config->printer;
    self->is_simulated = text_equal(name, "sim") || text_starts(name, "sim:");
    if (!self->is_simulated)
        return cups_printer_open(&(struct cups_printer_options){.printer = name}, &self->printer,
                                 why);
    struct sim_printer_options options = {.clock = with->clock,
                                          .script = name[3] ? name + 4 : NULL};
    return sim_printer_open(&options, &self->printer, why);
}

static void close_all(struct print_worker *self)
{
    print_close(self->print);
    paper_close(&self->paper);
    if (self->is_simulated)
        sim_printer_close(&self->printer);
    else
        cups_printer_close(&self->printer);
    if (self->keep.ops)
        system_files_close(&self->keep);
}

static enum err open_all(struct print_worker *self, struct fail *why)
{
    const struct workers_options *with = &self->workers->with;
    const char *keep = with->options->keep_receipts;
    enum err err = keep ? system_files_open(keep, &self->keep, why) : ERR_OK;
    if (!err)
        err = open_printer(self, why);
    if (!err)
        err = paper_open(NULL, &self->paper, why);
    struct print_options options = {
        .printer = &self->printer,
        .paper = &self->paper,
        .clock = with->clock,
        .texts = with->content->texts,
        .catalogue = with->content->catalogue,
        .policies = with->content->policies,
        .practice = with->config->demo,
        .keep_folder_pdf = keep ? "" : NULL,
        .keep = keep ? &self->keep : NULL,
    };
    if (!err)
        err = print_open(&options, &self->print, why);
    if (err)
        close_all(self);
    return err;
}

void print_run(struct workers *workers)
{
    struct print_worker self = {.workers = workers};
    struct worker *worker = &workers->worker[WORKER_PRINT];
    struct print_request request;
    struct fail why = {0};
    enum err err = open_all(&self, &why);
    worker_is_ready(workers, err, &why);
    if (err)
        return;
    print_step(self.print, NULL, emit, &self);
    for (;;) {
        bool got = worker_take(workers, WORKER_PRINT, &request, print_wait_ms(self.print));
        if (!got && atomic_load(&worker->is_stopping))
            break;
        print_step(self.print, got ? &request : NULL, emit, &self);
        memory_wipe(&request, sizeof request);
        wipe_stack();
    }
    close_all(&self);
}
