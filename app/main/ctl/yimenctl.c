// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl GROUP VERB ...: opens what commands need, finds the command in one table, closes in
// reverse order.
#include "commands.h"
#include "../version.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <stdio.h>

struct command {
    const char *group, *verb; // verb "": the group is the command
    const char *summary;
    int (*run)(const struct ctl *ctl, int argc, char **argv);
};

static const struct command commands[] = {
    {"form", "xpath", "evaluate expressions: JSON jobs on standard input, one a line",
     ctl_form_xpath},
    {"form", "replay", "fill in forms as told: JSON jobs on standard input, one a line",
     ctl_form_replay},
    {"form", "expand", "print a form with everything it includes", ctl_form_expand},
    {"form", "compose", "print the form of several services in one visit", ctl_form_compose},
    {"form", "check", "list what is wrong with forms, or say what they are", ctl_form_check},
    {"form", "texts", "sentences of forms: to a translator, back, and what is missing",
     ctl_form_texts},
    {"form", "preview", "open a form in the kiosk's window", ctl_form_preview},
    {"form", "encrypt", "seal a submission to a public key, as ODK tools do", ctl_form_encrypt},
    {"form", "decrypt", "open a sealed submission with the private key", ctl_form_decrypt},
    {"doctor", "", "what keeps a kiosk closed, and what mends it", ctl_doctor},
    {"queue", "list", "each case of a kiosk with its true state", ctl_queue_list},
    {"audit", "verify", "walk a kiosk's audit chain, against a head that left it",
     ctl_audit_verify},
    {"audit", "report", "a counter's day on paper, with the signed head", ctl_audit_report},
    {"audit", "export", "every entry of a kiosk's audit chain, and its signed head",
     ctl_audit_export},
    {"slip", "make", "a stock of numbered slips to fill in by hand, as PDF", ctl_slip_make},
    {"staff", "add", "a staff account of a kiosk; PIN on standard input", ctl_staff_add},
    {"content", "key", "make a key pair for signing packs", ctl_content_key},
    {"content", "build", "make a pack from a tree like assets/", ctl_content_build},
    {"content", "sign", "sign a pack", ctl_content_sign},
    {"content", "verify", "check a pack's signature and every file", ctl_content_verify},
    {"content", "install", "verify, install and try a pack", ctl_content_install},
    {"content", "show", "the pack in force, what waits, what still opens", ctl_content_show},
    {"provision", "--demo", "a district and a kiosk of its own in one folder, for trying",
     ctl_provision},
    {"enroll", "--kiosk", "make a kiosk's keys and register it with a one-time code", ctl_enroll},
    {"district", "code", "a one-time code for enrolling a counter's kiosk", ctl_district_code},
    {"district", "ratings", "how satisfied residents were, by counter and service",
     ctl_district_ratings},
    {"district", "list", "every case, without its answers", ctl_district_list},
    {"district", "show", "one case with its opened record; asks for a reason", ctl_district_show},
    {"district", "open", "try again to open a case that waits or is in quarantine",
     ctl_district_open},
    {"district", "quarantine", "take a case that cannot be opened out of the way; asks for a reason",
     ctl_district_quarantine},
    {"district", "set-status", "move a case to its next state", ctl_district_set_status},
    {"district", "correct", "ask for what a case still needs: fields, papers, each with its reason",
     ctl_district_correct},
    {"district", "revoke", "refuse a device from now on", ctl_district_revoke},
    {"district", "backup", "copy the store, read it back, let kiosks prune", ctl_district_backup},
    {"district", "rotate-sealing", "a new sealing key; the older ones still open",
     ctl_district_rotate},
    {"district", "devices", "every kiosk: heard of, stored today, what is wrong with it",
     ctl_district_devices},
    {"district", "accept-audit", "a forked kiosk's new history may begin, and why",
     ctl_district_accept_audit},
    {"district", "heads", "signed heads of the kiosks' audit chains, by day", ctl_district_heads},
    {"district", "audit", "check the chain of readings and decisions", ctl_district_audit},
};
enum { COMMANDS = sizeof commands / sizeof *commands, USAGE = 2 };

static int print_help(FILE *out, const char *group)
{
    (void)fputs("usage: yimenctl GROUP VERB [options]\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        if (group == NULL || text_equal(commands[i].group, group))
            (void)fprintf(out, "  %-10s %-14s %s\n", commands[i].group, commands[i].verb,
                          commands[i].summary);
    return out == stdout ? 0 : USAGE;
}

static const struct command *find_command(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
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
    const struct ctl ctl = {.crypto = &crypto, .clock = &clock};
    int words = command->verb[0] ? 2 : 1; // a group of one command has no verb
    int code = command->run(&ctl, argc - words, argv + words);
    system_clock_close(&clock);
    return code;
}

int main(int argc, char **argv)
{
    if (version_asked(argc, argv, "yimenctl"))
        return 0;
    if (argc > 1 && (text_equal(argv[1], "--help") || text_equal(argv[1], "-h")))
        return print_help(stdout, NULL);
    const struct command *command = find_command(argc, argv);
    if (command == NULL)
        return print_help(stderr, argc > 1 ? argv[1] : NULL);
    return run(command, argc, argv);
}
