// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that put texts together, take them apart and look for one in another. Positions count
// characters (code points).
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum err call_string(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    char *text = NULL;
    if (call->count == 0) {
        xpath_set_string(out, xpath_node_string(evaluation->host, call->focus->node, NULL, NULL));
        return ERR_OK;
    }
    enum err err = xpath_argument_string(evaluation, call, 0, &text);
    if (err == ERR_OK)
        xpath_set_string(out, text);
    return err;
}

/// Appends a value; a node-set with all its nodes. `separator` goes before all but the first.
static void append_value(struct xpath_evaluation *evaluation, const struct xpath_value *value,
                         const char *separator, bool *first, struct strbuf *out)
{
    size_t parts = value->kind == XPATH_NODES ? value->node_count : 1;
    for (size_t i = 0; i < parts && !out->failed; i++) {
        if (!*first)
            strbuf_adds(out, separator);
        *first = false;
        if (value->kind == XPATH_NODES) {
            xpath_node_text(evaluation->host, value->nodes[i], out, NULL);
            continue;
        }
        char *text = xpath_to_string(evaluation->host, value);
        strbuf_adds(out, text);
        xpath_string_free(text);
    }
}

static enum err append_arguments(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 size_t from, const char *separator, struct xpath_value *out)
{
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    bool first = true;
    enum err err = ERR_OK;
    for (size_t i = from; err == ERR_OK && i < call->count; i++) {
        struct xpath_value storage = {0};
        const struct xpath_value *value = NULL;
        err = xpath_evaluate_borrow(evaluation, call->arguments[i], call->focus, &storage, &value);
        if (err == ERR_OK)
            append_value(evaluation, value, separator, &first, &text);
        xpath_value_clear(&storage);
        if (err == ERR_OK)
            err = xpath_visit(evaluation, text.length / 64);
    }
    if (err == ERR_OK)
        return xpath_set_buffer(evaluation, out, &text);
    strbuf_free(&text);
    return err;
}

static enum err call_concat(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    return append_arguments(evaluation, call, 0, "", out);
}

static enum err call_join(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct xpath_value *out)
{
    char *separator = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &separator);
    if (err == ERR_OK)
        err = append_arguments(evaluation, call, 1, separator, out);
    xpath_string_free(separator);
    return err;
}

// ------------------------------------------------------------------ parts by position

/// Characters from..to (0-based, `to` not included) of a text, which is freed.
static char *slice(char *text, double from, double to)
{
    const char *at = text, *start = NULL, *end = NULL;
    double index = 0;
    for (;; index++) {
        if (start == NULL && index >= from)
            start = at;
        if (index >= to || *at == '\0') {
            end = at;
            break;
        }
        (void)text_next(&at);
    }
    size_t length = start != NULL && start < end ? (size_t)(end - start) : 0;
    char *part = xpath_allocate(length + 1);
    if (length > 0)
        memcpy(part, start, length);
    xpath_string_free(text);
    return part;
}

/// Text and one or two numbers; a missing second number is +Infinity.
static enum err text_and_numbers(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 char **text, double numbers[2])
{
    numbers[1] = INFINITY;
    enum err err = xpath_argument_string(evaluation, call, 0, text);
    for (size_t i = 1; err == ERR_OK && i < call->count; i++)
        err = xpath_argument_number(evaluation, call, i, &numbers[i - 1]);
    if (err != ERR_OK) {
        xpath_string_free(*text);
        *text = NULL;
    }
    return err;
}

/// substr(text, start, end?): 0-based, end not included; negative numbers count from the end.
static enum err call_substr(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                            struct xpath_value *out)
{
    char *text = NULL;
    double at[2] = {0, 0};
    enum err err = text_and_numbers(evaluation, call, &text, at);
    if (err != ERR_OK)
        return err;
    double length = (double)text_length(text);
    for (int i = 0; i < 2; i++) {
        at[i] = isnan(at[i]) ? 0 : trunc(at[i]);
        at[i] = at[i] < 0 ? fmax(length + at[i], 0) : at[i];
    }
    xpath_set_string(out, slice(text, at[0], at[1]));
    return ERR_OK;
}

