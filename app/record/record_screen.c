// SPDX-License-Identifier: GPL-3.0-or-later
// Screens in order: single questions, field lists, and after its instances each repeat that a
// person may add to. The list is made anew after a change, with what is not relevant in its place,
// so that a screen that goes away still knows where it was.
#include "record_internal.h"

#include <stdlib.h>

void screens_forget(struct record *record)
{
    record->screens_ready = false;
    record->screen_count = 0;
    record->built = NULL;
    record->review = NULL;
    record->review_count = 0;
    arena_clear(record->arena);
}

static void add_entry(struct record *record, const struct screen_entry *entry)
{
    if (record->screen_count == record->screen_capacity) {
        size_t capacity = record->screen_capacity * 2 + 64;
        struct screen_entry *grown = realloc(record->screens, capacity * sizeof *grown);
        if (grown == NULL)
            abort();
        record->screens = grown;
        record->screen_capacity = capacity;
    }
    record->screens[record->screen_count++] = *entry;
    state_of(entry->node)->screen = record->screen_count;
}

/// The element of a definition below (or beside) a node that shares its repeat instances.
static xmlNode *near_node(struct record *record, xmlNode *at, const struct form_node *def)
{
    return tree_near(record, at, def);
}

struct each_question {
    struct record *record;
    void (*each)(void *context, const struct form_control *control, xmlNode *node);
    void *context;
};

static void each_question(const struct each_question *all, const struct form_control *control,
                          xmlNode *at);

static void each_question_below(const struct each_question *all, const struct form_control *list,
                                xmlNode *at)
{
    for (const struct form_control *child = list->first_child; child != NULL; child = child->next)
        each_question(all, child, at);
}

static void each_question(const struct each_question *all, const struct form_control *control,
                          xmlNode *at)
{
    struct record *record = all->record;
    if (control->kind == CONTROL_GROUP) {
        xmlNode *group = control->node != NULL ? near_node(record, at, control->node) : at;
        if (group != NULL)
            each_question_below(all, control, group);
    } else if (control->kind == CONTROL_REPEAT) {
        xmlNode *parent =
            control->node != NULL ? near_node(record, at, control->node->parent) : NULL;
        xmlNode *anchor = parent != NULL ? state_of(parent)->slots[control->node->slot] : NULL;
        for (xmlNode *instance = anchor != NULL ? tree_first_instance(anchor) : NULL;
             instance != NULL; instance = tree_next_instance(instance))
            each_question_below(all, control, instance);
    } else if (control->node != NULL) {
        xmlNode *node = near_node(record, at, control->node);
        if (node != NULL)
            all->each(all->context, control, node);
    }
}

void question_each(struct record *record, const struct form_control *list, xmlNode *at,
                   void (*each)(void *context, const struct form_control *control, xmlNode *node),
                   void *context)
{
    struct each_question all = {record, each, context};
    if (list->kind == CONTROL_REPEAT)
        each_question_below(&all, list, at);
    else
        each_question(&all, list, at);
}

struct list_run {
    struct record *record;
    struct screen_entry entry;
    xmlNode *first;
    size_t seen;
};

/// A field list becomes one screen for each full load of relevant questions.
static void add_to_list(void *context, const struct form_control *control, xmlNode *node)
{
    struct list_run *run = context;
    struct record *record = run->record;
    (void)control;
    bool relevant = state_of(node)->relevant;
    if (relevant && run->entry.count == LIMIT_QUESTIONS_ON_SCREEN) {
        add_entry(record, &run->entry);
        run->entry.count = 0;
        run->entry.first = run->seen;
    }
    bool behind_full = !relevant && run->entry.count == 0 && run->seen > 0;
    state_of(node)->screen = record->screen_count + (behind_full ? 0 : 1);
    if (run->first == NULL)
        run->first = node;
    if (!relevant)
        return;
    if (run->entry.count == 0) {
        run->entry.node = node;
        run->entry.relevant = true;
    }
    run->entry.count++;
    run->seen++;
}

static void add_list(struct record *record, const struct form_control *list, xmlNode *at,
                     xmlNode *instance)
{
    struct list_run run = {record, {.control = list, .instance = instance, .list_at = at}, NULL, 0};
    question_each(record, list, at, add_to_list, &run);
    if (run.seen == 0)
        run.entry.node = run.first;
    if (run.entry.node != NULL && (run.entry.count > 0 || run.seen == 0))
        add_entry(record, &run.entry);
}

static void add_controls(struct record *record, const struct form_control *parent, xmlNode *at,
                         xmlNode *instance);

/// A range is relevant when its bind says so of the place where its instances stand.
static bool range_is_relevant(struct record *record, xmlNode *anchor)
{
    const struct form_rule *rule = state_of(anchor)->def->rules[RULE_RELEVANT];
    if (!state_of(anchor->parent)->relevant)
        return false;
    return rule == NULL || eval_boolean(record, rule->expression, anchor, true);
}

static void add_repeat(struct record *record, const struct form_control *control, xmlNode *at)
{
    xmlNode *parent = near_node(record, at, control->node->parent);
    xmlNode *anchor = parent != NULL ? state_of(parent)->slots[control->node->slot] : NULL;
    if (anchor == NULL)
        return;
    for (xmlNode *instance = tree_first_instance(anchor); instance != NULL;
         instance = tree_next_instance(instance)) {
        if (control->field_list)
            add_list(record, control, instance, instance);
        else
            add_controls(record, control, instance, instance);
    }
    struct screen_entry entry = {.control = control,
                                 .node = anchor,
                                 .instance = tree_instance_of(parent),
                                 .relevant = range_is_relevant(record, anchor)};
    if (!control->no_add_remove)
        add_entry(record, &entry);
}

