// SPDX-License-Identifier: GPL-3.0-or-later
// Taking jobs back. Surely not printed is only what the printer itself had not begun.
#include "cups_internal.h"
#include "yimen/base/text.h"

enum { JOBS_MAXIMUM = 64 };

enum err job_cancel(const struct cups_printer *self, const struct endpoint *endpoint, int id,
                    struct fail *why)
{
    ipp_t *request = ipp_request(endpoint, IPP_OP_CANCEL_JOB);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
    ipp_t *response;
    enum err err = ipp_ask(self, endpoint, request, &response, why);
    ippDelete(response);
    return err ? fail_prefix(why, err, "taking print job %d back", id) : ERR_OK;
}

static bool is_waiting(const struct job_says *says)
{
    return says->state == IPP_JSTATE_PENDING || says->state == IPP_JSTATE_HELD;
}

static bool is_running(const struct job_says *says)
{
    return says->state == IPP_JSTATE_PROCESSING || says->state == IPP_JSTATE_STOPPED;
}

static enum err begun(struct fail *why)
{
    return fail_set(why, ERR_CONFLICT, "the printer has begun it");
}

static enum err maybe_begun(struct fail *why)
{
    return fail_set(why, ERR_UNKNOWN, "taken back, but the printer may have begun it");
}

// Still in line where jobs go: gone when it is cancelled there.
static enum err cancel_waiting(struct cups_printer *self, const struct printer_job *job,
                               struct fail *why)
{
    struct job_says says = {0};
    enum err err = job_cancel(self, &self->target, job->id, why);
    if (err && err != ERR_CONFLICT)
        return err;
    err = job_ask(self, &self->target, job->id, &says, why);
    if (err)
        return err;
    if (says.state == IPP_JSTATE_CANCELED || says.state == IPP_JSTATE_ABORTED)
        return ERR_OK;
    return begun(why);
}

// The printer is at it, or stands still with it (no paper, cover open): only then it is taken back.
static enum err cancel_running(struct cups_printer *self, const struct endpoint *device, int id,
                               struct fail *why)
{
    enum { STANDS_STILL = PRINTER_NO_PAPER | PRINTER_COVER_OPEN | PRINTER_JAM | PRINTER_OTHER };
    struct printer_says says;
    enum err err = printer_ask(self, device, &says, why);
    if (err)
        return err;
    if (!(says.status.reasons & STANDS_STILL) && says.state != IPP_PSTATE_STOPPED)
        return begun(why);
    err = job_cancel(self, device, id, why);
    return err ? err : maybe_begun(why);
}

// The queue has handed it on, or tries to: what has the printer of it?
static enum err cancel_behind_queue(struct cups_printer *self, const struct printer_job *job,
                                    struct fail *why)
{
    if (!self->device.known)
        return begun(why);
    struct job_says says = {0};
    enum err found = job_find(self, &self->device, job->name, &says, why);
    if (!found && (says.state == IPP_JSTATE_COMPLETED))
        return begun(why);
    enum err err = ERR_OK;
    if (!found && is_running(&says))
        err = cancel_running(self, &self->device, says.id, why);
    else if (!found && is_waiting(&says))
        err = job_cancel(self, &self->device, says.id, why);
    if (err == ERR_CONFLICT)
        return err;
    enum err queue = job_cancel(self, &self->target, job->id, why);
    if (queue && queue != ERR_CONFLICT)
        return queue;
    if (found == ERR_NOT_FOUND) // it may have arrived just now
        found = job_find(self, &self->device, job->name, &says, why);
    return found == ERR_NOT_FOUND || (!found && !err && says.state != IPP_JSTATE_PROCESSING)
               ? ERR_OK
               : maybe_begun(why);
}

enum err cups_cancel(void *context, const struct printer_job *job, struct fail *why)
{
    struct cups_printer *self = context;
    struct job_says says = {0};
    enum err err = job_ask(self, &self->target, job->id, &says, why);
    if (err == ERR_NOT_FOUND)
        return maybe_begun(why);
    if (err)
        return err;
    if (is_waiting(&says))
        return cancel_waiting(self, job, why);
    if (!is_running(&says))
        return begun(why);
    return self->is_queue ? cancel_behind_queue(self, job, why)
                          : cancel_running(self, &self->target, job->id, why);
}

static size_t collect(ipp_t *response, const char *name_prefix, int ids[JOBS_MAXIMUM])
{
    size_t count = 0;
    int id = 0;
    bool ours = false;
    for (ipp_attribute_t *at = ippFirstAttribute(response);; at = ippNextAttribute(response)) {
        bool same_job = at && ippGetGroupTag(at) == IPP_TAG_JOB && ippGetName(at);
        if (!same_job) {
            if (id && ours && count < JOBS_MAXIMUM)
                ids[count++] = id;
            id = 0;
            ours = false;
            if (!at)
                return count;
        } else if (text_equal(ippGetName(at), "job-id"))
            id = ippGetInteger(at, 0);
        else if (text_equal(ippGetName(at), "job-name")) {
            const char *name = ippGetString(at, 0, NULL);
            ours = name && text_starts(name, name_prefix);
        }
    }
}

static enum err cancel_ours(struct cups_printer *self, const struct endpoint *endpoint,
                            const char *name_prefix, struct fail *why)
{
    static const char *const WANTED[] = {"job-id", "job-name"};
    ipp_t *request = ipp_request(endpoint, IPP_OP_GET_JOBS);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "not-completed");
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 2, NULL,
                  WANTED);
    ipp_t *response;
    enum err err = ipp_ask(self, endpoint, request, &response, why);
    if (err)
        return fail_prefix(why, err, "looking for jobs left over");
    int ids[JOBS_MAXIMUM];
    size_t count = collect(response, name_prefix, ids);
    ippDelete(response);
    for (size_t i = 0; i < count; i++) {
        enum err one = job_cancel(self, endpoint, ids[i], why);
        if (one && one != ERR_CONFLICT && one != ERR_NOT_FOUND)
            err = one;
    }
    return err;
}

enum err cups_cancel_all(void *context, const char *name_prefix, struct fail *why)
{
    struct cups_printer *self = context;
    struct printer_says says;
    enum err err = printer_ask(self, &self->target, &says, why);
    if (err)
        return err;
    device_learn(self, &says);
    err = cancel_ours(self, &self->target, name_prefix, why);
    if (!err && self->is_queue && self->device.known)
        err = cancel_ours(self, &self->device, name_prefix, why);
    return err;
}
