// SPDX-License-Identifier: GPL-3.0-or-later
// Functions on nodes: counting, naming, finding, where one stands.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum err call_last(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    (void)evaluation;
    xpath_set_number(out, (double)call->focus->size);
    return ERR_OK;
}

static bool same_name(const xmlNode *a, const xmlNode *b)
{
    bool elements = a->type == XML_ELEMENT_NODE && b->type == XML_ELEMENT_NODE;
    if (!elements || !text_equal((const char *)a->name, (const char *)b->name))
        return false;
    return a->ns == b->ns ||
           (a->ns != NULL && b->ns != NULL && xmlStrEqual(a->ns->href, b->ns->href));
}

/// position(): in the focus. position(node): among its siblings of that name, which is a repeat
/// instance's number.
static enum err call_position(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    if (call->count == 0) {
        xpath_set_number(out, (double)call->focus->position);
        return ERR_OK;
    }
    struct xpath_value nodes = {0};
    enum err err = xpath_argument_nodes(evaluation, call, 0, &nodes);
    if (err != ERR_OK)
        return err;
    size_t position = nodes.node_count > 0 ? 1 : 0, visits = 1;
    const xmlNode *node = position > 0 ? nodes.nodes[0] : NULL;
    bool counts = node != NULL && node->type == XML_ELEMENT_NODE;
    for (const xmlNode *prev = counts ? node->prev : NULL; prev != NULL;
         prev = prev->prev, visits++)
        position += same_name(prev, node) ? 1 : 0;
    xpath_value_clear(&nodes);
    xpath_set_number(out, (double)position);
    return xpath_visit(evaluation, visits);
}

static enum err call_count(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    struct xpath_value nodes = {0};
    enum err err = xpath_argument_nodes(evaluation, call, 0, &nodes);
    double count = (double)nodes.node_count;
    xpath_value_clear(&nodes);
    xpath_set_number(out, count);
    return err;
}

static enum err call_count_non_empty(struct xpath_evaluation *evaluation,
                                     const struct xpath_call *call, struct xpath_value *out)
{
    struct xpath_value nodes = {0};
    enum err err = xpath_argument_nodes(evaluation, call, 0, &nodes);
    double count = 0;
    for (size_t i = 0; i < nodes.node_count; i++) {
        const char *text;
        char *owned = xpath_node_string(evaluation->host, nodes.nodes[i], &text, NULL);
        count += text[0] != '\0' ? 1 : 0;
        xpath_string_free(owned);
    }
    xpath_value_clear(&nodes);
    xpath_set_number(out, count);
    return err;
}

static enum err call_current(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                             struct xpath_value *out)
{
    (void)call;
    xpath_set_node(out, evaluation->current);
    return ERR_OK;
}

static enum err call_instance(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    char *id = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &id);
    if (err != ERR_OK)
        return err;
    xmlNode *root = host->instance != NULL ? host->instance(host->self, id) : NULL;
    xpath_set_node(out, root != NULL ? xpath_parent(root) : NULL);
    xpath_string_free(id);
    return ERR_OK;
}

// ------------------------------------------------------------------ names

/// First node of the argument, or the context node; NULL when the argument is empty.
static enum err node_or_context(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                const xmlNode **node)
{
    *node = call->focus->node;
    if (call->count == 0)
        return ERR_OK;
    struct xpath_value nodes = {0};
    enum err err = xpath_argument_nodes(evaluation, call, 0, &nodes);
    *node = nodes.node_count > 0 ? nodes.nodes[0] : NULL;
    xpath_value_clear(&nodes);
    return err;
}

static const xmlNs *namespace_of(const xmlNode *node)
{
    bool named =
        node != NULL && (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE);
    return named ? node->ns : NULL;
}

static const char *local_name_of(const xmlNode *node)
{
    if (node == NULL)
        return "";
    const xmlChar *name = NULL;
    if (node->type == XML_NAMESPACE_DECL)
        name = ((const xmlNs *)node)->prefix;
    else if (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE ||
             node->type == XML_PI_NODE)
        name = node->name;
    return name != NULL ? (const char *)name : "";
}

static enum err call_local_name(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                struct xpath_value *out)
{
    const xmlNode *node;
    enum err err = node_or_context(evaluation, call, &node);
    if (err == ERR_OK)
        xpath_set_string(out, text_duplicate(local_name_of(node)));
    return err;
}

static enum err call_name(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    const xmlNode *node;
    enum err err = node_or_context(evaluation, call, &node);
    if (err != ERR_OK)
        return err;
    struct strbuf name;
    strbuf_init(&name, XPATH_MAXIMUM_STRING);
    const xmlNs *ns = namespace_of(node);
    if (ns != NULL && ns->prefix != NULL)
        strbuf_addf(&name, "%s:", (const char *)ns->prefix);
    strbuf_adds(&name, local_name_of(node));
    return xpath_set_buffer(evaluation, out, &name);
}

static enum err call_namespace_uri(struct xpath_evaluation *evaluation,
                                   const struct xpath_call *call, struct xpath_value *out)
{
    const xmlNode *node;
    enum err err = node_or_context(evaluation, call, &node);
    const xmlNs *ns = err == ERR_OK ? namespace_of(node) : NULL;
    if (err == ERR_OK)
        xpath_set_string(
            out, text_duplicate(ns != NULL && ns->href != NULL ? (const char *)ns->href : ""));
    return err;
}

