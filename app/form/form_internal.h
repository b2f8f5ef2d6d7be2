// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/text.h"
#include "yimen/form/definition.h"
#include "yimen/form/uris.h"
#include "yimen/xml/csv.h"
#include "yimen/xml/dom.h"
#include "yimen/xml/origin.h"
#include <string.h>

/// What the parts of the loader share; what they make is in yimen/form/definition.h.

struct kept_finding {
    struct form_finding finding;
    int order;     ///< its line of the whole
    size_t number; ///< in the order of loading
};

/// What the parts of the loader pass around.
struct form_loader {
    struct form *form;
    const struct form_source *source;
    form_report *report;
    void *context;
    size_t error_count;
    struct fail first;
    struct kept_finding *findings;
    size_t finding_count;
    xmlNode *head, *model, *body;
    xmlHashTable *bind_ids; ///< bind id -> nodeset, while the body is read
};

// form_find.c: findings
void loader_find(struct form_loader *loader, enum form_severity severity, const xmlNode *at,
                 const char *advice, const char *format, ...) PRINTF_LIKE(5, 6);
/// Hands the findings over in file order, and keeps the first error.
void loader_report(struct form_loader *loader);

// form_check.c
void loader_check_media(struct form_loader *loader);
void loader_check_unused(struct form_loader *loader);
void loader_check_texts(struct form_loader *loader);
void loader_check_controls(struct form_loader *loader);

// form_expression.c
/// NULL and a finding when it does not compile.
struct form_expression *expression_compile(struct form_loader *loader, const char *text,
                                           const xmlNode *at);
/// NULL for an absent attribute.
struct form_expression *expression_attribute(struct form_loader *loader, const xmlNode *at,
                                             const char *uri, const char *name);

// form_model.c
void model_build(struct form_loader *loader);
/// After the body is known: which nodes repeat, templates, order.
void model_finish(struct form_loader *loader);
/// The definition of a bound attribute, "/data/group/@name"; NULL when there is none.
struct form_node *model_attribute(struct form_loader *loader, const char *path);
/// The nodeset of the bind with this id, NULL when there is none. While body and events are read.
const char *bind_nodeset(struct form_loader *loader, const char *id);

// form_lint.c
/// What is allowed and yet a trap for whoever answers.
void loader_lint(struct form_loader *loader);

// form_bind.c, form_body.c, form_event.c, form_text.c, form_itext.c, form_external.c, form_graph.c
void binds_load(struct form_loader *loader);
void body_load(struct form_loader *loader);
void control_load_choices(struct form_loader *loader, struct form_control *control,
                          const xmlNode *element);
void events_load(struct form_loader *loader);
struct form_text text_load(struct form_loader *loader, const xmlNode *element);
/// A literal message, or jr:itext(...).
struct form_text text_load_message(struct form_loader *loader, const xmlNode *at,
                                   const char *message);
void itext_load(struct form_loader *loader);
void instances_load(struct form_loader *loader);
enum err geojson_parse(const char *text, size_t length, xmlDoc *doc, struct fail *why) MUST_USE;
void graph_build(struct form_loader *loader);
struct form_rule *rule_add(struct form_loader *loader, struct form_node *node, enum rule_kind kind,
                           struct form_expression *expression);

// form_value.c
enum value_type value_type_named(const char *name);
