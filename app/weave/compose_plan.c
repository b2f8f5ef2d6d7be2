// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of the forms are the same question, and where each part goes. Alike is what reads the
// same: nodes, binds (but for when the part itself is asked), questions, sentences. A part that
// refers to something that did not stay in one place cannot stay shared either.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

#define DATA_STEP "/data/"

struct compose_part *compose_part_of(const struct compose_source *source, const char *name)
{
    for (size_t i = 0; i < source->part_count; i++)
        if (text_equal(source->parts[i].name, name))
            return (struct compose_part *)(uintptr_t)&source->parts[i];
    return NULL;
}

const char *compose_part_name(const struct compose *compose, const char *path)
{
    if (path == NULL || !text_starts(path, DATA_STEP))
        return NULL;
    const char *name = path + strlen(DATA_STEP);
    size_t length = strcspn(name, "/[");
    if (memchr(name, ':', length) != NULL) // "/data/orx:meta"
        return "meta";
    return arena_strndup(compose->arena, name, length);
}

const char *compose_body_part(const struct compose *compose, const xmlNode *node)
{
    const char *path = dom_attribute_trimmed(compose->arena, node, NULL, "ref");
    if (path == NULL)
        path = dom_attribute_trimmed(compose->arena, node, NULL, "nodeset");
    const char *found = compose_part_name(compose, path);
    for (const xmlNode *child = dom_first_element(node); found == NULL && child != NULL;
         child = dom_next_element(child))
        found = compose_body_part(compose, child);
    return found;
}

// ------------------------------------------------------------------ what a part is, as text

struct printing {
    const struct compose *compose;
    const struct compose_source *source;
    struct strbuf *out;
};

static void print_sentence(void *context, const char *id)
{
    const struct printing *printing = context;
    const struct compose_text *text = xmlHashLookup(printing->source->texts, BAD_CAST id);
    strbuf_addf(printing->out, "\n%s:", id);
    for (size_t i = 0; text != NULL && i < printing->compose->language_count; i++)
        if (text->language[i] != NULL)
            compose_write(printing->compose, NULL, text->language[i], printing->out);
}

static void print_element(const struct printing *printing, const xmlNode *node)
{
    const struct compose_seen seen = {.text = print_sentence,
                                      .context = (void *)(uintptr_t)printing};
    compose_write(printing->compose, NULL, node, printing->out);
    compose_look_in(printing->compose, node, &seen);
}

// The bind of the part itself, without when it is asked.
static void print_own_bind(const struct printing *printing, xmlNode *bind)
{
    xmlNode *copy = xmlDocCopyNode(bind, bind->doc, 1);
    if (copy == NULL)
        return;
    xmlUnsetProp(copy, BAD_CAST "relevant");
    if (copy->properties != NULL && copy->properties->next != NULL) // more than its nodeset
        print_element(printing, copy);
    xmlFreeNode(copy);
}

static bool names_part(const char *found, const char *name)
{
    return found != NULL && text_equal(found, name);
}

static void print_part(const struct compose *compose, const struct compose_source *source,
                       struct compose_part *part)
{
    struct strbuf out;
    struct printing printing = {compose, source, &out};
    char top[COMPOSE_PATH];
    strbuf_init(&out, LIMIT_FORM_BYTES);
    snprintf(top, sizeof top, DATA_STEP "%s", part->name);
    compose_write(compose, NULL, part->data, &out);
    for (xmlNode *at = dom_first_element(source->model); at != NULL; at = dom_next_element(at)) {
        const char *nodeset = dom_attribute_trimmed(compose->arena, at, NULL, "nodeset");
        if (!dom_is(at, XFORMS_URI, "bind") ||
            !names_part(compose_part_name(compose, nodeset), part->name))
            continue;
        if (text_equal(nodeset, top))
            print_own_bind(&printing, at);
        else
            print_element(&printing, at);
    }
    for (xmlNode *at = dom_first_element(source->body); at != NULL; at = dom_next_element(at))
        if (names_part(compose_body_part(compose, at), part->name))
            print_element(&printing, at);
    part->print = arena_strndup(compose->arena, strbuf_text(&out), out.length);
    strbuf_free(&out);
}

// ------------------------------------------------------------------ where it goes

static bool is_taken(const struct compose *compose, const char *at)
{
    for (size_t s = 0; s < compose->count; s++)
        for (size_t i = 0; i < compose->sources[s].part_count; i++)
            if (text_equal(compose->sources[s].parts[i].at, at))
                return true;
    return false;
}

static void place_alone(struct compose_source *source, struct compose_part *part)
{
    part->first = source;
    part->shared = false;
    snprintf(part->at, sizeof part->at, DATA_STEP "%s/%s", source->item->id, part->name);
}

