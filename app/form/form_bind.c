// SPDX-License-Identifier: GPL-3.0-or-later
// <bind>: what holds for a node.
#include "form_internal.h"

#include <stdio.h>

static const struct {
    const char *name, *parameter;
    enum preload_kind kind;
} preloads[] = {
    {"uid", NULL, PRELOAD_UID},
    {"timestamp", "start", PRELOAD_START},
    {"timestamp", "end", PRELOAD_END},
    {"date", "today", PRELOAD_TODAY},
    {"property", "deviceid", PRELOAD_DEVICE},
    {"property", "username", PRELOAD_USER},
    {"property", "email", PRELOAD_EMAIL},
    {"property", "phonenumber", PRELOAD_PHONE},
};

static void load_preload(struct form_loader *loader, const xmlNode *element, struct form_bind *bind)
{
    struct arena *arena = loader->form->arena;
    const char *name = dom_attribute_trimmed(arena, element, JAVAROSA_URI, "preload");
    if (name == NULL)
        return;
    const char *parameter = dom_attribute_trimmed(arena, element, JAVAROSA_URI, "preloadParams");
    for (size_t i = 0; i < sizeof preloads / sizeof preloads[0]; i++) {
        if (strcmp(preloads[i].name, name) == 0 &&
            (preloads[i].parameter == NULL ||
             (parameter != NULL && strcmp(preloads[i].parameter, parameter) == 0))) {
            bind->preload = preloads[i].kind;
            return;
        }
    }
    loader_find(loader, FORM_NOTE, element, "Fill the value by a calculation instead.",
                "jr:preload \"%.40s\" %.40s is not offered here", name,
                parameter != NULL ? parameter : "");
}

static void load_rules(struct form_loader *loader, const xmlNode *element, struct form_node *node)
{
    static const struct {
        const char *name;
        enum rule_kind kind;
    } rules[] = {{"relevant", RULE_RELEVANT},
                 {"readonly", RULE_READONLY},
                 {"required", RULE_REQUIRED},
                 {"calculate", RULE_CALCULATE}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct form_expression *expression =
            expression_attribute(loader, element, NULL, rules[i].name);
        if (expression == NULL)
            continue;
        if (rules[i].kind == RULE_CALCULATE && node->first_element != NULL) {
            loader_find(loader, FORM_WARNING, element, "Calculate a node that holds a value.",
                        "%.250s is a group: it holds no value", node->path);
            continue;
        }
        if (node->rules[rules[i].kind] != NULL)
            node->rules[rules[i].kind]->expression = expression;
        else
            rule_add(loader, node, rules[i].kind, expression);
    }
    struct form_expression *constraint = expression_attribute(loader, element, NULL, "constraint");
    if (constraint != NULL)
        node->bind.constraint = constraint;
}

static void load_messages(struct form_loader *loader, const xmlNode *element,
                          struct form_bind *bind)
{
    struct arena *arena = loader->form->arena;
    const char *text = dom_attribute(arena, element, JAVAROSA_URI, "requiredMsg");
    if (text != NULL)
        bind->required_message = text_load_message(loader, element, text);
    text = dom_attribute(arena, element, JAVAROSA_URI, "constraintMsg");
    if (text != NULL)
        bind->constraint_message = text_load_message(loader, element, text);
}

static void load_bind(struct form_loader *loader, const xmlNode *element)
{
    struct form *form = loader->form;
    const char *nodeset = dom_attribute_trimmed(form->arena, element, NULL, "nodeset");
    if (nodeset == NULL)
        nodeset = dom_attribute_trimmed(form->arena, element, NULL, "ref");
    const char *path = NULL;
    if (nodeset == NULL || !path_resolve(form->arena, form->top->path, nodeset, &path)) {
        loader_find(loader, FORM_WARNING, element, "Write the plain path of one node, /data/name.",
                    "the bind names no node");
        return;
    }
    struct form_node *node = model_find(form, path);
    if (node == NULL)
        node = model_attribute(loader, path);
    if (node == NULL) {
        loader_find(loader, FORM_WARNING, element, "Correct the path, or remove the bind.",
                    "there is no node %.250s", path);
        return;
    }
    const char *type = dom_attribute_trimmed(form->arena, element, NULL, "type");
    if (type != NULL) {
        node->bind.type = value_type_named(type);
        node->bind.type_name = type;
    }
    node->bind.line = (int)xmlGetLineNo(element);
    load_rules(loader, element, node);
    load_messages(loader, element, &node->bind);
    load_preload(loader, element, &node->bind);
}

void binds_load(struct form_loader *loader)
{
    for (xmlNode *element = dom_first_element(loader->model); element != NULL;
         element = dom_next_element(element)) {
        if (dom_has_local(element, "bind"))
            load_bind(loader, element);
    }
}
