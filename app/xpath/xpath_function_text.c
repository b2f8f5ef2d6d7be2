// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that change or measure the characters of one text.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

/// The first argument, or the context node's text.
static enum err text_or_context(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                char **out)
{
    if (call->count > 0)
        return xpath_argument_string(evaluation, call, 0, out);
    *out = xpath_node_string(evaluation->host, call->focus->node, NULL, NULL);
    return ERR_OK;
}

/// Counts characters (code points), as XPath says; JavaScript engines count UTF-16 units, where 𠮷
/// is two.
static enum err call_string_length(struct xpath_evaluation *evaluation,
                                   const struct xpath_call *call, struct xpath_value *out)
{
    char *text = NULL;
    enum err err = text_or_context(evaluation, call, &text);
    if (err != ERR_OK)
        return err;
    xpath_set_number(out, (double)text_length(text));
    xpath_string_free(text);
    return ERR_OK;
}

bool xpath_next_token(const char **at, const char **token, size_t *length)
{
    static const char spaces[] = " \t\r\n";
    *token = *at + strspn(*at, spaces);
    *length = strcspn(*token, spaces);
    *at = *token + *length;
    return *length > 0;
}

static enum err call_normalize_space(struct xpath_evaluation *evaluation,
                                     const struct xpath_call *call, struct xpath_value *out)
{
    char *text = NULL;
    enum err err = text_or_context(evaluation, call, &text);
    if (err != ERR_OK)
        return err;
    struct strbuf result;
    strbuf_init(&result, XPATH_MAXIMUM_STRING);
    const char *at = text, *token;
    size_t length;
    while (xpath_next_token(&at, &token, &length)) {
        if (result.length > 0)
            strbuf_addc(&result, ' ');
        strbuf_add(&result, token, length);
    }
    xpath_string_free(text);
    return xpath_set_buffer(evaluation, out, &result);
}

// ------------------------------------------------------------------ translate

/// What one character becomes; `position` keeps the first rule for a character in front when
/// sorted.
struct rule {
    uint32_t from, to; ///< to 0: dropped
    size_t position;
};
struct rules {
    struct rule *items;
    size_t count;
};

static int compare_rules(const void *a, const void *b)
{
    const struct rule *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return left->position < right->position ? -1 : left->position > right->position ? 1 : 0;
}

static struct rules rules_new(const char *from, const char *to)
{
    struct rules rules = {.items = xpath_allocate((text_length(from) + 1) * sizeof(struct rule))};
    uint32_t character;
    while ((character = text_next(&from)) != 0) {
        rules.items[rules.count] =
            (struct rule){.from = character, .to = text_next(&to), .position = rules.count};
        rules.count++;
    }
    qsort(rules.items, rules.count, sizeof *rules.items, compare_rules);
    return rules;
}

/// The first rule for a character, or NULL.
static const struct rule *rule_for(const struct rules *rules, uint32_t character)
{
    size_t low = 0, high = rules->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rules->items[middle].from < character)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rules->count && rules->items[low].from == character ? &rules->items[low] : NULL;
}

static void translate(const char *text, const struct rules *rules, struct strbuf *out)
{
    const char *at = text;
    uint32_t character;
    while ((character = text_next(&at)) != 0) {
        const struct rule *rule = rule_for(rules, character);
        char bytes[5];
        if (rule == NULL || rule->to != 0)
            strbuf_add(out, bytes, text_put(rule != NULL ? rule->to : character, bytes));
    }
}

static enum err call_translate(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               struct xpath_value *out)
{
    char *texts[3] = {NULL, NULL, NULL};
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < 3; i++)
        err = xpath_argument_string(evaluation, call, i, &texts[i]);
    if (err == ERR_OK) {
        struct rules rules = rules_new(texts[1], texts[2]);
        struct strbuf result;
        strbuf_init(&result, XPATH_MAXIMUM_STRING);
        translate(texts[0], &rules, &result);
        free(rules.items);
        err = xpath_set_buffer(evaluation, out, &result);
    }
    for (size_t i = 0; i < 3; i++)
        xpath_string_free(texts[i]);
    return err;
}

const struct xpath_function xpath_text_functions[] = {
    {"string-length", 0, 1, FUNCTION_IMPLICIT, call_string_length, NULL},
    {"normalize-space", 0, 1, FUNCTION_IMPLICIT, call_normalize_space, NULL},
    {"translate", 3, 3, 0, call_translate, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