/// True when the nearest xml:lang is the wanted language or a variety of it, whatever the case.
static bool language_matches(const xmlNode *node, const char *wanted)
{
    for (; node != NULL; node = xpath_parent(node)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *found = xmlGetNsProp(node, (const xmlChar *)"lang", XML_XML_NAMESPACE);
        if (found == NULL)
            continue;
        size_t length = strlen(wanted);
        bool matches = strncasecmp((const char *)found, wanted, length) == 0 &&
                       (found[length] == '\0' || found[length] == '-');
        xmlFree(found);
        return matches;
    }
    return false;
}

static enum err call_lang(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    char *wanted = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &wanted);
    if (err == ERR_OK)
        xpath_set_boolean(out, language_matches(call->focus->node, wanted));
    xpath_string_free(wanted);
    return err;
}

// ------------------------------------------------------------------ id()

/// Wanted ids, sorted; each is taken by the first element that has it.
struct ids {
    char **items;
    bool *taken;
    size_t count, capacity;
};

static void ids_add(struct ids *ids, const char *text)
{
    const char *token;
    size_t length;
    while (xpath_next_token(&text, &token, &length)) {
        if (ids->count == ids->capacity) {
            ids->capacity = ids->capacity ? ids->capacity * 2 : 8;
            ids->items = xpath_grow(ids->items, ids->capacity, sizeof *ids->items);
        }
        char *copy = xpath_allocate(length + 1);
        memcpy(copy, token, length);
        ids->items[ids->count++] = copy;
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ids_take(struct ids *ids, const char *id)
{
    char **found = bsearch(&id, ids->items, ids->count, sizeof *ids->items, compare_texts);
    if (found == NULL)
        return false;
    size_t at = (size_t)(found - ids->items);
    while (at > 0 && text_equal(ids->items[at - 1], id))
        at--;
    bool first = !ids->taken[at];
    ids->taken[at] = true;
    return first;
}

static bool element_is_wanted(struct ids *ids, const xmlNode *element)
{
    for (const xmlAttr *attribute = element->properties; attribute != NULL;
         attribute = attribute->next) {
        if (!text_equal((const char *)attribute->name, "id"))
            continue;
        char *id = xpath_node_string(NULL, (const xmlNode *)attribute, NULL, NULL);
        bool taken = ids_take(ids, id);
        xpath_string_free(id);
        if (taken)
            return true;
    }
    return false;
}

static size_t find_ids(struct ids *ids, xmlNode *root, struct xpath_list *found)
{
    ids->taken = xpath_allocate((ids->count + 1) * sizeof *ids->taken);
    qsort(ids->items, ids->count, sizeof *ids->items, compare_texts);
    size_t visits = 0;
    xmlNode *node = root;
    while (node != NULL) {
        visits++;
        bool element = node->type == XML_ELEMENT_NODE;
        if (element && element_is_wanted(ids, node))
            xpath_list_add(found, node);
        if ((element || node == root) && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
    return visits;
}

static void ids_of(const struct xpath_host *host, const struct xpath_value *value, struct ids *ids)
{
    for (size_t i = 0; value->kind == XPATH_NODES && i < value->node_count; i++) {
        char *text = xpath_node_string(host, value->nodes[i], NULL, NULL);
        ids_add(ids, text);
        xpath_string_free(text);
    }
    if (value->kind != XPATH_NODES) {
        char *text = xpath_to_string(host, value);
        ids_add(ids, text);
        xpath_string_free(text);
    }
}

/// id(any): elements by their id attribute, in one walk. Forms carry no DTD, so the attribute named
/// id is the one.
static enum err call_id(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                        struct xpath_value *out)
{
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, call->arguments[0], call->focus, &value);
    if (err != ERR_OK)
        return err;
    struct ids ids = {0};
    ids_of(evaluation->host, &value, &ids);
    xpath_value_clear(&value);
    xmlNode *root = call->focus->node;
    while (xpath_parent(root) != NULL)
        root = xpath_parent(root);
    struct xpath_list found = {0};
    size_t visits = ids.count > 0 ? find_ids(&ids, root, &found) : 1;
    for (size_t i = 0; i < ids.count; i++)
        free(ids.items[i]);
    free(ids.items);
    free(ids.taken);
    xpath_set_list(out, &found);
    err = xpath_visit(evaluation, visits);
    if (err != ERR_OK)
        xpath_value_clear(out);
    return err;
}

const struct xpath_function xpath_nodes_functions[] = {
    {"last", 0, 0, FUNCTION_CONTEXT | FUNCTION_POSITION, call_last, NULL},
    {"position", 0, 1, FUNCTION_IMPLICIT | FUNCTION_POSITION | FUNCTION_STRUCTURE, call_position,
     NULL},
    {"count", 1, 1, FUNCTION_STRUCTURE, call_count, NULL},
    {"count-non-empty", 1, 1, 0, call_count_non_empty, NULL},
    {"current", 0, 0, 0, call_current, NULL},
    {"instance", 1, 1, 0, call_instance, NULL},
    {"local-name", 0, 1, FUNCTION_IMPLICIT | FUNCTION_STRUCTURE, call_local_name, NULL},
    {"name", 0, 1, FUNCTION_IMPLICIT | FUNCTION_STRUCTURE, call_name, NULL},
    {"namespace-uri", 0, 1, FUNCTION_IMPLICIT | FUNCTION_STRUCTURE, call_namespace_uri, NULL},
    {"lang", 1, 1, FUNCTION_CONTEXT, call_lang, NULL},
    {"id", 1, 1, FUNCTION_CONTEXT, call_id, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
