// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens to a tree, by precedence climbing. What can be known once is worked out here: which parts
// do not depend on the context node (their value is kept while one evaluation runs, so that
// item[name = /data/x] reads /data/x once), which predicates ask for positions, which regular
// expressions are literal.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

struct parser {
    struct xpath_expression *expression;
    struct xpath_lexer lexer;
    struct xpath_token token;
    size_t depth;
    size_t predicate_depth;
    bool strict;
    struct fail *why;
};

/// Children gathered while their number is not known.
struct nodes {
    struct xpath_node **items;
    size_t count, capacity;
};
struct steps {
    struct xpath_step *items;
    size_t count, capacity;
};

static enum err parse_expression(struct parser *parser, int binding, struct xpath_node **out);

static enum err advance(struct parser *parser)
{
    return xpath_lex(&parser->lexer, &parser->token, parser->why);
}

static bool at_symbol(const struct parser *parser, int symbol)
{
    return parser->token.kind == TOKEN_SYMBOL && parser->token.symbol == symbol;
}

static enum err unexpected(struct parser *parser, const char *wanted)
{
    const struct xpath_token *token = &parser->token;
    if (token->kind == TOKEN_END)
        return fail_set(parser->why, ERR_INPUT, "expected %s at %zu, but the expression ends",
                        wanted, token->start + 1);
    return fail_set(parser->why, ERR_INPUT, "expected %s at %zu, found '%.*s'", wanted,
                    token->start + 1, (int)(token->length < 40 ? token->length : 40),
                    parser->expression->text + token->start);
}

static enum err expect(struct parser *parser, int symbol, const char *wanted)
{
    return at_symbol(parser, symbol) ? advance(parser) : unexpected(parser, wanted);
}

static char *token_text(struct parser *parser, size_t start, size_t length)
{
    return arena_strndup(parser->expression->arena, parser->expression->text + start, length);
}

static void nodes_add(struct parser *parser, struct nodes *nodes, struct xpath_node *node)
{
    if (nodes->count == nodes->capacity) {
        size_t capacity = nodes->capacity ? nodes->capacity * 2 : 4;
        struct xpath_node **items =
            ARENA_ARRAY(parser->expression->arena, struct xpath_node *, capacity);
        if (nodes->count > 0)
            memcpy(items, nodes->items, nodes->count * sizeof *items);
        nodes->items = items;
        nodes->capacity = capacity;
    }
    nodes->items[nodes->count++] = node;
}

static void steps_add(struct parser *parser, struct steps *steps, struct xpath_step step)
{
    if (steps->count == steps->capacity) {
        size_t capacity = steps->capacity ? steps->capacity * 2 : 4;
        struct xpath_step *items =
            ARENA_ARRAY(parser->expression->arena, struct xpath_step, capacity);
        if (steps->count > 0)
            memcpy(items, steps->items, steps->count * sizeof *items);
        steps->items = items;
        steps->capacity = capacity;
    }
    steps->items[steps->count++] = step;
}

static struct xpath_node *node_new(struct parser *parser, enum xpath_node_kind kind)
{
    struct xpath_node *node = ARENA_NEW(parser->expression->arena, struct xpath_node);
    node->kind = kind;
    node->slot = -1;
    node->pattern = -1;
    return node;
}

static bool call_is_free(const struct xpath_node *node)
{
    if (node->function == NULL)
        return false;
    unsigned flags = node->function->flags;
    if (flags & (FUNCTION_CONTEXT | FUNCTION_RANDOM))
        return false;
    return !((flags & FUNCTION_IMPLICIT) && node->argument_count == 0);
}

/// What a node takes over from one of its parts: depth, and whether something in it is another
/// value each time.
static void take_part(struct xpath_node *node, const struct xpath_node *part)
{
    node->depth = part->depth > node->depth ? part->depth : node->depth;
    node->holds_random = node->holds_random || part->holds_random;
}

static void take_parts(struct xpath_node *node, struct xpath_node *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        take_part(node, parts[i]);
}

