// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions of a form in the words of a short form made of it. Token by token: what is read
// stands in plain sight in an expression, so what cannot be judged any longer is found without
// running it.
#include "subset_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/xpath/tokens.h"

#include <string.h>

struct subset_tokens {
    const char *text;
    size_t count;
    struct xpath_token at[SUBSET_TOKENS];
};

struct subset_tokens *subset_tokens_new(struct arena *arena)
{
    return ARENA_NEW(arena, struct subset_tokens);
}

static bool symbol_is(const struct subset_tokens *tokens, size_t at, int symbol)
{
    return at < tokens->count && tokens->at[at].kind == TOKEN_SYMBOL &&
           tokens->at[at].symbol == symbol;
}

static bool text_is(const struct subset_tokens *tokens, size_t at, const char *word)
{
    return at < tokens->count && tokens->at[at].length == strlen(word) &&
           strncmp(tokens->text + tokens->at[at].start, word, tokens->at[at].length) == 0;
}

static bool read_tokens(const char *text, struct subset_tokens *out)
{
    struct xpath_lexer lexer = {.text = text};
    out->text = text;
    for (out->count = 0; out->count < SUBSET_TOKENS; out->count++) {
        struct xpath_token *token = &out->at[out->count];
        if (xpath_lex(&lexer, token, NULL) != ERR_OK)
            return false;
        if (token->kind == TOKEN_END)
            return true;
    }
    return false;
}

/// Text between two tokens, the second not included; a literal keeps its quotes.
static void add_tokens(const struct subset_tokens *tokens, size_t from, size_t to,
                       struct strbuf *out)
{
    for (size_t i = from; i < to; i++) {
        const struct xpath_token *token = &tokens->at[i];
        bool quoted = token->kind == TOKEN_LITERAL;
        bool word = token->kind == TOKEN_OPERATOR || token->kind == TOKEN_NAME;
        if (i > from && (word || tokens->at[i - 1].kind == TOKEN_OPERATOR))
            strbuf_addc(out, ' ');
        strbuf_add(out, tokens->text + token->start - quoted, token->length + 2U * quoted);
    }
}

/// The ref that `path`, as the first form names it, has seen from this question: the repeat
/// instances that both stand in are the same ones.
static const char *seen_from(const struct subset *subset, const struct subset_question *question,
                             const char *path)
{
    struct strbuf ref;
    strbuf_init(&ref, LIMIT_REF);
    const char *mine = question->ref;
    bool together = true;
    while (*path == '/') {
        size_t length = 1 + strcspn(path + 1, "/");
        size_t own = 1 + strcspn(mine + (*mine == '/'), "/[");
        together = together && *mine == '/' && own == length && strncmp(mine, path, length) == 0;
        size_t all = together ? 1 + strcspn(mine + 1, "/") : length;
        strbuf_add(&ref, together ? mine : path, all);
        path += length;
        mine += together ? all : 0;
    }
    const char *copy = ref.failed ? "" : arena_strdup(subset->arena, strbuf_text(&ref));
    strbuf_free(&ref);
    return copy;
}

/// Where a path's answer is in the short form; NULL: not asked again.
static const char *answer_of(const struct subset *subset, const struct subset_question *question,
                             const char *path)
{
    const char *ref = seen_from(subset, question, path);
    for (size_t i = 0; i < subset->count; i++)
        if (text_equal(subset->questions[i].ref, ref))
            return subset->questions[i].answer;
    return NULL;
}

struct piece {
    const struct subset *subset;
    const struct subset_question *question;
    const struct subset_tokens *tokens;
    bool itself;  ///< "." is the question
    bool columns; ///< inside a list's condition: plain names are its columns
    struct strbuf *out;
};

