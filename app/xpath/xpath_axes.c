// SPDX-License-Identifier: GPL-3.0-or-later
// The thirteen axes and the node tests over a libxml2 tree. An axis yields its nodes in its own
// order (reverse axes nearest first), as predicates count them. A document type declaration counts
// as a node(), as in the DOM that other ODK engines walk; namespace nodes are made on demand and
// belong to the evaluation.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

static const char xml_namespace[] = "http://www.w3.org/XML/1998/namespace";

bool xpath_axis_is_reverse(enum xpath_axis axis)
{
    return axis == AXIS_ANCESTOR || axis == AXIS_ANCESTOR_OR_SELF || axis == AXIS_PRECEDING ||
           axis == AXIS_PRECEDING_SIBLING;
}

// ------------------------------------------------------------------ node tests

static const xmlNs *namespace_on(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE ? node->ns : NULL;
}

/// A prefix that is declared is compared by its URI. One that is not is compared as it is written,
/// as JavaRosa does. A name without a prefix means the form's default namespace, and anything else
/// that is written without a prefix: some forms give their data a namespace of their own.
static bool namespace_matches(const struct xpath_evaluation *evaluation,
                              const struct xpath_step *step, const xmlNode *node)
{
    const xmlNs *ns = namespace_on(node);
    const char *uri = ns != NULL && ns->href != NULL ? (const char *)ns->href : "";
    if (step->uri == NULL)
        return ns != NULL && ns->prefix != NULL &&
               text_equal((const char *)ns->prefix, step->prefix);
    if (text_equal(uri, step->uri))
        return true;
    bool lenient = step->prefix[0] == '\0' && step->uri[0] != '\0' && evaluation->host->xforms;
    return lenient && (ns == NULL || ns->prefix == NULL);
}

static bool name_matches(const struct xpath_evaluation *evaluation, const struct xpath_step *step,
                         const xmlNode *node)
{
    xmlElementType principal = step->axis == AXIS_ATTRIBUTE   ? XML_ATTRIBUTE_NODE
                               : step->axis == AXIS_NAMESPACE ? XML_NAMESPACE_DECL
                                                              : XML_ELEMENT_NODE;
    if (node->type != principal)
        return false;
    if (step->test == TEST_ANY)
        return true;
    if (principal == XML_NAMESPACE_DECL) {
        const char *prefix = (const char *)((const xmlNs *)node)->prefix;
        return step->test == TEST_NAME && step->prefix[0] == '\0' && prefix != NULL &&
               text_equal(prefix, step->local);
    }
    if (step->test == TEST_NAME && !text_equal((const char *)node->name, step->local))
        return false;
    return namespace_matches(evaluation, step, node);
}

static bool is_walkable(const xmlNode *node)
{
    switch ((int)node->type) {
    case XML_ELEMENT_NODE:
    case XML_ATTRIBUTE_NODE:
    case XML_TEXT_NODE:
    case XML_CDATA_SECTION_NODE:
    case XML_PI_NODE:
    case XML_COMMENT_NODE:
    case XML_DOCUMENT_NODE:
    case XML_HTML_DOCUMENT_NODE:
    case XML_DTD_NODE:
    case XML_NAMESPACE_DECL: return true;
    default: return false;
    }
}

bool xpath_test_matches(const struct xpath_evaluation *evaluation, const struct xpath_step *step,
                        const xmlNode *node)
{
    switch (step->test) {
    case TEST_NODE: return is_walkable(node);
    case TEST_TEXT: return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
    case TEST_COMMENT: return node->type == XML_COMMENT_NODE;
    case TEST_INSTRUCTION:
        return node->type == XML_PI_NODE &&
               (step->local == NULL || text_equal((const char *)node->name, step->local));
    case TEST_NAME:
    case TEST_ANY:
    case TEST_PREFIX: break;
    }
    return name_matches(evaluation, step, node);
}

// ------------------------------------------------------------------ namespace nodes

/// True when a namespace node with that prefix was made since `first`.
static bool is_hidden(const struct xpath_evaluation *evaluation, size_t first,
                      const xmlNs *declaration)
{
    const char *prefix = declaration->prefix != NULL ? (const char *)declaration->prefix : "";
    for (size_t i = first; i < evaluation->made_count; i++) {
        const xmlChar *made = evaluation->made[i]->prefix;
        if (text_equal(made != NULL ? (const char *)made : "", prefix))
            return true;
    }
    return false;
}

