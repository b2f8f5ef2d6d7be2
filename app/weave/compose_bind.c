// SPDX-License-Identifier: GPL-3.0-or-later
// The binds of the composed form. Most come from one item; of a node that several speak of (a child
// of /data/visit, a shared part as a whole) they are merged: asked when one asks it, and the
// stricter wins.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { VOICES = FORM_ITEMS };

// One node and the items that speak of it; bind NULL: has it, and says nothing of it.
struct speaking {
    const char *nodeset;
    size_t count;
    const struct compose_source *sources[VOICES];
    const xmlNode *binds[VOICES];
};

static const xmlNode *bind_of(const struct compose *compose, const struct compose_source *source,
                              const char *nodeset)
{
    for (xmlNode *at = dom_first_element(source->model); at != NULL; at = dom_next_element(at)) {
        const char *path = dom_is(at, XFORMS_URI, "bind")
                               ? dom_attribute_trimmed(compose->arena, at, NULL, "nodeset")
                               : NULL;
        if (path != NULL && text_equal(path, nodeset))
            return at;
    }
    return NULL;
}

static const char *said(const struct compose *compose, const struct speaking *speaking, size_t i,
                        const char *name)
{
    const char *text = speaking->binds[i] != NULL
                           ? dom_attribute_trimmed(compose->arena, speaking->binds[i], NULL, name)
                           : NULL;
    return text != NULL ? compose_rewrite(compose, speaking->sources[i], text) : NULL;
}

// "(a) or (b)", each once; NULL where one of them says nothing and nothing means always.
static const char *join(const struct compose *compose, const struct speaking *speaking,
                        const char *name, const char *word, bool silence_decides)
{
    const char *kept[VOICES];
    size_t count = 0;
    for (size_t i = 0; i < speaking->count; i++) {
        const char *text = said(compose, speaking, i, name);
        bool known = false;
        for (size_t k = 0; text != NULL && k < count; k++)
            known = known || text_equal(kept[k], text);
        if (text == NULL && silence_decides)
            return NULL;
        if (text != NULL && !known)
            kept[count++] = text;
    }
    if (count <= 1)
        return count == 1 ? kept[0] : NULL;
    struct strbuf out;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&out, "%s(%s)", i > 0 ? word : "", kept[i]);
    const char *joined = arena_strndup(compose->arena, strbuf_text(&out), out.length);
    strbuf_free(&out);
    return joined;
}

static void write_attribute(const char *name, const char *value, struct strbuf *out)
{
    if (value == NULL)
        return;
    strbuf_addf(out, " %s=\"", name);
    strbuf_add_xml(out, value);
    strbuf_addc(out, '"');
}

// What is not merged has to be the same wherever it is said; the first one's is written.
static enum err write_rest(const struct compose *compose, const struct speaking *speaking,
                           struct strbuf *out, struct fail *why)
{
    static const struct {
        const char *uri, *name, *written;
    } rest[] = {{NULL, "type", "type"},
                {NULL, "calculate", "calculate"},
                {JAVAROSA_URI, "preload", "jr:preload"},
                {JAVAROSA_URI, "preloadParams", "jr:preloadParams"},
                {JAVAROSA_URI, "requiredMsg", "jr:requiredMsg"},
                {JAVAROSA_URI, "constraintMsg", "jr:constraintMsg"}};
    for (size_t r = 0; r < sizeof rest / sizeof rest[0]; r++) {
        const char *first = NULL;
        for (size_t i = 0; i < speaking->count; i++) {
            const char *text =
                speaking->binds[i] != NULL
                    ? dom_attribute(compose->arena, speaking->binds[i], rest[r].uri, rest[r].name)
                    : NULL;
            text = text != NULL ? compose_rewrite(compose, speaking->sources[i], text) : NULL;
            if (first == NULL)
                first = text;
            else if (text != NULL && !text_equal(first, text) && rest[r].uri == NULL)
                return fail_set(why, ERR_INPUT, "%s: %s and %s disagree about its %s",
                                speaking->nodeset, speaking->sources[0]->form_id,
                                speaking->sources[i]->form_id, rest[r].name);
        }
        write_attribute(rest[r].written, first, out);
    }
    return ERR_OK;
}