/// An absolute path that starts at a token; moves behind it. False: not to be judged.
static bool add_path(const struct piece *piece, size_t *at)
{
    const struct subset_tokens *tokens = piece->tokens;
    struct strbuf path;
    size_t next = *at;
    strbuf_init(&path, LIMIT_REF);
    while (symbol_is(tokens, next, SYMBOL_SLASH) && next + 1 < tokens->count &&
           tokens->at[next + 1].kind == TOKEN_NAME) {
        strbuf_addc(&path, '/');
        strbuf_add(&path, tokens->text + tokens->at[next + 1].start, tokens->at[next + 1].length);
        next += 2;
    }
    bool plain = next > *at && !path.failed && !symbol_is(tokens, next, SYMBOL_BRACKET) &&
                 !symbol_is(tokens, next, SYMBOL_SLASH) &&
                 !symbol_is(tokens, next, SYMBOL_DOUBLE_SLASH);
    const char *answer =
        plain ? answer_of(piece->subset, piece->question, strbuf_text(&path)) : NULL;
    strbuf_free(&path);
    if (!answer)
        return false;
    strbuf_addc(piece->out, ' ');
    strbuf_adds(piece->out, answer);
    *at = next;
    return true;
}

static bool add_dot(const struct piece *piece, size_t at)
{
    return piece->itself && !piece->columns && !symbol_is(piece->tokens, at + 1, SYMBOL_SLASH) &&
           !symbol_is(piece->tokens, at + 1, SYMBOL_BRACKET);
}

/// Functions that look around reach further than their arguments.
static bool looks_around(const struct subset_tokens *tokens, size_t at)
{
    static const char *const names[] = {"instance",       "current", "position", "last",
                                        "indexed-repeat", "id",      "pulldata"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_is(tokens, at, names[i]))
            return true;
    return false;
}

static bool add_name(const struct piece *piece, size_t at)
{
    bool call = symbol_is(piece->tokens, at + 1, SYMBOL_OPEN);
    if (call)
        return !looks_around(piece->tokens, at);
    return piece->columns && !symbol_is(piece->tokens, at + 1, SYMBOL_AXIS);
}

/// Copies the tokens in the short form's words. False: something in them is not asked again.
static bool add_piece(const struct piece *piece, size_t from, size_t to)
{
    const struct subset_tokens *tokens = piece->tokens;
    for (size_t at = from; at < to;) {
        const struct xpath_token *token = &tokens->at[at];
        bool good = false;
        if (token->kind == TOKEN_SYMBOL && token->symbol == SYMBOL_SLASH) {
            if (!add_path(piece, &at))
                return false;
            continue;
        }
        if (token->kind == TOKEN_NAME)
            good = add_name(piece, at);
        else if (token->kind == TOKEN_SYMBOL)
            good = token->symbol == SYMBOL_OPEN || token->symbol == SYMBOL_CLOSE ||
                   token->symbol == SYMBOL_COMMA ||
                   (token->symbol == SYMBOL_DOT && add_dot(piece, at));
        else
            good = token->kind == TOKEN_NUMBER || token->kind == TOKEN_LITERAL ||
                   token->kind == TOKEN_OPERATOR;
        if (!good)
            return false;
        strbuf_addc(piece->out, ' ');
        add_tokens(tokens, at, at + 1, piece->out);
        at++;
    }
    return true;
}

/// Where the term that starts here ends: before the next "and" outside brackets.
static size_t term_end(const struct subset_tokens *tokens, size_t from, size_t to)
{
    int depth = 0;
    for (size_t at = from; at < to; at++) {
        const struct xpath_token *token = &tokens->at[at];
        bool symbol = token->kind == TOKEN_SYMBOL;
        depth += symbol && (token->symbol == SYMBOL_OPEN || token->symbol == SYMBOL_BRACKET);
        depth -= symbol && (token->symbol == SYMBOL_CLOSE || token->symbol == SYMBOL_BRACKET_END);
        if (depth == 0 && token->kind == TOKEN_OPERATOR && token->operation == OPERATOR_AND)
            return at;
    }
    return to;
}

