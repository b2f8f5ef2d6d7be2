// SPDX-License-Identifier: GPL-3.0-or-later
// What the printer says of a paper, for whoever waits for it.
#include "../session_internal.h"

const char *paper_problem(unsigned reasons)
{
    static const struct {
        unsigned bit;
        const char *key;
    } keys[] = {
        {PRINTER_NO_PAPER, "printer.no-paper"}, {PRINTER_COVER_OPEN, "printer.cover-open"},
        {PRINTER_JAM, "printer.jam"},           {PRINTER_OFFLINE, "printer.offline"},
        {PRINTER_OTHER, "printer.other"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (reasons & keys[i].bit)
            return keys[i].key;
    return NULL;
}

static enum receipt_state state_of(int print_state)
{
    switch ((enum print_state)print_state) {
    case PRINT_COMPOSED: return RECEIPT_COMPOSED;
    case PRINT_ACCEPTED: return RECEIPT_ACCEPTED;
    case PRINT_PRINTED: return RECEIPT_PRINTED;
    case PRINT_FAILED: return RECEIPT_FAILED;
    case PRINT_UNKNOWN: return RECEIPT_UNKNOWN;
    case PRINT_WAITING_FOR_OWNER: return RECEIPT_WAITING_FOR_OWNER;
    case PRINT_CANCELLED: break;
    }
    return RECEIPT_FAILED;
}

enum receipt_state receipt_state_of(const struct print_event *event, const char **problem_key)
{
    enum receipt_state state = state_of(event->state);
    *problem_key = state == RECEIPT_PRINTED ? NULL : paper_problem(event->reasons);
    if (state == RECEIPT_FAILED && !*problem_key)
        *problem_key = "printer.other";
    return state;
}
