// SPDX-License-Identifier: GPL-3.0-or-later
// Location paths: steps, predicates, and the rule that an absolute path in a repeat means the same
// repeat instance.
//
// "/data/member/income" asked from within /data/member[2] means the income of that member: every
// ODK engine binds the steps that a path shares with the context node's repeat ancestors, unless
// the step has a predicate of its own. The last step of a path is left alone: "/data/member" names
// the whole series, as in count(/data/member).
#include "xpath_internal.h"
#include <stdlib.h>

// ------------------------------------------------------------------ predicates

static bool keeps(const struct xpath_host *host, const struct xpath_value *value, size_t position)
{
    if (value->kind == XPATH_NUMBER)
        return value->number == (double)position;
    return xpath_to_boolean(host, value);
}

enum err xpath_filter(struct xpath_evaluation *evaluation, const struct xpath_node *predicate,
                      struct xpath_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct xpath_focus focus = {.node = list->nodes[i], .position = i + 1, .size = list->count};
        struct xpath_value storage = {0};
        const struct xpath_value *value = NULL;
        enum err err = xpath_evaluate_borrow(evaluation, predicate, &focus, &storage, &value);
        if (err != ERR_OK) {
            xpath_value_clear(&storage);
            return err;
        }
        if (keeps(evaluation->host, value, i + 1))
            list->nodes[kept++] = list->nodes[i];
        xpath_value_clear(&storage);
    }
    list->count = kept;
    return ERR_OK;
}

/// How many nodes of an axis a first predicate [n] needs; 0: all.
static size_t enough_for(const struct xpath_step *step)
{
    if (step->predicate_count == 0 || step->predicates[0]->kind != KIND_NUMBER)
        return 0;
    double number = step->predicates[0]->number;
    return number >= 1 && number <= XPATH_MAXIMUM_LIST ? (size_t)number : 0;
}

static void reverse(struct xpath_list *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        xmlNode *node = list->nodes[i];
        list->nodes[i] = list->nodes[list->count - 1 - i];
        list->nodes[list->count - 1 - i] = node;
    }
}

// ------------------------------------------------------------------ steps

/// One step from one node: its result in document order, appended.
static enum err step_from(struct xpath_evaluation *evaluation, const struct xpath_step *step,
                          xmlNode *node, struct xpath_list *out)
{
    bool backwards = xpath_axis_is_reverse(step->axis);
    if (step->predicate_count == 0 && !backwards)
        return xpath_axis_collect(evaluation, step, node, 0, out);
    struct xpath_list found = {0};
    enum err err = xpath_axis_collect(evaluation, step, node, enough_for(step), &found);
    for (size_t i = 0; err == ERR_OK && i < step->predicate_count; i++)
        err = xpath_filter(evaluation, step->predicates[i], &found);
    if (backwards)
        reverse(&found);
    for (size_t i = 0; err == ERR_OK && i < found.count; i++)
        xpath_list_add(out, found.nodes[i]);
    xpath_list_free(&found);
    return err;
}

static bool yields_flat(enum xpath_axis axis)
{
    switch (axis) {
    case AXIS_CHILD:
    case AXIS_ATTRIBUTE:
    case AXIS_NAMESPACE:
    case AXIS_PARENT:
    case AXIS_SELF:
    case AXIS_FOLLOWING_SIBLING:
    case AXIS_PRECEDING_SIBLING: return true;
    case AXIS_DESCENDANT:
    case AXIS_DESCENDANT_OR_SELF:
    case AXIS_ANCESTOR:
    case AXIS_ANCESTOR_OR_SELF:
    case AXIS_FOLLOWING:
    case AXIS_PRECEDING:
    case AXIS_COUNT: break;
    }
    return false;
}

/// True when the results of several nodes, one after the other, are in document order and all
/// different.
static bool stays_ordered(enum xpath_axis axis, bool from_flat)
{
    if (axis == AXIS_SELF || axis == AXIS_ATTRIBUTE || axis == AXIS_NAMESPACE)
        return true;
    return from_flat &&
           (axis == AXIS_CHILD || axis == AXIS_DESCENDANT || axis == AXIS_DESCENDANT_OR_SELF);
}