/// "a or b and c" is not a row of terms: then all of it is one.
static bool has_or(const struct subset_tokens *tokens, size_t from, size_t to)
{
    int depth = 0;
    for (size_t at = from; at < to; at++) {
        const struct xpath_token *token = &tokens->at[at];
        bool symbol = token->kind == TOKEN_SYMBOL;
        depth += symbol && (token->symbol == SYMBOL_OPEN || token->symbol == SYMBOL_BRACKET);
        depth -= symbol && (token->symbol == SYMBOL_CLOSE || token->symbol == SYMBOL_BRACKET_END);
        if (depth == 0 && token->kind == TOKEN_OPERATOR && token->operation == OPERATOR_OR)
            return true;
    }
    return false;
}

/// `column = <what is not asked again>`, either way round: any row that has the column.
static bool add_column_test(const struct piece *piece, size_t from, size_t to)
{
    const struct subset_tokens *tokens = piece->tokens;
    size_t column = 0;
    bool first = from + 2 < to && tokens->at[from].kind == TOKEN_NAME &&
                 tokens->at[from + 1].kind == TOKEN_OPERATOR &&
                 tokens->at[from + 1].operation == OPERATOR_EQUAL;
    bool last = to >= from + 3 && tokens->at[to - 1].kind == TOKEN_NAME &&
                tokens->at[to - 2].kind == TOKEN_OPERATOR &&
                tokens->at[to - 2].operation == OPERATOR_EQUAL;
    if (!piece->columns || (!first && !last) || has_or(tokens, from, to))
        return false;
    column = first ? from : to - 1;
    strbuf_add(piece->out, tokens->text + tokens->at[column].start, tokens->at[column].length);
    strbuf_adds(piece->out, " != ''");
    return true;
}

/// The terms that can be judged, joined again; "" when there are none.
static void add_terms(const struct piece *piece, size_t from, size_t to)
{
    struct strbuf term;
    struct piece one = *piece;
    one.out = &term;
    bool whole = has_or(piece->tokens, from, to), any = false;
    for (size_t at = from; at < to;) {
        size_t end = whole ? to : term_end(piece->tokens, at, to);
        strbuf_init(&term, LIMIT_FORM_BYTES);
        bool good = add_piece(&one, at, end);
        if (!good) {
            strbuf_clear(&term);
            good = add_column_test(&one, at, end);
        }
        if (good) {
            strbuf_adds(piece->out, any ? " and " : "");
            strbuf_add(piece->out, strbuf_text(&term), term.length);
            any = true;
        }
        strbuf_free(&term);
        at = end + 1;
    }
}

static const char *taken(const struct subset *subset, struct strbuf *text)
{
    bool good = !text->failed && text->length > 0;
    const char *copy = good ? arena_strndup(subset->arena, strbuf_text(text), text->length) : NULL;
    strbuf_free(text);
    return copy;
}

const char *subset_terms(const struct subset *subset, const struct subset_question *question,
                         const char *text, bool itself)
{
    struct subset_tokens *tokens = subset->tokens;
    struct strbuf out;
    const struct piece piece = {subset, question, tokens, itself, false, &out};
    if (!read_tokens(text, tokens))
        return NULL;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    add_terms(&piece, 0, tokens->count);
    return taken(subset, &out);
}

const char *subset_whole(const struct subset *subset, const struct subset_question *question,
                         const char *text)
{
    struct subset_tokens *tokens = subset->tokens;
    struct strbuf out;
    const struct piece piece = {subset, question, tokens, true, false, &out};
    if (!read_tokens(text, tokens))
        return NULL;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    if (!add_piece(&piece, 0, tokens->count))
        strbuf_clear(&out);
    return taken(subset, &out);
}

/// Before the comma or bracket that ends the argument which starts at `at`.
static size_t argument_end(const struct subset_tokens *tokens, size_t at, size_t to)
{
    int depth = 0;
    for (; at < to; at++) {
        depth += symbol_is(tokens, at, SYMBOL_OPEN) || symbol_is(tokens, at, SYMBOL_BRACKET);
        bool closes =
            symbol_is(tokens, at, SYMBOL_CLOSE) || symbol_is(tokens, at, SYMBOL_BRACKET_END);
        if (depth == 0 && (closes || symbol_is(tokens, at, SYMBOL_COMMA)))
            return at;
        depth -= closes;
    }
    return to;
}

