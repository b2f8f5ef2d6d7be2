// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/// An expression as tokens, for those who rewrite one (yimen/weave).

enum xpath_token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_LITERAL,
    TOKEN_NAME,
    TOKEN_VARIABLE,
    TOKEN_SYMBOL,
    TOKEN_OPERATOR,
};
/// Operators carry the order of their binding in the parser's table; symbols are their first
/// character.
enum xpath_operator {
    OPERATOR_NONE,
    OPERATOR_OR,
    OPERATOR_AND,
    OPERATOR_EQUAL,
    OPERATOR_UNEQUAL,
    OPERATOR_LESS,
    OPERATOR_LESS_EQUAL,
    OPERATOR_GREATER,
    OPERATOR_GREATER_EQUAL,
    OPERATOR_ADD,
    OPERATOR_SUBTRACT,
    OPERATOR_MULTIPLY,
    OPERATOR_DIVIDE,
    OPERATOR_MODULO,
    OPERATOR_UNION,
};
enum xpath_symbol {
    SYMBOL_OPEN = '(',
    SYMBOL_CLOSE = ')',
    SYMBOL_BRACKET = '[',
    SYMBOL_BRACKET_END = ']',
    SYMBOL_AT = '@',
    SYMBOL_COMMA = ',',
    SYMBOL_SLASH = '/',
    SYMBOL_STAR = '*',
    SYMBOL_DOT = '.',
    SYMBOL_DOUBLE_SLASH = 256,
    SYMBOL_DOUBLE_DOT,
    SYMBOL_AXIS,
};

struct xpath_token {
    enum xpath_token_kind kind;
    enum xpath_operator operation;
    int symbol;
    size_t start, length; ///< in the text; a literal without its quotes
    double number;
};
struct xpath_lexer {
    const char *text;
    size_t at;
    bool after_operand; ///< the token before was an operand: now a name or "*" is an operator
};
/// The next token; TOKEN_END at the end. ERR_INPUT: no expression has this.
enum err xpath_lex(struct xpath_lexer *lexer, struct xpath_token *out, struct fail *why) MUST_USE;
