// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens to a tree, by precedence climbing. A path holds predicates, which hold expressions: this
// file and xpath_parser_path.c call each other.
#include "xpath_internal.h"
#include "xpath_parser.h"
#include "yimen/base/text.h"
#include <assert.h>

enum err xpath_parse_predicates(struct xpath_parser *parser, struct xpath_nodes *predicates)
{
    while (xpath_parser_at_symbol(parser, SYMBOL_BRACKET)) {
        enum err err = xpath_parser_advance(parser);
        if (err != ERR_OK)
            return err;
        struct xpath_node *predicate = NULL;
        parser->predicate_depth++;
        err = xpath_parse_expression(parser, 0, &predicate);
        parser->predicate_depth--;
        if (err == ERR_OK)
            err = xpath_parser_expect(parser, SYMBOL_BRACKET_END, "]");
        if (err != ERR_OK)
            return err;
        xpath_parser_nodes_add(parser, predicates, predicate);
    }
    return ERR_OK;
}

// ------------------------------------------------------------------ primaries

static enum err parse_arguments(struct xpath_parser *parser, struct xpath_nodes *arguments)
{
    enum err err = xpath_parser_expect(parser, SYMBOL_OPEN, "(");
    if (err != ERR_OK)
        return err;
    if (xpath_parser_at_symbol(parser, SYMBOL_CLOSE))
        return xpath_parser_advance(parser);
    for (;;) {
        struct xpath_node *argument = NULL;
        err = xpath_parse_expression(parser, 0, &argument);
        if (err != ERR_OK)
            return err;
        xpath_parser_nodes_add(parser, arguments, argument);
        if (!xpath_parser_at_symbol(parser, SYMBOL_COMMA))
            return xpath_parser_expect(parser, SYMBOL_CLOSE, ", or )");
        err = xpath_parser_advance(parser);
        if (err != ERR_OK)
            return err;
    }
}

static enum err check_call(struct xpath_parser *parser, struct xpath_node *node)
{
    const struct xpath_function *function = node->function;
    if (function == NULL)
        return parser->strict ? fail_set(parser->why, ERR_INPUT, "unknown function %s() at %zu",
                                         node->text, node->function_position)
                              : ERR_OK;
    size_t count = node->argument_count;
    bool fits = count >= (size_t)function->minimum &&
                (function->maximum < 0 || count <= (size_t)function->maximum);
    if (!fits && parser->strict)
        return fail_set(parser->why, ERR_INPUT, "%s() at %zu has %zu arguments", node->text,
                        node->function_position, count);
    assert(!fits || count == 0 || node->arguments);
    if (fits && text_equal(function->name, "regex") && node->arguments[1]->kind == KIND_LITERAL)
        return xpath_pattern_add(parser->expression, node->arguments[1]->text, &node->pattern,
                                 parser->why);
    return ERR_OK;
}

static enum err parse_call(struct xpath_parser *parser, struct xpath_node **out)
{
    struct xpath_node *node = xpath_parser_node_new(parser, KIND_CALL);
    node->text = xpath_parser_token_text(parser, parser->token.start, parser->token.length);
    node->function = xpath_function_find(node->text, parser->token.length);
    node->function_position = parser->token.start + 1;
    struct xpath_nodes arguments = {0};
    enum err err = xpath_parser_advance(parser);
    if (err == ERR_OK)
        err = parse_arguments(parser, &arguments);
    node->arguments = arguments.items;
    node->argument_count = arguments.count;
    if (err == ERR_OK)
        err = check_call(parser, node);
    *out = node;
    return err == ERR_OK ? xpath_parser_node_finish(parser, node) : err;
}

static enum err parse_atom(struct xpath_parser *parser, struct xpath_node **out)
{
    const struct xpath_token token = parser->token;
    if (token.kind == TOKEN_LITERAL || token.kind == TOKEN_NUMBER) {
        *out =
            xpath_parser_node_new(parser, token.kind == TOKEN_LITERAL ? KIND_LITERAL : KIND_NUMBER);
        (*out)->number = token.number;
        (*out)->text = xpath_parser_token_text(parser, token.start, token.length);
        enum err err = xpath_parser_node_finish(parser, *out);
        return err == ERR_OK ? xpath_parser_advance(parser) : err;
    }
    if (xpath_parser_at_symbol(parser, SYMBOL_OPEN)) {
        enum err err = xpath_parser_advance(parser);
        if (err == ERR_OK)
            err = xpath_parse_expression(parser, 0, out);
        return err == ERR_OK ? xpath_parser_expect(parser, SYMBOL_CLOSE, ")") : err;
    }
    return parse_call(parser, out);
}

static bool at_primary(const struct xpath_parser *parser)
{
    enum xpath_test test;
    enum xpath_token_kind kind = parser->token.kind;
    if (kind == TOKEN_LITERAL || kind == TOKEN_NUMBER ||
        xpath_parser_at_symbol(parser, SYMBOL_OPEN))
        return true;
    return kind == TOKEN_NAME && xpath_parser_next_visible(parser, 0) == '(' &&
           !xpath_parser_at_node_type(parser, &test);
}