/// What can be judged of if(condition, one, other): where the condition cannot, the other.
static bool add_shown(const struct piece *piece, size_t from, size_t to)
{
    const struct subset_tokens *tokens = piece->tokens;
    size_t before = piece->out->length;
    if (add_piece(piece, from, to))
        return true;
    piece->out->length = before;
    if (!text_is(tokens, from, "if") || !symbol_is(tokens, from + 1, SYMBOL_OPEN))
        return false;
    size_t one = argument_end(tokens, from + 2, to) + 1;
    size_t other = argument_end(tokens, one, to) + 1;
    if (other >= to || argument_end(tokens, other, to) + 1 != to)
        return false;
    strbuf_adds(piece->out, " if(");
    bool known = add_piece(piece, from + 2, one - 1);
    strbuf_adds(piece->out, ",");
    if (known && add_shown(piece, one, other - 1)) {
        strbuf_adds(piece->out, ",");
        if (add_shown(piece, other, to - 1)) {
            strbuf_adds(piece->out, ")");
            return true;
        }
    }
    piece->out->length = before;
    return add_shown(piece, other, to - 1);
}

const char *subset_shown(const struct subset *subset, const struct subset_question *question,
                         const char *text)
{
    struct subset_tokens *tokens = subset->tokens;
    struct strbuf out;
    const struct piece piece = {subset, question, tokens, true, false, &out};
    if (!read_tokens(text, tokens))
        return NULL;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    if (!add_shown(&piece, 0, tokens->count))
        strbuf_clear(&out);
    return taken(subset, &out);
}

/// Behind the bracket that closes the one at `at`.
static size_t bracket_end(const struct subset_tokens *tokens, size_t at)
{
    int depth = 0;
    for (; at < tokens->count; at++) {
        depth += symbol_is(tokens, at, SYMBOL_BRACKET);
        depth -= symbol_is(tokens, at, SYMBOL_BRACKET_END);
        if (depth == 0)
            return at;
    }
    return tokens->count;
}

/// A slash at the start, or behind anything that is no operand, begins a path into the answers.
static bool begins_path(const struct subset_tokens *tokens, size_t at)
{
    if (!symbol_is(tokens, at, SYMBOL_SLASH) && !symbol_is(tokens, at, SYMBOL_DOUBLE_SLASH))
        return false;
    return at == 0 || symbol_is(tokens, at - 1, SYMBOL_OPEN) ||
           symbol_is(tokens, at - 1, SYMBOL_COMMA) || tokens->at[at - 1].kind == TOKEN_OPERATOR;
}

const char *subset_nodeset(const struct subset *subset, const struct subset_question *question,
                           const char *text)
{
    struct subset_tokens *tokens = subset->tokens;
    struct strbuf out, condition;
    const struct piece piece = {subset, question, tokens, false, true, &condition};
    bool good = read_tokens(text, tokens);
    strbuf_init(&out, LIMIT_FORM_BYTES);
    for (size_t at = 0; good && at < tokens->count; at++) {
        bool look = symbol_is(tokens, at, SYMBOL_DOT) || symbol_is(tokens, at, SYMBOL_DOUBLE_DOT) ||
                    text_is(tokens, at, "current");
        good = !look && !begins_path(tokens, at);
        if (!symbol_is(tokens, at, SYMBOL_BRACKET)) {
            add_tokens(tokens, at, at + 1, &out);
            continue;
        }
        size_t end = bracket_end(tokens, at);
        strbuf_init(&condition, LIMIT_FORM_BYTES);
        add_terms(&piece, at + 1, end);
        if (condition.length > 0) {
            strbuf_addc(&out, '[');
            strbuf_add(&out, strbuf_text(&condition), condition.length);
            strbuf_addc(&out, ']');
        }
        strbuf_free(&condition);
        at = end;
    }
    if (!good)
        strbuf_clear(&out);
    return taken(subset, &out);
}
