// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluating expressions and texts against a record.
#include "record_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
    EVAL_NODES = 5000000, ///< nodes one expression may visit
    TEXT_DEPTH = 4,       ///< texts that refer to texts
    CHOICE_DEPTH = 3      ///< choices that depend on names of choices
};

static const struct node_state *state_near(const struct record *record, const xmlNode *node)
{
    if (node == NULL || node->doc != record->doc || node->type == XML_DOCUMENT_NODE)
        return NULL;
    if (node->type == XML_TEXT_NODE || (node->type == XML_ATTRIBUTE_NODE && node->_private == NULL))
        node = node->parent;
    return node != NULL && node->type != XML_DOCUMENT_NODE ? state_of(node) : NULL;
}

static xmlNode *host_instance(void *self, const char *id)
{
    const struct record *record = self;
    for (const struct form_instance *at = record->form->instances; at != NULL; at = at->next) {
        if (strcmp(at->id, id) == 0)
            return xmlDocGetRootElement(at->doc);
    }
    return strcmp(id, record->form->primary_id) == 0 && id[0] != '\0' ? record->root : NULL;
}

static bool host_is_relevant(void *self, const xmlNode *node)
{
    const struct node_state *state = state_near(self, node);
    return state == NULL || state->relevant;
}

static bool host_is_repeat(void *self, const xmlNode *node)
{
    const struct node_state *state = state_near(self, node);
    return state != NULL && node->type == XML_ELEMENT_NODE && state->def->is_repeat;
}

static xmlNode *host_only_child(void *self, const xmlNode *parent, const char *local, bool *known)
{
    const struct record *record = self;
    *known = false;
    if (parent->type != XML_ELEMENT_NODE || parent->doc != record->doc)
        return NULL;
    const struct node_state *state = state_of(parent);
    char path[LIMIT_REF];
    size_t outer = strlen(state->def->local_path), length = strlen(local);
    if (outer + length + 2 > sizeof path)
        return NULL;
    memcpy(path, state->def->local_path, outer);
    path[outer] = '/';
    memcpy(path + outer + 1, local, length + 1);
    const struct form_node *def = xmlHashLookup(record->form->local_paths, (const xmlChar *)path);
    if (def == NULL || def->has_many || def->is_repeat || def->is_attribute)
        return NULL;
    *known = true;
    return state->slots[def->slot];
}

static bool add_itext(struct record *record, const char *id, xmlNode *at, struct text_wish wish,
                      struct strbuf *out)
{
    const struct itext_value *value =
        record->language != NULL ? itext_find(record->language, id) : NULL;
    if (value == NULL && !wish.every && record->form->languages != NULL)
        value = itext_find(record->form->languages, id);
    if (value == NULL || record->text_depth >= TEXT_DEPTH)
        return value != NULL;
    record->text_depth++;
    struct text_wish plain = {TEXT_PLAIN, wish.every};
    for (const struct itext_value *each = value; each != NULL; each = each->next) {
        bool media =
            each->form == TEXT_IMAGE || each->form == TEXT_AUDIO || each->form == TEXT_VIDEO;
        if (wish.every ? !media : each->form == wish.form) {
            eval_text(record, &each->text, at, plain, out);
            if (!wish.every)
                break;
        }
    }
    record->text_depth--;
    return true;
}

static bool host_itext(void *self, const char *id, struct strbuf *out)
{
    struct record *record = self;
    return add_itext(record, id, record->root, (struct text_wish){TEXT_PLAIN, false}, out);
}

static bool host_choice_name(void *self, const char *value, const char *path,
                             const xmlNode *context, struct strbuf *out)
{
    struct record *record = self;
    const struct node_state *state = state_near(record, context);
    const char *base = state != NULL ? state->def->path : record->form->top->path;
    const char *resolved = NULL;
    struct arena *arena = arena_new(0);
    const struct form_node *def = NULL;
    if (path_resolve(arena, base, path, &resolved))
        def = model_find(record->form, resolved);
    arena_free(arena);
    if (def == NULL || def->control == NULL || record->choice_depth >= CHOICE_DEPTH)
        return false;
    xmlNode *node = tree_near(record, context, def);
    record->choice_depth++;
    bool found = node != NULL && itemset_label(record, def->control, node, value, out);
    record->choice_depth--;
    return found;
}

