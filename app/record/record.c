// SPDX-License-Identifier: GPL-3.0-or-later
// A record's life: begun from a form, answered, read, freed.
#include "record_internal.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

static char *copy_option(const char *text)
{
    return text != NULL ? text_duplicate(text) : NULL;
}

static void free_text(char *text)
{
    if (text == NULL)
        return;
    memory_wipe(text, strlen(text));
    free(text);
}

/// "Chinese (zh)" answers to its whole name and to "zh".
static bool language_is(const char *name, const char *wanted)
{
    if (strcmp(name, wanted) == 0)
        return true;
    const char *open = strrchr(name, '(');
    size_t length = strlen(wanted);
    if (open != NULL && strncmp(open + 1, wanted, length) == 0 &&
        (open[1 + length] == ')' || open[1 + length] == '-'))
        return true;
    return strncmp(name, wanted, length) == 0 && (name[length] == '-' || name[length] == '_');
}

static const struct form_language *find_language(const struct form *form, const char *wanted)
{
    for (const struct form_language *at = form->languages; at != NULL; at = at->next) {
        if (strcmp(at->name, wanted) == 0)
            return at;
    }
    for (const struct form_language *at = form->languages; at != NULL; at = at->next) {
        if (language_is(at->name, wanted))
            return at;
    }
    return NULL;
}

static struct record *make(const struct form *form, const struct record_options *options)
{
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        abort();
    record->form = form;
    record->options = *options;
    record->time_zone = copy_option(options->time_zone != NULL ? options->time_zone : "UTC");
    record->device_id = copy_option(options->device_id);
    record->user_name = copy_option(options->user_name);
    record->email = copy_option(options->email);
    record->phone_number = copy_option(options->phone_number);
    record->instance_id = copy_option(options->instance_id);
    record->arena = arena_new(0);
    record->scratch = arena_new(0);
    record->pending = calloc(form->rule_count + 1, sizeof *record->pending);
    record->heap = calloc(form->rule_count + 1, sizeof *record->heap);
    if (record->pending == NULL || record->heap == NULL)
        abort();
    record->language = form->languages;
    if (options->language != NULL && find_language(form, options->language) != NULL)
        record->language = find_language(form, options->language);
    return record;
}

static enum err parse_edit(const struct record *record, xmlDoc **out, struct fail *why)
{
    *out = NULL;
    const char *text = record->options.edit;
    if (text == NULL)
        return ERR_OK;
    size_t length = strlen(text);
    if (length > LIMIT_SUBMISSION_XML)
        return fail_set(why, ERR_FULL, "the record is larger than %d bytes", LIMIT_SUBMISSION_XML);
    enum err err = dom_parse(text, length, "record", true, out, why);
    if (err != ERR_OK)
        return err;
    const xmlNode *root = xmlDocGetRootElement(*out);
    if (strcmp((const char *)root->name, record->form->top->local) == 0)
        return ERR_OK;
    xmlFreeDoc(*out);
    *out = NULL;
    return fail_set(why, ERR_INPUT, "the record is not of this form");
}

static void set_instance_id(struct record *record)
{
    const struct form_node *def = record->form->instance_id;
    xmlNode *node = def != NULL ? tree_near(record, NULL, def) : NULL;
    if (node != NULL && record->instance_id != NULL)
        (void)store_value(record, node, record->instance_id);
}

static void begin(struct record *record, bool first)
{
    record->loading = true;
    repeat_keep_choices(record, record->root);
    if (first)
        preload_run(record, record->root);
    set_instance_id(record);
    recompute_all(record);
    moment_load(record, first);
    set_instance_id(record);
    recompute_run(record);
    record->loading = false;
}

enum err record_new(const struct form *form, const struct record_options *options,
                    struct record **out, struct fail *why)
{
    *out = NULL;
    struct record *record = make(form, options);
    xmlDoc *edit = NULL;
    enum err err = parse_edit(record, &edit, why);
    if (err == ERR_OK)
        err = tree_build(record, edit != NULL ? xmlDocGetRootElement(edit) : NULL, why);
    record->options.edit = NULL;
    if (err == ERR_OK) {
        eval_prepare(record);
        begin(record, edit == NULL);
        if (record->exhausted)
            err = fail_set(why, ERR_FULL, "the form computes too much: it was stopped");
    }
    if (err == ERR_OK)
        *out = record;
    else
        record_free(record);
    if (edit != NULL)
        xmlFreeDoc(edit);
    return err;
}

void record_free(struct record *record)
{
    if (record == NULL)
        return;
    record_tree_free(record);
    free_text(record->time_zone);
    free_text(record->device_id);
    free_text(record->user_name);
    free_text(record->email);
    free_text(record->phone_number);
    free_text(record->instance_id);
    free(record->pending);
    free(record->heap);
    free(record->changed);
    free(record->screens);
    arena_free(record->arena);
    arena_free(record->scratch);
    memory_wipe(record, sizeof *record);
    free(record);
}