static enum err write_merged(const struct compose *compose, const struct speaking *speaking,
                             struct strbuf *out, struct fail *why)
{
    strbuf_adds(out, "<bind");
    write_attribute("nodeset", speaking->nodeset, out);
    enum err err = write_rest(compose, speaking, out, why);
    write_attribute("relevant", join(compose, speaking, "relevant", " or ", true), out);
    write_attribute("required", join(compose, speaking, "required", " or ", false), out);
    write_attribute("constraint", join(compose, speaking, "constraint", " and ", false), out);
    write_attribute("readonly", join(compose, speaking, "readonly", " or ", false), out);
    strbuf_adds(out, "/>\n");
    return err;
}

static bool is_listed(const char *list, const char *id)
{
    size_t length = strlen(id);
    for (const char *at = list; at != NULL && *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strncmp(at, id, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

// A paper or consent that the service asks for without its form saying when.
static bool asks_always(const struct form_item *item, const char *name)
{
    static const char paper[] = "paper_", consent[] = "consent_";
    return (text_starts(name, paper) && is_listed(item->papers, name + strlen(paper))) ||
           (text_starts(name, consent) && is_listed(item->consents, name + strlen(consent)));
}

static bool has_child(const struct compose *compose, const struct compose_part *part,
                      const char *name)
{
    for (const xmlNode *at = part ? dom_first_element(part->data) : NULL; at != NULL;
         at = dom_next_element(at))
        if (text_equal(dom_name(compose->arena, at), name))
            return true;
    return false;
}

// Every item that has this node under its visit, or asks for what it stands for.
static struct speaking about_visit(const struct compose *compose, const char *nodeset)
{
    struct speaking out = {.nodeset = nodeset};
    const char *name = strrchr(nodeset, '/') + 1;
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_source *source = &compose->sources[s];
        bool has = has_child(compose, compose_part_of(source, "visit"), name);
        if (!has && !asks_always(source->item, name))
            continue;
        out.sources[out.count] = source;
        out.binds[out.count++] = has ? bind_of(compose, source, nodeset) : NULL;
    }
    return out;
}

static struct speaking about_part(const struct compose *compose, const char *nodeset,
                                  const struct compose_part *shared)
{
    struct speaking out = {.nodeset = shared->common ? nodeset : shared->at};
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_source *source = &compose->sources[s];
        const struct compose_part *part = compose_part_of(source, shared->name);
        if (part == NULL || part->first != shared->first)
            continue;
        out.sources[out.count] = source;
        out.binds[out.count++] = bind_of(compose, source, nodeset);
    }
    return out;
}

// Is this the first item that says something of the node? Then it is written here.
static bool speaks_first(const struct speaking *speaking, const struct compose_source *source)
{
    for (size_t i = 0; i < speaking->count; i++)
        if (speaking->binds[i] != NULL)
            return speaking->sources[i] == source;
    return false;
}

static enum err write_bind(const struct compose *compose, const struct compose_source *source,
                           const xmlNode *bind, struct strbuf *out, struct fail *why)
{
    const char *nodeset = dom_attribute_trimmed(compose->arena, bind, NULL, "nodeset");
    const char *name = compose_part_name(compose, nodeset);
    const struct compose_part *part = name != NULL ? compose_part_of(source, name) : NULL;
    char top[COMPOSE_PATH];
    if (part == NULL)
        return fail_set(why, ERR_INPUT, "form %s: a bind on %s, which is no part of it",
                        source->form_id, nodeset != NULL ? nodeset : "nothing");
    snprintf(top, sizeof top, "/data/%s", part->name);
    if (part->common || text_equal(nodeset, top)) {
        bool of_visit = text_equal(part->name, "visit") && !text_equal(nodeset, top);
        const struct speaking speaking =
            of_visit ? about_visit(compose, nodeset) : about_part(compose, nodeset, part);
        return speaks_first(&speaking, source) ? write_merged(compose, &speaking, out, why)
                                               : ERR_OK;
    }
    if (part->first == source) {
        compose_write(compose, source, bind, out);
        strbuf_addc(out, '\n');
    }
    return ERR_OK;
}

enum err compose_binds(struct compose *compose, struct strbuf *out, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t s = 0; s < compose->count; s++)
        for (xmlNode *at = dom_first_element(compose->sources[s].model);
             err == ERR_OK && at != NULL; at = dom_next_element(at))
            if (dom_is(at, XFORMS_URI, "bind"))
                err = write_bind(compose, &compose->sources[s], at, out, why);
    return err;
}
