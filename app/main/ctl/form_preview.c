// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form preview FILE: opens the form in the kiosk's window. The window is the kiosk
// program's, which stands beside this one; this one stays free of screens.
#include "../place.h"
#include "commands.h"
#include "yimen/base/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096, ARGUMENTS = 24 };

static const char usage[] =
    "usage: yimenctl form preview FILE [--language zh|en|ko] [--width N --height N]\n"
    "                              [--assets DIR] [--seconds N]\n"
    "Opens the form in the kiosk's window. Nothing is saved, sent or printed: the record that\n"
    "would have been handed in goes to standard output. When the file is changed, the form\n"
    "begins anew. What the form includes, and its lists and media, are looked for beside it.\n";

static bool is_known(const char *option)
{
    static const char *const known[] = {"--language", "--width",       "--height", "--assets",
                                        "--seconds",  "--tree-socket", "--look",   "--mm-per-px"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(option, known[i]))
            return true;
    return false;
}

// FILE becomes --preview FILE; the options are the kiosk's own.
static bool arguments(int argc, char **argv, const char *program, const char *out[ARGUMENTS])
{
    size_t count = 0;
    const char *file = NULL;
    out[count++] = program;
    for (int i = 1; i < argc; i++) {
        if (count + 5 > ARGUMENTS)
            return false;
        if (is_known(argv[i]) && i + 1 < argc) {
            out[count++] = argv[i];
            out[count++] = argv[++i];
        } else if (argv[i][0] != '-' && !file) {
            file = argv[i];
        } else {
            return false;
        }
    }
    out[count++] = "--preview";
    out[count++] = file;
    out[count] = NULL;
    return file != NULL;
}

int ctl_form_preview(const struct ctl *ctl, int argc, char **argv)
{
    char program[PATH] = "";
    const char *list[ARGUMENTS];
    (void)ctl;
    if (!arguments(argc, argv, program, list)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (text_ends(argv[argc - 1], ".xlsx") || text_ends(argv[1], ".xlsx")) {
        (void)fprintf(stderr, "yimenctl form: a spreadsheet is converted first: "
                              "xls2xform form.xlsx form.xml, or any other XLSForm tool\n");
        return 1;
    }
    if (!place_beside("yimen-kiosk", program, sizeof program)) {
        (void)fprintf(stderr, "yimenctl form: no kiosk program beside this one\n");
        return 1;
    }
    (void)execv(program, (char *const *)(void *)list);
    (void)fprintf(stderr, "yimenctl form: %s: %s\n", program, strerror(errno));
    return 1;
}
