// SPDX-License-Identifier: GPL-3.0-or-later
// The primary instance as definitions: one form_node for each element name in its place.
#include "form_internal.h"

#include <libxml/dict.h>
#include <stdio.h>
#include <stdlib.h>

static const char *join_path(struct arena *arena, const char *parent, const char *name)
{
    size_t first = strlen(parent), second = strlen(name);
    char *path = arena_alloc(arena, first + second + 2);
    memcpy(path, parent, first);
    path[first] = '/';
    memcpy(path + first + 1, name, second);
    return path;
}

struct form_node *model_find(const struct form *form, const char *path)
{
    return xmlHashLookup(form->paths, (const xmlChar *)path);
}

static bool is_template(struct form_loader *loader, const xmlNode *element)
{
    return dom_attribute(loader->form->arena, element, JAVAROSA_URI, "template") != NULL;
}

static void add_child(struct form_node *parent, struct form_node *node)
{
    node->parent = parent;
    node->slot = parent->child_count++;
    if (parent->last_child != NULL)
        parent->last_child->next = node;
    else
        parent->first_child = node;
    parent->last_child = node;
    if (parent->first_element == NULL && !node->is_attribute)
        parent->first_element = node;
}

static struct form_node *new_node(struct form_loader *loader, struct form_node *parent,
                                  const char *name, xmlNode *model)
{
    struct form *form = loader->form;
    struct form_node *node = ARENA_NEW(form->arena, struct form_node);
    node->name = name;
    node->local = (const char *)model->name;
    node->uri = model->ns != NULL && model->ns->href != NULL ? (const char *)model->ns->href : "";
    node->path = join_path(form->arena, parent != NULL ? parent->path : "", name);
    node->bind.type_name = "string";
    if (parent != NULL)
        add_child(parent, node);
    node->local_path =
        join_path(form->arena, parent != NULL ? parent->local_path : "", node->local);
    xmlHashAddEntry(form->paths, (const xmlChar *)node->path, node);
    if (xmlHashAddEntry(form->local_paths, (const xmlChar *)node->local_path, node) != 0) {
        struct form_node *twin =
            xmlHashLookup(form->local_paths, (const xmlChar *)node->local_path);
        if (twin != NULL)
            twin->has_many = true;
    }
    form->node_count++;
    return node;
}

static void add_element(struct form_loader *loader, struct form_node *parent, xmlNode *element)
{
    const char *name = dom_name(loader->form->arena, element);
    const char *path = join_path(loader->form->arena, parent != NULL ? parent->path : "", name);
    struct form_node *node = model_find(loader->form, path);
    if (node == NULL)
        node = new_node(loader, parent, name, element);
    else
        node->has_many = true;
    if (is_template(loader, element)) {
        if (node->template_ == NULL) {
            node->template_ = element;
            node->template_has_values = true;
        }
    }
    if (node->model == NULL)
        node->model = element;
    if (parent == NULL)
        loader->form->top = node;
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child))
        add_element(loader, node, child);
}

/// Every form needs an instanceID; one is added where the author left it out.
static void ensure_instance_id(struct form_loader *loader)
{
    struct form *form = loader->form;
    xmlNode *meta = NULL;
    for (xmlNode *child = dom_first_element(form->root); child != NULL;
         child = dom_next_element(child)) {
        if (dom_has_local(child, "meta"))
            meta = child;
    }
    xmlNs *ns = meta != NULL
                    ? meta->ns
                    : xmlSearchNsByHref(form->doc, form->root, (const xmlChar *)OPENROSA_URI);
    if (ns == NULL || ns->prefix == NULL)
        ns = meta != NULL ? meta->ns : form->root->ns;
    if (meta == NULL)
        meta = xmlNewChild(form->root, ns, (const xmlChar *)"meta", NULL);
    xmlNode *id = NULL;
    for (xmlNode *child = dom_first_element(meta); child != NULL; child = dom_next_element(child)) {
        if (dom_has_local(child, "instanceID"))
            id = child;
    }
    form->makes_instance_id = id == NULL;
    if (id == NULL)
        xmlNewChild(meta, ns, (const xmlChar *)"instanceID", NULL);
}

void model_build(struct form_loader *loader)
{
    struct form *form = loader->form;
    int buckets = 256 + (int)(loader->source->length / 64); // about one for each node
    form->paths = xmlHashCreate(buckets);
    form->local_paths = xmlHashCreate(buckets);
    ensure_instance_id(loader);
    add_element(loader, NULL, form->root);
    for (struct form_node *child = form->top->first_child; child != NULL; child = child->next) {
        if (strcmp(child->local, "meta") != 0)
            continue;
        for (struct form_node *node = child->first_child; node != NULL; node = node->next) {
            if (strcmp(node->local, "instanceID") == 0)
                form->instance_id = node;
        }
    }
    if (form->makes_instance_id && form->instance_id != NULL)
        form->instance_id->bind.preload = PRELOAD_UID;
}

struct form_node *model_attribute(struct form_loader *loader, const char *path)
{
    const char *at = strstr(path, "/@");
    if (at == NULL)
        return NULL;
    struct form *form = loader->form;
    char owner[LIMIT_REF * 2];
    snprintf(owner, sizeof owner, "%.*s", (int)(at - path), path);
    struct form_node *parent = model_find(form, owner);
    if (parent == NULL)
        return NULL;
    struct form_node *known = model_find(form, path);
    if (known != NULL)
        return known;
    for (xmlAttr *attribute = parent->model->properties; attribute != NULL;
         attribute = attribute->next) {
        const char *name = dom_name(form->arena, (const xmlNode *)attribute);
        if (strcmp(name, at + 2) != 0)
            continue;
        struct form_node *node = ARENA_NEW(form->arena, struct form_node);
        node->name = join_path(form->arena, "", name);
        ((char *)(uintptr_t)node->name)[0] = '@';
        node->local = (const char *)attribute->name;
        node->uri = attribute->ns != NULL ? (const char *)attribute->ns->href : "";
        node->path = arena_strdup(form->arena, path);
        node->model = (xmlNode *)attribute;
        node->is_attribute = true;
        node->bind.type_name = "string";
        add_child(parent, node);
        char local[LIMIT_REF];
        snprintf(local, sizeof local, "@%s", node->local);
        node->local_path = join_path(form->arena, parent->local_path, local);
        xmlHashAddEntry(form->paths, (const xmlChar *)node->path, node);
        xmlHashAddEntry(form->local_paths, (const xmlChar *)node->local_path, node);
        form->node_count++;
        return node;
    }
    return NULL;
}

static void number_nodes(struct form *form, struct form_node *node, struct form_node *repeat)
{
    node->index = form->numbered++;
    form->nodes[node->index] = node;
    node->depth = node->parent != NULL ? node->parent->depth + 1 : 0;
    if (node->is_repeat) {
        repeat = node;
        if (node->template_ == NULL)
            node->template_ = node->model;
    }
    node->repeat = repeat;
    for (struct form_node *child = node->first_child; child != NULL; child = child->next)
        number_nodes(form, child, repeat);
    node->end = form->numbered;
}

void model_finish(struct form_loader *loader)
{
    struct form *form = loader->form;
    form->nodes = ARENA_ARRAY(form->arena, struct form_node *, form->node_count);
    number_nodes(form, form->top, NULL);
    // Names shared with the form's dictionary: records make their elements without copying them.
    for (size_t i = 0; i < form->node_count; i++) {
        struct form_node *node = form->nodes[i];
        if (form->doc->dict != NULL)
            node->local =
                (const char *)xmlDictLookup(form->doc->dict, (const xmlChar *)node->local, -1);
    }
}
