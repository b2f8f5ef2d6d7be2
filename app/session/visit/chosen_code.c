// SPDX-License-Identifier: GPL-3.0-or-later
// Of a case without a number: four digits of its owner's own open it again.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

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
    bool full =
        intent->kind == INTENT_CODE_DIGIT && code_entry_digit(entry, TICKET_CHOSEN, intent->text);
    bool chosen = (full || intent->kind == INTENT_CODE_ENTER) && code_entry_chosen(entry);
    if (chosen)
        text_copy(visit->chosen_code, sizeof visit->chosen_code, entry->typed);
    visit->code_declined |= intent->kind == INTENT_NO_CODE;
    if (!chosen && intent->kind != INTENT_NO_CODE && intent->kind != INTENT_BACK)
        return true;
    memory_wipe(entry, sizeof *entry);
    visit->choosing_code = false;
    if (intent->kind != INTENT_BACK)
        go_forward(session);
    return true;
}

bool code_of_id(const struct visit *visit, char out[TICKET_CODE_TEXT])
{
    const size_t wanted = TICKET_CODE_TEXT - 1;
    size_t length = strlen(visit->id_number);
    bool good = length >= wanted && !visit->id_problem[0];
    out[0] = '\0';
    if (!good)
        return false;
    memcpy(out, visit->id_number + length - wanted, TICKET_CODE_TEXT);
    for (size_t i = 0; i < wanted; i++)
        good = good && code_entry_fits(out[i], TICKET_LAST_FOUR);
    if (!good)
        memory_wipe(out, TICKET_CODE_TEXT);
    return good;
}