void eval_prepare(struct record *record)
{
    struct xpath_host *host = &record->host;
    *host = (struct xpath_host){
        .self = record,
        .root = (xmlNode *)record->doc, // "/data" is a child step from here
        .xforms = true,
        .instance = host_instance,
        .is_relevant = host_is_relevant,
        .is_repeat = host_is_repeat,
        .only_child = host_only_child,
        .itext = host_itext,
        .choice_name = host_choice_name,
        .namespaces = record->form->namespaces,
        .crypto = record->options.crypto != NULL ? record->options.crypto : record->form->crypto,
        .time_zone = record->time_zone,
        .max_nodes = EVAL_NODES,
        .asked_time = &record->asked_time,
    };
    record->is_dated = true;
    eval_begin(record);
}

void eval_begin(struct record *record)
{
    if (record->options.clock != NULL) {
        struct when now = clock_now(record->options.clock);
        record->host.now_utc_ms = now.utc_ms;
        record->is_dated = now.quality != TIME_UNKNOWN;
        record->began_ms = now.monotonic_ms;
    }
    record->exhausted = false;
    record->host.language = record->language != NULL ? record->language->name : "";
    record->steps = 0;
}

static bool evaluate(struct record *record, const struct form_expression *expression, xmlNode *at,
                     struct xpath_value *out)
{
    return xpath_evaluate(expression->compiled, &record->host, at, at, out, NULL) == ERR_OK;
}

static char *text_of_value(struct record *record, struct xpath_value *value)
{
    char *text = xpath_to_string(&record->host, value);
    xpath_value_clear(value);
    // "Not a number" is no answer.
    if (text != NULL && strcmp(text, "NaN") == 0)
        text[0] = '\0';
    return text != NULL ? text : text_duplicate("");
}

char *eval_string(struct record *record, const struct form_expression *expression, xmlNode *at)
{
    struct xpath_value value = {0};
    return evaluate(record, expression, at, &value) ? text_of_value(record, &value)
                                                    : text_duplicate("");
}

char *eval_typed(struct record *record, const struct form_expression *expression, xmlNode *at)
{
    enum value_type type = state_of(at)->def->bind.type;
    struct xpath_value value = {0};
    if (!evaluate(record, expression, at, &value))
        return text_duplicate("");
    bool is_number = type == TYPE_INT || type == TYPE_DECIMAL;
    if (value.kind != XPATH_BOOLEAN || !is_number)
        return text_of_value(record, &value);
    bool holds = xpath_to_boolean(&record->host, &value);
    xpath_value_clear(&value);
    return text_duplicate(holds ? "1" : "0");
}

bool eval_boolean(struct record *record, const struct form_expression *expression, xmlNode *at,
                  bool otherwise)
{
    if (expression->constant >= 0)
        return expression->constant == 1;
    struct xpath_value value = {0};
    if (!evaluate(record, expression, at, &value))
        return otherwise;
    bool answer = xpath_to_boolean(&record->host, &value);
    xpath_value_clear(&value);
    return answer;
}

double eval_number(struct record *record, const struct form_expression *expression, xmlNode *at)
{
    struct xpath_value value = {0};
    if (!evaluate(record, expression, at, &value))
        return NAN;
    double number = xpath_to_number(&record->host, &value);
    xpath_value_clear(&value);
    return number;
}

enum err eval_nodes(struct record *record, const struct form_expression *expression, xmlNode *at,
                    struct xpath_value *out)
{
    memset(out, 0, sizeof *out);
    if (!evaluate(record, expression, at, out))
        return ERR_INPUT;
    if (out->kind == XPATH_NODES)
        return ERR_OK;
    xpath_value_clear(out);
    memset(out, 0, sizeof *out);
    out->kind = XPATH_NODES;
    return ERR_OK;
}

static void add_value(struct record *record, const struct form_piece *piece, xmlNode *at,
                      struct text_wish wish, struct strbuf *out)
{
    char *text = eval_string(record, piece->value, at);
    if (piece->kind == PIECE_ITEXT)
        (void)add_itext(record, text, at, wish, out);
    else
        strbuf_adds(out, text);
    memory_wipe(text, strlen(text));
    free(text);
}

void eval_text(struct record *record, const struct form_text *text, xmlNode *at,
               struct text_wish wish, struct strbuf *out)
{
    bool words = wish.every || wish.form == TEXT_PLAIN;
    for (const struct form_piece *piece = text->pieces; piece != NULL; piece = piece->next) {
        switch (piece->kind) {
        case PIECE_LITERAL:
            if (words)
                strbuf_adds(out, piece->literal);
            break;
        case PIECE_VALUE:
            if (words)
                add_value(record, piece, at, wish, out);
            break;
        case PIECE_ITEXT: add_value(record, piece, at, wish, out); break;
        case PIECE_ITEXT_ID: (void)add_itext(record, piece->literal, at, wish, out); break;
        }
    }
}
