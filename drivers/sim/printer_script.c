// SPDX-License-Identifier: GPL-3.0-or-later
#include "printer_script.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

static const char *const WORDS[] = {
    [SIM_PRINTER_GOOD] = "good",
    [SIM_PRINTER_PAPER_OUT] = "paper-out",
    [SIM_PRINTER_COVER_OPEN] = "cover-open",
    [SIM_PRINTER_JAM] = "jam",
    [SIM_PRINTER_OFFLINE] = "offline",
    [SIM_PRINTER_SLOW] = "slow",
    [SIM_PRINTER_FORGETS] = "forgets",
};

static bool fault_of(const char *word, enum sim_printer_fault *out)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (text_equal(word, WORDS[i])) {
            *out = (enum sim_printer_fault)i;
            return true;
        }
    }
    return false;
}

// The next word, without blanks and commas; "" at the end.
static void next_word(const char **at, char *out, size_t room)
{
    *at += strspn(*at, " ,\n\t");
    size_t length = strcspn(*at, " ,\n\t");
    (void)snprintf(out, room, "%.*s", (int)length, *at);
    *at += length;
}

enum err printer_script_read(const char *text, struct printer_script *out, struct fail *why)
{
    *out = (struct printer_script){0};
    char time[24], word[24];
    for (next_word(&text, time, sizeof time); time[0]; next_word(&text, time, sizeof time)) {
        next_word(&text, word, sizeof word);
        if (out->count == SCRIPT_STEPS)
            return fail_set(why, ERR_FULL, "more than %d steps", SCRIPT_STEPS);
        if (!text_to_int64(time, &out->steps[out->count].at_ms) ||
            !fault_of(word, &out->steps[out->count].fault))
            return fail_set(why, ERR_INPUT, "printer script: \"%s %s\" is no step", time, word);
        out->count++;
    }
    return ERR_OK;
}
