// SPDX-License-Identifier: GPL-3.0-or-later
// Questions as a person meets them: on a screen, in the list of a repeat, in the review.
#include "record_internal.h"

#include <stdlib.h>
#include <string.h>

enum { INSTANCE_LABEL_ANSWERS = 2 };

static const char *take_text(struct record *record, struct strbuf *buffer)
{
    const char *text = markup_strip(record->arena, strbuf_text(buffer));
    strbuf_free(buffer);
    return text;
}

static const char *text_of(struct record *record, bool has, const struct form_text *text,
                           xmlNode *node, enum text_form form)
{
    if (!has)
        return "";
    struct strbuf buffer;
    strbuf_init(&buffer, LIMIT_FORM_BYTES);
    eval_text(record, text, node, (struct text_wish){form, false}, &buffer);
    return take_text(record, &buffer);
}

static const char *label_of(struct record *record, const struct form_control *control,
                            xmlNode *node)
{
    const char *label = text_of(record, control->has_label, &control->label, node, TEXT_PLAIN);
    if (label[0] == '\0')
        label = text_of(record, control->has_label, &control->label, node, TEXT_SHORT);
    return label;
}

/// Where a medium is, as it is written; NULL when there is none.
static const char *media_of(struct record *record, const struct form_control *control,
                            xmlNode *node, enum text_form form)
{
    if (!control->has_label)
        return NULL;
    struct strbuf buffer;
    strbuf_init(&buffer, LIMIT_ANSWER);
    eval_text(record, &control->label, node, (struct text_wish){form, false}, &buffer);
    const char *uri = buffer.length > 0 ? arena_strdup(record->arena, strbuf_text(&buffer)) : NULL;
    strbuf_free(&buffer);
    return uri;
}

static enum question_kind kind_of(const struct form_control *control, const xmlNode *node)
{
    const enum value_type type = state_of(node)->def->bind.type;
    if (control->is_unsupported)
        return QUESTION_UNSUPPORTED;
    if (control->is_heading)
        return QUESTION_NOTE;
    switch (control->kind) {
    case CONTROL_SELECT: return QUESTION_SELECT_MANY;
    case CONTROL_SELECT_ONE: return QUESTION_SELECT_ONE;
    case CONTROL_RANK: return QUESTION_RANK;
    case CONTROL_RANGE: return QUESTION_RANGE;
    case CONTROL_UPLOAD: return QUESTION_UPLOAD;
    case CONTROL_TRIGGER: return QUESTION_TRIGGER;
    case CONTROL_GROUP:
    case CONTROL_REPEAT:
    case CONTROL_OTHER: return QUESTION_UNSUPPORTED;
    case CONTROL_INPUT: break;
    }
    if (state_is_readonly(node))
        return QUESTION_NOTE;
    switch (type) {
    case TYPE_INT: return QUESTION_INTEGER;
    case TYPE_DECIMAL: return QUESTION_DECIMAL;
    case TYPE_DATE: return QUESTION_DATE;
    case TYPE_TIME: return QUESTION_TIME;
    case TYPE_DATE_TIME: return QUESTION_DATE_TIME;
    case TYPE_BINARY: return QUESTION_UPLOAD;
    case TYPE_GEO: return QUESTION_UNSUPPORTED;
    case TYPE_STRING:
    case TYPE_BOOLEAN:
    case TYPE_BARCODE: break;
    }
    return QUESTION_TEXT;
}

static const char *separator(const struct record *record)
{
    const char *name = record->language != NULL ? record->language->name : "";
    bool chinese = strstr(name, "zh") != NULL || strstr(name, "Chinese") != NULL ||
                   strstr(name, "中文") != NULL;
    return chinese ? "、" : ", ";
}

