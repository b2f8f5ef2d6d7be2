// SPDX-License-Identifier: GPL-3.0-or-later
// The life cycle of an expression.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

static const char *const *copy_namespaces(struct arena *arena, const char *const *pairs)
{
    size_t count = 0;
    while (pairs != NULL && pairs[count] != NULL && pairs[count + 1] != NULL)
        count += 2;
    const char **copy = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_strdup(arena, pairs[i]);
    return (const char *const *)copy;
}

static enum err compile(const char *text, const char *const *namespaces, bool strict,
                        struct xpath_expression **out, struct fail *why)
{
    *out = NULL;
    size_t length = strlen(text);
    if (length > XPATH_MAXIMUM_TEXT)
        return fail_set(why, ERR_INPUT, "the expression is longer than %d bytes",
                        XPATH_MAXIMUM_TEXT);
    if (!text_is_utf8(text, length))
        return fail_set(why, ERR_INPUT, "the expression is not UTF-8");
    struct xpath_expression *expression = xpath_allocate(sizeof *expression);
    expression->arena = arena_new(0);
    expression->text = arena_strdup(expression->arena, text);
    expression->namespaces = copy_namespaces(expression->arena, namespaces);
    enum err err = xpath_parse(expression, strict, why);
    if (err != ERR_OK) {
        xpath_free(expression);
        return err;
    }
    *out = expression;
    return ERR_OK;
}

enum err xpath_compile(const char *text, const char *const *namespaces,
                       struct xpath_expression **out, struct fail *why)
{
    return compile(text, namespaces, true, out, why);
}

enum err xpath_compile_lenient(const char *text, const char *const *namespaces,
                               struct xpath_expression **out, struct fail *why)
{
    return compile(text, namespaces, false, out, why);
}

void xpath_free(struct xpath_expression *expression)
{
    if (expression == NULL)
        return;
    xpath_patterns_free(expression);
    arena_free(expression->arena);
    free(expression);
}

const char *xpath_text(const struct xpath_expression *expression)
{
    return expression->text;
}
