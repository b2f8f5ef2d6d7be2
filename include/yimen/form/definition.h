// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/base/limits.h"
#include "yimen/form/form.h"
#include "yimen/xpath/xpath.h"
#include <libxml/hash.h>
#include <libxml/tree.h>

/// What a loaded form consists of: made by app/form, read by app/record alone.
///
/// One `form_node` stands for one element (or bound attribute) of the primary instance, however
/// many repeat instances of it a record has. One `form_rule` stands for one expression that a
/// record keeps up to date. Everything lives in the form's arena, except compiled expressions and
/// libxml2 trees.

struct form_node;
struct form_control;

/// An expression with what is known of it before it is ever evaluated.
struct form_expression {
    struct xpath_expression *compiled;
    const char *text;
    const xmlNode *element;              ///< where it is written
    int constant;                        ///< 1: true(), 0: false(), -1: to be evaluated
    bool language;                       ///< reads texts: changes with the language
    bool positions;                      ///< depends on the place among repeat instances
    struct form_expression *next_loaded; ///< list of all, to free them
};

enum form_piece_kind { PIECE_LITERAL, PIECE_VALUE, PIECE_ITEXT, PIECE_ITEXT_ID };

/// Part of a text: words, a value (<output>), or another text by its id.
struct form_piece {
    enum form_piece_kind kind;
    const char *literal; ///< LITERAL: words; ITEXT_ID: the id
    struct form_expression *value;
    struct form_piece *next;
};
struct form_text {
    struct form_piece *pieces, *last;
};

enum text_form {
    TEXT_PLAIN,
    TEXT_SHORT,
    TEXT_GUIDANCE,
    TEXT_IMAGE,
    TEXT_AUDIO,
    TEXT_VIDEO,
    TEXT_OTHER
};

struct itext_value {
    enum text_form form;
    struct form_text text;
    struct itext_value *next;
};
struct form_language {
    const char *name;
    xmlHashTable *texts; ///< id -> first itext_value
    struct form_language *next;
};

enum value_type {
    TYPE_STRING,
    TYPE_INT,
    TYPE_BOOLEAN,
    TYPE_DECIMAL,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_DATE_TIME,
    TYPE_BINARY,
    TYPE_BARCODE,
    TYPE_GEO,
};

enum rule_kind {
    RULE_RELEVANT,
    RULE_READONLY,
    RULE_REQUIRED,
    RULE_CALCULATE,
    RULE_COUNT,
    RULE_CHOICES
};

/// An expression that a record keeps up to date in every instance of `target`.
struct form_rule {
    enum rule_kind kind;
    struct form_node *target;
    struct form_expression *expression;
    bool local;   ///< reads no other instance of the repeats it stands in
    size_t order; ///< place in the order of computation, index in form.rules
    struct form_rule *next_loaded;
};
/// One of the rules that read a node.
struct form_reader {
    struct form_rule *rule;
    struct form_reader *next;
};

enum preload_kind {
    PRELOAD_NONE,
    PRELOAD_UID,
    PRELOAD_START,
    PRELOAD_END,
    PRELOAD_TODAY,
    PRELOAD_DEVICE,
    PRELOAD_USER,
    PRELOAD_EMAIL,
    PRELOAD_PHONE
};

struct form_bind {
    enum value_type type;
    const char *type_name;
    struct form_expression *constraint;
    struct form_text required_message, constraint_message;
    enum preload_kind preload;
    int line;
};

struct form_node {
    const char *name; ///< as written: "orx:meta"
    const char *local;
    const char *uri;        ///< "" when none
    const char *path;       ///< "/data/orx:meta"
    const char *local_path; ///< "/data/meta", as expressions name what they read
    size_t index;           ///< place in form.nodes, document order
    size_t end;             ///< one behind its last descendant
    size_t slot;            ///< place among its parent's children
    size_t depth;
    bool is_attribute, is_repeat;
    bool has_many;                     ///< several elements of this local name stand in one place
    struct form_node *parent, *repeat; ///< repeat: innermost repeat it is or stands in
    struct form_node *first_child, *last_child, *next;
    struct form_node *first_element; ///< first child that is no attribute: NULL for a leaf
    size_t child_count;
    xmlNode *model;           ///< defaults: element or attribute of the form's primary instance
    xmlNode *template_;       ///< repeats: what a new instance is made from
    bool template_has_values; ///< jr:template: its values are kept; else only its shape
    struct form_bind bind;
    struct form_rule *rules[RULE_CHOICES + 1];
    struct form_control *control;      ///< question
    struct form_control *group;        ///< group or repeat
    struct form_reader *readers;       ///< rules that read its value
    struct form_reader *deep_readers;  ///< rules that read the text of all below it
    struct form_reader *shape_readers; ///< rules that count or place it
    struct form_action *on_change,
        *on_change_last; ///< xforms-value-changed actions nested in its control
};

