// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/xpath/tokens.h"
#include "yimen/xpath/xpath.h"

/// The form an expression has: the tree that is parsed once and never changes. Private to
/// app/xpath.

enum {
    XPATH_MAXIMUM_DEPTH = 500,    ///< of the parsed tree: long "or" chains fit, the stack does too
    XPATH_MAXIMUM_TEXT = 1 << 20, ///< bytes of one expression
    XPATH_MAXIMUM_STRING = 4 << 20,  ///< bytes of one string value
    XPATH_MAXIMUM_LIST = 4 << 20,    ///< nodes of one node-set
    XPATH_DEFAULT_VISITS = 50000000, ///< nodes and sub-expressions visited in one evaluation
};

enum xpath_axis {
    AXIS_CHILD,
    AXIS_PARENT,
    AXIS_SELF,
    AXIS_ATTRIBUTE,
    AXIS_DESCENDANT,
    AXIS_DESCENDANT_OR_SELF,
    AXIS_ANCESTOR,
    AXIS_ANCESTOR_OR_SELF,
    AXIS_FOLLOWING_SIBLING,
    AXIS_PRECEDING_SIBLING,
    AXIS_FOLLOWING,
    AXIS_PRECEDING,
    AXIS_NAMESPACE,
    AXIS_COUNT,
};
enum xpath_test {
    TEST_NAME,
    TEST_ANY,
    TEST_PREFIX,
    TEST_NODE,
    TEST_TEXT,
    TEST_COMMENT,
    TEST_INSTRUCTION
};

struct xpath_node;
struct xpath_step {
    enum xpath_axis axis;
    enum xpath_test test;
    const char *prefix; ///< as written, "" for none
    const char
        *uri; ///< what the prefix stands for; NULL: unknown, the written prefixes are compared
    const char *local;
    struct xpath_node **predicates;
    size_t predicate_count;
};

enum xpath_node_kind {
    KIND_LITERAL,
    KIND_NUMBER,
    KIND_NEGATE,
    KIND_BINARY,
    KIND_CALL,
    KIND_PATH,
    KIND_FILTER
};

struct xpath_node {
    enum xpath_node_kind kind;
    enum xpath_operator operation;
    size_t depth;
    double number;
    const char *text;                      ///< literal, or the name of a function that is not known
    const struct xpath_function *function; ///< CALL; NULL when not known
    size_t function_position;              ///< CALL: where it stands, for messages
    struct xpath_node **
        arguments; ///< operands, arguments; PATH and FILTER: [0] is where it starts (may be absent)
    size_t argument_count;
    bool absolute;            ///< PATH
    struct xpath_step *steps; ///< PATH
    size_t step_count;
    struct xpath_node **predicates; ///< FILTER
    size_t predicate_count;
    bool context_free;  ///< the same for every context node of one evaluation
    bool holds_random;  ///< gives another value each time, even within one evaluation
    bool uses_position; ///< asks position() or last() of its own focus
    int slot;           ///< where its value is kept while one evaluation runs, -1: not kept
    int pattern;        ///< regex(): number of its compiled literal pattern, -1: none
};

struct xpath_expression {
    struct arena *arena;
    char *text;
    const char *const *namespaces; ///< copy, in the arena
    struct xpath_node *root;
    int slot_count;
    void **patterns; ///< pcre2_code, see xpath_function_regex.c
    int pattern_count;
};

/// `strict`: unknown functions and wrong argument counts are errors now, not when they are reached.
enum err xpath_parse(struct xpath_expression *expression, bool strict, struct fail *why) MUST_USE;
/// Compiles the literal pattern of a regex() call; *number receives its place.
enum err xpath_pattern_add(struct xpath_expression *expression, const char *pattern, int *number,
                           struct fail *why) MUST_USE;
void xpath_patterns_free(struct xpath_expression *expression);