static enum err parse_primary(struct xpath_parser *parser, struct xpath_node **out)
{
    enum err err = parse_atom(parser, out);
    if (err == ERR_OK && xpath_parser_at_symbol(parser, SYMBOL_BRACKET)) {
        struct xpath_node *filter = xpath_parser_node_new(parser, KIND_FILTER);
        struct xpath_nodes start = {0}, predicates = {0};
        xpath_parser_nodes_add(parser, &start, *out);
        err = xpath_parse_predicates(parser, &predicates);
        filter->arguments = start.items;
        filter->argument_count = 1;
        filter->predicates = predicates.items;
        filter->predicate_count = predicates.count;
        *out = filter;
        if (err == ERR_OK)
            err = xpath_parser_node_finish(parser, filter);
    }
    if (err == ERR_OK && (xpath_parser_at_symbol(parser, SYMBOL_SLASH) ||
                          xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_SLASH)))
        err = xpath_parse_path(parser, *out, out);
    return err;
}

static enum err parse_unary(struct xpath_parser *parser, struct xpath_node **out);

static enum err parse_operand(struct xpath_parser *parser, struct xpath_node **out)
{
    if (parser->token.kind == TOKEN_OPERATOR && parser->token.operation == OPERATOR_SUBTRACT)
        return parse_unary(parser, out);
    if (parser->token.kind == TOKEN_VARIABLE)
        return fail_set(parser->why, ERR_INPUT, "variables are not known in forms ($ at %zu)",
                        parser->token.start + 1);
    if (at_primary(parser))
        return parse_primary(parser, out);
    if (xpath_parser_at_step(parser) || xpath_parser_at_symbol(parser, SYMBOL_SLASH) ||
        xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_SLASH))
        return xpath_parse_path(parser, NULL, out);
    return xpath_parser_unexpected(parser, "a value");
}

static const int bindings[] = {
    [OPERATOR_NONE] = 0,       [OPERATOR_OR] = 1,       [OPERATOR_AND] = 2,
    [OPERATOR_EQUAL] = 3,      [OPERATOR_UNEQUAL] = 3,  [OPERATOR_LESS] = 4,
    [OPERATOR_LESS_EQUAL] = 4, [OPERATOR_GREATER] = 4,  [OPERATOR_GREATER_EQUAL] = 4,
    [OPERATOR_ADD] = 5,        [OPERATOR_SUBTRACT] = 5, [OPERATOR_MULTIPLY] = 6,
    [OPERATOR_DIVIDE] = 6,     [OPERATOR_MODULO] = 6,   [OPERATOR_UNION] = 8,
};
enum { BINDING_UNARY = 7 };

static enum err parse_unary(struct xpath_parser *parser, struct xpath_node **out)
{
    struct xpath_node *node = xpath_parser_node_new(parser, KIND_NEGATE), *operand = NULL;
    enum err err = xpath_parser_advance(parser);
    if (err == ERR_OK)
        err = xpath_parse_expression(parser, BINDING_UNARY, &operand);
    if (err != ERR_OK)
        return err;
    struct xpath_nodes arguments = {0};
    xpath_parser_nodes_add(parser, &arguments, operand);
    node->arguments = arguments.items;
    node->argument_count = 1;
    *out = node;
    return xpath_parser_node_finish(parser, node);
}

static enum err parse_binary(struct xpath_parser *parser, struct xpath_node **left)
{
    struct xpath_node *node = xpath_parser_node_new(parser, KIND_BINARY), *right = NULL;
    node->operation = parser->token.operation;
    enum err err = xpath_parser_advance(parser);
    if (err == ERR_OK)
        err = xpath_parse_expression(parser, bindings[node->operation] + 1, &right);
    if (err != ERR_OK)
        return err;
    struct xpath_nodes arguments = {0};
    xpath_parser_nodes_add(parser, &arguments, *left);
    xpath_parser_nodes_add(parser, &arguments, right);
    node->arguments = arguments.items;
    node->argument_count = 2;
    *left = node;
    return xpath_parser_node_finish(parser, node);
}

/// Operators that bind at least as tightly as `binding`.
enum err xpath_parse_expression(struct xpath_parser *parser, int binding, struct xpath_node **out)
{
    if (++parser->depth > XPATH_MAXIMUM_DEPTH)
        return fail_set(parser->why, ERR_INPUT,
                        "the expression is nested too deeply (more than %d)", XPATH_MAXIMUM_DEPTH);
    enum err err = parse_operand(parser, out);
    while (err == ERR_OK && parser->token.kind == TOKEN_OPERATOR &&
           bindings[parser->token.operation] >= binding)
        err = parse_binary(parser, out);
    parser->depth--;
    return err;
}

enum err xpath_parse(struct xpath_expression *expression, bool strict, struct fail *why)
{
    struct xpath_parser parser = {.expression = expression,
                                  .lexer = {.text = expression->text},
                                  .strict = strict,
                                  .why = why};
    enum err err = xpath_parser_advance(&parser);
    if (err == ERR_OK && parser.token.kind == TOKEN_END)
        return fail_set(why, ERR_INPUT, "the expression is empty");
    if (err == ERR_OK)
        err = xpath_parse_expression(&parser, 0, &expression->root);
    if (err == ERR_OK && parser.token.kind != TOKEN_END)
        err = xpath_parser_unexpected(&parser, "an operator");
    return err;
}
