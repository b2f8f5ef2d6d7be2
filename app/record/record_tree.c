// SPDX-License-Identifier: GPL-3.0-or-later
// The record's tree: built from the form's defaults, walked by definition, named by positional ref.
#include "record_internal.h"

#include <libxml/dict.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct builder {
    struct record *record;
    bool from_form; ///< the source is the form's own instance, not a record to go on from
    bool values;    ///< take values along, not only the shape
};

static struct node_state *new_state(struct record *record, const struct form_node *def)
{
    size_t size = sizeof(struct node_state) + def->child_count * sizeof(xmlNode *);
    struct node_state *state = calloc(1, size);
    if (state == NULL)
        abort();
    state->def = def;
    state->slots = (xmlNode **)(state + 1);
    state->self_relevant = state->relevant = true;
    record->node_count++;
    return state;
}

static void free_state(struct record *record, xmlNode *node)
{
    struct node_state *state = state_of(node);
    if (state == NULL)
        return;
    if (state->stored != NULL) {
        memory_wipe(state->stored, strlen(state->stored));
        free(state->stored);
    }
    free(state->shuffled);
    free(state);
    node->_private = NULL;
    record->node_count--;
}

static void wipe_text(xmlNode *text)
{
    if (text->type == XML_TEXT_NODE && text->content != NULL)
        memory_wipe(text->content, strlen((const char *)text->content));
}

static void free_states(struct record *record, xmlNode *node)
{
    if (node->type == XML_ELEMENT_NODE) {
        for (xmlAttr *at = node->properties; at != NULL; at = at->next) {
            if (at->children != NULL)
                wipe_text(at->children);
            free_state(record, (xmlNode *)at);
        }
        for (xmlNode *child = node->children; child != NULL; child = child->next)
            free_states(record, child);
    }
    wipe_text(node);
    if (node->type == XML_ELEMENT_NODE || node->type == XML_COMMENT_NODE)
        free_state(record, node);
}

const char *tree_value(const xmlNode *node)
{
    const xmlNode *text = node->children;
    return text != NULL && text->type == XML_TEXT_NODE ? (const char *)text->content : "";
}

void tree_set_value(xmlNode *node, const char *value)
{
    if (node->children != NULL) {
        for (xmlNode *text = node->children; text != NULL; text = text->next)
            wipe_text(text);
        xmlFreeNodeList(node->children);
        node->children = node->last = NULL;
    }
    if (value[0] == '\0')
        return;
    xmlNode *text = xmlNewDocText(node->doc, (const xmlChar *)value);
    text->parent = node;
    node->children = node->last = text;
}

bool tree_is_leaf(const xmlNode *node)
{
    return node->type != XML_COMMENT_NODE && state_of(node)->def->first_element == NULL;
}

static bool same_uri(const char *a, const char *b)
{
    if (strcmp(a, XFORMS_URI) == 0)
        a = "";
    if (strcmp(b, XFORMS_URI) == 0)
        b = "";
    return strcmp(a, b) == 0;
}

static bool is_of(const xmlNode *source, const struct form_node *def)
{
    const char *uri =
        source->ns != NULL && source->ns->href != NULL ? (const char *)source->ns->href : "";
    return !def->is_attribute && strcmp((const char *)source->name, def->local) == 0 &&
           same_uri(uri, def->uri);
}

static bool is_template(const xmlNode *source)
{
    for (const xmlAttr *at = source->properties; at != NULL; at = at->next) {
        if (at->ns != NULL && strcmp((const char *)at->name, "template") == 0 &&
            strcmp((const char *)at->ns->href, JAVAROSA_URI) == 0)
            return true;
    }
    return false;
}

