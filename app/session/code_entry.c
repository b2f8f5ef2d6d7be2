// SPDX-License-Identifier: GPL-3.0-or-later
// Four characters that open something again: digits, and X where they are the end of an ID number.
// They are never shown; one that is chosen is entered twice, because nobody can read it over.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { CODE_LENGTH = TICKET_CODE_TEXT - 1 };

static bool fits(char digit, enum ticket_code kind)
{
    return (digit >= '0' && digit <= '9') || (digit == 'X' && kind == TICKET_LAST_FOUR);
}

bool code_entry_digit(struct code_entry *entry, enum ticket_code kind, const char *text)
{
    size_t length = strlen(entry->typed);
    entry->problem_key = NULL;
    if (text[0] == '\b' && length)
        entry->typed[length - 1] = '\0';
    else if (fits(text[0], kind) && !text[1] && length < CODE_LENGTH)
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

// ------------------------------------------------------------------ of a case without number

// In an emergency nothing stands before help: who gives neither comes to the window with the slip.
static bool could_choose(const struct visit *visit)
{
    return !visit->service->urgent && !visit->of_instance[0] && !visit->code_declined;
}

bool code_wanted(struct session *session)
{
    struct visit *visit = session->visit;
    char factor[TRACK_FACTOR];
    enum factor_kind kind = visit_factor(visit, factor);
    memory_wipe(factor, sizeof factor);
    if (kind != FACTOR_NONE || !could_choose(visit))
        return false;
    memory_wipe(&visit->factor_entry, sizeof visit->factor_entry);
    visit->choosing_code = true;
    return true;
}

bool code_choose_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    struct code_entry *entry = &visit->factor_entry;
    if (!visit->choosing_code)
        return false;
    bool full = intent->kind == INTENT_CODE_DIGIT &&
                code_entry_digit(entry, TICKET_CHOSEN, intent->text);
    bool chosen = (full || intent->kind == INTENT_CODE_ENTER) && code_entry_chosen(entry);
    if (chosen)
        text_copy(visit->chosen_code, sizeof visit->chosen_code, entry->typed);
    visit->code_declined |= intent->kind == INTENT_NO_CODE;
    if (!chosen && intent->kind != INTENT_NO_CODE && intent->kind != INTENT_BACK)
        return true;
    memory_wipe(entry, sizeof *entry);
    visit->choosing_code = false;
    if (intent->kind != INTENT_BACK)
        steps_forward(session);
    return true;
}

bool code_of_id(const struct visit *visit, char out[TICKET_CODE_TEXT])
{
    size_t length = strlen(visit->id_number);
    bool good = length >= CODE_LENGTH && !visit->id_problem[0];
    out[0] = '\0';
    if (!good)
        return false;
    memcpy(out, visit->id_number + length - CODE_LENGTH, TICKET_CODE_TEXT);
    for (int i = 0; i < CODE_LENGTH; i++)
        good = good && fits(out[i], TICKET_LAST_FOUR);
    if (!good)
        memory_wipe(out, TICKET_CODE_TEXT);
    return good;
}
