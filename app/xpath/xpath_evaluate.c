// SPDX-License-Identifier: GPL-3.0-or-later
// Compiling and evaluating: the life cycle of an expression, and the walk over its tree.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ------------------------------------------------------------------ life cycle

static const char *const *copy_namespaces(struct arena *arena, const char *const *pairs)
{
    size_t count = 0;
    while (pairs != NULL && pairs[count] != NULL && pairs[count + 1] != NULL)
        count += 2;
    const char **copy = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_strdup(arena, pairs[i]);
    return (const char *const *)copy;
}

static enum err compile(const char *text, const char *const *namespaces, bool strict,
                        struct xpath_expression **out, struct fail *why)
{
    *out = NULL;
    size_t length = strlen(text);
    if (length > XPATH_MAXIMUM_TEXT)
        return fail_set(why, ERR_INPUT, "the expression is longer than %d bytes",
                        XPATH_MAXIMUM_TEXT);
    if (!text_is_utf8(text, length))
        return fail_set(why, ERR_INPUT, "the expression is not UTF-8");
    struct xpath_expression *expression = xpath_allocate(sizeof *expression);
    expression->arena = arena_new(0);
    expression->text = arena_strdup(expression->arena, text);
    expression->namespaces = copy_namespaces(expression->arena, namespaces);
    enum err err = xpath_parse(expression, strict, why);
    if (err != ERR_OK) {
        xpath_free(expression);
        return err;
    }
    *out = expression;
    return ERR_OK;
}

enum err xpath_compile(const char *text, const char *const *namespaces,
                       struct xpath_expression **out, struct fail *why)
{
    return compile(text, namespaces, true, out, why);
}

enum err xpath_compile_lenient(const char *text, const char *const *namespaces,
                               struct xpath_expression **out, struct fail *why)
{
    return compile(text, namespaces, false, out, why);
}

void xpath_free(struct xpath_expression *expression)
{
    if (expression == NULL)
        return;
    xpath_patterns_free(expression);
    arena_free(expression->arena);
    free(expression);
}

const char *xpath_text(const struct xpath_expression *expression)
{
    return expression->text;
}

// ------------------------------------------------------------------ the function table

const struct xpath_function *xpath_function_find(const char *name, size_t length)
{
    static const struct xpath_function *const groups[] = {
        xpath_string_functions,  xpath_text_functions,       xpath_number_functions,
        xpath_boolean_functions, xpath_date_functions,       xpath_select_functions,
        xpath_nodes_functions,   xpath_repeat_functions,     xpath_digest_functions,
        xpath_regex_functions,   xpath_unsupported_functions};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        for (const struct xpath_function *function = groups[i]; function->name != NULL; function++)
            if (strlen(function->name) == length && strncmp(function->name, name, length) == 0)
                return function;
    return NULL;
}

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

enum err xpath_argument_string(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               size_t index, char **out)
{
    struct xpath_value storage = {0};
    const struct xpath_value *value = NULL;
    enum err err =
        xpath_evaluate_borrow(evaluation, call->arguments[index], call->focus, &storage, &value);
    if (err == ERR_OK)
        *out = xpath_to_string(evaluation->host, value);
    xpath_value_clear(&storage);
    return err;
}

enum err xpath_argument_number(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               size_t index, double *out)
{
    struct xpath_value storage = {0};
    const struct xpath_value *value = NULL;
    enum err err =
        xpath_evaluate_borrow(evaluation, call->arguments[index], call->focus, &storage, &value);
    if (err == ERR_OK)
        *out = xpath_to_number(evaluation->host, value);
    xpath_value_clear(&storage);
    return err;
}

enum err xpath_argument_boolean(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                size_t index, bool *out)
{
    struct xpath_value storage = {0};
    const struct xpath_value *value = NULL;
    enum err err =
        xpath_evaluate_borrow(evaluation, call->arguments[index], call->focus, &storage, &value);
    if (err == ERR_OK)
        *out = xpath_to_boolean(evaluation->host, value);
    xpath_value_clear(&storage);
    return err;
}

enum err xpath_argument_nodes(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              size_t index, struct xpath_value *out)
{
    enum err err = xpath_evaluate_node(evaluation, call->arguments[index], call->focus, out);
    if (err == ERR_OK && out->kind != XPATH_NODES) {
        xpath_value_clear(out);
        return fail_set(evaluation->why, ERR_INPUT, "argument %zu of %s() at %zu is not a path",
                        index + 1, call->node->text, call->node->function_position);
    }
    return err;
}

// ------------------------------------------------------------------ the walk

enum err xpath_visit(struct xpath_evaluation *evaluation, size_t count)
{
    if (count > evaluation->visits_left) {
        evaluation->visits_left = 0;
        return fail_set(evaluation->why, ERR_FULL, "the expression visits too many nodes");
    }
    evaluation->visits_left -= count;
    return ERR_OK;
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