/// A value as a person reads it.
static const char *shown_of(struct record *record, const struct question *question,
                            const xmlNode *node)
{
    if (question->choice_count > 0 && question->value[0] != '\0') {
        struct strbuf shown;
        strbuf_init(&shown, LIMIT_FORM_BYTES);
        for (size_t i = 0; i < question->choice_count; i++) {
            if (!question->choices[i].chosen)
                continue;
            if (shown.length > 0)
                strbuf_adds(&shown, separator(record));
            strbuf_adds(&shown, question->choices[i].label);
        }
        const char *text = arena_strdup(record->arena, strbuf_text(&shown));
        strbuf_free(&shown);
        return text;
    }
    enum value_type type = state_of(node)->def->bind.type;
    if (type == TYPE_DATE_TIME && strlen(question->value) >= 16) {
        char *text = arena_strndup(record->arena, question->value, 16);
        text[10] = ' ';
        return text;
    }
    if (type == TYPE_TIME && strlen(question->value) >= 5)
        return arena_strndup(record->arena, question->value, 5);
    return question->value;
}

/// Choices of a rank in the order in which they were put.
static const char *shown_rank(struct record *record, const struct question *question)
{
    struct strbuf shown;
    strbuf_init(&shown, LIMIT_FORM_BYTES);
    for (const char *at = question->value; *at != '\0';) {
        size_t length = strcspn(at, " ");
        for (size_t i = 0; i < question->choice_count; i++) {
            const struct question_choice *choice = &question->choices[i];
            if (strlen(choice->value) != length || strncmp(choice->value, at, length) != 0)
                continue;
            if (shown.length > 0)
                strbuf_adds(&shown, separator(record));
            strbuf_adds(&shown, choice->label);
        }
        at += length;
        at += strspn(at, " ");
    }
    const char *text = arena_strdup(record->arena, strbuf_text(&shown));
    strbuf_free(&shown);
    return text;
}

static void add_violation(struct record *record, xmlNode *node, struct question *question)
{
    struct strbuf message;
    question->violation = node_violation(record, node);
    question->violation_message = "";
    if (question->violation == VIOLATION_NONE)
        return;
    strbuf_init(&message, LIMIT_FORM_BYTES);
    node_message(record, node, question->violation, &message);
    question->violation_message = take_text(record, &message);
}

/// Does the constraint let a number below zero be? It is tried: no rule is read out of its text.
static bool may_be_negative(struct record *record, enum question_kind kind, xmlNode *node)
{
    static const char *const tries[] = {"-1", "-0.5", "-5", "-20", "-100", "-1000", "-100000"};
    const struct form_expression *constraint = state_of(node)->def->bind.constraint;
    if ((kind != QUESTION_INTEGER && kind != QUESTION_DECIMAL) || state_is_readonly(node))
        return false;
    if (constraint == NULL)
        return true;
    char *value = text_duplicate(tree_value(node));
    bool may = false;
    for (size_t i = 0; i < sizeof tries / sizeof *tries && !may; i++) {
        if (kind == QUESTION_DECIMAL || strchr(tries[i], '.') == NULL) {
            tree_set_value(node, tries[i]);
            may = eval_boolean(record, constraint, node, false);
        }
    }
    tree_set_value(node, value);
    memory_wipe(value, strlen(value));
    free(value);
    return may;
}

struct question question_build(struct record *record, const struct form_control *control,
                               xmlNode *node)
{
    struct question question = {
        .ref = tree_ref(record->arena, node),
        .kind = kind_of(control, node),
        .appearance = control->appearance,
        .media_type = control->media_type,
        .label = label_of(record, control, node),
        .short_label = text_of(record, control->has_label, &control->label, node, TEXT_SHORT),
        .hint = text_of(record, control->has_hint, &control->hint, node, TEXT_PLAIN),
        .guidance = text_of(record, control->has_hint, &control->hint, node, TEXT_GUIDANCE),
        .image = media_of(record, control, node, TEXT_IMAGE),
        .audio = media_of(record, control, node, TEXT_AUDIO),
        .value = arena_strdup(record->arena, tree_value(node)),
        .readonly = state_is_readonly(node) || control->is_heading,
        .required = state_of(node)->required,
        .range_start = control->start,
        .range_end = control->end,
        .range_step = control->step,
    };
    question.may_be_negative = may_be_negative(record, question.kind, node);
    if (question.guidance[0] == '\0')
        question.guidance =
            text_of(record, control->has_label, &control->label, node, TEXT_GUIDANCE);
    if (control_has_choices(control) && !control->is_heading) {
        struct choice_list list = itemset_choices(record, control, node, record->arena, false);
        question.choices = list.choices;
        question.choice_count = list.count;
    }
    question.shown = question.kind == QUESTION_RANK ? shown_rank(record, &question)
                                                    : shown_of(record, &question, node);
    add_violation(record, node, &question);
    return question;
}

