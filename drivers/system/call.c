// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/system.h"

#include "yimen/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lamp {
    char *file; // NULL: none fitted
};

static enum err set(void *self, const struct call_wanted *wanted, unsigned *reached,
                    struct fail *why)
{
    const struct lamp *lamp = self;
    if (!lamp->file)
        return ERR_OK;
    int file = open(lamp->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0644);
    if (file < 0)
        return fail_set(why, ERR_TECHNICIAN, "call lamp: %s", strerror(errno));
    const char *value = !wanted->calling ? "0\n" : wanted->urgent ? "2\n" : "1\n";
    bool done = write(file, value, 2) == 2;
    int code = errno;
    close(file);
    if (!done)
        return fail_set(why, ERR_TECHNICIAN, "call lamp: %s", strerror(code));
    *reached |= wanted->calling ? CALL_REACHED_LAMP : 0;
    return ERR_OK;
}

static const struct call_ops ops = {.set = set};

enum err system_call_open(const char *lamp_file, struct call *out, struct fail *why)
{
    struct lamp *lamp = calloc(1, sizeof *lamp);
    if (!lamp)
        return fail_set(why, ERR_RETRY, "no memory");
    lamp->file = lamp_file ? text_duplicate(lamp_file) : NULL;
    *out = (struct call){.ops = &ops, .self = lamp};
    return ERR_OK;
}

void system_call_close(struct call *call)
{
    if (!call || !call->self)
        return;
    struct lamp *lamp = call->self;
    free(lamp->file);
    free(lamp);
    *call = (struct call){0};
}