const struct form *record_form(const struct record *record)
{
    return record->form;
}

/// Each changing call starts here: what was lent out is taken back.
static void change(struct record *record)
{
    screens_forget(record);
    arena_clear(record->scratch);
    eval_begin(record);
}

static enum err finish(struct record *record, struct fail *why)
{
    recompute_run(record);
    if (!record->exhausted)
        return ERR_OK;
    return fail_set(why, ERR_FULL, "the form computes too much: it was stopped");
}

enum err record_answer(struct record *record, const char *ref, const char *value, struct fail *why)
{
    xmlNode *node = record_tree_find(record, ref);
    if (node == NULL || node->type != XML_ELEMENT_NODE || !tree_is_leaf(node))
        return fail_set(why, ERR_NOT_FOUND, "there is no question %s", ref);
    const struct form_control *control = state_of(node)->def->control;
    if (state_is_readonly(node) || (control != NULL && control->is_heading))
        return fail_set(why, ERR_DENIED, "%s is read-only", ref);
    size_t length = strlen(value);
    if (length > LIMIT_ANSWER)
        return fail_set(why, ERR_FULL, "the answer to %s is longer than %d bytes", ref,
                        LIMIT_ANSWER);
    char normal[LIMIT_ANSWER + 1];
    if (!text_is_utf8(value, length) ||
        !value_answered(state_of(node)->def->bind.type, value, normal))
        return fail_set(why, ERR_INPUT, "the answer to %s is no %s", ref,
                        state_of(node)->def->bind.type_name);
    memory_wipe(normal, sizeof normal);
    change(record);
    (void)store_answer(record, node, value);
    return finish(record, why);
}

static xmlNode *governed_range(const struct record *record, const char *range, struct fail *why,
                               enum err *err)
{
    xmlNode *anchor = tree_find_range(record, range);
    *err = ERR_OK;
    if (anchor == NULL) {
        *err = fail_set(why, ERR_NOT_FOUND, "there is no repeat %s", range);
        return NULL;
    }
    const struct form_control *control = state_of(anchor)->def->group;
    if (control != NULL && control->no_add_remove)
        *err = fail_set(why, ERR_DENIED, "the form governs the repeat %s", range);
    return anchor;
}

enum err record_add_repeat(struct record *record, const char *range, struct fail *why)
{
    enum err err = ERR_OK;
    xmlNode *anchor = governed_range(record, range, why, &err);
    if (err != ERR_OK)
        return err;
    if (tree_count(anchor) >= LIMIT_REPEAT_INSTANCES || record->node_count >= LIMIT_FORM_NODES)
        return fail_set(why, ERR_FULL, "the repeat %s is full", range);
    change(record);
    repeat_append(record, anchor);
    return finish(record, why);
}

enum err record_remove_repeat(struct record *record, const char *ref, struct fail *why)
{
    xmlNode *instance = record_tree_find(record, ref);
    size_t length = strlen(ref);
    if (instance == NULL || !state_of(instance)->def->is_repeat || ref[length - 1] != ']')
        return fail_set(why, ERR_NOT_FOUND, "there is no repeat instance %s", ref);
    const struct form_control *control = state_of(instance)->def->group;
    if (control != NULL && control->no_add_remove)
        return fail_set(why, ERR_DENIED, "the form governs the repeat of %s", ref);
    change(record);
    repeat_drop(record, instance);
    return finish(record, why);
}

enum err record_set_language(struct record *record, const char *language, struct fail *why)
{
    const struct form_language *found = find_language(record->form, language);
    if (found == NULL)
        return fail_set(why, ERR_NOT_FOUND, "the form has no language \"%s\"", language);
    change(record);
    record->language = found;
    record->host.language = found->name;
    recompute_language(record);
    return ERR_OK;
}

const char *record_value(const struct record *record, const char *ref)
{
    const xmlNode *node = record_tree_find(record, ref);
    if (node == NULL || !state_of(node)->relevant || !tree_is_leaf(node))
        return "";
    return tree_value(node);
}

bool record_is_relevant(const struct record *record, const char *ref)
{
    const xmlNode *node = record_tree_find(record, ref);
    return node != NULL && state_of(node)->relevant;
}

struct each {
    struct arena *arena;
    void (*each)(void *context, const char *ref, const char *value);
    void *context;
};

static void call_each(void *context, xmlNode *node)
{
    struct each *each = context;
    const char *value = state_of(node)->relevant && tree_is_leaf(node) ? tree_value(node) : "";
    each->each(each->context, tree_ref(each->arena, node), value);
}

void record_each(const struct record *record, const char *nodeset,
                 void (*each)(void *context, const char *ref, const char *value), void *context)
{
    const struct form_node *def = model_find(record->form, nodeset);
    if (def == NULL)
        return;
    struct each all = {arena_new(0), each, context};
    tree_each(record, def, NULL, call_each, &all);
    arena_free(all.arena);
}
