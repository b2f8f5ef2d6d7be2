// SPDX-License-Identifier: GPL-3.0-or-later
// Repeat instances: added by a person, or by jr:count.
#include "record_internal.h"

#include <math.h>
#include <stdlib.h>

/// A new instance inherits from where it stands before its own rules run.
static void settle(xmlNode *node, bool above)
{
    struct node_state *state = state_of(node);
    state->relevant = above && state->self_relevant;
    if (node->type != XML_ELEMENT_NODE)
        return;
    for (xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (at->_private != NULL)
            state_of((xmlNode *)at)->relevant = state->relevant;
    }
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE || child->type == XML_COMMENT_NODE)
            settle(child, state->relevant);
    }
}

static xmlNode *last_instance(xmlNode *anchor)
{
    xmlNode *last = anchor;
    for (xmlNode *at = tree_first_instance(anchor); at != NULL; at = tree_next_instance(at))
        last = at;
    return last;
}

void repeat_keep_choices(struct record *record, xmlNode *node)
{
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            repeat_keep_choices(record, child);
    }
    const struct node_state *state = state_of(node);
    const struct form_control *control = state->def->control;
    if (!control_has_choices(control) || !tree_is_leaf(node) || tree_value(node)[0] == '\0')
        return;
    state_of(node)->stored = text_duplicate(tree_value(node));
    if (control->itemset == NULL)
        (void)itemset_filter(record, node);
}

/// What a new instance goes through, wherever its values come from.
static void arrive(struct record *record, xmlNode *anchor, xmlNode *instance)
{
    settle(instance, state_of(anchor->parent)->relevant);
    repeat_keep_choices(record, instance);
    preload_run(record, instance);
    schedule_repeat(record, state_of(anchor)->def, anchor->parent, instance);
    event_new_repeat(record, instance);
}

xmlNode *repeat_append(struct record *record, xmlNode *anchor)
{
    xmlNode *instance = tree_add_instance(record, last_instance(anchor), state_of(anchor)->def);
    arrive(record, anchor, instance);
    return instance;
}

static void forget_changed(struct record *record, const xmlNode *instance)
{
    for (size_t i = 0; i < record->changed_count; i++) {
        const xmlNode *at = record->changed[i];
        while (at != NULL && at != instance)
            at = at->parent;
        if (at != NULL)
            record->changed[i] = NULL;
    }
}

void repeat_drop(struct record *record, xmlNode *instance)
{
    const struct form_node *def = state_of(instance)->def;
    xmlNode *parent = instance->parent;
    schedule_forget_scopes(record);
    forget_changed(record, instance);
    tree_remove(record, instance);
    schedule_repeat(record, def, parent, NULL);
}

void repeat_set_count(struct record *record, xmlNode *anchor, double wanted)
{
    size_t count = tree_count(anchor);
    size_t target = 0;
    if (wanted >= 1)
        target = wanted > LIMIT_REPEAT_INSTANCES ? LIMIT_REPEAT_INSTANCES : (size_t)wanted;
    while (count < target && record->node_count < LIMIT_FORM_NODES) {
        arrive(record, anchor,
               tree_add_counted(record, last_instance(anchor), state_of(anchor)->def, count));
        count++;
    }
    while (count > target) {
        repeat_drop(record, last_instance(anchor));
        count--;
    }
}
