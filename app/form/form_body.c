// SPDX-License-Identifier: GPL-3.0-or-later
// <h:body>: groups, repeats and questions, bound to the nodes of the model.
#include "form_internal.h"

#include <stdint.h>
#include <stdlib.h>

static const struct {
    const char *element;
    enum control_kind kind;
} kinds[] = {
    {"group", CONTROL_GROUP},   {"repeat", CONTROL_REPEAT},      {"input", CONTROL_INPUT},
    {"select", CONTROL_SELECT}, {"select1", CONTROL_SELECT_ONE}, {"rank", CONTROL_RANK},
    {"range", CONTROL_RANGE},   {"upload", CONTROL_UPLOAD},      {"trigger", CONTROL_TRIGGER},
    {"secret", CONTROL_OTHER},  {"textarea", CONTROL_OTHER},
};

static bool kind_of(const xmlNode *element, enum control_kind *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (dom_has_local(element, kinds[i].element)) {
            *kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

bool appearance_has(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        bool starts = at == words || at[-1] == ' ';
        if (starts && (at[length] == '\0' || at[length] == ' '))
            return true;
    }
    return false;
}

static double number_attribute(struct form_loader *loader, const xmlNode *element, const char *name,
                               double otherwise)
{
    const char *text = dom_attribute_trimmed(loader->form->arena, element, NULL, name);
    if (text == NULL)
        return otherwise;
    char *end = NULL;
    double number = strtod(text, &end);
    if (end == text || *end != '\0') {
        loader_find(loader, FORM_WARNING, element, "Write a plain number.",
                    "%s=\"%.60s\" is not a number", name, text);
        return otherwise;
    }
    return number;
}

const char *bind_nodeset(struct form_loader *loader, const char *id)
{
    return xmlHashLookup(loader->bind_ids, (const xmlChar *)id);
}

/// The path written at a control: ref, nodeset, or the nodeset of the bind it names.
static const char *written_ref(struct form_loader *loader, const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *ref = dom_attribute_trimmed(arena, element, NULL, "ref");
    if (ref == NULL)
        ref = dom_attribute_trimmed(arena, element, NULL, "nodeset");
    const char *bind = ref == NULL ? dom_attribute_trimmed(arena, element, NULL, "bind") : NULL;
    return bind != NULL ? bind_nodeset(loader, bind) : ref;
}

static void collect_bind_ids(struct form_loader *loader)
{
    struct arena *arena = loader->form->arena;
    for (xmlNode *at = dom_first_element(loader->model); at != NULL; at = dom_next_element(at)) {
        const char *id =
            dom_has_local(at, "bind") ? dom_attribute_trimmed(arena, at, NULL, "id") : NULL;
        const char *nodeset = id != NULL ? dom_attribute_trimmed(arena, at, NULL, "nodeset") : NULL;
        if (nodeset != NULL)
            xmlHashAddEntry(loader->bind_ids, (const xmlChar *)id, (void *)(uintptr_t)nodeset);
    }
}

static void report_missing(struct form_loader *loader, const xmlNode *element, const char *path)
{
    loader_find(loader, loader->source->strict ? FORM_ERROR : FORM_WARNING, element,
                "Correct the path, or add the node to the instance.", "there is no node %.250s",
                path);
}

static void claim_node(struct form_loader *loader, struct form_control *control,
                       const xmlNode *element)
{
    struct form_node *node = control->node;
    struct form_control **place = control->kind == CONTROL_GROUP || control->kind == CONTROL_REPEAT
                                      ? &node->group
                                      : &node->control;
    if (control->kind == CONTROL_REPEAT)
        node->is_repeat = true;
    if (*place == NULL) {
        *place = control;
    } else if (control->kind == CONTROL_REPEAT && (*place)->kind == CONTROL_GROUP) {
        *place = control;
    } else if (control->kind != CONTROL_GROUP) {
        loader_find(loader, loader->source->strict ? FORM_ERROR : FORM_WARNING, element,
                    "Ask for it once; show the answer elsewhere with an <output>.",
                    "a second control for %.200s (the first is in line %d)", node->path,
                    (*place)->line);
    }
}

static const char *base_path(const struct form_loader *loader, const struct form_control *parent)
{
    for (; parent != NULL; parent = parent->parent) {
        if (parent->node != NULL)
            return parent->node->path;
    }
    return loader->form->top->path;
}

/// A group around a repeat of the same node is the repeat's label and looks.
static bool wraps_repeat(struct form_loader *loader, const struct form_control *parent,
                         const xmlNode *element, const char *path)
{
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child)) {
        const char *inner = NULL;
        const char *ref = dom_has_local(child, "repeat") ? written_ref(loader, child) : NULL;
        if (ref != NULL &&
            path_resolve(loader->form->arena, base_path(loader, parent), ref, &inner) &&
            strcmp(inner, path) == 0)
            return true;
    }
    return false;
}