/// Works out what follows from the children, once they are all there.
static enum err node_finish(struct parser *parser, struct xpath_node *node)
{
    bool is_free = node->kind != KIND_CALL || call_is_free(node);
    if (node->kind == KIND_PATH && node->argument_count == 0)
        is_free = node->absolute;
    for (size_t i = 0; i < node->argument_count; i++) {
        is_free = is_free && node->arguments[i]->context_free;
        node->uses_position = node->uses_position || node->arguments[i]->uses_position;
    }
    take_parts(node, node->arguments, node->argument_count);
    take_parts(node, node->predicates, node->predicate_count);
    for (size_t i = 0; i < node->step_count; i++)
        take_parts(node, node->steps[i].predicates, node->steps[i].predicate_count);
    if (node->kind == KIND_CALL &&
        (node->function == NULL || (node->function->flags & FUNCTION_RANDOM)))
        node->holds_random = true;
    node->depth++;
    if (node->depth > XPATH_MAXIMUM_DEPTH)
        return fail_set(parser->why, ERR_INPUT,
                        "the expression is nested too deeply (more than %d)", XPATH_MAXIMUM_DEPTH);
    if (node->kind == KIND_CALL && node->argument_count == 0 && node->function != NULL &&
        (text_equal(node->function->name, "position") || text_equal(node->function->name, "last")))
        node->uses_position = true;
    bool plain = node->kind == KIND_LITERAL || node->kind == KIND_NUMBER;
    node->context_free = is_free && !node->holds_random;
    if (node->context_free && !plain && parser->predicate_depth > 0)
        node->slot = parser->expression->slot_count++;
    return ERR_OK;
}

static enum err parse_predicates(struct parser *parser, struct nodes *predicates)
{
    while (at_symbol(parser, SYMBOL_BRACKET)) {
        enum err err = advance(parser);
        if (err != ERR_OK)
            return err;
        struct xpath_node *predicate = NULL;
        parser->predicate_depth++;
        err = parse_expression(parser, 0, &predicate);
        parser->predicate_depth--;
        if (err == ERR_OK)
            err = expect(parser, SYMBOL_BRACKET_END, "]");
        if (err != ERR_OK)
            return err;
        nodes_add(parser, predicates, predicate);
    }
    return ERR_OK;
}

// ------------------------------------------------------------------ steps

static const char *const axis_names[AXIS_COUNT] = {
    [AXIS_CHILD] = "child",
    [AXIS_PARENT] = "parent",
    [AXIS_SELF] = "self",
    [AXIS_ATTRIBUTE] = "attribute",
    [AXIS_DESCENDANT] = "descendant",
    [AXIS_DESCENDANT_OR_SELF] = "descendant-or-self",
    [AXIS_ANCESTOR] = "ancestor",
    [AXIS_ANCESTOR_OR_SELF] = "ancestor-or-self",
    [AXIS_FOLLOWING_SIBLING] = "following-sibling",
    [AXIS_PRECEDING_SIBLING] = "preceding-sibling",
    [AXIS_FOLLOWING] = "following",
    [AXIS_PRECEDING] = "preceding",
    [AXIS_NAMESPACE] = "namespace",
};

static const struct {
    const char *name;
    enum xpath_test test;
} node_types[] = {
    {"node", TEST_NODE},
    {"text", TEST_TEXT},
    {"comment", TEST_COMMENT},
    {"processing-instruction", TEST_INSTRUCTION},
};

static char next_visible(const struct parser *parser, size_t skip)
{
    const char *text = parser->lexer.text + parser->lexer.at;
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    return skip < length ? text[skip] : '\0';
}

static bool token_is(const struct parser *parser, const char *word)
{
    return parser->token.length == strlen(word) &&
           strncmp(parser->expression->text + parser->token.start, word, parser->token.length) == 0;
}

static bool at_node_type(const struct parser *parser, enum xpath_test *test)
{
    if (parser->token.kind != TOKEN_NAME || next_visible(parser, 0) != '(')
        return false;
    for (size_t i = 0; i < sizeof node_types / sizeof *node_types; i++)
        if (token_is(parser, node_types[i].name)) {
            *test = node_types[i].test;
            return true;
        }
    return false;
}

static enum err parse_axis(struct parser *parser, struct xpath_step *step)
{
    if (at_symbol(parser, SYMBOL_AT)) {
        step->axis = AXIS_ATTRIBUTE;
        return advance(parser);
    }
    if (parser->token.kind != TOKEN_NAME || next_visible(parser, 0) != ':' ||
        next_visible(parser, 1) != ':')
        return ERR_OK;
    for (size_t i = 0; i < AXIS_COUNT; i++)
        if (token_is(parser, axis_names[i])) {
            step->axis = (enum xpath_axis)i;
            enum err err = advance(parser);
            return err == ERR_OK ? advance(parser) : err;
        }
    return unexpected(parser, "an axis");
}

