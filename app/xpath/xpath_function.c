// SPDX-License-Identifier: GPL-3.0-or-later
// Which functions there are, and their arguments, converted to what each wants.
#include "xpath_internal.h"
#include <string.h>

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
