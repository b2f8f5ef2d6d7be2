// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form replay: fills in forms as told and says what every node is after each step, for
// form authors' own tests. In: {id, form, dir, resources, tz, missing, edit, preload, ops}; out:
// {id, init, steps, submission} or {id, error}.
#include "commands.h"
#include "form_lines.h"
#include "form_files.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/record/record.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *job, const char *key)
{
    return json_string_value(json_object_get(job, key));
}

static json_t *violation_of(const struct record_node *node)
{
    switch (node->violation) {
    case VIOLATION_REQUIRED: return json_string("required");
    case VIOLATION_CONSTRAINT: return json_string("constraint");
    case VIOLATION_NONE: break;
    }
    return json_null();
}

static json_t *choices_of(const struct record_node *node)
{
    json_t *list = json_array();
    for (size_t i = 0; i < node->choice_count; i++) {
        const char *value = NULL, *label = NULL;
        record_choice(node, i, &value, &label);
        (void)json_array_append_new(list, json_pack("[ss]", value, label));
    }
    return list;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        (void)json_object_set_new(object, key, json_string(text));
}

static void add_node(void *context, const struct record_node *node)
{
    json_t *out = json_pack("{ss ss sb sb sb}", "ref", node->ref, "type", node->type, "rel",
                            node->relevant, "ro", node->readonly, "req", node->required);
    if (node->has_value) {
        set_text(out, "val", node->value);
        set_text(out, "vt", node->value_type);
        (void)json_object_set_new(out, "viol", violation_of(node));
    }
    set_text(out, "vmsg", node->violation_message);
    set_text(out, "label", node->label);
    set_text(out, "hint", node->hint);
    bool chooses = text_starts(node->type, "select") || text_equal(node->type, "rank");
    if (chooses)
        (void)json_object_set_new(out, "opts", choices_of(node));
    (void)json_array_append_new(context, out);
}

static json_t *nodes_of(struct record *record)
{
    json_t *nodes = json_array();
    record_visit(record, add_node, nodes);
    return nodes;
}

static enum err run_op(struct record *record, const json_t *op, struct fail *why)
{
    const char *name = text_of(op, "op"), *ref = text_of(op, "ref"), *value = text_of(op, "value");
    const char *range = text_of(op, "range"), *language = text_of(op, "lang");
    if (name != NULL && text_equal(name, "answer") && ref != NULL) {
        enum err err = record_answer(record, ref, value != NULL ? value : "", why);
        // What is not of the question's type is kept as no answer, and said.
        if (err == ERR_INPUT && record_answer(record, ref, "", NULL) != ERR_OK)
            return ERR_BUG;
        return err;
    }
    if (name != NULL && text_equal(name, "addRepeat") && range != NULL)
        return record_add_repeat(record, range, why);
    if (name != NULL && text_equal(name, "removeRepeat") && ref != NULL)
        return record_remove_repeat(record, ref, why);
    if (name != NULL && text_equal(name, "setLanguage") && language != NULL)
        return record_set_language(record, language, why);
    return fail_set(why, ERR_INPUT, "not an operation");
}

static void add_submission(struct record *record, json_t *answer)
{
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_SUBMISSION_XML);
    struct fail why = {ERR_OK, ""};
    if (record_submission(record, true, &xml, &why) == ERR_OK)
        set_text(answer, "submission", strbuf_text(&xml));
    strbuf_free(&xml);
}

static enum err replay(const struct ctl *ctl, const struct form *form, const json_t *job,
                       json_t *answer, struct fail *why)
{
    const json_t *preload = json_object_get(job, "preload");
    const struct record_options options = {
        .clock = ctl->clock,
        .crypto = ctl->crypto,
        .time_zone = text_of(job, "tz"),
        .device_id = text_of(preload, "deviceID"),
        .user_name = text_of(preload, "username"),
        .email = text_of(preload, "email"),
        .phone_number = text_of(preload, "phoneNumber"),
        .edit = text_of(job, "edit"),
    };
    struct record *record = NULL;
    enum err err = record_new(form, &options, &record, why);
    if (err != ERR_OK)
        return err;
    (void)json_object_set_new(answer, "init", nodes_of(record));
    json_t *steps = json_array();
    size_t index = 0;
    json_t *op = NULL;
    json_array_foreach(json_object_get(job, "ops"), index, op)
    {
        struct fail step_why = {ERR_OK, ""};
        err = run_op(record, op, &step_why);
        json_t *step = json_pack("{so}", "nodes", nodes_of(record));
        if (err != ERR_OK)
            set_text(step, "error", step_why.text);
        (void)json_array_append_new(steps, step);
    }
    (void)json_object_set_new(answer, "steps", steps);
    add_submission(record, answer);
    record_free(record);
    return ERR_OK;
}

static enum err load_and_replay(const struct ctl *ctl, const json_t *job, json_t *answer,
                                struct fail *why)
{
    const char *text = text_of(job, "form");
    if (text == NULL)
        return fail_set(why, ERR_INPUT, "a job needs a form");
    struct form_files files;
    enum err err = form_files_open(&files, text_of(job, "dir"), why);
    if (err != ERR_OK)
        return err;
    files.resources = json_object_get(job, "resources");
    const json_t *missing = json_object_get(job, "missing");
    const char **names = calloc(json_array_size(missing) + 1, sizeof *names);
    if (names == NULL)
        abort();
    for (size_t i = 0, count = 0; i < json_array_size(missing); i++) {
        const char *name = json_string_value(json_array_get(missing, i));
        if (name != NULL)
            names[count++] = name;
    }
    const struct form_source source = {.name = "form",
                                       .text = text,
                                       .length = strlen(text),
                                       .resource = form_files_read,
                                       .context = &files,
                                       .crypto = ctl->crypto,
                                       .missing = names};
    struct form *form = NULL;
    err = form_load(&source, NULL, NULL, &form, why);
    if (err == ERR_OK)
        err = replay(ctl, form, job, answer, why);
    form_free(form);
    free(names);
    form_files_close(&files);
    return err;
}

static void answer_line(const struct ctl *ctl, const char *line, size_t length)
{
    struct fail why = {ERR_OK, ""};
    json_error_t error;
    json_t *job = json_loadb(line, length, 0, &error), *answer = json_object();
    json_t *id = json_object_get(job, "id");
    (void)json_object_set_new(answer, "id", id != NULL ? json_incref(id) : json_null());
    if (!json_is_object(job)) {
        (void)json_object_set_new(answer, "error",
                                  json_sprintf("not a JSON object: %s", error.text));
    } else if (load_and_replay(ctl, job, answer, &why) != ERR_OK) {
        json_object_del(answer, "init");
        (void)json_object_set_new(answer, "error", json_string(why.text));
    }
    (void)json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    (void)putchar('\n');
    json_decref(answer);
    json_decref(job);
}

int ctl_form_replay(const struct ctl *ctl, int argc, char **argv)
{
    return ctl_form_lines(ctl, argc, argv, answer_line);
}