// Finds who else has this part alike; the first such part of a name keeps its place in /data.
static void place(struct compose *compose, size_t s, struct compose_part *part)
{
    struct compose_source *source = &compose->sources[s];
    char shared_at[COMPOSE_PATH];
    snprintf(shared_at, sizeof shared_at, DATA_STEP "%s", part->name);
    bool free_place = !is_taken(compose, shared_at);
    place_alone(source, part);
    for (size_t other = s + 1; other < compose->count; other++) {
        struct compose_part *alike = compose_part_of(&compose->sources[other], part->name);
        if (alike == NULL || alike->first != NULL || !text_equal(alike->print, part->print))
            continue;
        if (free_place)
            text_copy(part->at, sizeof part->at, shared_at);
        alike->first = source;
        alike->shared = part->shared = true;
        text_copy(alike->at, sizeof alike->at, part->at);
    }
}

// Merged by rules of their own, they stay where every form has them.
static void place_common(struct compose *compose, struct compose_part *part)
{
    for (size_t s = compose->count; s-- > 0;)
        if (compose_part_of(&compose->sources[s], part->name) != NULL)
            part->first = &compose->sources[s];
    snprintf(part->at, sizeof part->at, DATA_STEP "%s", part->name);
}

struct agreement {
    const struct compose *compose;
    const struct compose_source *one, *other;
    bool good;
};

static void compare_places(void *context, const char *name)
{
    struct agreement *agreement = context;
    const struct compose_part *one = compose_part_of(agreement->one, name),
                              *other = compose_part_of(agreement->other, name);
    if (one == NULL || other == NULL ? one != other : !text_equal(one->at, other->at))
        agreement->good = false;
}

static void look_at_part(const struct compose *compose, const struct compose_source *source,
                         const struct compose_part *part, const struct compose_seen *seen)
{
    char top[COMPOSE_PATH];
    snprintf(top, sizeof top, DATA_STEP "%s", part->name);
    for (xmlNode *at = dom_first_element(source->model); at != NULL; at = dom_next_element(at)) {
        const char *nodeset = dom_attribute_trimmed(compose->arena, at, NULL, "nodeset");
        if (dom_is(at, XFORMS_URI, "bind") && !text_equal(nodeset ? nodeset : "", top) &&
            names_part(compose_part_name(compose, nodeset), part->name))
            compose_look_in(compose, at, seen);
    }
    for (xmlNode *at = dom_first_element(source->body); at != NULL; at = dom_next_element(at))
        if (names_part(compose_body_part(compose, at), part->name))
            compose_look_in(compose, at, seen);
}

// What a shared part looks up elsewhere must be the same thing for all that share it.
static bool is_agreed(const struct compose *compose, const struct compose_source *source,
                      const struct compose_part *part)
{
    struct agreement agreement = {compose, part->first, source, true};
    const struct compose_seen seen = {.part = compare_places, .context = &agreement};
    look_at_part(compose, source, part, &seen);
    return agreement.good;
}

static void part_ways(struct compose *compose, const struct compose_source *first, const char *name)
{
    for (size_t s = 0; s < compose->count; s++) {
        struct compose_part *part = compose_part_of(&compose->sources[s], name);
        if (part != NULL && part->first == first)
            place_alone(&compose->sources[s], part);
    }
}

static bool settle(struct compose *compose)
{
    for (size_t s = 0; s < compose->count; s++)
        for (size_t i = 0; i < compose->sources[s].part_count; i++) {
            struct compose_source *source = &compose->sources[s];
            struct compose_part *part = &source->parts[i];
            if (!part->shared || part->common || part->first == source ||
                is_agreed(compose, source, part))
                continue;
            part_ways(compose, part->first, part->name);
            return false;
        }
    return true;
}

static enum err check_names(const struct compose *compose, struct fail *why)
{
    for (size_t s = 0; s < compose->count; s++)
        for (size_t other = 0; other < compose->count; other++)
            if (compose_part_of(&compose->sources[s], compose->sources[other].item->id) != NULL)
                return fail_set(why, ERR_INPUT, "form %s has a part named like the item %s",
                                compose->sources[s].form_id, compose->sources[other].item->id);
    return ERR_OK;
}

enum err compose_plan(struct compose *compose, struct fail *why)
{
    enum err err = check_names(compose, why);
    if (err != ERR_OK)
        return err;
    for (size_t s = 0; s < compose->count; s++)
        for (size_t i = 0; i < compose->sources[s].part_count; i++)
            print_part(compose, &compose->sources[s], &compose->sources[s].parts[i]);
    for (size_t s = 0; s < compose->count; s++)
        for (size_t i = 0; i < compose->sources[s].part_count; i++) {
            struct compose_part *part = &compose->sources[s].parts[i];
            if (part->common)
                place_common(compose, part);
            else if (part->first == NULL)
                place(compose, s, part);
        }
    while (!settle(compose)) {
    }
    return ERR_OK;
}
