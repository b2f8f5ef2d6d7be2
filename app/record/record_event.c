// SPDX-License-Identifier: GPL-3.0-or-later
// Actions: values set when a repeat instance is added, an answer changes, or record_moment.c says
// so.
#include "record_internal.h"

#include <stdlib.h>

/// Set one node. One that is not relevant keeps the value for when it is.
static void set_target(struct record *record, const struct form_action *action, xmlNode *target)
{
    if (action->value == NULL) {
        (void)store_value(record, target, action->literal);
        return;
    }
    char *value = eval_typed(record, action->value, target);
    (void)store_value(record, target, value);
    memory_wipe(value, strlen(value));
    free(value);
}

struct load_run {
    struct record *record;
    const struct form_action *action;
};

static void set_each(void *context, xmlNode *node)
{
    struct load_run *run = context;
    set_target(run->record, run->action, node);
}

static bool can_be_set(const struct record *record, const xmlNode *node)
{
    return node->doc == record->doc && node->_private != NULL && tree_is_leaf(node);
}

/// A ref with a predicate names some of the instances.
static void set_named(struct record *record, const struct form_action *action)
{
    struct xpath_value targets = {0};
    if (eval_nodes(record, action->ref_expression, record->root, &targets) != ERR_OK)
        return;
    for (size_t i = 0; i < targets.node_count; i++) {
        if (can_be_set(record, targets.nodes[i]))
            set_target(record, action, targets.nodes[i]);
    }
    xpath_value_clear(&targets);
}

void event_run(struct record *record, const struct form_action *action)
{
    if (strchr(action->ref, '[') != NULL) {
        set_named(record, action);
        return;
    }
    struct load_run run = {record, action};
    tree_each(record, action->target, NULL, set_each, &run);
}

void event_new_repeat(struct record *record, xmlNode *instance)
{
    const struct form_node *def = state_of(instance)->def;
    for (const struct form_action *at = record->form->actions; at != NULL; at = at->next) {
        bool nested = at->scope != NULL && at->scope->index >= def->index &&
                      at->scope->index < def->end && at->scope->repeat == def;
        if ((at->events & EVENT_NEW_REPEAT) == 0 || !nested)
            continue;
        if (at->target->index >= def->index && at->target->index < def->end) {
            struct load_run run = {record, at};
            tree_each(record, at->target, instance, set_each, &run);
        } else {
            xmlNode *target = tree_near(record, instance, at->target);
            if (target != NULL)
                set_target(record, at, target);
        }
    }
}

void event_value_changed(struct record *record, xmlNode *node)
{
    for (const struct form_action *at = state_of(node)->def->on_change; at != NULL;
         at = at->next_on_change) {
        struct xpath_value targets = {0};
        if (eval_nodes(record, at->ref_expression, node, &targets) != ERR_OK)
            continue;
        if (targets.node_count == 1 && can_be_set(record, targets.nodes[0]))
            set_target(record, at, targets.nodes[0]);
        xpath_value_clear(&targets);
    }
}