bool question_is_confidential(const struct question *question)
{
    return strstr(question->appearance, "id-number") != NULL ||
           strstr(question->appearance, "masked") != NULL;
}

bool question_is_name(const struct question *question)
{
    return question->kind == QUESTION_TEXT && !question->readonly &&
           appearance_has(question->appearance, "name");
}

bool question_is_address(const struct question *question)
{
    return question->kind == QUESTION_TEXT && appearance_has(question->appearance, "address");
}

struct label_run {
    struct record *record;
    struct strbuf text;
    size_t answers;
};

static void add_answer(void *context, const struct form_control *control, xmlNode *node)
{
    struct label_run *run = context;
    if (run->answers == INSTANCE_LABEL_ANSWERS || !state_of(node)->relevant ||
        tree_value(node)[0] == '\0' || control->kind == CONTROL_UPLOAD ||
        control->kind == CONTROL_TRIGGER || state_is_readonly(node))
        return;
    struct question question = question_build(run->record, control, node);
    if (question_is_confidential(&question))
        return;
    strbuf_adds(&run->text, run->text.length > 0 ? " · " : "");
    strbuf_adds(&run->text, question.shown);
    run->answers++;
}

/// "家庭成员 2 · 张三": the repeat's label, the place, the first answers.
static const char *instance_label(struct record *record, const struct form_control *control,
                                  xmlNode *instance, bool answers)
{
    struct label_run run = {.record = record};
    strbuf_init(&run.text, LIMIT_FORM_BYTES);
    const char *label = label_of(record, control, instance);
    strbuf_adds(&run.text, label);
    if (label[0] != '\0')
        strbuf_addc(&run.text, ' ');
    strbuf_addf(&run.text, "%zu", tree_position(instance));
    if (answers)
        question_each(record, control, instance, add_answer, &run);
    const char *text = arena_strdup(record->arena, strbuf_text(&run.text));
    strbuf_free(&run.text);
    return text;
}

/// Innermost group or repeat instance around a control that has a label.
static const char *group_label(struct record *record, const struct screen_entry *entry)
{
    const struct form_control *at =
        entry->list_at != NULL ? entry->control : entry->control->parent;
    for (; at != NULL; at = at->parent) {
        if (!at->has_label || at->wraps)
            continue;
        if (at->kind == CONTROL_REPEAT) {
            xmlNode *instance = tree_near(record, entry->node, at->node);
            return instance != NULL ? instance_label(record, at, instance, false) : "";
        }
        xmlNode *node = at->node != NULL ? tree_near(record, entry->node, at->node) : record->root;
        const char *label = node != NULL ? label_of(record, at, node) : "";
        if (label[0] != '\0')
            return label;
    }
    return "";
}

struct screen_run {
    struct record *record;
    const struct screen_entry *entry;
    struct question *questions;
    size_t index, count;
};

static void add_question(void *context, const struct form_control *control, xmlNode *node)
{
    struct screen_run *run = context;
    if (!state_of(node)->relevant)
        return;
    size_t index = run->index++;
    if (index >= run->entry->first && run->count < run->entry->count)
        run->questions[run->count++] = question_build(run->record, control, node);
}

static void build_questions(struct record *record, const struct screen_entry *entry,
                            struct form_screen *out)
{
    struct screen_run run = {.record = record, .entry = entry};
    run.questions = ARENA_ARRAY(record->arena, struct question, entry->count + 1);
    if (entry->list_at != NULL)
        question_each(record, entry->control, entry->list_at, add_question, &run);
    else
        run.questions[run.count++] = question_build(record, entry->control, entry->node);
    out->kind = FORM_SCREEN_QUESTIONS;
    out->questions = run.questions;
    out->question_count = run.count;
}