static void copy_attributes(const struct builder *build, xmlNode *node, const struct form_node *def,
                            const xmlNode *source)
{
    for (const xmlAttr *at = source->properties; at != NULL; at = at->next) {
        xmlNs *ns = at->ns;
        if (ns != NULL && strcmp((const char *)ns->href, JAVAROSA_URI) == 0 &&
            strcmp((const char *)at->name, "template") == 0)
            continue;
        if (ns != NULL && !build->from_form) {
            ns = xmlSearchNsByHref(build->record->form->doc, def->model, ns->href);
            if (ns == NULL)
                continue;
        }
        const char *value = at->children != NULL && at->children->type == XML_TEXT_NODE
                                ? (const char *)at->children->content
                                : "";
        xmlNewNsProp(node, ns, at->name, (const xmlChar *)value);
    }
}

static void bind_attributes(const struct builder *build, xmlNode *node, const struct form_node *def)
{
    for (const struct form_node *child = def->first_child; child != NULL; child = child->next) {
        if (!child->is_attribute)
            continue;
        xmlAttr *at = xmlHasNsProp(node, (const xmlChar *)child->local,
                                   child->uri[0] != '\0' ? (const xmlChar *)child->uri : NULL);
        if (at == NULL)
            at = xmlNewNsProp(node, ((const xmlAttr *)child->model)->ns,
                              (const xmlChar *)child->local, (const xmlChar *)"");
        at->_private = new_state(build->record, child);
        state_of(node)->slots[child->slot] = (xmlNode *)at;
    }
}

static xmlNode *build_element(const struct builder *build, const struct form_node *def,
                              const xmlNode *source);

/// Remember in each slot the first source element that belongs there.
static void sort_children(xmlNode *node, const struct form_node *def, const xmlNode *source)
{
    xmlNode **slots = state_of(node)->slots;
    const struct form_node *cursor = def->first_child;
    for (xmlNode *child = dom_first_element(source); child != NULL;
         child = dom_next_element(child)) {
        const struct form_node *found = cursor;
        while (found != NULL && !is_of(child, found))
            found = found->next;
        for (const struct form_node *at = def->first_child; found == NULL && at != cursor;
             at = at->next)
            found = is_of(child, at) ? at : NULL;
        if (found == NULL)
            continue;
        if (slots[found->slot] == NULL)
            slots[found->slot] = child;
        cursor = found;
    }
}

static void build_repeat(const struct builder *build, xmlNode *node, const struct form_node *def,
                         const xmlNode *source)
{
    struct record *record = build->record;
    xmlNode *anchor = xmlNewDocComment(node->doc, (const xmlChar *)"");
    struct node_state *state = new_state(record, def);
    state->is_anchor = true;
    anchor->_private = state;
    xmlAddChild(node, anchor);
    state_of(node)->slots[def->slot] = anchor;
    size_t count = 0;
    for (const xmlNode *at = source; at != NULL && count < LIMIT_REPEAT_INSTANCES;
         at = dom_next_element(at)) {
        if (!is_of(at, def) || is_template(at))
            continue;
        xmlAddChild(node, build_element(build, def, at));
        count++;
    }
    bool fixed = def->group != NULL && def->group->no_add_remove && def->rules[RULE_COUNT] == NULL;
    if (count == 0 && fixed) {
        struct builder blank = {record, true, def->template_has_values};
        xmlAddChild(node, build_element(&blank, def, def->template_));
    }
}

/// What is missing in an instance is made as a new instance would be: blank without a jr:template.
static bool missing_has_value(const struct form_node *def)
{
    for (const struct form_node *at = def->parent; at != NULL; at = at->parent) {
        if (at->is_repeat && !at->template_has_values)
            return false;
    }
    return true;
}

static void build_child(const struct builder *build, xmlNode *node, const struct form_node *def,
                        const xmlNode *source)
{
    if (source == NULL) {
        struct builder defaults = {build->record, true, missing_has_value(def)};
        xmlNode *element = build_element(&defaults, def, def->model);
        xmlAddChild(node, element);
        state_of(node)->slots[def->slot] = element;
        return;
    }
    for (const xmlNode *at = source; at != NULL; at = dom_next_element(at)) {
        if (at != source && !is_of(at, def))
            continue;
        xmlNode *element = build_element(build, def, at);
        xmlAddChild(node, element);
        if (at == source)
            state_of(node)->slots[def->slot] = element;
        if (!def->has_many)
            break;
    }
}

