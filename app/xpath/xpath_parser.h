// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "xpath_syntax.h"

/// What the halves of the parser share (xpath_parser_node.c). Only xpath_parser*.c include it.

struct xpath_parser {
    struct xpath_expression *expression;
    struct xpath_lexer lexer;
    struct xpath_token token;
    size_t depth;
    size_t predicate_depth;
    bool strict;
    struct fail *why;
};

/// Children gathered while their number is not known; in the expression's arena.
struct xpath_nodes {
    struct xpath_node **items;
    size_t count, capacity;
};

enum err xpath_parser_advance(struct xpath_parser *parser) MUST_USE;
bool xpath_parser_at_symbol(const struct xpath_parser *parser, int symbol);
/// "expected WANTED at n, found ..."
enum err xpath_parser_unexpected(struct xpath_parser *parser, const char *wanted) MUST_USE;
/// Steps over a symbol that must be there.
enum err xpath_parser_expect(struct xpath_parser *parser, int symbol, const char *wanted) MUST_USE;
char *xpath_parser_token_text(struct xpath_parser *parser, size_t start, size_t length);
void xpath_parser_nodes_add(struct xpath_parser *parser, struct xpath_nodes *nodes,
                            struct xpath_node *node);
struct xpath_node *xpath_parser_node_new(struct xpath_parser *parser, enum xpath_node_kind kind);
/// Works out what follows from a node's parts, once they are all there.
enum err xpath_parser_node_finish(struct xpath_parser *parser, struct xpath_node *node) MUST_USE;

/// Operators that bind at least as tightly as `binding`; 0: a whole expression.
enum err xpath_parse_expression(struct xpath_parser *parser, int binding,
                                struct xpath_node **out) MUST_USE;
enum err xpath_parse_predicates(struct xpath_parser *parser,
                                struct xpath_nodes *predicates) MUST_USE;
/// A location path; `start` is the expression before its first slash, or NULL.
enum err xpath_parse_path(struct xpath_parser *parser, struct xpath_node *start,
                          struct xpath_node **out) MUST_USE;
/// True where a step of a path can begin.
bool xpath_parser_at_step(const struct xpath_parser *parser);
/// True at "node(", "text(", ...; *test receives which.
bool xpath_parser_at_node_type(const struct xpath_parser *parser, enum xpath_test *test);
/// The visible character after the current token, `skip` characters on; NUL at the end.
char xpath_parser_next_visible(const struct xpath_parser *parser, size_t skip);