static const char *namespace_of(const struct parser *parser, const char *prefix)
{
    const char *const *pairs = parser->expression->namespaces;
    for (size_t i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2)
        if (text_equal(pairs[i], prefix))
            return pairs[i + 1];
    return text_equal(prefix, "xml") ? "http://www.w3.org/XML/1998/namespace" : NULL;
}

static void set_name(struct parser *parser, struct xpath_step *step)
{
    char *name = token_text(parser, parser->token.start, parser->token.length);
    char *colon = strchr(name, ':');
    step->prefix = "";
    step->local = name;
    if (colon != NULL) {
        *colon = '\0';
        step->prefix = name;
        step->local = colon + 1;
    }
    step->test = text_equal(step->local, "*") ? TEST_PREFIX : TEST_NAME;
    if (step->prefix[0] != '\0')
        step->uri = namespace_of(parser, step->prefix);
    else if (step->axis == AXIS_ATTRIBUTE || step->axis == AXIS_NAMESPACE ||
             (step->uri = namespace_of(parser, "")) == NULL)
        step->uri = "";
}

static enum err parse_type_test(struct parser *parser, struct xpath_step *step)
{
    enum err err = advance(parser);
    if (err == ERR_OK)
        err = expect(parser, SYMBOL_OPEN, "(");
    if (err == ERR_OK && step->test == TEST_INSTRUCTION && parser->token.kind == TOKEN_LITERAL) {
        step->local = token_text(parser, parser->token.start, parser->token.length);
        err = advance(parser);
    }
    return err == ERR_OK ? expect(parser, SYMBOL_CLOSE, ")") : err;
}

static enum err parse_test(struct parser *parser, struct xpath_step *step)
{
    if (at_node_type(parser, &step->test))
        return parse_type_test(parser, step);
    if (at_symbol(parser, SYMBOL_STAR)) {
        step->test = TEST_ANY;
        return advance(parser);
    }
    if (parser->token.kind != TOKEN_NAME)
        return unexpected(parser, "a path step");
    set_name(parser, step);
    return advance(parser);
}

static enum err parse_step(struct parser *parser, struct xpath_step *step)
{
    *step = (struct xpath_step){.axis = AXIS_CHILD, .test = TEST_NODE, .prefix = ""};
    bool dots = at_symbol(parser, SYMBOL_DOUBLE_DOT);
    enum err err;
    if (dots || at_symbol(parser, SYMBOL_DOT)) {
        step->axis = dots ? AXIS_PARENT : AXIS_SELF;
        err = advance(parser);
    } else {
        err = parse_axis(parser, step);
        if (err == ERR_OK)
            err = parse_test(parser, step);
    }
    struct nodes predicates = {0};
    if (err == ERR_OK)
        err = parse_predicates(parser, &predicates);
    step->predicates = predicates.items;
    step->predicate_count = predicates.count;
    return err;
}

static bool is_boolean_kind(const struct xpath_node *node)
{
    bool comparison = node->kind == KIND_BINARY && node->operation >= OPERATOR_OR &&
                      node->operation <= OPERATOR_GREATER_EQUAL;
    return comparison || node->kind == KIND_LITERAL || node->kind == KIND_PATH;
}

/// "//x" is descendant-or-self::node()/child::x; it may be walked as descendant::x when no
/// predicate counts positions.
static bool joins_descendants(const struct xpath_step *step)
{
    if (step->axis != AXIS_CHILD)
        return false;
    for (size_t i = 0; i < step->predicate_count; i++)
        if (step->predicates[i]->uses_position || !is_boolean_kind(step->predicates[i]))
            return false;
    return true;
}

static enum err parse_steps(struct parser *parser, bool any_depth, struct steps *steps)
{
    for (;;) {
        struct xpath_step step;
        enum err err = parse_step(parser, &step);
        if (err != ERR_OK)
            return err;
        if (any_depth && joins_descendants(&step))
            step.axis = AXIS_DESCENDANT;
        else if (any_depth)
            steps_add(parser, steps,
                      (struct xpath_step){
                          .axis = AXIS_DESCENDANT_OR_SELF, .test = TEST_NODE, .prefix = ""});
        steps_add(parser, steps, step);
        any_depth = at_symbol(parser, SYMBOL_DOUBLE_SLASH);
        if (!any_depth && !at_symbol(parser, SYMBOL_SLASH))
            return ERR_OK;
        err = advance(parser);
        if (err != ERR_OK)
            return err;
    }
}

