// SPDX-License-Identifier: GPL-3.0-or-later
// Functions on numbers. Rounding works on the decimal digits a person sees (1.005 to two places
// is 1.01), half away from zero.
#include "xpath_internal.h"
#include <math.h>

static enum err call_number(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    double number = 0;
    enum err err = ERR_OK;
    if (call->count > 0)
        err = xpath_argument_number(evaluation, call, 0, &number);
    else
        number = xpath_node_number(evaluation->host, call->focus->node, NULL);
    xpath_set_number(out, number);
    return err;
}

static enum err call_mathematics(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 struct xpath_value *out)
{
    double number = 0;
    enum err err = xpath_argument_number(evaluation, call, 0, &number);
    xpath_set_number(out, err == ERR_OK ? call->node->function->mathematics(number) : 0);
    return err;
}

static double ten_to_the(double number)
{
    return pow(10, number);
}

static enum err call_round(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    double number = 0, places = 0;
    enum err err = xpath_argument_number(evaluation, call, 0, &number);
    if (err == ERR_OK && call->count > 1)
        err = xpath_argument_number(evaluation, call, 1, &places);
    places = trunc(places);
    if (isnan(places))
        number = NAN;
    else if (places < -400)
        number = 0;
    else if (places <= 400)
        number = xpath_shift_decimal(round(xpath_shift_decimal(number, (int)places)), -(int)places);
    xpath_set_number(out, number);
    return err;
}

static enum err two_numbers(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            double out[2])
{
    enum err err = xpath_argument_number(evaluation, call, 0, &out[0]);
    return err == ERR_OK ? xpath_argument_number(evaluation, call, 1, &out[1]) : err;
}

static enum err call_pow(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    double numbers[2] = {0, 0};
    enum err err = two_numbers(evaluation, call, numbers);
    xpath_set_number(out, isnan(numbers[1]) ? NAN : pow(numbers[0], numbers[1]));
    return err;
}

static enum err call_atan2(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    double numbers[2] = {0, 0};
    enum err err = two_numbers(evaluation, call, numbers);
    xpath_set_number(out, atan2(numbers[0], numbers[1]));
    return err;
}

static enum err call_pi(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                        struct xpath_value *out)
{
    (void)evaluation;
    (void)call;
    xpath_set_number(out, 3.14159265358979323846);
    return ERR_OK;
}

static enum err call_random(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    double number = 0;
    enum err err = xpath_need_crypto(evaluation, call);
    if (err == ERR_OK)
        err = xpath_random(evaluation, &number);
    xpath_set_number(out, number);
    return err;
}

// ------------------------------------------------------------------ many numbers

static enum err call_sum(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    struct xpath_value nodes = {0};
    enum err err = xpath_argument_nodes(evaluation, call, 0, &nodes);
    double sum = 0;
    for (size_t i = 0; i < nodes.node_count; i++)
        sum += xpath_node_number(evaluation->host, nodes.nodes[i], NULL);
    xpath_value_clear(&nodes);
    xpath_set_number(out, sum);
    return err;
}

/// The running largest or smallest number; once NaN, always NaN.
struct extreme {
    double number;
    bool largest, any;
};

static void extreme_add(struct extreme *extreme, double number)
{
    bool better = extreme->largest ? number > extreme->number : number < extreme->number;
    if (!extreme->any || isnan(number) || better)
        extreme->number = extreme->any && isnan(extreme->number) ? extreme->number : number;
    extreme->any = true;
}

/// Nodes without a value are left out; a node that is no number makes the answer NaN.
static void extreme_add_nodes(struct xpath_evaluation *evaluation, struct extreme *extreme,
                              const struct xpath_value *nodes)
{
    for (size_t i = 0; i < nodes->node_count; i++) {
        const char *text;
        char *owned = xpath_node_string(evaluation->host, nodes->nodes[i], &text, NULL);
        if (text[0] != '\0')
            extreme_add(extreme, xpath_text_to_number(evaluation->host, text));
        xpath_string_free(owned);
    }
}

static enum err find_extreme(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                             bool largest, struct xpath_value *out)
{
    struct extreme extreme = {.number = NAN, .largest = largest};
    for (size_t i = 0; i < call->count; i++) {
        struct xpath_value storage = {0};
        const struct xpath_value *value = NULL;
        enum err err =
            xpath_evaluate_borrow(evaluation, call->arguments[i], call->focus, &storage, &value);
        if (err == ERR_OK && value->kind == XPATH_NODES)
            extreme_add_nodes(evaluation, &extreme, value);
        else if (err == ERR_OK)
            extreme_add(&extreme, xpath_to_number(evaluation->host, value));
        xpath_value_clear(&storage);
        if (err != ERR_OK)
            return err;
    }
    xpath_set_number(out, extreme.number);
    return ERR_OK;
}

static enum err call_max(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    return find_extreme(evaluation, call, true, out);
}

static enum err call_min(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                         struct xpath_value *out)
{
    return find_extreme(evaluation, call, false, out);
}

const struct xpath_function xpath_number_functions[] = {
    {"number", 0, 1, FUNCTION_IMPLICIT, call_number, NULL},
    {"int", 1, 1, 0, call_mathematics, trunc},
    {"floor", 1, 1, 0, call_mathematics, floor},
    {"ceiling", 1, 1, 0, call_mathematics, ceil},
    {"abs", 1, 1, 0, call_mathematics, fabs},
    {"sqrt", 1, 1, 0, call_mathematics, sqrt},
    {"exp", 1, 1, 0, call_mathematics, exp},
    {"exp10", 1, 1, 0, call_mathematics, ten_to_the},
    {"log", 1, 1, 0, call_mathematics, log},
    {"log10", 1, 1, 0, call_mathematics, log10},
    {"sin", 1, 1, 0, call_mathematics, sin},
    {"cos", 1, 1, 0, call_mathematics, cos},
    {"tan", 1, 1, 0, call_mathematics, tan},
    {"asin", 1, 1, 0, call_mathematics, asin},
    {"acos", 1, 1, 0, call_mathematics, acos},
    {"atan", 1, 1, 0, call_mathematics, atan},
    {"atan2", 2, 2, 0, call_atan2, NULL},
    {"pow", 2, 2, 0, call_pow, NULL},
    {"pi", 0, 0, 0, call_pi, NULL},
    {"round", 1, 2, 0, call_round, NULL},
    {"random", 0, 0, FUNCTION_VOLATILE | FUNCTION_RANDOM, call_random, NULL},
    {"sum", 1, 1, 0, call_sum, NULL},
    {"max", 1, -1, 0, call_max, NULL},
    {"min", 1, -1, 0, call_min, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
