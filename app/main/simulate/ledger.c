// SPDX-License-Identifier: GPL-3.0-or-later
// What was promised to whom: the simulation's own knowledge, beside every store.
#include "simulate.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t hash_of(const char *text)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001B3u;
    return (size_t)(hash ^ hash >> 29);
}

// Where `key` is, or would be.
static int *slot_of(const struct sim_ledger *ledger, int *table, const char *key, bool by_number)
{
    for (size_t at = hash_of(key);; at++) {
        int *slot = &table[at & (ledger->slots - 1)];
        if (*slot == 0)
            return slot;
        const struct sim_case *known = &ledger->cases[*slot - 1];
        if (text_equal(by_number ? known->number : known->instance, key))
            return slot;
    }
}

static void *all_of(void *memory)
{
    if (!memory)
        abort(); // a simulation without memory has nothing to say
    return memory;
}

static void grow(struct sim_ledger *ledger)
{
    ledger->room = ledger->room ? 2 * ledger->room : 512;
    ledger->slots = 4 * ledger->room;
    ledger->cases = all_of(realloc(ledger->cases, ledger->room * sizeof *ledger->cases));
    free(ledger->by_instance);
    free(ledger->by_number);
    ledger->by_instance = all_of(calloc(ledger->slots, sizeof *ledger->by_instance));
    ledger->by_number = all_of(calloc(ledger->slots, sizeof *ledger->by_number));
    for (size_t i = 0; i < ledger->count; i++) {
        *slot_of(ledger, ledger->by_instance, ledger->cases[i].instance, false) = (int)i + 1;
        if (ledger->cases[i].number[0])
            *slot_of(ledger, ledger->by_number, ledger->cases[i].number, true) = (int)i + 1;
    }
}

struct sim_case *sim_ledger_find(struct sim_ledger *ledger, const char *instance)
{
    if (ledger->slots == 0)
        return NULL;
    int slot = *slot_of(ledger, ledger->by_instance, instance, false);
    return slot ? &ledger->cases[slot - 1] : NULL;
}

struct sim_case *sim_ledger_by_number(struct sim_ledger *ledger, const char *number)
{
    if (ledger->slots == 0)
        return NULL;
    int slot = *slot_of(ledger, ledger->by_number, number, true);
    return slot ? &ledger->cases[slot - 1] : NULL;
}

struct sim_case *sim_ledger_try(struct sim_ledger *ledger, const char *instance, int kiosk)
{
    struct sim_case *known = sim_ledger_find(ledger, instance);
    if (known)
        return known;
    if (ledger->count == ledger->room)
        grow(ledger);
    assert(ledger->cases && ledger->count < ledger->room);
    known = &ledger->cases[ledger->count++];
    *known = (struct sim_case){.kiosk = kiosk};
    text_copy(known->instance, sizeof known->instance, instance);
    *slot_of(ledger, ledger->by_instance, instance, false) = (int)ledger->count;
    return known;
}

bool sim_ledger_saved(struct sim_ledger *ledger, struct sim_case *known, const char *number)
{
    known->is_durable = true;
    if (known->number[0])
        return text_equal(known->number, number);
    int *slot = slot_of(ledger, ledger->by_number, number, true);
    if (*slot != 0)
        return false;
    text_copy(known->number, sizeof known->number, number);
    *slot = (int)(known - ledger->cases) + 1;
    return true;
}

void sim_ledger_free(struct sim_ledger *ledger)
{
    free(ledger->cases);
    free(ledger->by_instance);
    free(ledger->by_number);
    *ledger = (struct sim_ledger){0};
}
