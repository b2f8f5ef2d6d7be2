// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of the table of commands: usage, completion, manual page.
#include "table.h"
#include "yimen/base/text.h"
#include <string.h>

void command_usage(const struct command *command, FILE *out)
{
    (void)fprintf(out, "usage: yimenctl %s%s%s%s%s\n%s", command->group,
                  command->verb[0] ? " " : "", command->verb, command->arguments[0] ? " " : "",
                  command->arguments, command->notes);
}

// The words of a command that begin with two dashes, each once.
static void print_options(const char *arguments)
{
    for (const char *at = strstr(arguments, "--"); at; at = strstr(at, "--")) {
        size_t length = strspn(at, "-abcdefghijklmnopqrstuvwxyz");
        const char *before = strstr(arguments, "--");
        while (before < at && strncmp(before, at, length + 1) != 0)
            before = strstr(before + 2, "--");
        if (before == at)
            (void)printf("%.*s ", (int)length, at);
        at += length;
    }
    (void)fputs("--help", stdout);
}

static bool is_first_of_group(size_t index)
{
    return index == 0 || !text_equal(commands[index].group, commands[index - 1].group);
}

int ctl_completion(const struct ctl *ctl, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        command_usage(ctl->command, stderr);
        return 2;
    }
    (void)fputs(
        "_yimenctl() {\n    local words\n    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
        stdout);
    for (size_t i = 0; i < command_count; i++) {
        (void)printf("    \"%s %s\"%s) words=\"", commands[i].group, commands[i].verb,
                     commands[i].verb[0] ? "" : "*");
        print_options(commands[i].arguments);
        (void)puts("\" ;;");
    }
    (void)fputs("    *) words= ;;\n    esac\n    if [ \"$COMP_CWORD\" = 1 ]; then words=\"",
                stdout);
    for (size_t i = 0; i < command_count; i++)
        if (is_first_of_group(i))
            (void)printf("%s ", commands[i].group);
    (void)fputs("--help --version\"\n    elif [ \"$COMP_CWORD\" = 2 ]; then\n"
                "        case \"${COMP_WORDS[1]}\" in\n",
                stdout);
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_group(i) && commands[i].verb[0])
            (void)printf("        %s) words=\"", commands[i].group);
        if (commands[i].verb[0])
            (void)printf("%s ", commands[i].verb);
        if (commands[i].verb[0] && (i + 1 == command_count || is_first_of_group(i + 1)))
            (void)puts("\" ;;");
    }
    (void)fputs(
        "        esac\n    fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
        "}\ncomplete -o default -F _yimenctl yimenctl\n",
        stdout);
    return 0;
}

// A line of text for roff: nothing in it is a request, and a dash stays a dash.
static void print_roff(const char *text)
{
    bool begins = true;
    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\''))
            (void)fputs("\\&", stdout);
        if (*text == '-' || *text == '\\')
            (void)putchar('\\');
        (void)putchar(*text == '\\' ? 'e' : *text);
        begins = *text == '\n';
    }
}

int ctl_manual(const struct ctl *ctl, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        command_usage(ctl->command, stderr);
        return 2;
    }
    (void)fputs(".TH YIMENCTL 8 \"\" Yimen\n.SH NAME\nyimenctl \\- the technician's tool of Yimen\n"
                ".SH SYNOPSIS\n.B yimenctl\n.I GROUP VERB\n[options]\n.SH COMMANDS\n",
                stdout);
    for (size_t i = 0; i < command_count; i++) {
        (void)printf(".TP\n.B %s %s\n", commands[i].group, commands[i].verb);
        print_roff(commands[i].summary);
        (void)fputs(".\n.br\n", stdout);
        print_roff(commands[i].arguments);
        (void)fputs("\n.br\n", stdout);
        print_roff(commands[i].notes);
    }
    (void)fputs(".SH EXIT STATUS\n0 done, 1 it did not work, 2 it was called wrongly.\n", stdout);
    return 0;
}
