// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl GROUP VERB ...: opens what commands need, finds the command in one table, closes in
// reverse order.
#include "table.h"
#include "../version.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <stdio.h>

enum { USAGE = 2 };

static int print_help(FILE *out, const char *group)
{
    (void)fputs("usage: yimenctl GROUP VERB [options]\n", out);
    for (size_t i = 0; i < command_count; i++)
        if (group == NULL || text_equal(commands[i].group, group))
            (void)fprintf(out, "  %-10s %-14s %s\n", commands[i].group, commands[i].verb,
                          commands[i].summary);
    return out == stdout ? 0 : USAGE;
}

static const struct command *find_command(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < command_count; i++) {
        bool is_alone = commands[i].verb[0] == '\0';
        if (text_equal(commands[i].group, argv[1]) &&
            (is_alone || (argc > 2 && text_equal(commands[i].verb, argv[2]))))
            return &commands[i];
    }
    return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct crypto crypto;
    struct clock clock;
    struct fail why = {ERR_OK, ""};
    if (sodium_crypto_open(&crypto, &why) != ERR_OK || system_clock_open(&clock, &why) != ERR_OK) {
        log_fail(LOG_ERROR, "yimenctl", "start", &why);
        return 1;
    }
    const struct ctl ctl = {.crypto = &crypto, .clock = &clock, .command = command};
    int words = command->verb[0] ? 2 : 1; // a group of one command has no verb
    int code = command->run(&ctl, argc - words, argv + words);
    system_clock_close(&clock);
    return code;
}

static bool is_help(const char *word)
{
    return text_equal(word, "--help") || text_equal(word, "-h");
}

// Anywhere behind the command: nothing is done then.
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

int main(int argc, char **argv)
{
    if (version_asked(argc, argv, "yimenctl"))
        return 0;
    const struct command *command = find_command(argc, argv);
    bool helps = asks_for_help(argc, argv);
    if (helps && command) {
        command_usage(command, stdout);
        return 0;
    }
    if (!command)
        return print_help(helps ? stdout : stderr, argc > 1 && !is_help(argv[1]) ? argv[1] : NULL);
    return run(command, argc, argv);
}
