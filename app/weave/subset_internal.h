// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/weave/subset.h"
#include "yimen/xml/dom.h"

/// Inside the making of a short form: what is asked, and where it stands in the first form.

enum { SUBSET_GROUPS = 16, SUBSET_TOKENS = 4096 };

struct subset_tokens;

struct subset_question {
    const char *ref;  ///< "/data/member[2]/relation"
    const char *path; ///< "/data/member/relation"
    const char *reason;
    char answer[SUBSET_REF];        ///< "/data/answer/a1"
    xmlNode *control, *bind;        ///< bind NULL: none
    xmlNode *groups[SUBSET_GROUPS]; ///< groups and repeats around it, outermost first
    size_t group_count;
};

struct subset {
    struct arena *arena;
    xmlDoc *doc;
    xmlNode *html, *head, *model, *body, *data; ///< data: root of the primary instance
    struct subset_question questions[SUBSET_QUESTIONS];
    size_t count;
    const char *version;
    struct subset_tokens *tokens; ///< of the expression being read
};

// ---- form_subset_expression.c
struct subset_tokens *subset_tokens_new(struct arena *arena);
/// The expression in the short form's words, of the terms joined by "and" only those that can be
/// judged; NULL: none of them. `itself`: "." is this question.
const char *subset_terms(const struct subset *subset, const struct subset_question *question,
                         const char *text, bool itself);
/// The whole expression, or NULL when some of it cannot be judged.
const char *subset_whole(const struct subset *subset, const struct subset_question *question,
                         const char *text);
/// What can be said of a value that is shown: of if(...) the branches that can be judged.
const char *subset_shown(const struct subset *subset, const struct subset_question *question,
                         const char *text);
/// Where the choices of an itemset come from; NULL: from other answers.
const char *subset_nodeset(const struct subset *subset, const struct subset_question *question,
                           const char *text);

// ---- form_subset_text.c
/// What a control or group is called: puts a label before its first child, and the reason as a
/// note.
void subset_label(const struct subset *subset, const struct subset_question *question,
                  xmlNode *group);
/// Values shown inside sentences: those of other answers become "…".
void subset_outputs(const struct subset *subset, const struct subset_question *question,
                    xmlNode *element);
/// Drops every sentence of the itext that nothing names any longer.
void subset_prune_texts(const struct subset *subset);