static void bind_control(struct form_loader *loader, struct form_control *control,
                         const xmlNode *element)
{
    const char *ref = written_ref(loader, element);
    const char *path = NULL;
    if (ref == NULL) {
        if (control->kind != CONTROL_GROUP)
            loader_find(loader, FORM_ERROR, element, "Give it a ref.", "the control names no node");
        return;
    }
    if (!path_resolve(loader->form->arena, base_path(loader, control->parent), ref, &path)) {
        loader_find(loader, FORM_ERROR, element, "Write the plain path of one node, /data/name.",
                    "\"%.200s\" is not the path of a node", ref);
        return;
    }
    if (control->kind == CONTROL_GROUP && wraps_repeat(loader, control->parent, element, path))
        return;
    struct form_node *node = model_find(loader->form, path);
    if (node == NULL) {
        report_missing(loader, element, path);
        return;
    }
    if (control->kind == CONTROL_REPEAT && node->parent == NULL) {
        loader_find(loader, FORM_ERROR, element, "Repeat a node below the root.",
                    "the root of the instance cannot repeat");
        return;
    }
    control->node = node;
    claim_node(loader, control, element);
}

static void load_count(struct form_loader *loader, struct form_control *control,
                       const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *fixed = dom_attribute_trimmed(arena, element, JAVAROSA_URI, "noAddRemove");
    control->no_add_remove = fixed != NULL && strcmp(fixed, "true()") == 0;
    struct form_expression *count = expression_attribute(loader, element, JAVAROSA_URI, "count");
    if (count == NULL || control->node == NULL)
        return;
    control->no_add_remove = true;
    if (control->node->rules[RULE_COUNT] == NULL)
        rule_add(loader, control->node, RULE_COUNT, count);
}

static void load_texts(struct form_loader *loader, struct form_control *control,
                       const xmlNode *element)
{
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child)) {
        if (dom_has_local(child, "label") && !control->has_label) {
            control->label = text_load(loader, child);
            control->has_label = true;
        } else if (dom_has_local(child, "hint") && !control->has_hint) {
            control->hint = text_load(loader, child);
            control->has_hint = true;
        }
    }
}

static void load_details(struct form_loader *loader, struct form_control *control,
                         const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *appearance = dom_attribute_trimmed(arena, element, NULL, "appearance");
    control->appearance = appearance != NULL ? appearance : "";
    control->field_list = appearance_has(control->appearance, "field-list");
    control->is_heading =
        (control->kind == CONTROL_SELECT || control->kind == CONTROL_SELECT_ONE) &&
        appearance_has(control->appearance, "label");
    const char *media = dom_attribute_trimmed(arena, element, NULL, "mediatype");
    if (media == NULL)
        media = dom_attribute_trimmed(arena, element, NULL, "accept");
    control->media_type = media != NULL ? media : "";
    control->is_query = dom_attribute(arena, element, NULL, "query") != NULL;
    load_texts(loader, control, element);
    if (control->kind == CONTROL_RANGE) {
        control->start = number_attribute(loader, element, "start", 0);
        control->end = number_attribute(loader, element, "end", 10);
        control->step = number_attribute(loader, element, "step", 1);
    }
    if (control->kind == CONTROL_REPEAT)
        load_count(loader, control, element);
    if (control->kind == CONTROL_SELECT || control->kind == CONTROL_SELECT_ONE ||
        control->kind == CONTROL_RANK)
        control_load_choices(loader, control, element);
}

static void inherit_group(struct form_control *control)
{
    const struct form_control *group = control->parent;
    if (control->kind != CONTROL_REPEAT || group->kind != CONTROL_GROUP || group->node != NULL ||
        !group->wraps)
        return;
    if (group->has_label) {
        control->label = group->label;
        control->has_label = true;
    }
    if (control->appearance[0] == '\0') {
        control->appearance = group->appearance;
        control->field_list = group->field_list;
    }
}

static void load_children(struct form_loader *loader, struct form_control *parent,
                          xmlNode *element);

static void load_control(struct form_loader *loader, struct form_control *parent, xmlNode *element,
                         enum control_kind kind)
{
    struct form_control *control = ARENA_NEW(loader->form->arena, struct form_control);
    control->kind = kind;
    control->element = (const char *)element->name;
    control->line = (int)xmlGetLineNo(element);
    control->parent = parent;
    if (parent->last_child != NULL)
        parent->last_child->next = control;
    else
        parent->first_child = control;
    parent->last_child = control;
    bind_control(loader, control, element);
    control->wraps =
        kind == CONTROL_GROUP && control->node == NULL && written_ref(loader, element) != NULL;
    load_details(loader, control, element);
    inherit_group(control);
    if (kind == CONTROL_GROUP || kind == CONTROL_REPEAT)
        load_children(loader, control, element);
    else if (control->node != NULL)
        loader->form->question_count++;
}

static void load_children(struct form_loader *loader, struct form_control *parent, xmlNode *element)
{
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child)) {
        enum control_kind kind = CONTROL_OTHER;
        if (kind_of(child, &kind))
            load_control(loader, parent, child, kind);
    }
}

void body_load(struct form_loader *loader)
{
    loader->form->body.kind = CONTROL_GROUP;
    loader->form->body.appearance = "";
    loader->bind_ids = xmlHashCreate(64);
    collect_bind_ids(loader);
    load_children(loader, &loader->form->body, loader->body);
}
