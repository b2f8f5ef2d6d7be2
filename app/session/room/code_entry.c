// SPDX-License-Identifier: GPL-3.0-or-later
// Four characters that open something again: digits, and X where they are the end of an ID number.
// They are never shown; one that is chosen is entered twice, because nobody can read it over.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { CODE_LENGTH = TICKET_CODE_TEXT - 1 };

bool code_entry_fits(char digit, enum ticket_code kind)
{
    return (digit >= '0' && digit <= '9') || (digit == 'X' && kind == TICKET_LAST_FOUR);
}

bool code_entry_digit(struct code_entry *entry, enum ticket_code kind, const char *text)
{
    size_t length = strlen(entry->typed);
    entry->problem_key = NULL;
    if (text[0] == '\b' && length)
        entry->typed[length - 1] = '\0';
    else if (code_entry_fits(text[0], kind) && !text[1] && length < CODE_LENGTH)
        entry->typed[length++] = text[0];
    return text[0] != '\b' && length == CODE_LENGTH;
}

bool code_entry_chosen(struct code_entry *entry)
{
    if (strlen(entry->typed) < CODE_LENGTH)
        return false;
    bool second = entry->first[0] != '\0';
    bool same = second && memory_equal(entry->typed, entry->first, CODE_LENGTH);
    if (same)
        return true;
    if (second) { // from the beginning: nobody knows which of the two was meant
        memory_wipe(entry, sizeof *entry);
        entry->problem_key = "code.differs";
        return false;
    }
    memcpy(entry->first, entry->typed, sizeof entry->first);
    memory_wipe(entry->typed, sizeof entry->typed);
    return false;
}

void code_forget(struct session *session)
{
    memory_wipe(&session->code_part, sizeof session->code_part);
}
