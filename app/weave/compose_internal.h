// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/form/uris.h"
#include "yimen/weave/compose.h"
#include "yimen/xml/dom.h"
#include <libxml/hash.h>

/// Inside the composing of forms: what was read, where each part goes, and how text is written.

#define ITEMS_URI "urn:yimen:items:1"

enum { COMPOSE_PARTS = 64, COMPOSE_LANGUAGES = 8, COMPOSE_PATH = 160 };

struct compose_source;
/// One child of /data of one form.
struct compose_part {
    const char *name;
    xmlNode *data;
    const char *print;                  ///< everything that makes it alike to another, as text
    const struct compose_source *first; ///< of those that share it (itself: nobody before)
    bool shared;
    bool common;           ///< /data/visit, /data/level, meta: merged by rules of their own
    char at[COMPOSE_PATH]; ///< where it goes, "/data/applicant"
};

struct compose_text {
    const char *name;                     ///< its id in the composed form
    xmlNode *language[COMPOSE_LANGUAGES]; ///< as in compose.languages
};

struct compose_source {
    const struct form_item *item;
    xmlDoc *doc;
    xmlNode *model, *data, *body;
    const char *form_id, *version;
    size_t part_count;
    struct compose_part parts[COMPOSE_PARTS];
    xmlHashTable *texts; ///< id -> struct compose_text
};

struct compose {
    const struct form_composition *composition;
    struct arena *arena;
    struct compose_source sources[FORM_ITEMS];
    size_t count, language_count;
    const char *languages[COMPOSE_LANGUAGES];
    struct strbuf *out;
    const char *version; ///< "" while the digest is made
};

// ---- form_compose_text.c: writing, and what is written in another name
/// Attribute text as it is, or, of a source, with its parts and sentences where they went.
const char *compose_rewrite(const struct compose *compose, const struct compose_source *source,
                            const char *text);
/// An element with everything in it; `source` NULL: as it is.
void compose_write(const struct compose *compose, const struct compose_source *source,
                   const xmlNode *node, struct strbuf *out);
/// Calls for each part ("/data/NAME") or sentence (jr:itext('ID')) that the text names.
struct compose_seen {
    void (*part)(void *context, const char *name);
    void (*text)(void *context, const char *id);
    void *context;
};
void compose_look(const struct compose *compose, const char *text, const struct compose_seen *seen);
/// The same for every attribute of an element and what is in it.
void compose_look_in(const struct compose *compose, const xmlNode *node,
                     const struct compose_seen *seen);

// ---- form_compose_plan.c: which parts are shared, where each goes
enum err compose_plan(struct compose *compose, struct fail *why) MUST_USE;
struct compose_part *compose_part_of(const struct compose_source *source, const char *name);
/// The part that a path is in ("/data/member/name" -> "member"), NULL when it names none.
const char *compose_part_name(const struct compose *compose, const char *path);
/// The part that a child of h:body asks, NULL when it asks nothing.
const char *compose_body_part(const struct compose *compose, const xmlNode *node);

// ---- form_compose_bind.c: binds, merged where several items speak of one node
enum err compose_binds(struct compose *compose, struct strbuf *out, struct fail *why) MUST_USE;
// ---- form_compose_itext.c
enum err compose_texts_read(struct compose *compose, struct compose_source *source,
                            struct fail *why) MUST_USE;
/// Gives sentences of one id and different text names of their own.
void compose_texts_name(struct compose *compose);
void compose_itext(const struct compose *compose, struct strbuf *out);
