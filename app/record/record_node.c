// SPDX-License-Identifier: GPL-3.0-or-later
// Every node with its state: for tools and tests, and for finding what is wrong.
#include "record_internal.h"

#include <stdlib.h>

enum record_violation node_violation(struct record *record, xmlNode *node)
{
    const struct node_state *state = state_of(node);
    if (!state->relevant || !tree_is_leaf(node))
        return VIOLATION_NONE;
    bool empty =
        tree_value(node)[0] == '\0' || (state->required && text_is_blank(tree_value(node)));
    if (empty)
        return state->required && !question_is_not_offered(state->def) ? VIOLATION_REQUIRED
                                                                       : VIOLATION_NONE;
    const struct form_expression *constraint = state->def->bind.constraint;
    record->asked_time = false;
    if (constraint == NULL || eval_boolean(record, constraint, node, true))
        return VIOLATION_NONE;
    // Nobody is refused by what a clock says that nobody vouches for.
    bool by_clock = record->asked_time && !record->is_dated;
    return by_clock ? VIOLATION_NONE : VIOLATION_CONSTRAINT;
}

void node_message(struct record *record, xmlNode *node, enum record_violation violation,
                  struct strbuf *out)
{
    const struct form_bind *bind = &state_of(node)->def->bind;
    struct text_wish wish = {TEXT_PLAIN, false};
    if (violation == VIOLATION_REQUIRED)
        eval_text(record, &bind->required_message, node, wish, out);
    else if (violation == VIOLATION_CONSTRAINT)
        eval_text(record, &bind->constraint_message, node, wish, out);
}

static const char *type_of(const xmlNode *node)
{
    const struct form_node *def = state_of(node)->def;
    static const char *const names[] = {
        [CONTROL_GROUP] = "group",        [CONTROL_REPEAT] = "repeat-instance",
        [CONTROL_INPUT] = "input",        [CONTROL_SELECT] = "select",
        [CONTROL_SELECT_ONE] = "select1", [CONTROL_RANK] = "rank",
        [CONTROL_RANGE] = "range",        [CONTROL_UPLOAD] = "upload",
        [CONTROL_TRIGGER] = "trigger",    [CONTROL_OTHER] = "input"};
    if (def->parent == NULL)
        return "root";
    if (def->is_repeat)
        return "repeat-instance";
    if (def->first_element != NULL)
        return "group";
    return def->control != NULL ? names[def->control->kind] : "model-value";
}

struct visit {
    struct record *record;
    void (*visit)(void *context, const struct record_node *node);
    void *context;
};

static const char *visit_text(struct record *record, bool has, const struct form_text *text,
                              xmlNode *node)
{
    if (!has)
        return NULL;
    struct strbuf out;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    eval_text(record, text, node, (struct text_wish){TEXT_PLAIN, true}, &out);
    const char *copy = arena_strdup(record->scratch, strbuf_text(&out));
    strbuf_free(&out);
    return copy;
}

static void describe_leaf(struct record *record, xmlNode *node, struct record_node *out)
{
    const struct node_state *state = state_of(node);
    out->has_value = true;
    out->value = state->relevant ? tree_value(node) : "";
    out->value_type = state->def->bind.type_name;
    out->violation = node_violation(record, node);
    if (out->violation != VIOLATION_NONE) {
        struct strbuf message;
        strbuf_init(&message, LIMIT_FORM_BYTES);
        node_message(record, node, out->violation, &message);
        out->violation_message =
            message.length > 0 ? arena_strdup(record->scratch, strbuf_text(&message)) : NULL;
        strbuf_free(&message);
    }
}

static void visit_element(const struct visit *visit, xmlNode *node)
{
    struct record *record = visit->record;
    arena_clear(record->scratch);
    const struct node_state *state = state_of(node);
    const struct form_control *control =
        state->def->control != NULL ? state->def->control : state->def->group;
    struct record_node out = {.ref = tree_ref(record->scratch, node),
                              .type = type_of(node),
                              .relevant = state->relevant,
                              .readonly = state_is_readonly(node),
                              .required = state->required,
                              .value = "",
                              .value_type = ""};
    if (tree_is_leaf(node))
        describe_leaf(record, node, &out);
    if (control != NULL) {
        out.label = visit_text(record, control->has_label, &control->label, node);
        out.hint = visit_text(record, control->has_hint, &control->hint, node);
        out.appearance = control->appearance;
    }
    if (control_has_choices(control)) {
        struct choice_list list = itemset_choices(record, control, node, record->scratch, true);
        out.choice_count = list.count;
        out.choices = list.choices;
    }
    visit->visit(visit->context, &out);
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            visit_element(visit, child);
    }
}

void record_visit(struct record *record,
                  void (*visit)(void *context, const struct record_node *node), void *context)
{
    struct visit all = {record, visit, context};
    visit_element(&all, record->root);
    arena_clear(record->scratch);
}

void record_choice(const struct record_node *node, size_t index, const char **value,
                   const char **label)
{
    const struct question_choice *choices = node->choices;
    *value = index < node->choice_count ? choices[index].value : "";
    *label = index < node->choice_count ? choices[index].label : "";
}
