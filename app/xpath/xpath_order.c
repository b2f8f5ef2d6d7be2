// SPDX-License-Identifier: GPL-3.0-or-later
// Document order. Steps mostly yield nodes in order already, which one pass
// confirms; what is left is sorted by comparing (few nodes) or by one walk of the tree (many), so
// that no list costs more than linear in tree and list.
#include "xpath_internal.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_NODES = 48 };

xmlNode *xpath_parent(const xmlNode *node)
{
    if (node->type == XML_NAMESPACE_DECL)
        return (xmlNode *)((const xmlNs *)node)
            ->next; // namespace nodes are ours: next is their element
    if (node->type == XML_DOCUMENT_NODE || node->type == XML_HTML_DOCUMENT_NODE)
        return NULL;
    return node->parent;
}

// ------------------------------------------------------------------ comparing

static size_t depth_of(const xmlNode *node)
{
    size_t depth = 0;
    for (; node != NULL; node = xpath_parent(node))
        depth++;
    return depth;
}

static int rank_of(const xmlNode *node)
{
    return node->type == XML_NAMESPACE_DECL ? 0 : node->type == XML_ATTRIBUTE_NODE ? 1 : 2;
}

static int compare_numbers(uintptr_t a, uintptr_t b)
{
    return (a > b) - (a < b);
}

/// Children of one parent: looks from both in both directions at once, so that near neighbours are
/// found at once.
static int order_siblings(const xmlNode *a, const xmlNode *b, size_t *visits)
{
    if (rank_of(a) != rank_of(b))
        return rank_of(a) - rank_of(b);
    if (a->type == XML_NAMESPACE_DECL)
        return compare_numbers((uintptr_t)((const xmlNs *)a)->_private,
                               (uintptr_t)((const xmlNs *)b)->_private);
    const xmlNode *after_a = a->next, *after_b = b->next;
    for (; after_a != NULL && after_b != NULL; after_a = after_a->next, after_b = after_b->next) {
        (*visits)++;
        if (after_a == b)
            return -1;
        if (after_b == a)
            return 1;
    }
    for (; after_a != NULL; after_a = after_a->next, (*visits)++)
        if (after_a == b)
            return -1;
    return 1;
}

int xpath_order(const xmlNode *a, const xmlNode *b, size_t *visits)
{
    if (a == b)
        return 0;
    size_t depth_a = depth_of(a), depth_b = depth_of(b);
    bool a_is_deeper = depth_a > depth_b, b_is_deeper = depth_b > depth_a;
    for (; depth_a > depth_b; depth_a--)
        a = xpath_parent(a);
    for (; depth_b > depth_a; depth_b--)
        b = xpath_parent(b);
    if (a == b)
        return a_is_deeper ? 1 : b_is_deeper ? -1 : 0;
    while (xpath_parent(a) != xpath_parent(b)) {
        a = xpath_parent(a);
        b = xpath_parent(b);
    }
    if (xpath_parent(a) == NULL)
        return compare_numbers((uintptr_t)a,
                               (uintptr_t)b); // two documents: any order, but always the same
    return order_siblings(a, b, visits);
}

// ------------------------------------------------------------------ sorting

/// One pass: drops neighbours that are equal, says whether the rest stands in document order.
static bool confirm_order(struct xpath_list *list, size_t *visits)
{
    size_t kept = 1;
    bool ordered = true;
    for (size_t i = 1; i < list->count; i++) {
        int order = ordered ? xpath_order(list->nodes[kept - 1], list->nodes[i], visits) : -1;
        ordered = ordered && order <= 0;
        if (order != 0)
            list->nodes[kept++] = list->nodes[i];
    }
    list->count = kept;
    return ordered;
}

static void sort_few(struct xpath_list *list, size_t *visits)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        xmlNode *node = list->nodes[i];
        size_t at = count;
        int order = 1;
        while (at > 0 && (order = xpath_order(list->nodes[at - 1], node, visits)) > 0)
            at--;
        if (at > 0 && order == 0)
            continue;
        memmove(&list->nodes[at + 1], &list->nodes[at], (count - at) * sizeof(xmlNode *));
        list->nodes[at] = node;
        count++;
    }
    list->count = count;
}

static void take_if_wanted(struct xpath_map *wanted, xmlNode *node, struct xpath_list *sorted)
{
    if (xpath_map_has(wanted, node))
        xpath_list_add(sorted, node);
}

static xmlNode *next_in_tree(const xmlNode *root, xmlNode *node)
{
    bool may_descend = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE;
    if (may_descend && node->children != NULL)
        return node->children;
    while (node != root && node->next == NULL)
        node = node->parent;
    return node == root ? NULL : node->next;
}

static int compare_made(const void *a, const void *b)
{
    size_t visits = 0;
    return xpath_order(*(xmlNode *const *)a, *(xmlNode *const *)b, &visits);
}

static void walk_tree(xmlNode *root, struct xpath_map *wanted, struct xpath_list *sorted,
                      size_t *visits)
{
    for (xmlNode *node = root; node != NULL; node = next_in_tree(root, node)) {
        (*visits)++;
        take_if_wanted(wanted, node, sorted);
        if (node->type != XML_ELEMENT_NODE)
            continue;
        for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
            take_if_wanted(wanted, (xmlNode *)attribute, sorted);
    }
}

/// Many nodes: marks them, then walks each tree once and picks them up.
static void sort_many(struct xpath_list *list, size_t *visits)
{
    struct xpath_map *wanted = xpath_map_new(), *roots = xpath_map_new();
    struct xpath_list sorted = {0}, root_list = {0};
    bool is_new, has_namespaces = false;
    for (size_t i = 0; i < list->count; i++) {
        xmlNode *root = list->nodes[i];
        has_namespaces = has_namespaces || root->type == XML_NAMESPACE_DECL;
        (void)xpath_map_at(wanted, root, &is_new);
        if (is_new && has_namespaces)
            xpath_list_add(&sorted, root);
        while (xpath_parent(root) != NULL)
            root = xpath_parent(root);
        (void)xpath_map_at(roots, root, &is_new);
        if (is_new)
            xpath_list_add(&root_list, root);
    }
    if (has_namespaces) { // they are in no tree; rare, and their number is bounded
        sorted.count = 0;
        for (size_t i = 0; i < list->count; i++)
            xpath_list_add(&sorted, list->nodes[i]);
        qsort(sorted.nodes, sorted.count, sizeof *sorted.nodes, compare_made);
        (void)confirm_order(&sorted, visits);
    } else {
        for (size_t i = 0; i < root_list.count; i++)
            walk_tree(root_list.nodes[i], wanted, &sorted, visits);
    }
    xpath_map_free(wanted);
    xpath_map_free(roots);
    xpath_list_free(&root_list);
    sorted.flat = list->flat;
    xpath_list_free(list);
    *list = sorted;
}

enum err xpath_list_normalise(struct xpath_evaluation *evaluation, struct xpath_list *list)
{
    size_t visits = 0;
    if (list->count > 1 && !confirm_order(list, &visits)) {
        if (list->count <= FEW_NODES)
            sort_few(list, &visits);
        else
            sort_many(list, &visits);
    }
    return xpath_visit(evaluation, visits);
}
