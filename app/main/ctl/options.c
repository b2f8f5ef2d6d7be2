// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"
#include "table.h"
#include "yimen/base/text.h"
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS = 16, NAMES = 512, IN_ORDER = 1 };

// "--kiosk DIR [--json]" as getopt_long wants it: what an option is followed by is its value,
// unless a bracket closes or another option begins.
struct known {
    struct option table[OPTIONS + 1];
    char names[NAMES]; ///< with their dashes
};

static void read_known(const char *arguments, struct known *out)
{
    size_t count = 0, used = 0;
    *out = (struct known){0};
    for (const char *at = strstr(arguments, "--"); at; at = strstr(at, "--")) {
        size_t length = strspn(at, "-abcdefghijklmnopqrstuvwxyz");
        bool has_value = at[length] == ' ' && !strchr("-[|", at[length + 1]);
        assert(count < OPTIONS && used + length + 1 <= NAMES);
        memcpy(out->names + used, at, length);
        out->table[count++] = (struct option){
            .name = out->names + used + 2, .has_arg = has_value ? required_argument : no_argument};
        used += length + 1;
        at += length;
    }
}

bool ctl_read(const struct ctl *ctl, int argc, char **argv, ctl_take *take, void *context)
{
    struct known known;
    read_known(ctl->command->arguments, &known);
    bool good = true;
    int index = 0, id;
    optind = 0;
    opterr = 0;
    while (good && (id = getopt_long(argc, argv, "-", known.table, &index)) != -1) {
        if (id == IN_ORDER)
            good = take(context, NULL, optarg);
        else
            good = id == 0 && take(context, known.table[index].name - 2, optarg);
    }
    while (good && optind < argc) // behind "--"
        good = take(context, NULL, argv[optind++]);
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

int ctl_misused(const struct ctl *ctl)
{
    command_usage(ctl->command, stderr);
    return 2;
}

struct reading {
    const struct ctl_option *options;
    size_t count;
};

static bool take_known(void *context, const char *name, const char *value)
{
    const struct reading *reading = context;
    for (size_t i = 0; name && i < reading->count; i++) {
        const struct ctl_option *option = &reading->options[i];
        if (!text_equal(option->name, name))
            continue;
        if (option->flag)
            *option->flag = true;
        else
            *option->value = value;
        return true;
    }
    return false;
}

bool ctl_read_options(const struct ctl *ctl, int argc, char **argv,
                      const struct ctl_option *options, size_t count)
{
    struct reading reading = {options, count};
    if (!ctl_read(ctl, argc, argv, take_known, &reading))
        return false;
    for (size_t i = 0; i < count; i++)
        if (options[i].required && !*options[i].value) {
            (void)ctl_misused(ctl);
            return false;
        }
    return true;
}