static void add_controls(struct record *record, const struct form_control *parent, xmlNode *at,
                         xmlNode *instance)
{
    for (const struct form_control *child = parent->first_child; child != NULL;
         child = child->next) {
        if (child->kind == CONTROL_REPEAT) {
            if (child->node != NULL)
                add_repeat(record, child, at);
            continue;
        }
        xmlNode *node = child->node != NULL ? near_node(record, at, child->node) : at;
        if (node == NULL || (child->kind != CONTROL_GROUP && child->node == NULL))
            continue;
        if (child->kind == CONTROL_GROUP) {
            if (child->field_list)
                add_list(record, child, node, instance);
            else
                add_controls(record, child, node, instance);
        } else {
            struct screen_entry entry = {.control = child,
                                         .node = node,
                                         .instance = instance,
                                         .relevant = state_of(node)->relevant,
                                         .count = 1};
            add_entry(record, &entry);
        }
    }
}

void screens_build(struct record *record)
{
    if (record->screens_ready)
        return;
    record->screen_count = 0;
    add_controls(record, &record->form->body, record->root, NULL);
    record->screens_ready = true;
}

static xmlNode *node_of_ref(const struct record *record, const char *ref)
{
    xmlNode *range = tree_find_range(record, ref);
    return range != NULL ? range : record_tree_find(record, ref);
}

const struct screen_entry *screens_of_node(struct record *record, const xmlNode *node)
{
    screens_build(record);
    size_t screen = state_of(node)->screen;
    return screen > 0 && screen <= record->screen_count ? &record->screens[screen - 1] : NULL;
}

/// A ref whose instance is gone names the repeat that it was in.
static const struct screen_entry *entry_of_ref(struct record *record, const char *ref)
{
    xmlNode *node = node_of_ref(record, ref);
    if (node != NULL)
        return screens_of_node(record, node);
    char shorter[LIMIT_REF];
    (void)text_copy(shorter, sizeof shorter, ref);
    for (char *cut = strrchr(shorter, '['); cut != NULL; cut = strrchr(shorter, '[')) {
        *cut = '\0';
        xmlNode *anchor = tree_find_range(record, shorter);
        const struct screen_entry *entry = anchor != NULL ? screens_of_node(record, anchor) : NULL;
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

static const char *ref_of(struct record *record, const struct screen_entry *entry)
{
    return tree_ref(record->arena, entry->node);
}

static const char *relevant_from(struct record *record, size_t index)
{
    for (; index < record->screen_count; index++) {
        if (record->screens[index].relevant)
            return ref_of(record, &record->screens[index]);
    }
    return NULL;
}

const char *record_first_screen(struct record *record)
{
    screens_build(record);
    return relevant_from(record, 0);
}

/// At the end of an instance that a person added, the question "another one?" comes next.
static const struct screen_entry *hub_after(struct record *record, size_t index)
{
    const xmlNode *instance = record->screens[index].instance;
    size_t next = index + 1;
    while (next < record->screen_count && !record->screens[next].relevant)
        next++;
    if (instance == NULL || next >= record->screen_count)
        return NULL;
    const xmlNode *other = record->screens[next].instance;
    bool moves_on = other != instance && other != NULL &&
                    state_of(other)->def == state_of(instance)->def &&
                    tree_anchor(other) == tree_anchor(instance);
    if (!moves_on)
        return NULL;
    const struct screen_entry *hub = screens_of_node(record, tree_anchor(instance));
    return hub != NULL && hub->relevant ? hub : NULL;
}

const char *record_next_screen(struct record *record, const char *ref)
{
    const struct screen_entry *entry = entry_of_ref(record, ref);
    if (entry == NULL)
        return NULL;
    size_t index = (size_t)(entry - record->screens);
    const struct screen_entry *hub = hub_after(record, index);
    return hub != NULL ? ref_of(record, hub) : relevant_from(record, index + 1);
}

const char *record_previous_screen(struct record *record, const char *ref)
{
    const struct screen_entry *entry = entry_of_ref(record, ref);
    if (entry == NULL)
        return NULL;
    for (size_t index = (size_t)(entry - record->screens); index > 0; index--) {
        if (record->screens[index - 1].relevant)
            return ref_of(record, &record->screens[index - 1]);
    }
    return NULL;
}

static bool is_inside(const xmlNode *node, const xmlNode *outer)
{
    while (node != NULL && node != outer)
        node = node->parent;
    return node != NULL;
}

const char *record_instance_screen(struct record *record, const char *instance_ref)
{
    const xmlNode *instance = record_tree_find(record, instance_ref);
    screens_build(record);
    for (size_t i = 0; instance != NULL && i < record->screen_count; i++) {
        if (record->screens[i].relevant && is_inside(record->screens[i].node, instance))
            return ref_of(record, &record->screens[i]);
    }
    return NULL;
}

void record_screen_position(struct record *record, const char *ref, size_t *index, size_t *count)
{
    const struct screen_entry *entry = entry_of_ref(record, ref);
    screens_build(record);
    *index = 0;
    *count = 0;
    for (size_t i = 0; i < record->screen_count; i++) {
        if (!record->screens[i].relevant)
            continue;
        if (entry != NULL && &record->screens[i] < entry)
            (*index)++;
        (*count)++;
    }
}

const struct screen_entry *screens_entry(struct record *record, const char *ref)
{
    xmlNode *node = node_of_ref(record, ref);
    const struct screen_entry *entry = node != NULL ? screens_of_node(record, node) : NULL;
    return entry != NULL && entry->relevant ? entry : NULL;
}
