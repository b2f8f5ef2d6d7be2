// SPDX-License-Identifier: GPL-3.0-or-later
// Operators. Comparing two node-sets is linear (or sorts once), never each with each.
//
// One rule is not the letter of XPath 1.0: <, <=, > and >= between a node-set and a boolean compare
// number(node) of each node with number(boolean), as JavaRosa, Enketo and web-forms all do; = and
// != convert the node-set to a boolean, as written there.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool compare_numbers(enum xpath_operator operation, double a, double b)
{
    switch ((int)operation) {
    case OPERATOR_EQUAL: return a == b;
    case OPERATOR_UNEQUAL: return a != b;
    case OPERATOR_LESS: return a < b;
    case OPERATOR_LESS_EQUAL: return a <= b;
    case OPERATOR_GREATER: return a > b;
    case OPERATOR_GREATER_EQUAL: return a >= b;
    default: return false;
    }
}

static bool is_equality(enum xpath_operator operation)
{
    return operation == OPERATOR_EQUAL || operation == OPERATOR_UNEQUAL;
}

static bool is_numeric(const struct xpath_value *value)
{
    return value->kind == XPATH_NUMBER || value->kind == XPATH_DATE;
}

static const char *string_of(const struct xpath_value *value)
{
    return value->string != NULL ? value->string : "";
}

/// Neither side is a node-set.
static bool compare_atoms(const struct xpath_host *host, enum xpath_operator operation,
                          const struct xpath_value *a, const struct xpath_value *b)
{
    if (is_equality(operation)) {
        bool wanted = operation == OPERATOR_EQUAL;
        if (a->kind == XPATH_BOOLEAN || b->kind == XPATH_BOOLEAN)
            return (xpath_to_boolean(host, a) == xpath_to_boolean(host, b)) == wanted;
        if (!is_numeric(a) && !is_numeric(b))
            return text_equal(string_of(a), string_of(b)) == wanted;
    }
    return compare_numbers(operation, xpath_to_number(host, a), xpath_to_number(host, b));
}

static bool node_equals(const struct xpath_host *host, const xmlNode *node, const char *text,
                        size_t *visits)
{
    const char *own;
    char *owned = xpath_node_string(host, node, &own, visits);
    bool equal = text_equal(own, text);
    xpath_string_free(owned);
    return equal;
}

/// A node-set (left) with something that is none.
static bool compare_nodes_atom(struct xpath_evaluation *evaluation, enum xpath_operator operation,
                               const struct xpath_value *nodes, const struct xpath_value *atom,
                               size_t *visits)
{
    const struct xpath_host *host = evaluation->host;
    if (is_equality(operation) && atom->kind == XPATH_BOOLEAN)
        return (xpath_to_boolean(host, nodes) == atom->boolean) == (operation == OPERATOR_EQUAL);
    bool by_text = is_equality(operation) && atom->kind == XPATH_STRING;
    double number = by_text ? 0 : xpath_to_number(host, atom);
    for (size_t i = 0; i < nodes->node_count; i++) {
        bool holds =
            by_text ? node_equals(host, nodes->nodes[i], string_of(atom), visits) ==
                          (operation == OPERATOR_EQUAL)
                    : compare_numbers(operation, xpath_node_number(host, nodes->nodes[i], visits),
                                      number);
        if (holds)
            return true;
    }
    return false;
}

// ------------------------------------------------------------------ two node-sets

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **texts_of(const struct xpath_host *host, const struct xpath_value *nodes,
                       size_t *visits)
{
    char **texts = xpath_allocate(nodes->node_count * sizeof *texts);
    for (size_t i = 0; i < nodes->node_count; i++)
        texts[i] = xpath_node_string(host, nodes->nodes[i], NULL, visits);
    return texts;
}

static void texts_free(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        xpath_string_free(texts[i]);
    free(texts);
}

static bool share_a_text(const struct xpath_host *host, const struct xpath_value *a,
                         const struct xpath_value *b, size_t *visits)
{
    char **texts = texts_of(host, a, visits);
    qsort(texts, a->node_count, sizeof *texts, compare_texts);
    bool found = false;
    for (size_t i = 0; !found && i < b->node_count; i++) {
        const char *text;
        char *owned = xpath_node_string(host, b->nodes[i], &text, visits);
        found = bsearch(&text, texts, a->node_count, sizeof *texts, compare_texts) != NULL;
        xpath_string_free(owned);
    }
    texts_free(texts, a->node_count);
    return found;
}

static bool any_differs(const struct xpath_host *host, const struct xpath_value *nodes,
                        const char *text, size_t *visits)
{
    for (size_t i = 0; i < nodes->node_count; i++)
        if (!node_equals(host, nodes->nodes[i], text, visits))
            return true;
    return false;
}

/// Some pair differs: unless all texts of both are the same one.
static bool differ_somewhere(const struct xpath_host *host, const struct xpath_value *a,
                             const struct xpath_value *b, size_t *visits)
{
    char *first = xpath_node_string(host, a->nodes[0], NULL, visits);
    bool differs = any_differs(host, b, first, visits) || any_differs(host, a, first, visits);
    xpath_string_free(first);
    return differs;
}

/// Smallest or largest number among the nodes; NaN when there is none.
static double extreme_of(const struct xpath_host *host, const struct xpath_value *nodes,
                         bool largest, size_t *visits)
{
    double extreme = NAN;
    for (size_t i = 0; i < nodes->node_count; i++) {
        double number = xpath_node_number(host, nodes->nodes[i], visits);
        if (isnan(extreme) || (largest ? number > extreme : number < extreme))
            extreme = number;
    }
    return extreme;
}