static void describe_instance(struct record *record, const struct screen_entry *entry,
                              struct form_screen *out)
{
    xmlNode *instance = entry->instance;
    const struct form_control *control = instance != NULL ? state_of(instance)->def->group : NULL;
    out->instance_ref = control != NULL ? tree_ref(record->arena, instance) : "";
    out->instance_may_go = control != NULL && !control->no_add_remove;
}

const char *record_instance_label(struct record *record, const char *instance_ref)
{
    xmlNode *instance = record_tree_find(record, instance_ref);
    bool is_one = instance != NULL && state_of(instance)->def->is_repeat &&
                  instance->type == XML_ELEMENT_NODE && state_of(instance)->def->group != NULL;
    return is_one ? instance_label(record, state_of(instance)->def->group, instance, true) : "";
}

static void build_repeat(struct record *record, const struct screen_entry *entry,
                         struct form_screen *out)
{
    size_t count = tree_count(entry->node);
    const char **refs = ARENA_ARRAY(record->arena, const char *, count + 1);
    const char **labels = ARENA_ARRAY(record->arena, const char *, count + 1);
    size_t used = 0;
    for (xmlNode *at = tree_first_instance(entry->node); at != NULL; at = tree_next_instance(at)) {
        if (!state_of(at)->relevant)
            continue;
        refs[used] = tree_ref(record->arena, at);
        labels[used++] = instance_label(record, entry->control, at, true);
    }
    out->kind = FORM_SCREEN_REPEAT;
    out->instance_count = used;
    out->instance_refs = refs;
    out->instance_labels = labels;
    out->may_add = !entry->control->no_add_remove && count < LIMIT_REPEAT_INSTANCES;
    out->may_remove = !entry->control->no_add_remove;
    out->opens_first =
        out->may_add && used == 0 && appearance_has(entry->control->appearance, "opens-first");
    const char *label =
        entry->control->has_label ? label_of(record, entry->control, entry->node) : "";
    if (label[0] != '\0')
        out->group_label = label;
}

enum err record_screen(struct record *record, const char *ref, struct form_screen *out,
                       struct fail *why)
{
    const struct screen_entry *entry = screens_entry(record, ref);
    if (entry == NULL)
        return fail_set(why, ERR_NOT_FOUND, "there is no screen %s", ref);
    for (const struct built_screen *at = record->built; at != NULL; at = at->next) {
        if (at->entry == entry) {
            *out = at->screen;
            return ERR_OK;
        }
    }
    struct built_screen *built = ARENA_NEW(record->arena, struct built_screen);
    built->entry = entry;
    built->screen.ref = tree_ref(record->arena, entry->node);
    built->screen.group_label = group_label(record, entry);
    describe_instance(record, entry, &built->screen);
    if (entry->node->type == XML_COMMENT_NODE)
        build_repeat(record, entry, &built->screen);
    else
        build_questions(record, entry, &built->screen);
    built->next = record->built;
    record->built = built;
    *out = built->screen;
    return ERR_OK;
}

struct review_run {
    struct record *record;
    size_t capacity;
};

static void add_review(void *context, const struct form_control *control, xmlNode *node)
{
    struct review_run *run = context;
    struct record *record = run->record;
    if (!state_of(node)->relevant)
        return;
    if (record->review_count == run->capacity) {
        size_t capacity = run->capacity * 2 + 64;
        struct review_entry *grown = ARENA_ARRAY(record->arena, struct review_entry, capacity);
        if (record->review_count > 0)
            memcpy(grown, record->review, record->review_count * sizeof *grown);
        record->review = grown;
        run->capacity = capacity;
    }
    struct question *question = ARENA_NEW(record->arena, struct question);
    *question = question_build(record, control, node);
    const struct screen_entry *entry = screens_of_node(record, node);
    record->review[record->review_count++] = (struct review_entry){
        entry != NULL ? tree_ref(record->arena, entry->node) : question->ref, question};
}

void record_review(struct record *record,
                   void (*each)(void *context, const char *screen, const struct question *question),
                   void *context)
{
    struct review_run run = {record, 0};
    if (record->review == NULL) {
        record->review_count = 0;
        question_each(record, &record->form->body, record->root, add_review, &run);
    }
    for (size_t i = 0; i < record->review_count; i++)
        each(context, record->review[i].screen, record->review[i].question);
}
