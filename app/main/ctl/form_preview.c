// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form preview FILE: opens the form in the kiosk's window. The window is the kiosk
// program's, which stands beside this one; this one stays free of screens.
#include "options.h"
#include "../place.h"
#include "commands.h"
#include "yimen/base/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096, ARGUMENTS = 24 };

// FILE becomes --preview FILE; the options are the kiosk's own.
struct kiosk_call {
    const char *arguments[ARGUMENTS], *file;
    size_t count;
};

static bool take(void *context, const char *name, const char *value)
{
    struct kiosk_call *call = context;
    if (!name) {
        bool is_first = !call->file;
        call->file = value;
        return is_first;
    }
    if (call->count + 5 > ARGUMENTS)
        return false;
    call->arguments[call->count++] = name;
    call->arguments[call->count++] = value;
    return true;
}

int ctl_form_preview(const struct ctl *ctl, int argc, char **argv)
{
    char program[PATH] = "";
    struct kiosk_call call = {.arguments = {program}, .count = 1};
    if (!ctl_read(ctl, argc, argv, take, &call))
        return 2;
    if (!call.file)
        return ctl_misused(ctl);
    call.arguments[call.count++] = "--preview";
    call.arguments[call.count++] = call.file;
    if (text_ends(call.file, ".xlsx")) {
        (void)fprintf(stderr, "yimenctl form: a spreadsheet is converted first: "
                              "xls2xform form.xlsx form.xml, or any other XLSForm tool\n");
        return 1;
    }
    if (!place_beside("yimen-kiosk", program, sizeof program)) {
        (void)fprintf(stderr, "yimenctl form: no kiosk program beside this one\n");
        return 1;
    }
    (void)execv(program, (char *const *)(void *)call.arguments);
    (void)fprintf(stderr, "yimenctl form: %s: %s\n", program, strerror(errno));
    return 1;
}