static bool at_step(const struct parser *parser)
{
    return parser->token.kind == TOKEN_NAME || at_symbol(parser, SYMBOL_STAR) ||
           at_symbol(parser, SYMBOL_AT) || at_symbol(parser, SYMBOL_DOT) ||
           at_symbol(parser, SYMBOL_DOUBLE_DOT);
}

/// A location path; `start` is the expression before its first slash, or NULL.
static enum err parse_path(struct parser *parser, struct xpath_node *start, struct xpath_node **out)
{
    struct xpath_node *node = node_new(parser, KIND_PATH);
    struct steps steps = {0};
    bool any_depth = at_symbol(parser, SYMBOL_DOUBLE_SLASH);
    bool slash = any_depth || at_symbol(parser, SYMBOL_SLASH);
    enum err err = slash ? advance(parser) : ERR_OK;
    node->absolute = slash && start == NULL;
    if (start != NULL) {
        struct nodes first = {0};
        nodes_add(parser, &first, start);
        node->arguments = first.items;
        node->argument_count = 1;
    }
    bool alone = node->absolute && !any_depth && !at_step(parser);
    if (err == ERR_OK && !alone)
        err = parse_steps(parser, any_depth, &steps);
    node->steps = steps.items;
    node->step_count = steps.count;
    *out = node;
    return err == ERR_OK ? node_finish(parser, node) : err;
}

// ------------------------------------------------------------------ primaries

static enum err parse_arguments(struct parser *parser, struct nodes *arguments)
{
    enum err err = expect(parser, SYMBOL_OPEN, "(");
    if (err != ERR_OK)
        return err;
    if (at_symbol(parser, SYMBOL_CLOSE))
        return advance(parser);
    for (;;) {
        struct xpath_node *argument = NULL;
        err = parse_expression(parser, 0, &argument);
        if (err != ERR_OK)
            return err;
        nodes_add(parser, arguments, argument);
        if (!at_symbol(parser, SYMBOL_COMMA))
            return expect(parser, SYMBOL_CLOSE, ", or )");
        err = advance(parser);
        if (err != ERR_OK)
            return err;
    }
}

static enum err check_call(struct parser *parser, struct xpath_node *node)
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
    if (fits && text_equal(function->name, "regex") && node->arguments[1]->kind == KIND_LITERAL)
        return xpath_pattern_add(parser->expression, node->arguments[1]->text, &node->pattern,
                                 parser->why);
    return ERR_OK;
}

static enum err parse_call(struct parser *parser, struct xpath_node **out)
{
    struct xpath_node *node = node_new(parser, KIND_CALL);
    node->text = token_text(parser, parser->token.start, parser->token.length);
    node->function = xpath_function_find(node->text, parser->token.length);
    node->function_position = parser->token.start + 1;
    struct nodes arguments = {0};
    enum err err = advance(parser);
    if (err == ERR_OK)
        err = parse_arguments(parser, &arguments);
    node->arguments = arguments.items;
    node->argument_count = arguments.count;
    if (err == ERR_OK)
        err = check_call(parser, node);
    *out = node;
    return err == ERR_OK ? node_finish(parser, node) : err;
}

static enum err parse_atom(struct parser *parser, struct xpath_node **out)
{
    const struct xpath_token token = parser->token;
    if (token.kind == TOKEN_LITERAL || token.kind == TOKEN_NUMBER) {
        *out = node_new(parser, token.kind == TOKEN_LITERAL ? KIND_LITERAL : KIND_NUMBER);
        (*out)->number = token.number;
        (*out)->text = token_text(parser, token.start, token.length);
        enum err err = node_finish(parser, *out);
        return err == ERR_OK ? advance(parser) : err;
    }
    if (at_symbol(parser, SYMBOL_OPEN)) {
        enum err err = advance(parser);
        if (err == ERR_OK)
            err = parse_expression(parser, 0, out);
        return err == ERR_OK ? expect(parser, SYMBOL_CLOSE, ")") : err;
    }
    return parse_call(parser, out);
}

static bool at_primary(const struct parser *parser)
{
    enum xpath_test test;
    enum xpath_token_kind kind = parser->token.kind;
    if (kind == TOKEN_LITERAL || kind == TOKEN_NUMBER || at_symbol(parser, SYMBOL_OPEN))
        return true;
    return kind == TOKEN_NAME && next_visible(parser, 0) == '(' && !at_node_type(parser, &test);
}