static xmlNs *make_namespace(struct xpath_evaluation *evaluation, xmlNode *element,
                             const xmlNs *declaration)
{
    if (evaluation->made_count == evaluation->made_capacity) {
        evaluation->made_capacity = evaluation->made_capacity ? evaluation->made_capacity * 2 : 16;
        evaluation->made =
            xpath_grow(evaluation->made, evaluation->made_capacity, sizeof *evaluation->made);
    }
    xmlNs *made = xpath_allocate(sizeof *made);
    made->type = XML_NAMESPACE_DECL;
    made->href = declaration->href;
    made->prefix = declaration->prefix;
    made->next = (xmlNs *)element;
    made->_private = (void *)(uintptr_t)(evaluation->made_count + 1);
    evaluation->made[evaluation->made_count++] = made;
    return made;
}

/// Those without a prefix, or those with one; inner declarations hide outer ones.
static void make_declared(struct xpath_evaluation *evaluation, xmlNode *element, size_t first,
                          bool prefixed)
{
    for (const xmlNode *at = element; at != NULL && at->type == XML_ELEMENT_NODE; at = at->parent)
        for (const xmlNs *ns = at->nsDef; ns != NULL; ns = ns->next)
            if ((ns->prefix != NULL) == prefixed && !is_hidden(evaluation, first, ns))
                (void)make_namespace(evaluation, element, ns);
}

/// Their order is ours to choose: the default namespace first, "xml" last.
static void make_all(struct xpath_evaluation *evaluation, xmlNode *element)
{
    size_t first = evaluation->made_count;
    make_declared(evaluation, element, first, false);
    make_declared(evaluation, element, first, true);
    const xmlNs xml = {.prefix = (const xmlChar *)"xml", .href = (const xmlChar *)xml_namespace};
    if (!is_hidden(evaluation, first, &xml))
        (void)make_namespace(evaluation, element, &xml);
}

enum err xpath_namespaces_of(struct xpath_evaluation *evaluation, xmlNode *element,
                             struct xpath_list *out)
{
    if (evaluation->made_by_element == NULL)
        evaluation->made_by_element = xpath_map_new();
    bool is_new;
    size_t *first = xpath_map_at(evaluation->made_by_element, element, &is_new);
    if (is_new) {
        *first = evaluation->made_count;
        make_all(evaluation, element);
    }
    for (size_t i = *first;
         i < evaluation->made_count && evaluation->made[i]->next == (xmlNs *)element; i++) {
        const char *href = (const char *)evaluation->made[i]->href;
        if (href != NULL && href[0] != '\0') // xmlns="" takes the default away: no node
            xpath_list_add(out, (xmlNode *)evaluation->made[i]);
    }
    return xpath_visit(evaluation, evaluation->made_count - *first + 1);
}

// ------------------------------------------------------------------ walking

struct walk {
    struct xpath_evaluation *evaluation;
    const struct xpath_step *step;
    struct xpath_list *out;
    size_t enough; ///< stop when the list has as many; 0: never
    size_t visits;
};

/// Takes the node if it passes the test. False: stop, there are enough or the budget is used up.
static bool take(struct walk *walk, xmlNode *node)
{
    walk->visits++;
    if (xpath_test_matches(walk->evaluation, walk->step, node))
        xpath_list_add(walk->out, node);
    bool full =
        walk->out->count > XPATH_MAXIMUM_LIST || walk->visits > walk->evaluation->visits_left;
    return !full && (walk->enough == 0 || walk->out->count < walk->enough);
}

static bool has_children(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE ||
           node->type == XML_HTML_DOCUMENT_NODE;
}

static bool has_siblings(const xmlNode *node)
{
    return node->type != XML_ATTRIBUTE_NODE && node->type != XML_NAMESPACE_DECL;
}

static bool walk_children(struct walk *walk, const xmlNode *node)
{
    const struct xpath_host *host = walk->evaluation->host;
    if (walk->step->test == TEST_NAME && host->only_child != NULL) {
        bool known = false;
        xmlNode *only = host->only_child(host->self, node, walk->step->local, &known);
        if (known)
            return only == NULL || take(walk, only);
    }
    for (xmlNode *child = has_children(node) ? node->children : NULL; child != NULL;
         child = child->next)
        if (!take(walk, child))
            return false;
    return true;
}

