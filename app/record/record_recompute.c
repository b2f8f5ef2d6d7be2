// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping a record true: after a change only the rules that read what changed run, in the order of
// their dependencies, and only in the repeat instances concerned.
#include "record_internal.h"

#include <stdlib.h>

enum {
    RULE_RUNS = LIMIT_REPEAT_INSTANCES + 200, ///< of one rule in one operation
    RULE_STEPS = 2000000,                     ///< evaluations in one operation
    RULE_TIME_MS = 5000,                      ///< one operation; the largest real form takes 40
    STEPS_BETWEEN_LOOKS = 32,                 ///< at the clock
    TEXT_MAX = 64 << 10                       ///< a calculated text
};

static void heap_push(struct record *record, size_t order)
{
    size_t at = record->heap_count++;
    while (at > 0 && record->heap[(at - 1) / 2] > order) {
        record->heap[at] = record->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    record->heap[at] = order;
}

static size_t heap_pop(struct record *record)
{
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
    return first;
}

static bool contains(const xmlNode *outer, const xmlNode *inner)
{
    while (inner != NULL && inner != outer)
        inner = inner->parent;
    return inner != NULL;
}

void recompute_schedule(struct record *record, const struct form_rule *rule, xmlNode *scope)
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

void recompute_forget_scopes(struct record *record)
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

static void schedule_readers(struct record *record, const struct form_reader *readers,
                             xmlNode *node)
{
    for (; readers != NULL; readers = readers->next)
        recompute_schedule(record, readers->rule, scope_for(readers->rule, node));
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

void recompute_value(struct record *record, xmlNode *node)
{
    const struct form_node *def = state_of(node)->def;
    schedule_readers(record, def->readers, node);
    for (const struct form_node *at = def; at != NULL; at = at->parent)
        schedule_readers(record, at->deep_readers, node);
    note_changed(record, node);
}

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
        recompute_value(record, node);
    return changed;
}

bool recompute_store(struct record *record, xmlNode *node, const char *value)
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

bool recompute_answer(struct record *record, xmlNode *node, const char *value)
{
    (void)value_answered(state_of(node)->def->bind.type, value, record->normal);
    return store_normal(record, node, record->normal);
}

static bool run_calculate(struct record *record, const struct form_rule *rule, xmlNode *node)
{
    if (!state_of(node)->relevant)
        return false;
    char *value = eval_typed(record, rule->expression, node);
    bool changed = recompute_store(record, node, value);
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
        recompute_schedule(record, calculate, node);
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
            recompute_value(record, node);
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
    while (record->heap_count > 0)
        run_rule(record, record->form->rules[heap_pop(record)]);
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
        recompute_schedule(record, record->form->rules[i], NULL);
    recompute_run(record);
}

void recompute_language(struct record *record)
{
    for (size_t i = 0; record->form->has_language_rules && i < record->form->rule_count; i++) {
        if (record->form->rules[i]->expression->language)
            recompute_schedule(record, record->form->rules[i], NULL);
    }
    recompute_run(record);
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
            recompute_schedule(record, rule, scope_for(rule, parent));
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
            recompute_schedule(record, rule, parent);
        else if (instance != NULL)
            recompute_schedule(record, rule, instance);
    }
}

void recompute_repeat(struct record *record, const struct form_node *def, xmlNode *parent,
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