/// What is written in an instance, as its type wants it: what is not of the type is no answer. A
/// record to go on from keeps decimals as the person wrote them.
static const char *first_value(const struct builder *build, const struct form_node *def,
                               const char *text)
{
    struct record *record = build->record;
    const struct form_control *control = def->control;
    bool many =
        control != NULL && (control->kind == CONTROL_SELECT || control->kind == CONTROL_RANK);
    if (build->from_form)
        text = dom_trimmed(record->scratch, text);
    if (many || value_is_text(def->bind.type))
        return text;
    if (build->from_form)
        (void)value_normalise(def->bind.type, text, record->normal);
    else
        (void)value_answered(def->bind.type, text, record->normal);
    return record->normal;
}

static xmlNode *build_element(const struct builder *build, const struct form_node *def,
                              const xmlNode *source)
{
    struct record *record = build->record;
    xmlNode *node =
        xmlNewDocNodeEatName(record->doc, def->model->ns, (xmlChar *)(uintptr_t)def->local, NULL);
    node->_private = new_state(record, def);
    copy_attributes(build, node, def, source);
    bind_attributes(build, node, def);
    if (def->first_element == NULL) {
        if (build->values)
            tree_set_value(node, first_value(build, def, dom_text(record->scratch, source)));
        return node;
    }
    sort_children(node, def, source);
    xmlNode **slots = state_of(node)->slots;
    for (const struct form_node *child = def->first_child; child != NULL; child = child->next) {
        if (child->is_attribute)
            continue;
        const xmlNode *first = slots[child->slot];
        slots[child->slot] = NULL;
        if (child->is_repeat)
            build_repeat(build, node, child, first);
        else
            build_child(build, node, child, first);
    }
    return node;
}

enum err tree_build(struct record *record, xmlNode *edit, struct fail *why)
{
    const struct form *form = record->form;
    record->doc = xmlNewDoc((const xmlChar *)"1.0");
    if (record->doc == NULL)
        return fail_set(why, ERR_RETRY, "no memory for a record");
    if (form->doc->dict != NULL) {
        record->doc->dict = form->doc->dict;
        xmlDictReference(form->doc->dict);
    }
    struct builder build = {record, edit == NULL, true};
    record->root = build_element(&build, form->top, edit != NULL ? edit : form->root);
    xmlDocSetRootElement(record->doc, record->root);
    return ERR_OK;
}

void record_tree_free(struct record *record)
{
    if (record->root != NULL)
        free_states(record, record->root);
    if (record->doc != NULL)
        xmlFreeDoc(record->doc);
    record->doc = NULL;
    record->root = NULL;
}

xmlNode *tree_add_instance(struct record *record, xmlNode *after, const struct form_node *def)
{
    struct builder build = {record, true, def->template_has_values};
    xmlNode *instance = build_element(&build, def, def->template_);
    xmlAddNextSibling(after, instance);
    return instance;
}

xmlNode *tree_add_counted(struct record *record, xmlNode *after, const struct form_node *def,
                          size_t index)
{
    const xmlNode *defined = def->parent->repeat == NULL ? def->model : NULL;
    while (defined != NULL && (!is_of(defined, def) || is_template(defined) || index-- > 0))
        defined = dom_next_element(defined);
    if (defined == NULL)
        return tree_add_instance(record, after, def);
    struct builder build = {record, true, true};
    xmlNode *instance = build_element(&build, def, defined);
    xmlAddNextSibling(after, instance);
    return instance;
}

void tree_remove(struct record *record, xmlNode *instance)
{
    free_states(record, instance);
    xmlUnlinkNode(instance);
    xmlFreeNode(instance);
}
