// SPDX-License-Identifier: GPL-3.0-or-later
#include "cups_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 3000, ANSWER_MS = 5000 };

static const struct printer_ops OPS = {
    .status = cups_status,
    .create = cups_create,
    .send = cups_send,
    .job_state = cups_job_state,
    .cancel = cups_cancel,
    .cancel_all = cups_cancel_all,
};

// A queue of the print system that the environment names.
static enum err parse_name(const char *name, struct endpoint *out, struct fail *why)
{
    if (!*name || strcspn(name, " /#?'\"") != strlen(name))
        return fail_set(why, ERR_INPUT, "\"%.60s\" is no printer name", name);
    const char *server = cupsServer();
    // A socket file is reached through libcups as a host whose name is its path.
    *out = (struct endpoint){.port = ippPort(), .known = true};
    (void)text_copy(out->host, sizeof out->host, server);
    char resource[160] = "/printers/";
    (void)text_copy(resource + strlen(resource), sizeof resource - strlen(resource), name);
    (void)text_copy(out->resource, sizeof out->resource, resource);
    (void)httpAssembleURI(HTTP_URI_CODING_ALL, out->uri, sizeof out->uri, "ipp", NULL, "localhost",
                          out->port, resource);
    return ERR_OK;
}

enum err cups_printer_open(const struct cups_printer_options *options, struct printer *out,
                           struct fail *why)
{
    struct cups_printer *self = calloc(1, sizeof *self);
    if (!self)
        return fail_set(why, ERR_RETRY, "no memory for the printer");
    bool is_address = strstr(options->printer, "://") != NULL;
    enum err err = is_address ? endpoint_parse(options->printer, &self->target, why)
                              : parse_name(options->printer, &self->target, why);
    if (err) {
        free(self);
        return fail_prefix(why, err, "opening the printer");
    }
    self->is_queue = !is_address || text_starts(self->target.resource, "/printers/");
    self->connect_ms = options->connect_ms ? options->connect_ms : CONNECT_MS;
    self->answer_s = (options->answer_ms ? options->answer_ms : ANSWER_MS) / 1000.0;
    *out = (struct printer){&OPS, self};
    return ERR_OK;
}

void cups_printer_close(struct printer *printer)
{
    if (!printer)
        return;
    free(printer->self);
    *printer = (struct printer){0};
}
