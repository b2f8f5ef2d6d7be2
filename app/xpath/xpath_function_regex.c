// SPDX-License-Identifier: GPL-3.0-or-later
// regex(text, pattern): PCRE2 set to JavaScript's ways, an unanchored search. A literal pattern is
// compiled with the form. Matching is bounded: a pattern that explodes ends in ERR_FULL, never in a
// frozen screen.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "xpath_internal.h"
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum { MATCH_STEPS = 1000000, MATCH_DEPTH = 20000, MATCH_HEAP_KIB = 16384, PATTERN_BYTES = 16384 };

static const uint32_t pattern_options = PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
                                        PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
                                        PCRE2_NEVER_BACKSLASH_C;

static enum err compile(const char *pattern, pcre2_code **out, struct fail *why)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    size_t length = strlen(pattern);
    if (length > PATTERN_BYTES)
        return fail_set(why, ERR_INPUT, "the pattern is longer than %d bytes", PATTERN_BYTES);
    *out = pcre2_compile((PCRE2_SPTR)pattern, length, pattern_options, &error, &at, NULL);
    if (*out != NULL)
        return ERR_OK;
    unsigned char text[120] = "";
    (void)pcre2_get_error_message(error, text, sizeof text);
    return fail_set(why, ERR_INPUT, "the pattern is wrong at %zu: %s", (size_t)at + 1,
                    (const char *)text);
}

enum err xpath_pattern_add(struct xpath_expression *expression, const char *pattern, int *number,
                           struct fail *why)
{
    pcre2_code *code = NULL;
    enum err err = compile(pattern, &code, why);
    if (err != ERR_OK)
        return err;
    expression->patterns = xpath_grow(expression->patterns, (size_t)expression->pattern_count + 1,
                                      sizeof *expression->patterns);
    expression->patterns[expression->pattern_count] = code;
    *number = expression->pattern_count++;
    return ERR_OK;
}

void xpath_patterns_free(struct xpath_expression *expression)
{
    for (int i = 0; i < expression->pattern_count; i++)
        pcre2_code_free(expression->patterns[i]);
    free(expression->patterns);
}

static enum err search(struct xpath_evaluation *evaluation, const pcre2_code *code,
                       const char *text, bool *found)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(code, NULL);
    int result = PCRE2_ERROR_NOMEMORY;
    if (context != NULL && match != NULL) {
        (void)pcre2_set_match_limit(context, MATCH_STEPS);
        (void)pcre2_set_depth_limit(context, MATCH_DEPTH);
        (void)pcre2_set_heap_limit(context, MATCH_HEAP_KIB);
        result = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, match, context);
    }
    pcre2_match_data_free(match);
    pcre2_match_context_free(context);
    *found = result >= 0;
    if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
        return ERR_OK;
    return fail_set(evaluation->why, ERR_FULL,
                    "regex(): the pattern takes too long on this text (%d)", result);
}

static enum err match(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                      const char *text, bool *found)
{
    if (call->node->pattern >= 0)
        return search(evaluation, evaluation->expression->patterns[call->node->pattern], text,
                      found);
    char *pattern = NULL;
    pcre2_code *code = NULL;
    enum err err = xpath_argument_string(evaluation, call, 1, &pattern);
    if (err == ERR_OK)
        err = compile(pattern, &code, evaluation->why);
    if (err == ERR_OK)
        err = search(evaluation, code, text, found);
    pcre2_code_free(code);
    xpath_string_free(pattern);
    return err;
}

static enum err call_regex(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    char *text = NULL;
    bool found = false;
    enum err err = xpath_argument_string(evaluation, call, 0, &text);
    if (err == ERR_OK)
        err = match(evaluation, call, text, &found);
    if (err == ERR_OK)
        err = xpath_visit(evaluation, strlen(text) / 64 + 16);
    xpath_string_free(text);
    xpath_set_boolean(out, found);
    return err;
}

const struct xpath_function xpath_regex_functions[] = {
    {"regex", 2, 2, 0, call_regex, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
