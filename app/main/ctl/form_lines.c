// SPDX-License-Identifier: GPL-3.0-or-later
#include "form_lines.h"
#include "options.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>

static struct when stopped(void *self)
{
    return (struct when){.utc_ms = *(const int64_t *)self, .quality = TIME_DISTRICT};
}

int ctl_form_lines(const struct ctl *ctl, int argc, char **argv, ctl_form_job *job)
{
    static const struct clock_ops stopped_ops = {.now = stopped};
    int64_t now_ms = 0;
    struct clock clock = {&stopped_ops, &now_ms};
    struct ctl at_a_time = *ctl;
    const char *now = NULL;
    const struct ctl_option options[] = {{"--now", &now, NULL, false}};
    if (!ctl_read_options(ctl, argc, argv, options, 1))
        return 2;
    if (now && !text_to_int64(now, &now_ms))
        return ctl_misused(ctl);
    if (now)
        at_a_time.clock = &clock;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) > 0)
        job(&at_a_time, line, (size_t)length);
    free(line);
    return fflush(stdout) == 0 && !ferror(stdin) ? 0 : 1;
}
