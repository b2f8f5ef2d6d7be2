// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that decide: logic, choice between values, checklists.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>

static enum err call_boolean(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                             struct xpath_value *out)
{
    bool boolean = false;
    enum err err = xpath_argument_boolean(evaluation, call, 0, &boolean);
    xpath_set_boolean(out, boolean);
    return err;
}

static enum err call_not(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    bool boolean = false;
    enum err err = xpath_argument_boolean(evaluation, call, 0, &boolean);
    xpath_set_boolean(out, !boolean);
    return err;
}

static enum err call_true(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    (void)evaluation;
    (void)call;
    xpath_set_boolean(out, true);
    return ERR_OK;
}

static enum err call_false(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    (void)evaluation;
    (void)call;
    xpath_set_boolean(out, false);
    return ERR_OK;
}

/// Answers are stored as texts: "true" and "1" are true, everything else is false.
static enum err call_boolean_from_string(struct xpath_evaluation *evaluation,
                                         const struct xpath_call *call, struct xpath_value *out)
{
    char *text = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &text);
    xpath_set_boolean(out, err == ERR_OK && (text_equal(text, "true") || text_equal(text, "1")));
    xpath_string_free(text);
    return err;
}

/// Only the branch that is taken is evaluated.
static enum err call_if(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                        struct xpath_value *out)
{
    bool condition = false;
    enum err err = xpath_argument_boolean(evaluation, call, 0, &condition);
    return err == ERR_OK ? xpath_evaluate_node(evaluation, call->arguments[condition ? 1 : 2],
                                               call->focus, out)
                         : err;
}

static bool is_blank(const struct xpath_host *host, const struct xpath_value *value)
{
    if (value->kind == XPATH_NUMBER)
        return isnan(value->number);
    char *text = xpath_to_string(host, value);
    bool blank = text[0] == '\0';
    xpath_string_free(text);
    return blank;
}

/// The first value unless it is '' or NaN, else the second.
static enum err call_coalesce(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    enum err err = xpath_evaluate_node(evaluation, call->arguments[0], call->focus, out);
    if (err != ERR_OK || !is_blank(evaluation->host, out))
        return err;
    xpath_value_clear(out);
    return xpath_evaluate_node(evaluation, call->arguments[1], call->focus, out);
}

/// once(value): what the node holds already, else the value.
static enum err call_once(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    char *text = xpath_node_string(evaluation->host, call->focus->node, NULL, NULL);
    enum err err = ERR_OK;
    if (text[0] == '\0') {
        xpath_string_free(text);
        err = xpath_argument_string(evaluation, call, 0, &text);
    }
    if (err == ERR_OK)
        xpath_set_string(out, text);
    return err;
}

// ------------------------------------------------------------------ checklists

static bool is_within(double value, const double limits[2])
{
    return (limits[0] < 0 || value >= limits[0]) && (limits[1] < 0 || value <= limits[1]);
}

static enum err read_limits(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            double limits[2])
{
    enum err err = xpath_argument_number(evaluation, call, 0, &limits[0]);
    return err == ERR_OK ? xpath_argument_number(evaluation, call, 1, &limits[1]) : err;
}

static bool node_is_answered(const struct xpath_host *host, const xmlNode *node)
{
    const char *text;
    char *owned = xpath_node_string(host, node, &text, NULL);
    bool answered = text[0] != '\0';
    xpath_string_free(owned);
    return answered;
}

/// How many things an argument stands for, and whether thing `index` counts: a node when it has a
/// value.
static size_t items_of(const struct xpath_value *value)
{
    return value->kind == XPATH_NODES ? value->node_count : 1;
}

static bool item_counts(const struct xpath_host *host, const struct xpath_value *value,
                        size_t index)
{
    return value->kind == XPATH_NODES ? node_is_answered(host, value->nodes[index])
                                      : xpath_to_boolean(host, value);
}

static enum err call_checklist(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               struct xpath_value *out)
{
    double limits[2] = {0, 0}, count = 0;
    enum err err = read_limits(evaluation, call, limits);
    for (size_t i = 2; err == ERR_OK && i < call->count; i++) {
        struct xpath_value value = {0};
        err = xpath_evaluate_node(evaluation, call->arguments[i], call->focus, &value);
        for (size_t k = 0; err == ERR_OK && k < items_of(&value); k++)
            count += item_counts(evaluation->host, &value, k) ? 1 : 0;
        xpath_value_clear(&value);
    }
    xpath_set_boolean(out, is_within(count, limits));
    return err;
}

static double weight_of(const struct xpath_host *host, const struct xpath_value *weights,
                        size_t index)
{
    if (weights->kind != XPATH_NODES)
        return xpath_to_number(host, weights);
    return index < weights->node_count ? xpath_node_number(host, weights->nodes[index], NULL) : 0;
}

/// Values and weights in pairs; when both are node-sets, node by node.
static enum err add_pair(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         size_t at, double *sum)
{
    struct xpath_value values = {0}, weights = {0};
    enum err err = xpath_evaluate_node(evaluation, call->arguments[at], call->focus, &values);
    if (err == ERR_OK)
        err = xpath_evaluate_node(evaluation, call->arguments[at + 1], call->focus, &weights);
    for (size_t i = 0; err == ERR_OK && i < items_of(&values); i++)
        if (item_counts(evaluation->host, &values, i))
            *sum += weight_of(evaluation->host, &weights, i);
    xpath_value_clear(&values);
    xpath_value_clear(&weights);
    return err;
}

static enum err call_weighted_checklist(struct xpath_evaluation *evaluation,
                                        const struct xpath_call *call, struct xpath_value *out)
{
    if (call->count % 2 != 0)
        return fail_set(evaluation->why, ERR_INPUT,
                        "weighted-checklist() at %zu has a value without a weight",
                        call->node->function_position);
    double limits[2] = {0, 0}, sum = 0;
    enum err err = read_limits(evaluation, call, limits);
    for (size_t i = 2; err == ERR_OK && i < call->count; i += 2)
        err = add_pair(evaluation, call, i, &sum);
    xpath_set_boolean(out, is_within(sum, limits));
    return err;
}

const struct xpath_function xpath_boolean_functions[] = {
    {"true", 0, 0, 0, call_true, NULL},
    {"false", 0, 0, 0, call_false, NULL},
    {"boolean", 1, 1, 0, call_boolean, NULL},
    {"not", 1, 1, 0, call_not, NULL},
    {"boolean-from-string", 1, 1, 0, call_boolean_from_string, NULL},
    {"if", 3, 3, 0, call_if, NULL},
    {"coalesce", 2, 2, 0, call_coalesce, NULL},
    {"once", 1, 1, FUNCTION_CONTEXT, call_once, NULL},
    {"checklist", 3, -1, 0, call_checklist, NULL},
    {"weighted-checklist", 4, -1, 0, call_weighted_checklist, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
