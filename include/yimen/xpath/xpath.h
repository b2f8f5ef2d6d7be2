// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/when.h"
#include "yimen/port/crypto.h"
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// XPath 1.0 with the ODK functions, over a libxml2 tree: compiled once, evaluated with typed
/// values. For app/form and app/record, which have libxml2 trees; others ask them. It knows nothing
/// of binds; what it must ask of the form goes through `struct xpath_host`.
///
/// Life cycle: `xpath_compile` at form load -> `xpath_evaluate` any number of times ->
/// `xpath_free`. Values are held in the caller's arena-like `struct xpath_value` and freed with
/// `xpath_value_clear`. Evaluation is bounded: steps and memory have maxima in the host (a million
/// repeats end in ERR_FULL, not in a hang).

enum xpath_kind {
    XPATH_STRING,
    XPATH_NUMBER,
    XPATH_BOOLEAN,
    XPATH_NODES,
    XPATH_DATE /* date or dateTime text, compares as days */
};

struct xpath_value {
    enum xpath_kind kind;
    double number;
    bool boolean;
    char *string; ///< STRING and DATE, owned
    xmlNode *
        *nodes; ///< NODES, owned array in document order; attributes appear as (xmlNode *)xmlAttr
    size_t node_count;
    double days;  ///< DATE: days since 1970-01-01 (with fraction for a time)
    xmlNs **made; ///< NODES: namespace nodes in it, which no tree owns; freed with the value
    size_t made_count;
};

/// What an evaluation may ask of the form. Any function may be NULL: then the plain XPath answer
/// holds.
struct xpath_host {
    void *self;
    xmlNode *root; ///< the node absolute paths start from: "/data" is its child (the primary
                   ///< `<instance>` element, or the document)
    bool xforms;   ///< true: absolute paths belong to the primary instance and are bound to the
                   ///< context's repeat instances
    /// Root element of a secondary instance (or the primary by its id). instance() is that
    /// element's parent.
    xmlNode *(*instance)(void *self, const char *id);
    bool (*is_relevant)(void *self, const xmlNode *node); ///< a non-relevant node reads as ''
    bool (*is_repeat)(void *self, const xmlNode *node);
    /// jr:itext(): text of an id in the active language. Appends; false when unknown.
    bool (*itext)(void *self, const char *id, struct strbuf *out);
    /// jr:choice-name(value, path): label of the choice of the control at `path`
    /// (context-resolved). Appends; false when unknown.
    bool (*choice_name)(void *self, const char *value, const char *path, const xmlNode *context,
                        struct strbuf *out);
    /// Value of an `once()`, `position()` etc. needs no host. Prefix map: pairs prefix, URI;
    /// NULL-terminated.
    const char *const *namespaces;
    const struct crypto *crypto;
    int64_t now_utc_ms;
    bool *asked_time;      ///< set once an evaluation asks for today() or now(); may be NULL
    const char *time_zone; ///< IANA
    const char *language;
    size_t max_nodes; ///< nodes visited in one evaluation; 0 = 50 million
    /// jr:itext() as a node (the `value` element) instead of a text; used when it is set and knows
    /// the id.
    xmlNode *(*itext_node)(void *self, const char *id);
    /// A shortcut past many siblings: the one child element with a local name. `known` is set to
    /// false when there may be several, or none that the host knows of.
    xmlNode *(*only_child)(void *self, const xmlNode *parent, const char *local, bool *known);
};

struct xpath_expression;

/// `why` says position and what is wrong ("unknown function foo()", "expected ) at 12"). ERR_INPUT.
enum err xpath_compile(const char *text, const char *const *namespaces,
                       struct xpath_expression **out, struct fail *why) MUST_USE;
/// As above, but unknown functions and wrong argument counts are errors only when they are reached
/// in an evaluation.
enum err xpath_compile_lenient(const char *text, const char *const *namespaces,
                               struct xpath_expression **out, struct fail *why) MUST_USE;
void xpath_free(struct xpath_expression *expression);
const char *xpath_text(const struct xpath_expression *expression);

/// `context` is the context node; `current` (what current() is) is normally the same. Position and
/// size are 1.
enum err xpath_evaluate(const struct xpath_expression *expression, const struct xpath_host *host,
                        xmlNode *context, xmlNode *current, struct xpath_value *out,
                        struct fail *why) MUST_USE;

/// Frees what a value owns; it may be cleared twice.
void xpath_value_clear(struct xpath_value *value);
/// XPath conversions as ODK does them (numbers as plain decimals, dates as days for number).
char *xpath_to_string(const struct xpath_host *host, const struct xpath_value *value) MUST_USE;
double xpath_to_number(const struct xpath_host *host, const struct xpath_value *value);
bool xpath_to_boolean(const struct xpath_host *host, const struct xpath_value *value);
/// Number as ODK writes it: "12", "1.5", "13800138000", "NaN", "Infinity". Returns its length.
size_t xpath_format_number(double number, char out[400]);

/// What an expression reads: each location path in it as a definition path without positions
/// ("/data/member/income"; instance('x')/... as "instance(x)/..."), resolved against `context_path`
/// ("/data/member/total"); steps that can be anything
/// ("*", "//", "..") are resolved where they can be, else given with "*" / "//" kept. Paths inside
/// predicates are reported too, resolved against the step they stand in. `deep` is true when the
/// string value of a subtree may be read ("..", ".", "*", "//"), and false where only which nodes
/// there are is asked (count(), position()). Names are local names.
void xpath_each_reference(const struct xpath_expression *expression, const char *context_path,
                          void (*each)(void *self, const char *path, bool deep), void *self);
/// True when it calls a function whose value changes by itself (now, today, random, uuid) or is
/// position-dependent.
bool xpath_is_volatile(const struct xpath_expression *expression);
/// True when it calls the named function.
bool xpath_calls(const struct xpath_expression *expression, const char *function);
