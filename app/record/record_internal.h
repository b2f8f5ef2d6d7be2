// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/text.h"
#include "yimen/form/definition.h"
#include "yimen/form/uris.h"
#include "yimen/record/record.h"
#include "yimen/xml/dom.h"
#include <string.h>

/// A record being filled in, private to app/record.
///
/// The record is a libxml2 tree without white space; `_private` of each element and attribute
/// points to its `node_state`. In front of the instances of each repeat stands a comment node, the
/// repeat's anchor: it marks the place of an empty repeat and is the context of jr:count.

struct node_state {
    const struct form_node *def;
    xmlNode *
        *slots; ///< per child of def: the first element, or the repeat's anchor; attributes too
    xmlNode **shuffled; ///< order of unseeded random choices, kept while they are the same
    size_t shuffled_count;
    char *stored;  ///< choices: what was stored, of which only what is on offer is the value
    size_t screen; ///< place of the screen that shows it, counted from 1
    bool self_relevant, relevant;
    bool readonly, required;
    bool asked; ///< somebody has gone on from a screen that showed it
    bool is_anchor;
};

/// Where a rule is to run: everywhere, or inside some subtrees.
enum { RULE_SCOPES = 6 };
struct pending {
    bool queued, everywhere;
    unsigned char scope_count;
    xmlNode *scopes[RULE_SCOPES];
    unsigned short runs;
};

struct screen_entry {
    const struct form_control *control; ///< question, field list or repeat
    xmlNode *node;       ///< question's element, first question of a field list, or anchor
    xmlNode *instance;   ///< innermost repeat instance it is in, NULL
    xmlNode *list_at;    ///< field list: where its questions are looked for, NULL otherwise
    size_t first, count; ///< field list: relevant questions [first, first + count)
    bool relevant;
};

struct built_screen {
    const struct screen_entry *entry;
    struct form_screen screen;
    struct built_screen *next;
};

struct review_entry {
    const char *screen;
    const struct question *question;
};

struct record {
    const struct form *form;
    struct record_options options;
    char *time_zone, *device_id, *user_name, *email, *phone_number, *instance_id;
    const struct form_language *language;
    xmlDoc *doc;
    xmlNode *root;
    struct xpath_host host;
    struct pending *pending;
    size_t *heap; ///< queued rules by order, a binary heap
    size_t heap_count;
    size_t steps;     ///< rule runs in the operation under way
    int64_t began_ms; ///< monotonic
    bool exhausted;   ///< the operation was stopped: it computed too much
    bool is_dated;    ///< the clock is vouched for
    bool asked_time;  ///< the constraint just looked at asks for today() or now()
    bool loading;
    struct arena *arena;   ///< strings handed out since the last change
    struct arena *scratch; ///< strings of one visit
    struct screen_entry *screens;
    size_t screen_count, screen_capacity;
    bool screens_ready;
    struct built_screen *built;
    struct review_entry *review;
    size_t review_count;
    const struct question_choice *visit_choices;
    size_t node_count;
    int text_depth, choice_depth;
    char normal[LIMIT_ANSWER + 1];
    xmlNode **changed; ///< questions whose value changed and that have actions for it
    size_t changed_count, changed_capacity;
};

static inline struct node_state *state_of(const xmlNode *node)
{
    return (struct node_state *)node->_private;
}

static inline bool control_has_choices(const struct form_control *control)
{
    return control != NULL &&
           (control->kind == CONTROL_SELECT || control->kind == CONTROL_SELECT_ONE ||
            control->kind == CONTROL_RANK);
}

/// A question that nobody can answer here: what a kiosk does not offer is never demanded.
static inline bool question_is_not_offered(const struct form_node *def)
{
    return def->control != NULL &&
           (def->control->is_unsupported || def->control->is_heading ||
            def->control->kind == CONTROL_UPLOAD || def->control->kind == CONTROL_OTHER ||
            def->bind.type == TYPE_BINARY);
}

// record_tree.c
/// Build the tree from the form's defaults, or from `edit`.
enum err tree_build(struct record *record, xmlNode *edit, struct fail *why) MUST_USE;
void record_tree_free(struct record *record);
/// A new instance of a repeat behind `after` (the anchor or an instance).
xmlNode *tree_add_instance(struct record *record, xmlNode *after, const struct form_node *def);
/// Number `index` of a counted repeat: as the form wrote that instance, with its defaults, and
/// behind those a new one. (As web-forms; of a repeat inside another all are new ones.)
xmlNode *tree_add_counted(struct record *record, xmlNode *after, const struct form_node *def,
                          size_t index);
void tree_remove(struct record *record, xmlNode *instance);
/// Element, attribute or anchor by its positional ref. NULL when it is not there.
xmlNode *record_tree_find(const struct record *record, const char *ref);
/// The anchor of a range ref ("/data/member").
xmlNode *tree_find_range(const struct record *record, const char *ref);
/// The node of definition `def` that shares the most repeat instances with `near`.
xmlNode *tree_near(const struct record *record, const xmlNode *near, const struct form_node *def);
/// Calls for each node of `def` inside `scope` (or that contains `scope`); false stops.
void tree_each(const struct record *record, const struct form_node *def, xmlNode *scope,
               void (*each)(void *context, xmlNode *node), void *context);
