// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "xpath_syntax.h"

/// What the parts of the expression engine share: the parsed tree, one running evaluation, node
/// lists, the function table. Private to app/xpath.

struct xpath_focus {
    xmlNode *node;
    size_t position, size;
};

struct xpath_list {
    xmlNode **nodes;
    size_t count, capacity;
    bool flat; ///< no node in it contains another
};

struct xpath_map; ///< pointer -> number, xpath_order.c

struct xpath_evaluation {
    const struct xpath_expression *expression;
    const struct xpath_host *host;
    xmlNode *context, *current;
    struct xpath_value *kept; ///< values of context-free parts, by slot
    bool *is_kept;
    bool unbound; ///< absolute paths reach every repeat instance (indexed-repeat)
    size_t visits_left;
    xmlNs **made; ///< namespace nodes; the tree has none of its own
    size_t made_count, made_capacity;
    struct xpath_map *made_by_element;
    struct fail *why;
};

enum xpath_function_flag {
    FUNCTION_VOLATILE = 1, ///< another value each time it is asked
    FUNCTION_CONTEXT = 2,  ///< reads the context node whatever its arguments are
    FUNCTION_IMPLICIT = 4, ///< reads the context node when it has no argument
    FUNCTION_POSITION = 8, ///< depends on where a node stands
    FUNCTION_RANDOM = 16,  ///< another value each time within one evaluation, too
    FUNCTION_UNSUPPORTED = 32,
    FUNCTION_STRUCTURE = 64, ///< asks which nodes there are, not what they hold
};
struct xpath_call {
    const struct xpath_node *node;
    struct xpath_node *const *arguments;
    size_t count;
    const struct xpath_focus *focus;
};
struct xpath_function {
    const char *name;
    int minimum, maximum; ///< arguments; maximum -1: any number
    unsigned flags;
    enum err (*call)(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                     struct xpath_value *out);
    double (*mathematics)(double number); ///< for those that are one call of the C library
};
/// One group of functions; ended by a NULL name.
extern const struct xpath_function xpath_string_functions[], xpath_text_functions[],
    xpath_number_functions[], xpath_boolean_functions[], xpath_date_functions[],
    xpath_select_functions[], xpath_nodes_functions[], xpath_repeat_functions[],
    xpath_digest_functions[], xpath_regex_functions[], xpath_unsupported_functions[];
const struct xpath_function *xpath_function_find(const char *name, size_t length);

// ---- evaluating
enum err xpath_evaluate_node(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                             const struct xpath_focus *focus, struct xpath_value *out) MUST_USE;
/// As above, but a kept value is lent instead of copied: `*value` points to it or to `storage`,
/// which the caller clears.
enum err xpath_evaluate_borrow(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                               const struct xpath_focus *focus, struct xpath_value *storage,
                               const struct xpath_value **value) MUST_USE;
enum err xpath_evaluate_path(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                             const struct xpath_focus *focus, struct xpath_value *out) MUST_USE;
/// Drops the nodes of a list for which the predicate is false; positions count from the list's
/// start.
enum err xpath_filter(struct xpath_evaluation *evaluation, const struct xpath_node *predicate,
                      struct xpath_list *list) MUST_USE;
enum err xpath_binary(struct xpath_evaluation *evaluation, const struct xpath_node *node,
                      const struct xpath_focus *focus, struct xpath_value *out) MUST_USE;
enum err xpath_compare(struct xpath_evaluation *evaluation, enum xpath_operator operation,
                       const struct xpath_value *left, const struct xpath_value *right,
                       bool *out) MUST_USE;
/// Counts work against the budget; ERR_FULL when it is used up.
enum err xpath_visit(struct xpath_evaluation *evaluation, size_t count) MUST_USE;

// ---- arguments of functions, converted
enum err xpath_argument_string(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               size_t index, char **out) MUST_USE;
enum err xpath_argument_number(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               size_t index, double *out) MUST_USE;
enum err xpath_argument_boolean(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                                size_t index, bool *out) MUST_USE;
/// ERR_INPUT when the argument is not a node-set.
enum err xpath_argument_nodes(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              size_t index, struct xpath_value *out) MUST_USE;

// ---- axes and lists
enum err xpath_axis_collect(struct xpath_evaluation *evaluation, const struct xpath_step *step,
                            xmlNode *node, size_t enough, struct xpath_list *out) MUST_USE;
