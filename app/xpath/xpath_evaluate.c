// SPDX-License-Identifier: GPL-3.0-or-later
// The walk over an expression's tree.
//
// An expression holds expressions: this file, xpath_path.c (predicates) and xpath_compare.c
// (operands) call each other, the one ring of the engine. A function's arguments come back to this
// file through the table of functions.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <assert.h>
#include <stdlib.h>

static bool fits(const struct xpath_function *function, size_t count)
{
    return count >= (size_t)function->minimum &&
           (function->maximum < 0 || count <= (size_t)function->maximum);
}

static enum err evaluate_call(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                              const struct xpath_focus *focus, struct xpath_value *out)
{
    const struct xpath_function *function = node->function;
    if (function == NULL)
        return fail_set(evaluation->why, ERR_INPUT, "unknown function %s() at %zu", node->text,
                        node->function_position);
    if (!fits(function, node->argument_count))
        return fail_set(evaluation->why, ERR_INPUT, "%s() at %zu has %zu arguments", node->text,
                        node->function_position, node->argument_count);
    if (function->flags & FUNCTION_UNSUPPORTED)
        return fail_set(evaluation->why, ERR_UNSUPPORTED, "%s() is not offered here", node->text);
    struct xpath_call call = {
        .node = node, .arguments = node->arguments, .count = node->argument_count, .focus = focus};
    return function->call(evaluation, &call, out);
}

static enum err evaluate_negate(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                                const struct xpath_focus *focus, struct xpath_value *out)
{
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, node->arguments[0], focus, &value);
    if (err == ERR_OK)
        xpath_set_number(out, -xpath_to_number(evaluation->host, &value));
    xpath_value_clear(&value);
    return err;
}

static enum err evaluate_filter(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                                const struct xpath_focus *focus, struct xpath_value *out)
{
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, node->arguments[0], focus, &value);
    if (err == ERR_OK && value.kind != XPATH_NODES)
        err = fail_set(evaluation->why, ERR_INPUT,
                       "a [predicate] stands after something that is not a path");
    if (err != ERR_OK) {
        xpath_value_clear(&value);
        return err;
    }
    struct xpath_list list = {
        .nodes = value.nodes, .count = value.node_count, .capacity = value.node_count};
    for (size_t i = 0; err == ERR_OK && i < node->predicate_count; i++)
        err = xpath_filter(evaluation, node->predicates[i], &list);
    xpath_set_list(out, &list);
    if (err != ERR_OK)
        xpath_value_clear(out);
    return err;
}

static enum err evaluate_plain(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                               const struct xpath_focus *focus, struct xpath_value *out)
{
    enum err err = xpath_visit(evaluation, 1);
    if (err != ERR_OK)
        return err;
    switch (node->kind) {
    case KIND_LITERAL: xpath_set_string(out, text_duplicate(node->text)); return ERR_OK;
    case KIND_NUMBER: xpath_set_number(out, node->number); return ERR_OK;
    case KIND_NEGATE: return evaluate_negate(evaluation, node, focus, out);
    case KIND_BINARY: return xpath_binary(evaluation, node, focus, out);
    case KIND_CALL: return evaluate_call(evaluation, node, focus, out);
    case KIND_PATH: return xpath_evaluate_path(evaluation, node, focus, out);
    case KIND_FILTER: return evaluate_filter(evaluation, node, focus, out);
    }
    return fail_set(evaluation->why, ERR_BUG, "an expression of an unknown kind");
}

enum err xpath_evaluate_borrow(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                               const struct xpath_focus *focus, struct xpath_value *storage,
                               const struct xpath_value **value)
{
    *storage = (struct xpath_value){0};
    *value = storage;
    if (node->slot < 0 || evaluation->unbound)
        return evaluate_plain(evaluation, node, focus, storage);
    assert(evaluation->kept && evaluation->is_kept);
    struct xpath_value *kept = &evaluation->kept[node->slot];
    if (!evaluation->is_kept[node->slot]) {
        enum err err = evaluate_plain(evaluation, node, focus, kept);
        if (err != ERR_OK)
            return err;
        evaluation->is_kept[node->slot] = true;
    }
    *value = kept;
    return ERR_OK;
}

enum err xpath_evaluate_node(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                             const struct xpath_focus *focus, struct xpath_value *out)
{
    const struct xpath_value *value = NULL;
    enum err err = xpath_evaluate_borrow(evaluation, node, focus, out, &value);
    if (err == ERR_OK && value != out)
        xpath_value_copy(value, out);
    return err;
}

// ------------------------------------------------------------------ one evaluation

static bool holds_namespace(const struct xpath_value *value)
{
    for (size_t i = 0; i < value->node_count; i++)
        if (value->nodes[i]->type == XML_NAMESPACE_DECL)
            return true;
    return false;
}

/// Namespace nodes go along with the value when it holds one, else they end here.
static void evaluation_close(struct xpath_evaluation *evaluation, struct xpath_value *out)
{
    for (int i = 0; i < evaluation->expression->slot_count; i++)
        xpath_value_clear(&evaluation->kept[i]);
    free(evaluation->kept);
    free(evaluation->is_kept);
    xpath_map_free(evaluation->made_by_element);
    if (evaluation->made_count > 0 && holds_namespace(out)) {
        out->made = evaluation->made;
        out->made_count = evaluation->made_count;
        return;
    }
    for (size_t i = 0; i < evaluation->made_count; i++)
        free(evaluation->made[i]);
    free(evaluation->made);
}

enum err xpath_evaluate(const struct xpath_expression *expression, const struct xpath_host *host,
                        xmlNode *context, xmlNode *current, struct xpath_value *out,
                        struct fail *why)
{
    *out = (struct xpath_value){0};
    struct xpath_evaluation evaluation = {
        .expression = expression,
        .host = host,
        .context = context,
        .current = current != NULL ? current : context,
        .visits_left = host->max_nodes > 0 ? host->max_nodes : XPATH_DEFAULT_VISITS,
        .why = why,
    };
    size_t slots = (size_t)expression->slot_count;
    evaluation.kept = slots > 0 ? xpath_allocate(slots * sizeof *evaluation.kept) : NULL;
    evaluation.is_kept = slots > 0 ? xpath_allocate(slots * sizeof *evaluation.is_kept) : NULL;
    struct xpath_focus focus = {.node = context, .position = 1, .size = 1};
    enum err err = xpath_evaluate_node(&evaluation, expression->root, &focus, out);
    if (err != ERR_OK)
        xpath_value_clear(out);
    evaluation_close(&evaluation, out);
    return err;
}
