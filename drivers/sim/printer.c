// SPDX-License-Identifier: GPL-3.0-or-later
#include "printer_script.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS = 32, PRINT_MS = 300, SLOWER = 20, DOCUMENT_MAXIMUM = 8 << 20 };

enum sim_state {
    SIM_FREE,
    SIM_CREATED,
    SIM_WAITING,
    SIM_PRINTING,
    SIM_PRINTED,
    SIM_LOST,
    SIM_CANCELED
};

struct sim_job {
    enum sim_state state;
    int id;
    char name[64];
    struct strbuf document;
    int64_t done_ms;
};

struct sim_printer {
    const struct clock *clock;
    const struct files *keep;
    int print_ms;
    struct printer_script script;
    size_t script_next;
    int64_t opened_ms, on_since_ms;
    enum sim_printer_fault fault;
    struct sim_job jobs[JOBS]; // a ring, by id
    int last_id, printed;
    struct strbuf last;
};

static int64_t now_ms(const struct sim_printer *self)
{
    return clock_now(self->clock).monotonic_ms;
}

static struct sim_job *job_of(struct sim_printer *self, int id)
{
    struct sim_job *job = &self->jobs[id % JOBS];
    return id > 0 && job->id == id && job->state != SIM_FREE ? job : NULL;
}

static void lose(struct sim_job *job)
{
    job->state = SIM_LOST;
    strbuf_free(&job->document);
}

static void come_out(struct sim_printer *self, struct sim_job *job)
{
    job->state = SIM_PRINTED;
    self->printed++;
    strbuf_clear(&self->last);
    strbuf_add(&self->last, job->document.data, job->document.length);
    if (self->keep) {
        char name[24];
        (void)snprintf(name, sizeof name, "%03d.pwg", self->printed);
        (void)self->keep->ops->write(self->keep->self, name, job->document.data,
                                     job->document.length, false, NULL);
    }
    strbuf_free(&job->document);
}

static struct sim_job *first_in(struct sim_printer *self, enum sim_state state)
{
    for (int id = self->last_id - JOBS + 1; id <= self->last_id; id++) {
        struct sim_job *job = id > 0 ? job_of(self, id) : NULL;
        if (job && job->state == state)
            return job;
    }
    return NULL;
}

static void apply(struct sim_printer *self, enum sim_printer_fault fault, int64_t at_ms)
{
    struct sim_job *printing = first_in(self, SIM_PRINTING);
    if (printing && (fault == SIM_PRINTER_FORGETS || self->fault == SIM_PRINTER_JAM))
        lose(printing);
    if (fault == SIM_PRINTER_OFFLINE) {
        for (int i = 0; i < JOBS; i++)
            if (self->jobs[i].state != SIM_FREE)
                lose(&self->jobs[i]);
    }
    if (self->fault == SIM_PRINTER_OFFLINE && fault != SIM_PRINTER_OFFLINE)
        self->on_since_ms = at_ms;
    self->fault = fault;
}

// What its mechanism did up to `until`.
static void work(struct sim_printer *self, int64_t from_ms, int64_t until_ms)
{
    bool stands = self->fault == SIM_PRINTER_PAPER_OUT || self->fault == SIM_PRINTER_COVER_OPEN ||
                  self->fault == SIM_PRINTER_OFFLINE || self->fault == SIM_PRINTER_JAM;
    while (true) {
        struct sim_job *job = first_in(self, SIM_PRINTING);
        if (job && self->fault == SIM_PRINTER_FORGETS) {
            lose(job);
            continue;
        }
        if (job && (self->fault == SIM_PRINTER_JAM || job->done_ms > until_ms))
            return;
        if (job) {
            from_ms = job->done_ms > from_ms ? job->done_ms : from_ms;
            come_out(self, job);
            continue;
        }
        job = first_in(self, SIM_WAITING);
        if (!job || (stands && self->fault != SIM_PRINTER_JAM))
            return;
        job->state = SIM_PRINTING;
        job->done_ms =
            from_ms + (int64_t)self->print_ms * (self->fault == SIM_PRINTER_SLOW ? SLOWER : 1);
    }
}

// Everything that happened since the last call, in order. `from_ms` of a job is at worst the time
// of the call before: close enough for a simulation, and the same every time.
static void advance(struct sim_printer *self)
{
    int64_t now = now_ms(self);
    while (self->script_next < self->script.count &&
           self->opened_ms + self->script.steps[self->script_next].at_ms <= now) {
        int64_t at = self->opened_ms + self->script.steps[self->script_next].at_ms;
        work(self, at, at);
        apply(self, self->script.steps[self->script_next++].fault, at);
    }
    work(self, now, now);
}

static unsigned reasons_now(const struct sim_printer *self)
{
    switch (self->fault) {
    case SIM_PRINTER_PAPER_OUT: return PRINTER_NO_PAPER;
    case SIM_PRINTER_COVER_OPEN: return PRINTER_COVER_OPEN;
    case SIM_PRINTER_JAM: return PRINTER_JAM;
    case SIM_PRINTER_OFFLINE: return PRINTER_OFFLINE;
    case SIM_PRINTER_GOOD:
    case SIM_PRINTER_SLOW:
    case SIM_PRINTER_FORGETS: return 0;
    }
    return 0;
}

static enum err silent(const struct sim_printer *self, struct fail *why)
{
    return self->fault == SIM_PRINTER_OFFLINE
               ? fail_set(why, ERR_RETRY, "the simulated printer does not answer")
               : ERR_OK;
}