static enum err parse_primary(struct parser *parser, struct xpath_node **out)
{
    enum err err = parse_atom(parser, out);
    if (err == ERR_OK && at_symbol(parser, SYMBOL_BRACKET)) {
        struct xpath_node *filter = node_new(parser, KIND_FILTER);
        struct nodes start = {0}, predicates = {0};
        nodes_add(parser, &start, *out);
        err = parse_predicates(parser, &predicates);
        filter->arguments = start.items;
        filter->argument_count = 1;
        filter->predicates = predicates.items;
        filter->predicate_count = predicates.count;
        *out = filter;
        if (err == ERR_OK)
            err = node_finish(parser, filter);
    }
    if (err == ERR_OK &&
        (at_symbol(parser, SYMBOL_SLASH) || at_symbol(parser, SYMBOL_DOUBLE_SLASH)))
        err = parse_path(parser, *out, out);
    return err;
}

static enum err parse_unary(struct parser *parser, struct xpath_node **out);

static enum err parse_operand(struct parser *parser, struct xpath_node **out)
{
    if (parser->token.kind == TOKEN_OPERATOR && parser->token.operation == OPERATOR_SUBTRACT)
        return parse_unary(parser, out);
    if (parser->token.kind == TOKEN_VARIABLE)
        return fail_set(parser->why, ERR_INPUT, "variables are not known in forms ($ at %zu)",
                        parser->token.start + 1);
    if (at_primary(parser))
        return parse_primary(parser, out);
    if (at_step(parser) || at_symbol(parser, SYMBOL_SLASH) ||
        at_symbol(parser, SYMBOL_DOUBLE_SLASH))
        return parse_path(parser, NULL, out);
    return unexpected(parser, "a value");
}

static const int bindings[] = {
    [OPERATOR_NONE] = 0,       [OPERATOR_OR] = 1,       [OPERATOR_AND] = 2,
    [OPERATOR_EQUAL] = 3,      [OPERATOR_UNEQUAL] = 3,  [OPERATOR_LESS] = 4,
    [OPERATOR_LESS_EQUAL] = 4, [OPERATOR_GREATER] = 4,  [OPERATOR_GREATER_EQUAL] = 4,
    [OPERATOR_ADD] = 5,        [OPERATOR_SUBTRACT] = 5, [OPERATOR_MULTIPLY] = 6,
    [OPERATOR_DIVIDE] = 6,     [OPERATOR_MODULO] = 6,   [OPERATOR_UNION] = 8,
};
enum { BINDING_UNARY = 7 };

static enum err parse_unary(struct parser *parser, struct xpath_node **out)
{
    struct xpath_node *node = node_new(parser, KIND_NEGATE), *operand = NULL;
    enum err err = advance(parser);
    if (err == ERR_OK)
        err = parse_expression(parser, BINDING_UNARY, &operand);
    if (err != ERR_OK)
        return err;
    struct nodes arguments = {0};
    nodes_add(parser, &arguments, operand);
    node->arguments = arguments.items;
    node->argument_count = 1;
    *out = node;
    return node_finish(parser, node);
}

static enum err parse_binary(struct parser *parser, struct xpath_node **left)
{
    struct xpath_node *node = node_new(parser, KIND_BINARY), *right = NULL;
    node->operation = parser->token.operation;
    enum err err = advance(parser);
    if (err == ERR_OK)
        err = parse_expression(parser, bindings[node->operation] + 1, &right);
    if (err != ERR_OK)
        return err;
    struct nodes arguments = {0};
    nodes_add(parser, &arguments, *left);
    nodes_add(parser, &arguments, right);
    node->arguments = arguments.items;
    node->argument_count = 2;
    *left = node;
    return node_finish(parser, node);
}

/// Operators that bind at least as tightly as `binding`.
static enum err parse_expression(struct parser *parser, int binding, struct xpath_node **out)
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
    struct parser parser = {.expression = expression,
                            .lexer = {.text = expression->text},
                            .strict = strict,
                            .why = why};
    enum err err = advance(&parser);
    if (err == ERR_OK && parser.token.kind == TOKEN_END)
        return fail_set(why, ERR_INPUT, "the expression is empty");
    if (err == ERR_OK)
        err = parse_expression(&parser, 0, &expression->root);
    if (err == ERR_OK && parser.token.kind != TOKEN_END)
        err = unexpected(&parser, "an operator");
    return err;
}