static enum err take_step(struct xpath_evaluation *evaluation, const struct xpath_step *step,
                          struct xpath_list *list)
{
    struct xpath_list out = {0};
    bool single = list->count == 1;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < list->count; i++)
        err = step_from(evaluation, step, list->nodes[i], &out);
    if (err == ERR_OK && !single && !stays_ordered(step->axis, list->flat))
        err = xpath_list_normalise(evaluation, &out);
    bool keeps_depths = step->axis == AXIS_CHILD || step->axis == AXIS_SELF ||
                        step->axis == AXIS_ATTRIBUTE || step->axis == AXIS_NAMESPACE;
    out.flat = yields_flat(step->axis) && (single || (list->flat && keeps_depths));
    xpath_list_free(list);
    *list = out;
    return err;
}

// ------------------------------------------------------------------ repeats

/// The ancestor of the context node (or itself) that is an instance of the repeat this step selects
/// under `parent`.
static xmlNode *bound_instance(const struct xpath_evaluation *evaluation,
                               const struct xpath_step *step, const xmlNode *parent)
{
    const struct xpath_host *host = evaluation->host;
    for (xmlNode *node = evaluation->context; node != NULL; node = xpath_parent(node))
        if (xpath_parent(node) == parent)
            return xpath_test_matches(evaluation, step, node) && host->is_repeat(host->self, node)
                       ? node
                       : NULL;
    return NULL;
}

/// Replaces the start of a step by the one repeat instance it is bound to. False: take the step as
/// it is written.
static bool bind_step(const struct xpath_evaluation *evaluation, const struct xpath_node *path,
                      size_t index, struct xpath_list *list)
{
    const struct xpath_host *host = evaluation->host;
    const struct xpath_step *step = &path->steps[index];
    bool asks = path->absolute && host->xforms && host->is_repeat != NULL && !evaluation->unbound;
    if (!asks || list->count != 1 || index + 1 == path->step_count || step->axis != AXIS_CHILD ||
        step->predicate_count > 0)
        return false;
    xmlNode *bound = bound_instance(evaluation, step, list->nodes[0]);
    if (bound != NULL)
        list->nodes[0] = bound;
    return bound != NULL;
}

// ------------------------------------------------------------------ paths

static xmlNode *top_of(xmlNode *node)
{
    while (node != NULL && xpath_parent(node) != NULL)
        node = xpath_parent(node);
    return node;
}

static enum err path_start(struct xpath_evaluation *evaluation, const struct xpath_node *path,
                           const struct xpath_focus *focus, struct xpath_list *list)
{
    if (path->argument_count == 0) {
        xmlNode *node = focus->node;
        if (path->absolute)
            node = evaluation->host->xforms && evaluation->host->root != NULL
                       ? evaluation->host->root
                       : top_of(node);
        if (node != NULL)
            xpath_list_add(list, node);
        list->flat = true;
        return ERR_OK;
    }
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, path->arguments[0], focus, &value);
    if (err == ERR_OK && value.kind != XPATH_NODES)
        err = fail_set(evaluation->why, ERR_INPUT,
                       "a path goes on after something that is not a path");
    if (err != ERR_OK) {
        xpath_value_clear(&value);
        return err;
    }
    *list = (struct xpath_list){
        .nodes = value.nodes, .count = value.node_count, .capacity = value.node_count};
    list->flat = list->count <= 1;
    return ERR_OK;
}

enum err xpath_evaluate_path(struct xpath_evaluation *evaluation, const struct xpath_node *path,
                             const struct xpath_focus *focus, struct xpath_value *out)
{
    struct xpath_list list = {0};
    enum err err = path_start(evaluation, path, focus, &list);
    for (size_t i = 0; err == ERR_OK && i < path->step_count && list.count > 0; i++)
        if (!bind_step(evaluation, path, i, &list))
            err = take_step(evaluation, &path->steps[i], &list);
    xpath_set_list(out, &list);
    if (err != ERR_OK)
        xpath_value_clear(out);
    return err;
}