static bool compare_node_sets(const struct xpath_host *host, enum xpath_operator operation,
                              const struct xpath_value *a, const struct xpath_value *b,
                              size_t *visits)
{
    if (a->node_count == 0 || b->node_count == 0)
        return false;
    if (operation == OPERATOR_EQUAL)
        return a->node_count >= b->node_count ? share_a_text(host, b, a, visits)
                                              : share_a_text(host, a, b, visits);
    if (operation == OPERATOR_UNEQUAL)
        return differ_somewhere(host, a, b, visits);
    bool less = operation == OPERATOR_LESS || operation == OPERATOR_LESS_EQUAL;
    return compare_numbers(operation, extreme_of(host, a, !less, visits),
                           extreme_of(host, b, less, visits));
}

static enum xpath_operator mirrored(enum xpath_operator operation)
{
    switch ((int)operation) {
    case OPERATOR_LESS: return OPERATOR_GREATER;
    case OPERATOR_LESS_EQUAL: return OPERATOR_GREATER_EQUAL;
    case OPERATOR_GREATER: return OPERATOR_LESS;
    case OPERATOR_GREATER_EQUAL: return OPERATOR_LESS_EQUAL;
    default: return operation;
    }
}

enum err xpath_compare(struct xpath_evaluation *evaluation, enum xpath_operator operation,
                       const struct xpath_value *left, const struct xpath_value *right, bool *out)
{
    size_t visits = left->node_count + right->node_count;
    if (left->kind == XPATH_NODES && right->kind == XPATH_NODES)
        *out = compare_node_sets(evaluation->host, operation, left, right, &visits);
    else if (left->kind == XPATH_NODES)
        *out = compare_nodes_atom(evaluation, operation, left, right, &visits);
    else if (right->kind == XPATH_NODES)
        *out = compare_nodes_atom(evaluation, mirrored(operation), right, left, &visits);
    else
        *out = compare_atoms(evaluation->host, operation, left, right);
    return xpath_visit(evaluation, visits);
}

// ------------------------------------------------------------------ operators

static double calculate(enum xpath_operator operation, double a, double b)
{
    switch ((int)operation) {
    case OPERATOR_ADD: return a + b;
    case OPERATOR_SUBTRACT: return a - b;
    case OPERATOR_MULTIPLY: return a * b;
    case OPERATOR_DIVIDE: return a / b;
    case OPERATOR_MODULO: return fmod(a, b);
    default: return NAN;
    }
}

static enum err evaluate_logic(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                               const struct xpath_focus *focus, struct xpath_value *out)
{
    bool decides = node->operation == OPERATOR_OR, result = !decides;
    for (size_t i = 0; i < 2 && result != decides; i++) {
        struct xpath_value storage = {0};
        const struct xpath_value *value = NULL;
        enum err err =
            xpath_evaluate_borrow(evaluation, node->arguments[i], focus, &storage, &value);
        if (err == ERR_OK)
            result = xpath_to_boolean(evaluation->host, value);
        xpath_value_clear(&storage);
        if (err != ERR_OK)
            return err;
    }
    xpath_set_boolean(out, result);
    return ERR_OK;
}

static enum err unite(struct xpath_evaluation *evaluation, const struct xpath_value *a,
                      const struct xpath_value *b, struct xpath_value *out)
{
    if (a->kind != XPATH_NODES || b->kind != XPATH_NODES)
        return fail_set(evaluation->why, ERR_INPUT,
                        "the operator | stands between things that are not paths");
    struct xpath_list list = {0};
    for (size_t i = 0; i < a->node_count; i++)
        xpath_list_add(&list, a->nodes[i]);
    for (size_t i = 0; i < b->node_count; i++)
        xpath_list_add(&list, b->nodes[i]);
    enum err err = xpath_list_normalise(evaluation, &list);
    xpath_set_list(out, &list);
    if (err != ERR_OK)
        xpath_value_clear(out);
    return err;
}

static enum err apply(struct xpath_evaluation *evaluation, enum xpath_operator operation,
                      const struct xpath_value *a, const struct xpath_value *b,
                      struct xpath_value *out)
{
    if (operation == OPERATOR_UNION)
        return unite(evaluation, a, b, out);
    if (operation >= OPERATOR_EQUAL && operation <= OPERATOR_GREATER_EQUAL) {
        bool result = false;
        enum err err = xpath_compare(evaluation, operation, a, b, &result);
        xpath_set_boolean(out, result);
        return err;
    }
    xpath_set_number(out, calculate(operation, xpath_to_number(evaluation->host, a),
                                    xpath_to_number(evaluation->host, b)));
    return ERR_OK;
}

enum err xpath_binary(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                      const struct xpath_focus *focus, struct xpath_value *out)
{
    if (node->operation == OPERATOR_OR || node->operation == OPERATOR_AND)
        return evaluate_logic(evaluation, node, focus, out);
    struct xpath_value storage[2] = {{0}, {0}};
    const struct xpath_value *left = NULL, *right = NULL;
    enum err err = xpath_evaluate_borrow(evaluation, node->arguments[0], focus, &storage[0], &left);
    if (err == ERR_OK)
        err = xpath_evaluate_borrow(evaluation, node->arguments[1], focus, &storage[1], &right);
    if (err == ERR_OK)
        err = apply(evaluation, node->operation, left, right, out);
    xpath_value_clear(&storage[0]);
    xpath_value_clear(&storage[1]);
    return err;
}