xmlNode *tree_first_instance(const xmlNode *anchor);
xmlNode *tree_next_instance(const xmlNode *instance);
size_t tree_count(const xmlNode *anchor);
size_t tree_position(const xmlNode *instance);
xmlNode *tree_anchor(const xmlNode *instance);
/// "/data/member[2]/name", in the given arena.
const char *tree_ref(struct arena *arena, const xmlNode *node);
const char *tree_value(const xmlNode *node);
void tree_set_value(xmlNode *node, const char *value);
bool tree_is_leaf(const xmlNode *node);
/// Innermost repeat instance a node is or stands in, NULL when none.
xmlNode *tree_instance_of(const xmlNode *node);
bool state_is_readonly(const xmlNode *node);

// record_eval.c
void eval_prepare(struct record *record);
void eval_begin(struct record *record);
/// Owned string, "" when it cannot be evaluated.
char *eval_string(struct record *record, const struct form_expression *expression,
                  xmlNode *at) MUST_USE;
/// The same for a value to be stored at `at`: of a comparison a number is 1 or 0.
char *eval_typed(struct record *record, const struct form_expression *expression,
                 xmlNode *at) MUST_USE;
bool eval_boolean(struct record *record, const struct form_expression *expression, xmlNode *at,
                  bool otherwise);
double eval_number(struct record *record, const struct form_expression *expression, xmlNode *at);
enum err eval_nodes(struct record *record, const struct form_expression *expression, xmlNode *at,
                    struct xpath_value *out) MUST_USE;
/// Appends a text in the active language; `form` picks one form of an itext, or `every` words.
struct text_wish {
    enum text_form form;
    bool every; ///< all forms that are words, one after the other
};
void eval_text(struct record *record, const struct form_text *text, xmlNode *at,
               struct text_wish wish, struct strbuf *out);

// record_schedule.c
/// The rule runs below `scope`, NULL: everywhere.
void schedule_rule(struct record *record, const struct form_rule *rule, xmlNode *scope);
/// The next rule to run, taken from the queue; where is in its `pending`. NULL: none is left.
const struct form_rule *schedule_next(struct record *record);
void schedule_readers(struct record *record, const struct form_reader *readers, xmlNode *node);
/// A value changed.
void schedule_value(struct record *record, xmlNode *node);
/// An instance of a repeat below `parent` was added, or (NULL) removed.
void schedule_repeat(struct record *record, const struct form_node *def, xmlNode *parent,
                     xmlNode *instance);
/// An instance is about to go: what was to run inside it runs everywhere.
void schedule_forget_scopes(struct record *record);

// record_store.c
/// Store a value as the type wants it, and queue what depends on it. True when it changed.
bool store_value(struct record *record, xmlNode *node, const char *value);
/// The same for an answer of at most LIMIT_ANSWER bytes, as the person wrote it.
bool store_answer(struct record *record, xmlNode *node, const char *value);

// record_recompute.c
void recompute_all(struct record *record);
/// Runs what is queued, and what that queues.
void recompute_run(struct record *record);
void recompute_language(struct record *record);

// record_repeat.c
/// Keep what choices are stored as, before only those on offer become the value.
void repeat_keep_choices(struct record *record, xmlNode *node);
xmlNode *repeat_append(struct record *record, xmlNode *anchor);
void repeat_drop(struct record *record, xmlNode *instance);
void repeat_set_count(struct record *record, xmlNode *anchor, double wanted);

// record_event.c
/// Everywhere its ref names.
void event_run(struct record *record, const struct form_action *action);
void event_new_repeat(struct record *record, xmlNode *instance);
/// The setvalues nested in a control. One with more than one target sets nothing.
void event_value_changed(struct record *record, xmlNode *node);

// record_preload.c
void preload_run(struct record *record, xmlNode *from);
void preload_finish(struct record *record);

// record_moment.c
void moment_load(struct record *record, bool first);
/// Before the record is sent.
void moment_finish(struct record *record);

// record_itemset.c
struct choice_list {
    struct question_choice *choices;
    size_t count;
};
/// All choices of a control, in the arena.
struct choice_list itemset_choices(struct record *record, const struct form_control *control,
                                   xmlNode *at, struct arena *arena, bool every);
/// Label of one value; false when it is not on offer.
bool itemset_label(struct record *record, const struct form_control *control, xmlNode *at,
                   const char *value, struct strbuf *out);
/// Make the value what of `stored` is on offer. True when it changed.
bool itemset_filter(struct record *record, xmlNode *node);

// record_node.c
enum record_violation node_violation(struct record *record, xmlNode *node);
void node_message(struct record *record, xmlNode *node, enum record_violation violation,
                  struct strbuf *out);

// record_screen.c, record_question.c
void screens_forget(struct record *record);
void screens_build(struct record *record);
const struct screen_entry *screens_of_node(struct record *record, const xmlNode *node);
/// The relevant screen that a ref names, NULL when there is none.
const struct screen_entry *screens_entry(struct record *record, const char *ref);
struct question question_build(struct record *record, const struct form_control *control,
                               xmlNode *node);
/// Called for each question control below a list, with its element.
void question_each(struct record *record, const struct form_control *list, xmlNode *at,
                   void (*each)(void *context, const struct form_control *control, xmlNode *node),
                   void *context);
