// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions and paths as a form writes them.
#include "form_internal.h"

#include <stdio.h>

static int constant_of(const char *text)
{
    static const struct {
        const char *text;
        int value;
    } known[] = {{"true()", 1}, {"false()", 0}, {"true( )", 1}, {"false( )", 0}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(text, known[i].text) == 0)
            return known[i].value;
    }
    return -1;
}

struct form_expression *expression_compile(struct form_loader *loader, const char *text,
                                           const xmlNode *at)
{
    struct form *form = loader->form;
    struct xpath_expression *compiled = NULL;
    struct fail why = {0};
    if (xpath_compile(text, form->namespaces, &compiled, &why) != ERR_OK) {
        loader_find(loader, FORM_ERROR, at,
                    "Correct the expression; function names and brackets must be exact.",
                    "%s in: %.200s", why.text, text);
        return NULL;
    }
    struct form_expression *expression = ARENA_NEW(form->arena, struct form_expression);
    expression->compiled = compiled;
    expression->text = arena_strdup(form->arena, text);
    expression->element = at;
    expression->constant = constant_of(text);
    expression->language =
        xpath_calls(compiled, "jr:itext") || xpath_calls(compiled, "jr:choice-name");
    expression->positions = xpath_calls(compiled, "position") || xpath_calls(compiled, "last") ||
                            strstr(text, "sibling") != NULL;
    expression->next_loaded = form->expressions;
    form->expressions = expression;
    return expression;
}

struct form_expression *expression_attribute(struct form_loader *loader, const xmlNode *at,
                                             const char *uri, const char *name)
{
    const char *text = dom_attribute_trimmed(loader->form->arena, at, uri, name);
    if (text == NULL || text[0] == '\0')
        return NULL;
    return expression_compile(loader, text, at);
}

/// Leave out predicates and blanks of a step; false when it is no plain step.
static bool copy_step(const char *from, size_t length, char *out, size_t room)
{
    size_t used = 0;
    int bracket = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = from[i];
        if (byte == '[')
            bracket++;
        else if (byte == ']')
            bracket--;
        else if (bracket == 0 && strchr(" \t\r\n", byte) == NULL) {
            if (strchr("()*'\"=<>+|,$", byte) != NULL || used + 1 >= room)
                return false;
            out[used++] = byte;
        }
    }
    out[used] = '\0';
    return bracket == 0 && used > 0;
}

/// Length of the step at `text`: up to a slash outside of brackets.
static size_t step_length(const char *text)
{
    int bracket = 0;
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        if (text[length] == '[')
            bracket++;
        else if (text[length] == ']')
            bracket--;
        else if (text[length] == '/' && bracket == 0)
            break;
    }
    return length;
}

bool path_resolve(struct arena *arena, const char *base, const char *ref, const char **out)
{
    char path[LIMIT_REF * 2];
    size_t used = 0;
    ref += strspn(ref, " \t\r\n");
    if (strncmp(ref, "current()", 9) == 0) {
        ref += 9;
        if (ref[0] == '/')
            ref++;
        else
            ref = ".";
        used = strlen(base);
    } else if (ref[0] == '/') {
        ref++;
    } else {
        used = strlen(base);
    }
    if (used >= sizeof path)
        return false;
    memcpy(path, base, used);
    path[used] = '\0';
    while (ref[0] != '\0') {
        size_t length = step_length(ref);
        char step[LIMIT_REF];
        if (!copy_step(ref, length, step, sizeof step))
            return false;
        if (strcmp(step, "..") == 0) {
            char *slash = strrchr(path, '/');
            if (slash == NULL)
                return false;
            *slash = '\0';
            used = (size_t)(slash - path);
        } else if (strcmp(step, ".") != 0) {
            int wrote = snprintf(path + used, sizeof path - used, "/%s", step);
            if (wrote < 0 || (size_t)wrote >= sizeof path - used)
                return false;
            used += (size_t)wrote;
        }
        ref += length;
        if (ref[0] == '/')
            ref++;
    }
    *out = arena_strndup(arena, path, used);
    return used > 0;
}