/// substring(text, start, length?) of XPath 1.0: 1-based, numbers rounded half up, NaN yields
/// nothing.
static enum err call_substring(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               struct xpath_value *out)
{
    char *text = NULL;
    double at[2] = {0, 0};
    enum err err = text_and_numbers(evaluation, call, &text, at);
    if (err != ERR_OK)
        return err;
    double start = floor(at[0] + 0.5),
           end = call->count > 2 ? start + floor(at[1] + 0.5) : INFINITY;
    bool nothing = isnan(start) || isnan(end);
    xpath_set_string(out, slice(text, nothing ? 0 : start - 1, nothing ? 0 : end - 1));
    return ERR_OK;
}

// ------------------------------------------------------------------ one text in another

struct texts {
    char *whole, *part;
};

static void texts_free(struct texts *texts)
{
    xpath_string_free(texts->whole);
    xpath_string_free(texts->part);
}

static enum err two_texts(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          struct texts *out)
{
    *out = (struct texts){NULL, NULL};
    enum err err = xpath_argument_string(evaluation, call, 0, &out->whole);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 1, &out->part);
    if (err != ERR_OK)
        texts_free(out);
    return err;
}

static enum err call_contains(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    struct texts texts;
    enum err err = two_texts(evaluation, call, &texts);
    if (err != ERR_OK)
        return err;
    xpath_set_boolean(out, strstr(texts.whole, texts.part) != NULL);
    texts_free(&texts);
    return ERR_OK;
}

static enum err call_starts_with(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 struct xpath_value *out)
{
    struct texts texts;
    enum err err = two_texts(evaluation, call, &texts);
    if (err != ERR_OK)
        return err;
    xpath_set_boolean(out, text_starts(texts.whole, texts.part));
    texts_free(&texts);
    return ERR_OK;
}

static enum err call_ends_with(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               struct xpath_value *out)
{
    struct texts texts;
    enum err err = two_texts(evaluation, call, &texts);
    if (err != ERR_OK)
        return err;
    xpath_set_boolean(out, text_ends(texts.whole, texts.part));
    texts_free(&texts);
    return ERR_OK;
}

static enum err call_substring_before(struct xpath_evaluation *evaluation,
                                      const struct xpath_call *call, struct xpath_value *out)
{
    struct texts texts;
    enum err err = two_texts(evaluation, call, &texts);
    if (err != ERR_OK)
        return err;
    char *found = strstr(texts.whole, texts.part);
    if (found != NULL)
        *found = '\0';
    xpath_set_string(out, text_duplicate(found != NULL ? texts.whole : ""));
    texts_free(&texts);
    return ERR_OK;
}

static enum err call_substring_after(struct xpath_evaluation *evaluation,
                                     const struct xpath_call *call, struct xpath_value *out)
{
    struct texts texts;
    enum err err = two_texts(evaluation, call, &texts);
    if (err != ERR_OK)
        return err;
    const char *found = strstr(texts.whole, texts.part);
    xpath_set_string(out, text_duplicate(found != NULL ? found + strlen(texts.part) : ""));
    texts_free(&texts);
    return ERR_OK;
}

const struct xpath_function xpath_string_functions[] = {
    {"string", 0, 1, FUNCTION_IMPLICIT, call_string, NULL},
    {"concat", 1, -1, 0, call_concat, NULL},
    {"join", 1, -1, 0, call_join, NULL},
    {"substr", 2, 3, 0, call_substr, NULL},
    {"substring", 2, 3, 0, call_substring, NULL},
    {"contains", 2, 2, 0, call_contains, NULL},
    {"starts-with", 2, 2, 0, call_starts_with, NULL},
    {"ends-with", 2, 2, 0, call_ends_with, NULL},
    {"substring-before", 2, 2, 0, call_substring_before, NULL},
    {"substring-after", 2, 2, 0, call_substring_after, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