static bool walk_descendants(struct walk *walk, xmlNode *root)
{
    if (!has_children(root))
        return true;
    xmlNode *node = root->children;
    while (node != NULL) {
        if (!take(walk, node))
            return false;
        if (has_children(node) && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
    return true;
}

/// A subtree backwards, last node first, the root at the end.
static bool walk_backwards(struct walk *walk, xmlNode *root)
{
    xmlNode *node = root;
    while (has_children(node) && node->last != NULL)
        node = node->last;
    for (;;) {
        if (!take(walk, node))
            return false;
        if (node == root)
            return true;
        if (node->prev == NULL) {
            node = node->parent;
            continue;
        }
        node = node->prev;
        while (has_children(node) && node->last != NULL)
            node = node->last;
    }
}

static void walk_ancestors(struct walk *walk, xmlNode *node)
{
    while ((node = xpath_parent(node)) != NULL)
        if (!take(walk, node))
            return;
}

static void walk_siblings(struct walk *walk, xmlNode *node, bool forward)
{
    if (!has_siblings(node))
        return;
    for (node = forward ? node->next : node->prev; node != NULL;
         node = forward ? node->next : node->prev)
        if (!take(walk, node))
            return;
}

/// Everything after a node but its descendants; for an attribute also the children of its element.
static void walk_following(struct walk *walk, xmlNode *node)
{
    if (!has_siblings(node)) {
        node = xpath_parent(node);
        if (node == NULL || !walk_descendants(walk, node))
            return;
    }
    for (; node != NULL; node = xpath_parent(node))
        for (xmlNode *next = xpath_parent(node) ? node->next : NULL; next != NULL;
             next = next->next)
            if (!take(walk, next) || !walk_descendants(walk, next))
                return;
}

static void walk_preceding(struct walk *walk, xmlNode *node)
{
    if (!has_siblings(node))
        node = xpath_parent(node);
    for (; node != NULL; node = xpath_parent(node))
        for (xmlNode *prev = xpath_parent(node) ? node->prev : NULL; prev != NULL;
             prev = prev->prev)
            if (!walk_backwards(walk, prev))
                return;
}

static void walk_attributes(struct walk *walk, const xmlNode *node)
{
    for (xmlAttr *attribute = node->type == XML_ELEMENT_NODE ? node->properties : NULL;
         attribute != NULL; attribute = attribute->next)
        if (!take(walk, (xmlNode *)attribute))
            return;
}

static enum err walk_namespaces(struct walk *walk, xmlNode *node)
{
    struct xpath_list all = {0};
    enum err err =
        node->type == XML_ELEMENT_NODE ? xpath_namespaces_of(walk->evaluation, node, &all) : ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < all.count; i++)
        if (!take(walk, all.nodes[i]))
            break;
    xpath_list_free(&all);
    return err;
}

static enum err walk_axis(struct walk *walk, xmlNode *node)
{
    switch (walk->step->axis) {
    case AXIS_CHILD: (void)walk_children(walk, node); break;
    case AXIS_PARENT:
        if (xpath_parent(node) != NULL)
            (void)take(walk, xpath_parent(node));
        break;
    case AXIS_SELF: (void)take(walk, node); break;
    case AXIS_ATTRIBUTE: walk_attributes(walk, node); break;
    case AXIS_DESCENDANT_OR_SELF:
        if (take(walk, node))
            (void)walk_descendants(walk, node);
        break;
    case AXIS_DESCENDANT: (void)walk_descendants(walk, node); break;
    case AXIS_ANCESTOR_OR_SELF:
        if (take(walk, node))
            walk_ancestors(walk, node);
        break;
    case AXIS_ANCESTOR: walk_ancestors(walk, node); break;
    case AXIS_FOLLOWING_SIBLING: walk_siblings(walk, node, true); break;
    case AXIS_PRECEDING_SIBLING: walk_siblings(walk, node, false); break;
    case AXIS_FOLLOWING: walk_following(walk, node); break;
    case AXIS_PRECEDING: walk_preceding(walk, node); break;
    case AXIS_NAMESPACE: return walk_namespaces(walk, node);
    case AXIS_COUNT: break;
    }
    return ERR_OK;
}

enum err xpath_axis_collect(struct xpath_evaluation *evaluation, const struct xpath_step *step,
                            xmlNode *node, size_t enough, struct xpath_list *out)
{
    struct walk walk = {.evaluation = evaluation, .step = step, .out = out, .enough = enough};
    enum err err = walk_axis(&walk, node);
    if (err == ERR_OK && out->count > XPATH_MAXIMUM_LIST)
        return fail_set(evaluation->why, ERR_FULL, "a node-set has more than %d nodes",
                        XPATH_MAXIMUM_LIST);
    return err == ERR_OK ? xpath_visit(evaluation, walk.visits) : err;
}