enum form_event {
    EVENT_FIRST_LOAD = 1,
    EVENT_LOAD = 2,
    EVENT_NEW_REPEAT = 4,
    EVENT_VALUE_CHANGED = 8,
    EVENT_REVALIDATE = 16 ///< before the record is sent
};

/// <setvalue>.
struct form_action {
    unsigned events;
    struct form_node *target;
    const char *ref;
    struct form_expression *ref_expression; ///< when the ref is more than a plain path
    struct form_expression *value;          ///< NULL: `literal`
    const char *literal;
    struct form_node *scope; ///< the repeat or control's node it is nested in, NULL: the model
    int line;
    struct form_action *next, *next_on_change;
};

enum control_kind {
    CONTROL_GROUP,
    CONTROL_REPEAT,
    CONTROL_INPUT,
    CONTROL_SELECT,
    CONTROL_SELECT_ONE,
    CONTROL_RANK,
    CONTROL_RANGE,
    CONTROL_UPLOAD,
    CONTROL_TRIGGER,
    CONTROL_OTHER
};

struct form_choice {
    const char *value;
    struct form_text label;
    struct form_choice *next;
};

struct form_itemset {
    struct form_expression *nodes;
    struct form_expression *value, *label;
    const char *value_child, *label_child; ///< plain child names, the fast way
    bool is_shuffled;                      ///< randomize() without a seed
    bool label_is_itext;                   ///< label ref="jr:itext(label_child or label)"
};

struct form_control {
    enum control_kind kind;
    const char *element;
    int line;
    struct form_node *node; ///< NULL: a group without ref
    struct form_control *parent, *first_child, *last_child, *next;
    const char *appearance;
    const char *media_type;
    struct form_text label, hint;
    bool has_label, has_hint;
    struct form_choice *choices;
    struct form_itemset *itemset;
    bool field_list, no_add_remove;
    bool is_query, is_unsupported;
    bool is_heading; ///< a select that only heads the rows below it: nothing is chosen there
    bool wraps;      ///< a group around the repeat of the same node
    double start, end, step;
};

struct form_instance {
    const char *id;
    xmlDoc *doc;
    bool is_external; ///< from a file beside the form
    struct form_instance *next;
};

struct form {
    struct arena *arena;
    char file[256];
    const struct crypto *crypto;
    const char *id, *version, *title, *public_key;
    xmlDoc *doc;             ///< the XForm itself
    xmlNode *root;           ///< primary instance's root in `doc`
    const char **namespaces; ///< prefix, URI, ..., NULL
    struct form_node *top;
    struct form_node **nodes;
    size_t node_count, numbered;
    bool makes_instance_id;            ///< the author left it out
    xmlHashTable *paths, *local_paths; ///< path -> form_node
    struct form_rule **rules, *loaded_rules;
    size_t rule_count;
    struct form_instance *instances;
    const char *primary_id; ///< "" when the primary <instance> has no id
    struct form_language *languages;
    const char **language_names;
    struct form_control body; ///< children are the screens' roots
    struct form_action *actions, *last_action;
    struct form_expression *expressions;
    struct form_expression *uid, *now, *today;
    size_t question_count;
    struct form_node *instance_id;
    bool has_language_rules;
};

/// "../x", "current()/x", "/data/r[1]/x" against a base path, as a definition path. False when it
/// is not a plain path.
bool path_resolve(struct arena *arena, const char *base, const char *ref, const char **out);

/// By its definition path, "/data/member/name"; NULL when there is none.
struct form_node *model_find(const struct form *form, const char *path);

/// Whether a word stands in an appearance.
bool appearance_has(const char *appearance, const char *word);

/// First form of the text with an id; NULL when the language has none.
const struct itext_value *itext_find(const struct form_language *language, const char *id);

/// Markdown subset and inline HTML to plain text.
const char *markup_strip(struct arena *arena, const char *text);

/// The text stored for a value of a type: whole numbers cut, dates checked. False: not of that
/// type; "" is stored, or the number that is too large.
bool value_normalise(enum value_type type, const char *text, char out[LIMIT_ANSWER + 1]);

/// The same for what a person wrote: a decimal stays as it is written ("2.50").
bool value_answered(enum value_type type, const char *text, char out[LIMIT_ANSWER + 1]);

/// Types that take any text as it is.
bool value_is_text(enum value_type type);