bool xpath_axis_is_reverse(enum xpath_axis axis);
bool xpath_test_matches(const struct xpath_evaluation *evaluation, const struct xpath_step *step,
                        const xmlNode *node);
xmlNode *xpath_parent(const xmlNode *node);
void xpath_list_add(struct xpath_list *list, xmlNode *node);
void xpath_list_free(struct xpath_list *list);
/// Document order without duplicates.
enum err xpath_list_normalise(struct xpath_evaluation *evaluation,
                              struct xpath_list *list) MUST_USE;
/// < 0, 0, > 0 in document order; `visits` counts the nodes walked.
int xpath_order(const xmlNode *a, const xmlNode *b, size_t *visits);
struct xpath_map *xpath_map_new(void);
void xpath_map_free(struct xpath_map *map);
/// Where the number of a key is kept; a new key starts with 0 and sets *is_new.
size_t *xpath_map_at(struct xpath_map *map, const void *key, bool *is_new);
bool xpath_map_has(const struct xpath_map *map, const void *key);
/// The namespace nodes of an element, made on first use.
enum err xpath_namespaces_of(struct xpath_evaluation *evaluation, xmlNode *element,
                             struct xpath_list *out) MUST_USE;

// ---- values
void *xpath_allocate(size_t size); ///< ends the program without memory, as the arena does
void *xpath_grow(void *memory, size_t count, size_t size);
void xpath_string_free(char *text); ///< wipes first: answers pass through here
void xpath_set_string(struct xpath_value *out, char *taken);
enum err xpath_set_buffer(struct xpath_evaluation *evaluation, struct xpath_value *out,
                          struct strbuf *buffer) MUST_USE;
void xpath_set_number(struct xpath_value *out, double number);
void xpath_set_boolean(struct xpath_value *out, bool boolean);
void xpath_set_list(struct xpath_value *out, struct xpath_list *list);
void xpath_set_node(struct xpath_value *out, xmlNode *node); ///< NULL: the empty node-set
/// A point in time as a DATE value; a local midnight is written as a date alone. NaN: "Invalid
/// Date".
void xpath_set_date(const struct xpath_host *host, struct xpath_value *out, double days);
void xpath_value_copy(const struct xpath_value *from, struct xpath_value *out);
/// String value of a node, appended; a node that is not relevant is ''. `visits` may be NULL.
void xpath_node_text(const struct xpath_host *host, const xmlNode *node, struct strbuf *out,
                     size_t *visits);
/// The same as a string on the heap; `*borrowed` points into the tree instead when that is enough
/// (then NULL is returned).
char *xpath_node_string(const struct xpath_host *host, const xmlNode *node, const char **borrowed,
                        size_t *visits);
double xpath_node_number(const struct xpath_host *host, const xmlNode *node, size_t *visits);
double xpath_text_to_number(const struct xpath_host *host, const char *text);
double xpath_shift_decimal(double number, int places); ///< number * 10^places, rounded once
double xpath_parse_number(const char *text,
                          size_t length); ///< XPath's number syntax alone, else NaN

// ---- what groups of functions share
/// Tokens between white space; *at moves on. False at the end.
bool xpath_next_token(const char **at, const char **token, size_t *length);
/// A random number from 0 up to 1; ERR_TECHNICIAN without a crypto port.
enum err xpath_random(struct xpath_evaluation *evaluation, double *out) MUST_USE;
enum err xpath_need_crypto(struct xpath_evaluation *evaluation,
                           const struct xpath_call *call) MUST_USE;
/// Days of whatever may stand for a date: a date, a number of days, a text. NaN when it is none.
double xpath_value_days(const struct xpath_host *host, const struct xpath_value *value);

// ---- dates
/// Days since 1970-01-01 UTC of an ISO date or dateTime; false when it is none. `lenient`:
/// "1970-1-2" counts.
bool xpath_date_parse(const struct xpath_host *host, const char *text, bool lenient, double *days);
/// True for days a date can be written for; false for NaN.
bool xpath_days_are_a_date(double days);
/// Minutes east of UTC that the zone has at a moment.
int xpath_zone_offset(const char *zone, int64_t utc_ms);
/// The moment at which a zone's clocks show this time.
int64_t xpath_zone_to_utc(const char *zone, const struct calendar *local);
