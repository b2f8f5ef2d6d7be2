// SPDX-License-Identifier: GPL-3.0-or-later
// Ways through the record's tree: by definition, by repeat, by positional ref.
#include "record_internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

xmlNode *tree_next_instance(const xmlNode *instance)
{
    xmlNode *next = instance->next;
    if (next == NULL || next->type != XML_ELEMENT_NODE || state_of(next)->is_anchor ||
        state_of(next)->def != state_of(instance)->def)
        return NULL;
    return next;
}

xmlNode *tree_first_instance(const xmlNode *anchor)
{
    return tree_next_instance(anchor);
}

size_t tree_count(const xmlNode *anchor)
{
    size_t count = 0;
    for (const xmlNode *at = tree_first_instance(anchor); at != NULL; at = tree_next_instance(at))
        count++;
    return count;
}

xmlNode *tree_anchor(const xmlNode *instance)
{
    return state_of(instance->parent)->slots[state_of(instance)->def->slot];
}

size_t tree_position(const xmlNode *instance)
{
    const xmlNode *before = instance;
    size_t position = 0;
    while (before != NULL && before->type == XML_ELEMENT_NODE &&
           state_of(before)->def == state_of(instance)->def) {
        position++;
        before = before->prev;
    }
    return position;
}

xmlNode *tree_instance_of(const xmlNode *node)
{
    for (const xmlNode *at = node; at != NULL && at->type != XML_DOCUMENT_NODE; at = at->parent) {
        if (at->type == XML_ELEMENT_NODE && state_of(at)->def->is_repeat)
            return (xmlNode *)(uintptr_t)at;
    }
    return NULL;
}

bool state_is_readonly(const xmlNode *node)
{
    for (const xmlNode *at = node; at != NULL && at->_private != NULL; at = at->parent) {
        if (state_of(at)->readonly)
            return true;
        if (at->type == XML_DOCUMENT_NODE || at->parent == NULL ||
            at->parent->type == XML_DOCUMENT_NODE)
            break;
    }
    return false;
}

const char *tree_ref(struct arena *arena, const xmlNode *node)
{
    const xmlNode *chain[LIMIT_FORM_DEPTH + 2];
    size_t depth = 0;
    for (const xmlNode *at = node;
         at != NULL && at->type != XML_DOCUMENT_NODE && depth < LIMIT_FORM_DEPTH + 2;
         at = at->parent)
        chain[depth++] = at;
    struct strbuf ref;
    strbuf_init(&ref, LIMIT_FORM_DEPTH * (LIMIT_REF + 16));
    while (depth > 0) {
        const xmlNode *at = chain[--depth];
        const struct form_node *def = state_of(at)->def;
        strbuf_addc(&ref, '/');
        strbuf_adds(&ref, def->name);
        if (def->is_repeat && at->type == XML_ELEMENT_NODE)
            strbuf_addf(&ref, "[%zu]", tree_position(at));
    }
    const char *text = arena_strdup(arena, strbuf_text(&ref));
    strbuf_free(&ref);
    return text;
}

struct ref_step {
    char name[LIMIT_REF];
    size_t position; ///< 0: none given
};

/// One step of a positional ref at `*at`, moving it on.
static bool next_step(const char **at, struct ref_step *step)
{
    if (**at != '/')
        return false;
    (*at)++;
    size_t length = strcspn(*at, "/[");
    if (length == 0 || length >= sizeof step->name)
        return false;
    memcpy(step->name, *at, length);
    step->name[length] = '\0';
    *at += length;
    step->position = 0;
    if (**at == '[') {
        char *end = NULL;
        step->position = strtoul(*at + 1, &end, 10);
        if (end == NULL || *end != ']' || step->position == 0)
            return false;
        *at = end + 1;
    }
    return true;
}

static xmlNode *nth_instance(xmlNode *anchor, size_t position)
{
    xmlNode *at = tree_first_instance(anchor);
    for (size_t i = 1; at != NULL && i < position; i++)
        at = tree_next_instance(at);
    return at;
}

static xmlNode *find(const struct record *record, const char *ref, bool range)
{
    char path[LIMIT_REF * 2];
    size_t used = 0;
    xmlNode *node = NULL;
    struct ref_step step;
    while (*ref != '\0') {
        if (!next_step(&ref, &step))
            return NULL;
        int wrote = snprintf(path + used, sizeof path - used, "/%s", step.name);
        if (wrote < 0 || (size_t)wrote >= sizeof path - used)
            return NULL;
        used += (size_t)wrote;
        const struct form_node *def = model_find(record->form, path);
        if (def == NULL)
            return NULL;
        if (node == NULL) {
            node = def == record->form->top ? record->root : NULL;
        } else {
            node = state_of(node)->slots[def->slot];
            bool last = *ref == '\0';
            if (node != NULL && def->is_repeat && !(range && last && step.position == 0))
                node = nth_instance(node, step.position > 0 ? step.position : 1);
        }
        if (node == NULL)
            return NULL;
    }
    return node;
}

xmlNode *record_tree_find(const struct record *record, const char *ref)
{
    return find(record, ref, false);
}

xmlNode *tree_find_range(const struct record *record, const char *ref)
{
    xmlNode *node = find(record, ref, true);
    return node != NULL && node->type == XML_COMMENT_NODE ? node : NULL;
}

/// Definitions from below `top` down to `def`.
static size_t chain_of(const struct form_node *def, const struct form_node *top,
                       const struct form_node *chain[LIMIT_FORM_DEPTH + 2])
{
    size_t depth = 0;
    for (const struct form_node *at = def; at != NULL && at != top; at = at->parent) {
        if (depth < LIMIT_FORM_DEPTH + 2)
            chain[depth++] = at;
    }
    return depth;
}

xmlNode *tree_near(const struct record *record, const xmlNode *near, const struct form_node *def)
{
    const struct form_node *chain[LIMIT_FORM_DEPTH + 2];
    size_t depth = chain_of(def, record->form->top, chain);
    xmlNode *node = record->root;
    while (depth > 0 && node != NULL) {
        const struct form_node *step = chain[--depth];
        xmlNode *next = state_of(node)->slots[step->slot];
        if (next != NULL && step->is_repeat) {
            const xmlNode *holder = near;
            while (holder != NULL && holder->parent != node)
                holder = holder->parent;
            bool inside =
                holder != NULL && holder->type == XML_ELEMENT_NODE && state_of(holder)->def == step;
            next = inside ? (xmlNode *)(uintptr_t)holder : tree_first_instance(next);
        }
        node = next;
    }
    return node;
}

struct walk {
    const struct form_node *chain[LIMIT_FORM_DEPTH + 2];
    void (*each)(void *context, xmlNode *node);
    void *context;
};

static void walk_below(const struct walk *walk, size_t depth, xmlNode *node)
{
    if (depth == 0) {
        walk->each(walk->context, node);
        return;
    }
    const struct form_node *step = walk->chain[depth - 1];
    xmlNode *next = state_of(node)->slots[step->slot];
    if (next == NULL)
        return;
    if (!step->is_repeat) {
        walk_below(walk, depth - 1, next);
        return;
    }
    for (xmlNode *at = tree_first_instance(next); at != NULL; at = tree_next_instance(at))
        walk_below(walk, depth - 1, at);
}

void tree_each(const struct record *record, const struct form_node *def, xmlNode *scope,
               void (*each)(void *context, xmlNode *node), void *context)
{
    struct walk walk = {.each = each, .context = context};
    xmlNode *start = scope != NULL ? scope : record->root;
    size_t depth = chain_of(def, state_of(start)->def, walk.chain);
    walk_below(&walk, depth, start);
}
