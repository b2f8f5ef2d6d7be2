// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the parser for location paths: axes, node tests, predicates, abbreviations.
#include "xpath_internal.h"
#include "xpath_parser.h"
#include "yimen/base/text.h"
#include <string.h>

struct steps {
    struct xpath_step *items;
    size_t count, capacity;
};

static void steps_add(struct xpath_parser *parser, struct steps *steps, struct xpath_step step)
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

char xpath_parser_next_visible(const struct xpath_parser *parser, size_t skip)
{
    const char *text = parser->lexer.text + parser->lexer.at;
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    return skip < length ? text[skip] : '\0';
}

static bool token_is(const struct xpath_parser *parser, const char *word)
{
    return parser->token.length == strlen(word) &&
           strncmp(parser->expression->text + parser->token.start, word, parser->token.length) == 0;
}

bool xpath_parser_at_node_type(const struct xpath_parser *parser, enum xpath_test *test)
{
    if (parser->token.kind != TOKEN_NAME || xpath_parser_next_visible(parser, 0) != '(')
        return false;
    for (size_t i = 0; i < sizeof node_types / sizeof *node_types; i++)
        if (token_is(parser, node_types[i].name)) {
            *test = node_types[i].test;
            return true;
        }
    return false;
}

static enum err parse_axis(struct xpath_parser *parser, struct xpath_step *step)
{
    if (xpath_parser_at_symbol(parser, SYMBOL_AT)) {
        step->axis = AXIS_ATTRIBUTE;
        return xpath_parser_advance(parser);
    }
    if (parser->token.kind != TOKEN_NAME || xpath_parser_next_visible(parser, 0) != ':' ||
        xpath_parser_next_visible(parser, 1) != ':')
        return ERR_OK;
    for (size_t i = 0; i < AXIS_COUNT; i++)
        if (token_is(parser, axis_names[i])) {
            step->axis = (enum xpath_axis)i;
            enum err err = xpath_parser_advance(parser);
            return err == ERR_OK ? xpath_parser_advance(parser) : err;
        }
    return xpath_parser_unexpected(parser, "an axis");
}

static const char *namespace_of(const struct xpath_parser *parser, const char *prefix)
{
    const char *const *pairs = parser->expression->namespaces;
    for (size_t i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2)
        if (text_equal(pairs[i], prefix))
            return pairs[i + 1];
    return text_equal(prefix, "xml") ? "http://www.w3.org/XML/1998/namespace" : NULL;
}

static void set_name(struct xpath_parser *parser, struct xpath_step *step)
{
    char *name = xpath_parser_token_text(parser, parser->token.start, parser->token.length);
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

static enum err parse_type_test(struct xpath_parser *parser, struct xpath_step *step)
{
    enum err err = xpath_parser_advance(parser);
    if (err == ERR_OK)
        err = xpath_parser_expect(parser, SYMBOL_OPEN, "(");
    if (err == ERR_OK && step->test == TEST_INSTRUCTION && parser->token.kind == TOKEN_LITERAL) {
        step->local = xpath_parser_token_text(parser, parser->token.start, parser->token.length);
        err = xpath_parser_advance(parser);
    }
    return err == ERR_OK ? xpath_parser_expect(parser, SYMBOL_CLOSE, ")") : err;
}

static enum err parse_test(struct xpath_parser *parser, struct xpath_step *step)
{
    if (xpath_parser_at_node_type(parser, &step->test))
        return parse_type_test(parser, step);
    if (xpath_parser_at_symbol(parser, SYMBOL_STAR)) {
        step->test = TEST_ANY;
        return xpath_parser_advance(parser);
    }
    if (parser->token.kind != TOKEN_NAME)
        return xpath_parser_unexpected(parser, "a path step");
    set_name(parser, step);
    return xpath_parser_advance(parser);
}

static enum err parse_step(struct xpath_parser *parser, struct xpath_step *step)
{
    *step = (struct xpath_step){.axis = AXIS_CHILD, .test = TEST_NODE, .prefix = ""};
    bool dots = xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_DOT);
    enum err err;
    if (dots || xpath_parser_at_symbol(parser, SYMBOL_DOT)) {
        step->axis = dots ? AXIS_PARENT : AXIS_SELF;
        err = xpath_parser_advance(parser);
    } else {
        err = parse_axis(parser, step);
        if (err == ERR_OK)
            err = parse_test(parser, step);
    }
    struct xpath_nodes predicates = {0};
    if (err == ERR_OK)
        err = xpath_parse_predicates(parser, &predicates);
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

static enum err parse_steps(struct xpath_parser *parser, bool any_depth, struct steps *steps)
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
        any_depth = xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_SLASH);
        if (!any_depth && !xpath_parser_at_symbol(parser, SYMBOL_SLASH))
            return ERR_OK;
        err = xpath_parser_advance(parser);
        if (err != ERR_OK)
            return err;
    }
}

bool xpath_parser_at_step(const struct xpath_parser *parser)
{
    return parser->token.kind == TOKEN_NAME || xpath_parser_at_symbol(parser, SYMBOL_STAR) ||
           xpath_parser_at_symbol(parser, SYMBOL_AT) ||
           xpath_parser_at_symbol(parser, SYMBOL_DOT) ||
           xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_DOT);
}

/// A location path; `start` is the expression before its first slash, or NULL.
enum err xpath_parse_path(struct xpath_parser *parser, struct xpath_node *start,
                          struct xpath_node **out)
{
    struct xpath_node *node = xpath_parser_node_new(parser, KIND_PATH);
    struct steps steps = {0};
    bool any_depth = xpath_parser_at_symbol(parser, SYMBOL_DOUBLE_SLASH);
    bool slash = any_depth || xpath_parser_at_symbol(parser, SYMBOL_SLASH);
    enum err err = slash ? xpath_parser_advance(parser) : ERR_OK;
    node->absolute = slash && start == NULL;
    if (start != NULL) {
        struct xpath_nodes first = {0};
        xpath_parser_nodes_add(parser, &first, start);
        node->arguments = first.items;
        node->argument_count = 1;
    }
    bool alone = node->absolute && !any_depth && !xpath_parser_at_step(parser);
    if (err == ERR_OK && !alone)
        err = parse_steps(parser, any_depth, &steps);
    node->steps = steps.items;
    node->step_count = steps.count;
    *out = node;
    return err == ERR_OK ? xpath_parser_node_finish(parser, node) : err;
}
