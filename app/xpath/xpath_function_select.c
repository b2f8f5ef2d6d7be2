// SPDX-License-Identifier: GPL-3.0-or-later
// Functions on choices (a select's answer is its values with spaces between), their labels, and
// other lists.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool list_holds(const char *list, const char *wanted, size_t wanted_length)
{
    const char *token;
    size_t length;
    while (xpath_next_token(&list, &token, &length))
        if (length == wanted_length && memcmp(token, wanted, length) == 0)
            return true;
    return false;
}

/// selected(list, value). No value is selected when the list is empty, as in JavaRosa.
static enum err call_selected(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    char *list = NULL, *wanted = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &list);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 1, &wanted);
    if (err == ERR_OK) {
        const char *at = wanted, *token, *rest;
        size_t length, rest_length;
        bool named = xpath_next_token(&at, &token, &length);
        bool single = named && !xpath_next_token(&at, &rest, &rest_length);
        const char *list_at = list;
        bool selected = named ? single && list_holds(list, token, length)
                              : !xpath_next_token(&list_at, &rest, &rest_length);
        xpath_set_boolean(out, selected);
    }
    xpath_string_free(list);
    xpath_string_free(wanted);
    return err;
}

static enum err call_selected_at(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 struct xpath_value *out)
{
    char *list = NULL;
    double index = 0;
    enum err err = xpath_argument_number(evaluation, call, 1, &index);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 0, &list);
    if (err != ERR_OK)
        return err;
    const char *at = list, *token = "";
    size_t length = 0;
    bool found = trunc(index) >= 0;
    for (double i = 0; found && i <= trunc(index); i++)
        found = xpath_next_token(&at, &token, &length);
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    if (found)
        strbuf_add(&text, token, length);
    xpath_string_free(list);
    return xpath_set_buffer(evaluation, out, &text);
}

static enum err call_count_selected(struct xpath_evaluation *evaluation,
                                    const struct xpath_call *call, struct xpath_value *out)
{
    char *list = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &list);
    if (err != ERR_OK)
        return err;
    const char *at = list, *token;
    size_t length;
    double count = 0;
    while (xpath_next_token(&at, &token, &length))
        count++;
    xpath_string_free(list);
    xpath_set_number(out, count);
    return ERR_OK;
}

/// jr:choice-name(value, 'path'): the label; '' when the form does not know it.
static enum err call_choice_name(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                 struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    char *value = NULL, *path = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &value);
    if (err == ERR_OK)
        err = xpath_argument_string(evaluation, call, 1, &path);
    if (err == ERR_OK) {
        const char *at = path, *token = "";
        size_t length = 0;
        (void)xpath_next_token(&at, &token, &length); // writers put spaces around the path
        memmove(path, token, length);
        path[length] = '\0';
        struct strbuf text;
        strbuf_init(&text, XPATH_MAXIMUM_STRING);
        if (host->choice_name != NULL &&
            !host->choice_name(host->self, value, path, evaluation->context, &text))
            strbuf_clear(&text);
        err = xpath_set_buffer(evaluation, out, &text);
    }
    xpath_string_free(value);
    xpath_string_free(path);
    return err;
}

static enum err call_itext(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                           struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    char *id = NULL;
    enum err err = xpath_argument_string(evaluation, call, 0, &id);
    if (err != ERR_OK)
        return err;
    xmlNode *node = host->itext_node != NULL ? host->itext_node(host->self, id) : NULL;
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    if (node != NULL)
        xpath_set_node(out, node);
    else if (host->itext != NULL && !host->itext(host->self, id, &text))
        strbuf_clear(&text);
    if (node == NULL)
        err = xpath_set_buffer(evaluation, out, &text);
    strbuf_free(&text);
    xpath_string_free(id);
    return err;
}

// ------------------------------------------------------------------ pulldata

/// The text of a child element or an "@attribute" of an item; false: it has none.
static bool column_of(const struct xpath_host *host, const xmlNode *item, const char *name,
                      char **out)
{
    if (name[0] == '@') {
        for (const xmlAttr *attribute = item->properties; attribute != NULL;
             attribute = attribute->next)
            if (text_equal((const char *)attribute->name, name + 1)) {
                *out = xpath_node_string(host, (const xmlNode *)attribute, NULL, NULL);
                return true;
            }
        return false;
    }
    for (const xmlNode *child = item->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE && text_equal((const char *)child->name, name)) {
            *out = xpath_node_string(host, child, NULL, NULL);
            return true;
        }
    return false;
}

static char *look_up(const struct xpath_host *host, const xmlNode *root, char *const arguments[4])
{
    for (const xmlNode *item = root->children; item != NULL; item = item->next) {
        char *key = NULL, *value = NULL;
        if (item->type != XML_ELEMENT_NODE || !column_of(host, item, arguments[2], &key))
            continue;
        bool found = text_equal(key, arguments[3]);
        xpath_string_free(key);
        if (found)
            return column_of(host, item, arguments[1], &value) ? value : NULL;
    }
    return NULL;
}

/// pulldata(instance, wanted column, key column, key): one linear pass over the list.
static enum err call_pulldata(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              struct xpath_value *out)
{
    const struct xpath_host *host = evaluation->host;
    char *arguments[4] = {NULL, NULL, NULL, NULL}, *found = NULL;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < 4; i++)
        err = xpath_argument_string(evaluation, call, i, &arguments[i]);
    if (err == ERR_OK) {
        const xmlNode *root =
            host->instance != NULL ? host->instance(host->self, arguments[0]) : NULL;
        if (root != NULL)
            found = look_up(host, root, arguments);
        xpath_set_string(out, found != NULL ? found : text_duplicate(""));
    }
    for (size_t i = 0; i < 4; i++)
        xpath_string_free(arguments[i]);
    return err;
}

const struct xpath_function xpath_select_functions[] = {
    {"selected", 2, 2, 0, call_selected, NULL},
    {"selected-at", 2, 2, 0, call_selected_at, NULL},
    {"count-selected", 1, 1, 0, call_count_selected, NULL},
    {"jr:choice-name", 2, 2, 0, call_choice_name, NULL},
    {"jr:itext", 1, 1, 0, call_itext, NULL},
    {"pulldata", 4, 4, 0, call_pulldata, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