static enum err sim_status(void *context, struct printer_status *out, struct fail *why)
{
    struct sim_printer *self = context;
    (void)why;
    advance(self);
    *out = (struct printer_status){.reasons = reasons_now(self)};
    (void)text_copy(out->detail, sizeof out->detail, out->reasons ? "simulated" : "");
    return ERR_OK;
}

static enum err sim_create(void *context, struct printer_job *job, const char *media,
                           struct fail *why)
{
    struct sim_printer *self = context;
    advance(self);
    if (!text_starts(media, "custom_80x"))
        return fail_set(why, ERR_TECHNICIAN, "paper \"%s\" is not what is in the printer", media);
    enum err err = silent(self, why);
    if (err)
        return err;
    struct sim_job *new = &self->jobs[++self->last_id % JOBS];
    strbuf_free(&new->document);
    *new = (struct sim_job){.state = SIM_CREATED, .id = self->last_id};
    strbuf_init(&new->document, DOCUMENT_MAXIMUM);
    (void)text_copy(new->name, sizeof new->name, job->name);
    job->id = new->id;
    (void)snprintf(job->uuid, sizeof job->uuid, "urn:sim:%d", new->id);
    job->up_time_at_start_s = (long)((now_ms(self) - self->on_since_ms) / 1000);
    return ERR_OK;
}

static enum err sim_send(void *context, const struct printer_job *job, const void *pwg,
                         size_t length, struct fail *why)
{
    struct sim_printer *self = context;
    advance(self);
    enum err err = silent(self, why);
    struct sim_job *own = job_of(self, job->id);
    if (err || !own || own->state != SIM_CREATED)
        return err ? err : fail_set(why, ERR_UNKNOWN, "the job is not known any more");
    strbuf_add(&own->document, pwg, length);
    err = strbuf_result(&own->document, why);
    if (!err)
        own->state = SIM_WAITING;
    advance(self);
    return err;
}

static enum err sim_job_state(void *context, const struct printer_job *job,
                              enum printer_job_state *state, struct printer_status *status,
                              struct fail *why)
{
    struct sim_printer *self = context;
    advance(self);
    enum err err = silent(self, why);
    if (err)
        return err;
    *status = (struct printer_status){.reasons = reasons_now(self)};
    struct sim_job *own = job_of(self, job->id);
    *state = PRINTER_JOB_UNKNOWN;
    if (own && (own->state == SIM_CREATED || own->state == SIM_WAITING))
        *state = PRINTER_JOB_PENDING;
    else if (own && own->state == SIM_PRINTING)
        *state = PRINTER_JOB_PRINTING;
    else if (own && own->state == SIM_PRINTED)
        *state = PRINTER_JOB_PRINTED;
    return ERR_OK;
}

static enum err sim_cancel(void *context, const struct printer_job *job, struct fail *why)
{
    struct sim_printer *self = context;
    advance(self);
    enum err err = silent(self, why);
    struct sim_job *own = job_of(self, job->id);
    if (err)
        return err;
    if (!own || own->state == SIM_LOST)
        return fail_set(why, ERR_UNKNOWN, "the job is not known any more");
    if (own->state != SIM_CREATED && own->state != SIM_WAITING)
        return fail_set(why, ERR_CONFLICT, "the printer has begun it");
    own->state = SIM_CANCELED;
    strbuf_free(&own->document);
    return ERR_OK;
}

static enum err sim_cancel_all(void *context, const char *name_prefix, struct fail *why)
{
    struct sim_printer *self = context;
    advance(self);
    enum err err = silent(self, why);
    for (int i = 0; !err && i < JOBS; i++) {
        struct sim_job *job = &self->jobs[i];
        if ((job->state == SIM_CREATED || job->state == SIM_WAITING ||
             job->state == SIM_PRINTING) &&
            text_starts(job->name, name_prefix)) {
            job->state = SIM_CANCELED;
            strbuf_free(&job->document);
        }
    }
    return err;
}

static const struct printer_ops OPS = {
    .status = sim_status,
    .create = sim_create,
    .send = sim_send,
    .job_state = sim_job_state,
    .cancel = sim_cancel,
    .cancel_all = sim_cancel_all,
};

enum err sim_printer_open(const struct sim_printer_options *options, struct printer *out,
                          struct fail *why)
{
    struct sim_printer *self = calloc(1, sizeof *self);
    if (!self)
        return fail_set(why, ERR_RETRY, "no memory for the simulated printer");
    self->clock = options->clock;
    self->keep = options->keep;
    self->print_ms = options->print_ms ? options->print_ms : PRINT_MS;
    self->opened_ms = self->on_since_ms = now_ms(self);
    strbuf_init(&self->last, DOCUMENT_MAXIMUM);
    enum err err = printer_script_read(options->script ? options->script : "", &self->script, why);
    if (err) {
        free(self);
        return err;
    }
    *out = (struct printer){&OPS, self};
    return ERR_OK;
}

void sim_printer_close(struct printer *printer)
{
    if (!printer || !printer->self)
        return;
    struct sim_printer *self = printer->self;
    for (int i = 0; i < JOBS; i++)
        strbuf_free(&self->jobs[i].document);
    strbuf_free(&self->last);
    free(self);
    *printer = (struct printer){0};
}

void sim_printer_set(struct printer *printer, enum sim_printer_fault fault)
{
    struct sim_printer *self = printer->self;
    advance(self);
    apply(self, fault, now_ms(self));
}

int sim_printer_count(struct printer *printer, const struct strbuf **last)
{
    struct sim_printer *self = printer->self;
    advance(self);
    if (last)
        *last = &self->last;
    return self->printed;
}
