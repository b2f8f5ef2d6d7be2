// SPDX-License-Identifier: GPL-3.0-or-later
// What both halves of the parser are built of: the next token, and nodes of the tree. What can be
// known once is worked out here: which parts do not depend on the context node (their value is kept
// while one evaluation runs, so that item[name = /data/x] reads /data/x once), which predicates ask
// for positions.
#include "xpath_internal.h"
#include "xpath_parser.h"
#include "yimen/base/text.h"
#include <string.h>

enum err xpath_parser_advance(struct xpath_parser *parser)
{
    return xpath_lex(&parser->lexer, &parser->token, parser->why);
}

bool xpath_parser_at_symbol(const struct xpath_parser *parser, int symbol)
{
    return parser->token.kind == TOKEN_SYMBOL && parser->token.symbol == symbol;
}

enum err xpath_parser_unexpected(struct xpath_parser *parser, const char *wanted)
{
    const struct xpath_token *token = &parser->token;
    if (token->kind == TOKEN_END)
        return fail_set(parser->why, ERR_INPUT, "expected %s at %zu, but the expression ends",
                        wanted, token->start + 1);
    return fail_set(parser->why, ERR_INPUT, "expected %s at %zu, found '%.*s'", wanted,
                    token->start + 1, (int)(token->length < 40 ? token->length : 40),
                    parser->expression->text + token->start);
}

enum err xpath_parser_expect(struct xpath_parser *parser, int symbol, const char *wanted)
{
    return xpath_parser_at_symbol(parser, symbol) ? xpath_parser_advance(parser)
                                                  : xpath_parser_unexpected(parser, wanted);
}

char *xpath_parser_token_text(struct xpath_parser *parser, size_t start, size_t length)
{
    return arena_strndup(parser->expression->arena, parser->expression->text + start, length);
}

void xpath_parser_nodes_add(struct xpath_parser *parser, struct xpath_nodes *nodes,
                            struct xpath_node *node)
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

struct xpath_node *xpath_parser_node_new(struct xpath_parser *parser, enum xpath_node_kind kind)
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
enum err xpath_parser_node_finish(struct xpath_parser *parser, struct xpath_node *node)
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
