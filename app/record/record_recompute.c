// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping a record true: what is queued runs (record_schedule.c), and what that queues; within
// bounds, however a form is written.
#include "record_internal.h"

#include <stdlib.h>

enum {
    RULE_RUNS = LIMIT_REPEAT_INSTANCES + 200, ///< of one rule in one operation
    RULE_STEPS = 2000000,                     ///< evaluations in one operation
    RULE_TIME_MS = 5000,                      ///< one operation; the largest real form takes 40
    STEPS_BETWEEN_LOOKS = 32,                 ///< at the clock
};

static bool run_calculate(struct record *record, const struct form_rule *rule, xmlNode *node)
{
    if (!state_of(node)->relevant)
        return false;
    char *value = eval_typed(record, rule->expression, node);
    bool changed = store_value(record, node, value);
    memory_wipe(value, strlen(value));
    free(value);
    return changed;
}

/// Hand relevance down; what changed is read differently from now on.
static void spread_relevance(struct record *record, xmlNode *node, bool above)
{
    struct node_state *state = state_of(node);
    bool relevant = above && state->self_relevant;
    if (relevant == state->relevant)
        return;
    state->relevant = relevant;
    schedule_readers(record, state->def->readers, node);
    schedule_readers(record, state->def->deep_readers, node);
    if (state->def->is_repeat)
        schedule_readers(record, state->def->shape_readers, node);
    const struct form_rule *calculate = state->def->rules[RULE_CALCULATE];
    if (relevant && calculate != NULL)
        schedule_rule(record, calculate, node);
    if (node->type != XML_ELEMENT_NODE)
        return;
    for (xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (at->_private != NULL)
            spread_relevance(record, (xmlNode *)at, relevant);
    }
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE || child->type == XML_COMMENT_NODE)
            spread_relevance(record, child, relevant);
    }
}

static void run_relevant(struct record *record, const struct form_rule *rule, xmlNode *node)
{
    struct node_state *state = state_of(node);
    bool relevant = eval_boolean(record, rule->expression, node, true);
    if (relevant == state->self_relevant)
        return;
    state->self_relevant = relevant;
    xmlNode *parent = node->parent;
    bool above = parent == NULL || parent->type == XML_DOCUMENT_NODE || state_of(parent)->relevant;
    spread_relevance(record, node, above);
    for (const struct form_node *at = state->def->parent; at != NULL; at = at->parent)
        schedule_readers(record, at->deep_readers, node);
}

static void run_count(struct record *record, const struct form_rule *rule, xmlNode *parent)
{
    xmlNode *anchor = state_of(parent)->slots[rule->target->slot];
    if (anchor != NULL)
        repeat_set_count(record, anchor, eval_number(record, rule->expression, anchor));
}

/// A form that computes without end, or for too long, is stopped; the operation says so.
static bool is_exhausted(struct record *record)
{
    record->steps++;
    bool look = record->steps % STEPS_BETWEEN_LOOKS == 0 && record->options.clock != NULL;
    if (record->steps > RULE_STEPS ||
        (look && clock_now(record->options.clock).monotonic_ms - record->began_ms > RULE_TIME_MS))
        record->exhausted = true;
    return record->exhausted;
}

struct run {
    struct record *record;
    const struct form_rule *rule;
    bool changed;
};

static void run_at(void *context, xmlNode *node)
{
    struct run *run = context;
    struct record *record = run->record;
    if (is_exhausted(record))
        return;
    switch (run->rule->kind) {
    case RULE_CALCULATE:
        run->changed = run_calculate(record, run->rule, node) || run->changed;
        break;
    case RULE_RELEVANT: run_relevant(record, run->rule, node); break;
    case RULE_READONLY:
        state_of(node)->readonly = eval_boolean(record, run->rule->expression, node, false);
        break;
    case RULE_REQUIRED:
        state_of(node)->required = eval_boolean(record, run->rule->expression, node, false);
        break;
    case RULE_COUNT: run_count(record, run->rule, node); break;
    case RULE_CHOICES:
        if (state_of(node)->stored != NULL && itemset_filter(record, node))
            schedule_value(record, node);
        break;
    }
}

static void run_rule(struct record *record, const struct form_rule *rule)
{
    struct pending *pending = &record->pending[rule->order];
    struct pending todo = *pending;
    pending->queued = false;
    if (++pending->runs > RULE_RUNS)
        return;
    struct run run = {record, rule, false};
    const struct form_node *where = rule->kind == RULE_COUNT ? rule->target->parent : rule->target;
    if (todo.everywhere) {
        tree_each(record, where, NULL, run_at, &run);
        return;
    }
    for (size_t i = 0; i < todo.scope_count; i++)
        tree_each(record, where, todo.scopes[i], run_at, &run);
}

static void drain(struct record *record)
{
    for (const struct form_rule *rule; (rule = schedule_next(record)) != NULL;)
        run_rule(record, rule);
}

void recompute_run(struct record *record)
{
    drain(record);
    for (size_t i = 0; i < record->changed_count; i++) {
        xmlNode *node = record->changed[i];
        if (node == NULL || i > RULE_RUNS)
            continue;
        record->changed[i] = NULL;
        event_value_changed(record, node);
        drain(record);
    }
    record->changed_count = 0;
    for (size_t i = 0; i < record->form->rule_count; i++)
        record->pending[i].runs = 0;
}

void recompute_all(struct record *record)
{
    for (size_t i = 0; i < record->form->rule_count; i++)
        schedule_rule(record, record->form->rules[i], NULL);
    recompute_run(record);
}

void recompute_language(struct record *record)
{
    for (size_t i = 0; record->form->has_language_rules && i < record->form->rule_count; i++) {
        if (record->form->rules[i]->expression->language)
            schedule_rule(record, record->form->rules[i], NULL);
    }
    recompute_run(record);
}
