// SPDX-License-Identifier: GPL-3.0-or-later
// Expression text to tokens. Two rules of XPath 1.0 §3.7 make it more than a scanner: "*" and names
// are operators when an operand stands before them, and a number may be followed by an operator
// without a space ("1div1", "0or ../x").
#include "xpath_internal.h"
#include <string.h>

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (unsigned char)byte >= 0x80;
}

static bool is_name_start(char byte)
{
    return is_letter(byte) || byte == '_';
}

static bool is_name_byte(char byte)
{
    return is_name_start(byte) || is_digit(byte) || byte == '-' || byte == '.';
}

static size_t name_length(const char *text)
{
    if (!is_name_start(text[0]))
        return 0;
    size_t length = 1;
    while (is_name_byte(text[length]))
        length++;
    return length;
}

/// "prefix:local" and "prefix:*" are one token; "child::x" is not.
static size_t qualified_length(const char *text)
{
    size_t length = name_length(text);
    if (length == 0 || text[length] != ':' || text[length + 1] == ':')
        return length;
    if (text[length + 1] == '*')
        return length + 2;
    size_t local = name_length(text + length + 1);
    return local > 0 ? length + 1 + local : length;
}

static enum err lex_number(struct xpath_lexer *lexer, struct xpath_token *out)
{
    const char *text = lexer->text + lexer->at;
    size_t length = 0;
    while (is_digit(text[length]))
        length++;
    if (text[length] == '.') {
        length++;
        while (is_digit(text[length]))
            length++;
    }
    out->kind = TOKEN_NUMBER;
    out->number = xpath_parse_number(text, length);
    out->length = length;
    return ERR_OK;
}

static enum err lex_literal(struct xpath_lexer *lexer, struct xpath_token *out, struct fail *why)
{
    const char *text = lexer->text + lexer->at;
    const char *end = strchr(text + 1, text[0]);
    if (end == NULL)
        return fail_set(why, ERR_INPUT, "the text that begins at %zu has no closing quote",
                        lexer->at + 1);
    out->kind = TOKEN_LITERAL;
    out->start = lexer->at + 1;
    out->length = (size_t)(end - text) - 1;
    lexer->at += (size_t)(end - text) + 1;
    lexer->after_operand = true;
    return ERR_OK;
}

struct word {
    const char *text;
    enum xpath_operator operation;
    int symbol;
    bool ends_operand;
};

static const struct word symbols[] = {
    {"!=", OPERATOR_UNEQUAL, 0, false},
    {"<=", OPERATOR_LESS_EQUAL, 0, false},
    {">=", OPERATOR_GREATER_EQUAL, 0, false},
    {"//", OPERATOR_NONE, SYMBOL_DOUBLE_SLASH, false},
    {"..", OPERATOR_NONE, SYMBOL_DOUBLE_DOT, true},
    {"::", OPERATOR_NONE, SYMBOL_AXIS, false},
    {"=", OPERATOR_EQUAL, 0, false},
    {"<", OPERATOR_LESS, 0, false},
    {">", OPERATOR_GREATER, 0, false},
    {"+", OPERATOR_ADD, 0, false},
    {"-", OPERATOR_SUBTRACT, 0, false},
    {"|", OPERATOR_UNION, 0, false},
    {"(", OPERATOR_NONE, SYMBOL_OPEN, false},
    {")", OPERATOR_NONE, SYMBOL_CLOSE, true},
    {"[", OPERATOR_NONE, SYMBOL_BRACKET, false},
    {"]", OPERATOR_NONE, SYMBOL_BRACKET_END, true},
    {"@", OPERATOR_NONE, SYMBOL_AT, false},
    {",", OPERATOR_NONE, SYMBOL_COMMA, false},
    {"/", OPERATOR_NONE, SYMBOL_SLASH, false},
    {"*", OPERATOR_NONE, SYMBOL_STAR, true},
    {".", OPERATOR_NONE, SYMBOL_DOT, true},
};
static const struct word words[] = {
    {"and", OPERATOR_AND, 0, false},
    {"or", OPERATOR_OR, 0, false},
    {"div", OPERATOR_DIVIDE, 0, false},
    {"mod", OPERATOR_MODULO, 0, false},
};

/// A name where only an operator can stand. What follows it may touch it unless that is a letter
/// ("2mod1", "1 div-1").
static bool lex_word(const char *text, struct xpath_token *out)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].text);
        if (strncmp(text, words[i].text, length) == 0 && !is_name_start(text[length])) {
            out->kind = TOKEN_OPERATOR;
            out->operation = words[i].operation;
            out->length = length;
            return true;
        }
    }
    return false;
}

static bool lex_symbol(struct xpath_lexer *lexer, struct xpath_token *out)
{
    const char *text = lexer->text + lexer->at;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i].text);
        if (strncmp(text, symbols[i].text, length) != 0)
            continue;
        bool multiply = symbols[i].symbol == SYMBOL_STAR && lexer->after_operand;
        out->operation = multiply ? OPERATOR_MULTIPLY : symbols[i].operation;
        out->kind = out->operation != OPERATOR_NONE ? TOKEN_OPERATOR : TOKEN_SYMBOL;
        out->symbol = symbols[i].symbol;
        out->length = length;
        lexer->after_operand = symbols[i].ends_operand && !multiply;
        return true;
    }
    return false;
}

static enum err lex_variable(struct xpath_lexer *lexer, struct xpath_token *out, struct fail *why)
{
    size_t length = qualified_length(lexer->text + lexer->at + 1);
    if (length == 0)
        return fail_set(why, ERR_INPUT, "a $ without a name at %zu", lexer->at + 1);
    out->kind = TOKEN_VARIABLE;
    out->length = length + 1;
    lexer->after_operand = true;
    return ERR_OK;
}

/// Everything but a literal; sets the token's length, the caller moves on.
static enum err lex_other(struct xpath_lexer *lexer, struct xpath_token *out, struct fail *why)
{
    const char *text = lexer->text + lexer->at;
    if (is_digit(text[0]) || (text[0] == '.' && is_digit(text[1]))) {
        lexer->after_operand = true;
        return lex_number(lexer, out);
    }
    if (text[0] == '$')
        return lex_variable(lexer, out, why);
    if (is_name_start(text[0])) {
        if (lexer->after_operand) {
            lexer->after_operand = false;
            if (lex_word(text, out))
                return ERR_OK;
            return fail_set(why, ERR_INPUT, "expected an operator at %zu, found '%.*s'",
                            lexer->at + 1, (int)(name_length(text) < 40 ? name_length(text) : 40),
                            text);
        }
        out->kind = TOKEN_NAME;
        out->length = qualified_length(text);
        lexer->after_operand = true;
        return ERR_OK;
    }
    if (lex_symbol(lexer, out))
        return ERR_OK;
    return fail_set(why, ERR_INPUT, "unexpected character '%c' at %zu", text[0], lexer->at + 1);
}

enum err xpath_lex(struct xpath_lexer *lexer, struct xpath_token *out, struct fail *why)
{
    while (is_space(lexer->text[lexer->at]))
        lexer->at++;
    *out = (struct xpath_token){.start = lexer->at};
    char first = lexer->text[lexer->at];
    if (first == '\0')
        return ERR_OK;
    if (first == '"' || first == '\'')
        return lex_literal(lexer, out, why);
    enum err err = lex_other(lexer, out, why);
    if (err == ERR_OK)
        lexer->at += out->length;
    return err;
}
