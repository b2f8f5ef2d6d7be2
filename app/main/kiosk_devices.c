// SPDX-License-Identifier: GPL-3.0-or-later
// The devices worker: owns the code reader. What it reads goes to the session as it is; a reader
// that goes or comes back is said once.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/code.h"
#include "yimen/driver/sim_code_reader.h"

enum { LISTEN_MS = 400 }; ///< also the longest that closing waits for it

struct devices_worker {
    struct workers *workers;
    struct code_reader reader; ///< ops NULL: none is fitted
    bool is_simulated;
    enum err before;
};

static enum err open_reader(struct devices_worker *self, struct fail *why)
{
    const struct workers_options *with = &self->workers->with;
    const char *name =
        with->options->code_device ? with->options->code_device : with->config->code_device;
    self->is_simulated = text_starts(name, "sim:");
    if (!name[0])
        return ERR_OK;
    if (!self->is_simulated)
        return serial_code_reader_open(name, &self->reader, why);
    struct sim_code_reader_options options = {.clock = with->clock, .script = name + 4};
    return sim_code_reader_open(&options, &self->reader, why);
}

static void say_change(struct devices_worker *self, enum err err, const struct fail *why)
{
    bool is_there = err != ERR_RETRY && err != ERR_TECHNICIAN;
    bool was_there = self->before != ERR_RETRY && self->before != ERR_TECHNICIAN;
    if (is_there != was_there && is_there)
        log_event(LOG_INFO, "devices", "code-reader-back", "%s", "");
    else if (is_there != was_there)
        log_fail(LOG_WARNING, "devices", "code-reader-away", why);
    self->before = err;
}

static void listen(struct devices_worker *self)
{
    struct session_input message = {.kind = SESSION_CODE};
    struct fail why = {0};
    message.err = self->reader.ops->read(self->reader.self, LISTEN_MS, message.code, &why);
    say_change(self, message.err, &why);
    if (message.err == ERR_OK || message.err == ERR_INPUT)
        worker_tell_ui(self->workers, &message);
    memory_wipe(message.code, sizeof message.code); // a ticket's is a key
}

void devices_run(struct workers *workers)
{
    struct devices_worker self = {.workers = workers};
    struct worker *worker = &workers->worker[WORKER_DEVICES];
    struct fail why = {0};
    enum err err = open_reader(&self, &why);
    worker_is_ready(workers, err, &why);
    while (!err && self.reader.ops && !atomic_load(&worker->is_stopping)) {
        listen(&self);
        wipe_stack();
    }
    if (self.is_simulated)
        sim_code_reader_close(&self.reader);
    else
        serial_code_reader_close(&self.reader);
}
