// SPDX-License-Identifier: GPL-3.0-or-later
// What has to run again: rules that read what changed, each once, in the order of their
// dependencies, and only in the repeat instances concerned.
#include "record_internal.h"

#include <stdlib.h>

static void heap_push(struct record *record, size_t order)
{
    size_t at = record->heap_count++;
    while (at > 0 && record->heap[(at - 1) / 2] > order) {
        record->heap[at] = record->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    record->heap[at] = order;
}

const struct form_rule *schedule_next(struct record *record)
{
    if (record->heap_count == 0)
        return NULL;
    size_t first = record->heap[0];
    size_t last = record->heap[--record->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= record->heap_count)
            break;
        if (child + 1 < record->heap_count && record->heap[child + 1] < record->heap[child])
            child++;
        if (record->heap[child] >= last)
            break;
        record->heap[at] = record->heap[child];
        at = child;
    }
    record->heap[at] = last;
    return record->form->rules[first];
}

static bool contains(const xmlNode *outer, const xmlNode *inner)
{
    while (inner != NULL && inner != outer)
        inner = inner->parent;
    return inner != NULL;
}

void schedule_rule(struct record *record, const struct form_rule *rule, xmlNode *scope)
{
    struct pending *pending = &record->pending[rule->order];
    if (!pending->queued) {
        pending->queued = true;
        pending->everywhere = false;
        pending->scope_count = 0;
        heap_push(record, rule->order);
    }
    if (pending->everywhere)
        return;
    if (scope == NULL || scope == record->root) {
        pending->everywhere = true;
        return;
    }
    for (size_t i = 0; i < pending->scope_count; i++) {
        if (contains(pending->scopes[i], scope))
            return;
    }
    if (pending->scope_count == RULE_SCOPES)
        pending->everywhere = true;
    else
        pending->scopes[pending->scope_count++] = scope;
}

void schedule_forget_scopes(struct record *record)
{
    for (size_t i = 0; i < record->heap_count; i++)
        record->pending[record->heap[i]].everywhere = true;
}

/// The part of the tree in which a reader of `node` has to run.
static xmlNode *scope_for(const struct form_rule *rule, xmlNode *node)
{
    if (!rule->local)
        return NULL;
    const struct form_node *common = state_of(node)->def->repeat;
    size_t target = rule->kind == RULE_COUNT ? rule->target->parent->index : rule->target->index;
    while (common != NULL && (target < common->index || target >= common->end))
        common = common->parent != NULL ? common->parent->repeat : NULL;
    if (common == NULL)
        return NULL;
    for (xmlNode *at = node; at != NULL; at = at->parent) {
        if (at->type == XML_ELEMENT_NODE && state_of(at)->def == common)
            return at;
    }
    return NULL;
}

void schedule_readers(struct record *record, const struct form_reader *readers, xmlNode *node)
{
    for (; readers != NULL; readers = readers->next)
        schedule_rule(record, readers->rule, scope_for(readers->rule, node));
}

static void note_changed(struct record *record, xmlNode *node)
{
    if (record->loading || state_of(node)->def->on_change == NULL)
        return;
    if (record->changed_count == record->changed_capacity) {
        size_t capacity = record->changed_capacity * 2 + 8;
        xmlNode **grown = realloc(record->changed, capacity * sizeof(xmlNode *));
        if (grown == NULL)
            abort();
        record->changed = grown;
        record->changed_capacity = capacity;
    }
    record->changed[record->changed_count++] = node;
}

void schedule_value(struct record *record, xmlNode *node)
{
    const struct form_node *def = state_of(node)->def;
    schedule_readers(record, def->readers, node);
    for (const struct form_node *at = def; at != NULL; at = at->parent)
        schedule_readers(record, at->deep_readers, node);
    note_changed(record, node);
}

/// Rules that count or place instances. Those inside the repeat that stay in their own instance
/// see no change.
static void schedule_shape(struct record *record, const struct form_reader *readers,
                           const struct form_node *def, xmlNode *parent)
{
    for (; readers != NULL; readers = readers->next) {
        const struct form_rule *rule = readers->rule;
        bool inside = rule->target->index >= def->index && rule->target->index < def->end;
        if (!rule->local || !inside)
            schedule_rule(record, rule, scope_for(rule, parent));
    }
}

static void schedule_inner(struct record *record, const struct form_node *node, bool is_repeat,
                           xmlNode *parent, xmlNode *instance)
{
    for (int kind = RULE_RELEVANT; kind <= RULE_CHOICES; kind++) {
        const struct form_rule *rule = node->rules[kind];
        if (rule == NULL || (is_repeat && kind == RULE_COUNT))
            continue;
        if (rule->expression->positions)
            schedule_rule(record, rule, parent);
        else if (instance != NULL)
            schedule_rule(record, rule, instance);
    }
}

void schedule_repeat(struct record *record, const struct form_node *def, xmlNode *parent,
                     xmlNode *instance)
{
    for (size_t i = def->index; i < def->end; i++) {
        const struct form_node *node = record->form->nodes[i];
        schedule_shape(record, node->shape_readers, def, parent);
        schedule_shape(record, node->deep_readers, def, parent);
        schedule_inner(record, node, node == def, parent, instance);
    }
    for (const struct form_node *at = def->parent; at != NULL; at = at->parent)
        schedule_shape(record, at->deep_readers, def, parent);
}
