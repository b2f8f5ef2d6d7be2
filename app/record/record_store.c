// SPDX-License-Identifier: GPL-3.0-or-later
// Storing a value as its type and its choices want it.
#include "record_internal.h"

#include <stdlib.h>

enum { TEXT_MAX = 64 << 10 }; ///< a calculated text

/// Calculated texts end somewhere too.
static char *cut_text(const char *value)
{
    char *cut = malloc(TEXT_MAX + 1);
    if (cut == NULL)
        abort();
    (void)text_copy(cut, TEXT_MAX + 1, value);
    return cut;
}

static bool store_text(struct record *record, xmlNode *node, const char *text)
{
    struct node_state *state = state_of(node);
    if (control_has_choices(state->def->control)) {
        if (state->stored != NULL) {
            memory_wipe(state->stored, strlen(state->stored));
            free(state->stored);
        }
        state->stored = text[0] != '\0' ? text_duplicate(text) : NULL;
        return itemset_filter(record, node);
    }
    if (strcmp(tree_value(node), text) == 0)
        return false;
    tree_set_value(node, text);
    return true;
}

static bool store_normal(struct record *record, xmlNode *node, const char *normal)
{
    bool changed = store_text(record, node, normal);
    if (changed)
        schedule_value(record, node);
    return changed;
}

bool store_value(struct record *record, xmlNode *node, const char *value)
{
    enum value_type type = state_of(node)->def->bind.type;
    if (!tree_is_leaf(node))
        return false;
    if (!value_is_text(type)) {
        (void)value_normalise(type, value, record->normal);
        return store_normal(record, node, record->normal);
    }
    char *cut = strlen(value) > TEXT_MAX ? cut_text(value) : NULL;
    bool changed = store_normal(record, node, cut != NULL ? cut : value);
    free(cut);
    return changed;
}

bool store_answer(struct record *record, xmlNode *node, const char *value)
{
    (void)value_answered(state_of(node)->def->bind.type, value, record->normal);
    return store_normal(record, node, record->normal);
}
