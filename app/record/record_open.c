// SPDX-License-Identifier: GPL-3.0-or-later
// What is still open in a record: answered wrongly, required and empty, or never asked.
#include "record_internal.h"

static bool has_screen(struct record *record, const xmlNode *node)
{
    const struct screen_entry *entry = screens_of_node(record, node);
    return entry != NULL && entry->relevant;
}

struct violation_run {
    struct record *record;
    xmlNode *shown, *hidden; ///< the first that a screen shows, the first that none does
};

static void find_violation(struct violation_run *run, xmlNode *node)
{
    if (run->shown != NULL || !state_of(node)->relevant)
        return;
    if (tree_is_leaf(node)) {
        if (node_violation(run->record, node) == VIOLATION_NONE)
            return;
        if (has_screen(run->record, node))
            run->shown = node;
        else if (run->hidden == NULL)
            run->hidden = node;
        return;
    }
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            find_violation(run, child);
    }
}

const char *record_first_violation(struct record *record, const char **screen)
{
    struct violation_run run = {record, NULL, NULL};
    find_violation(&run, record->root);
    if (screen != NULL)
        *screen = NULL;
    if (run.shown == NULL)
        return run.hidden != NULL ? tree_ref(record->arena, run.hidden) : NULL;
    if (screen != NULL)
        *screen = tree_ref(record->arena, screens_of_node(record, run.shown)->node);
    return tree_ref(record->arena, run.shown);
}

struct not_asked_run {
    struct record *record;
    void (*each)(void *context, const char *ref);
    void *context;
    size_t count;
};

static void find_not_asked(struct not_asked_run *run, xmlNode *node)
{
    const struct node_state *state = state_of(node);
    if (!state->relevant)
        return;
    if (!tree_is_leaf(node)) {
        for (xmlNode *child = node->children; child != NULL; child = child->next)
            if (child->type == XML_ELEMENT_NODE)
                find_not_asked(run, child);
        return;
    }
    if (!state->required || tree_value(node)[0] != '\0' || !question_is_not_offered(state->def) ||
        state->def->control->is_heading)
        return;
    run->count++;
    if (run->each != NULL)
        run->each(run->context, tree_ref(run->record->arena, node));
}

size_t record_not_asked(struct record *record, void (*each)(void *context, const char *ref),
                        void *context)
{
    struct not_asked_run run = {record, each, context, 0};
    find_not_asked(&run, record->root);
    return run.count;
}

struct asked_run {
    struct record *record;
    const struct screen_entry *entry;
    bool unasked;
};

/// Calls for each question of one screen, or for the anchor of a list of instances.
static void each_of_screen(struct asked_run *run,
                           void (*each)(void *context, const struct form_control *control,
                                        xmlNode *node))
{
    const struct screen_entry *entry = run->entry;
    if (entry->list_at != NULL)
        question_each(run->record, entry->control, entry->list_at, each, run);
    else
        each(run, entry->control, entry->node);
}

static bool is_here(const struct asked_run *run, const xmlNode *node)
{
    return state_of(node)->relevant && screens_of_node(run->record, node) == run->entry;
}

static void note_asked(void *context, const struct form_control *control, xmlNode *node)
{
    const struct asked_run *run = context;
    (void)control;
    if (is_here(run, node))
        state_of(node)->asked = true;
}

void record_note_asked(struct record *record, const char *screen)
{
    const struct screen_entry *only = screen != NULL ? screens_entry(record, screen) : NULL;
    if (screen != NULL && only == NULL)
        return;
    screens_build(record);
    for (size_t i = 0; i < record->screen_count; i++) {
        struct asked_run run = {record, &record->screens[i], false};
        if (run.entry->relevant && (only == NULL || only == run.entry))
            each_of_screen(&run, note_asked);
    }
}

static void find_unasked(void *context, const struct form_control *control, xmlNode *node)
{
    struct asked_run *run = context;
    const struct node_state *state = state_of(node);
    (void)control;
    if (state->asked || !is_here(run, node))
        return;
    run->unasked |= state->is_anchor || (tree_value(node)[0] == '\0' && !state_is_readonly(node) &&
                                         !question_is_not_offered(state->def));
}

const char *record_first_unasked(struct record *record)
{
    screens_build(record);
    for (size_t i = 0; i < record->screen_count; i++) {
        struct asked_run run = {record, &record->screens[i], false};
        if (!run.entry->relevant)
            continue;
        each_of_screen(&run, find_unasked);
        if (run.unasked)
            return tree_ref(record->arena, run.entry->node);
    }
    return NULL;
}
