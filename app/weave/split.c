// SPDX-License-Identifier: GPL-3.0-or-later
// A record of a composed form becomes the record of one of its items: what the item's own form has,
// from where the composed one put it, and nothing else.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <string.h>

struct split {
    const struct form_split *with;
    struct arena *arena;
    xmlDoc *composed, *record, *own;
    const xmlNode *item; ///< in the composed form
};

static const xmlNode *model_of(const xmlDoc *form)
{
    xmlNode *root = xmlDocGetRootElement(form);
    xmlNode *head = root != NULL ? dom_child(root, XHTML_URI, "head") : NULL;
    return head != NULL ? dom_child(head, XFORMS_URI, "model") : NULL;
}

static const xmlNode *data_of(const xmlDoc *form)
{
    const xmlNode *model = model_of(form);
    const xmlNode *instance = model != NULL ? dom_child(model, XFORMS_URI, "instance") : NULL;
    return instance != NULL ? dom_first_element(instance) : NULL;
}

static const xmlNode *items_of(const xmlDoc *form)
{
    const xmlNode *model = model_of(form);
    return model != NULL ? dom_child(model, ITEMS_URI, "items") : NULL;
}

static bool take(struct arena *arena, const xmlNode *node, const char *name, char *out, size_t room)
{
    const char *text = dom_attribute(arena, node, NULL, name);
    return text != NULL && text_copy(out, room, text);
}

enum err form_split_items(const char *form, size_t length, struct form_sub out[FORM_ITEMS],
                          size_t *count, struct fail *why)
{
    xmlDoc *doc = NULL;
    *count = 0;
    enum err err = dom_parse(form, length, "form", false, &doc, why);
    if (err != ERR_OK)
        return err;
    struct arena *arena = arena_new(0);
    const xmlNode *items = items_of(doc);
    for (const xmlNode *at = items != NULL ? dom_first_element(items) : NULL;
         err == ERR_OK && at != NULL; at = dom_next_element(at)) {
        struct form_sub *sub = &out[*count];
        if (*count == FORM_ITEMS || !take(arena, at, "id", sub->item, sizeof sub->item) ||
            !take(arena, at, "form", sub->form, sizeof sub->form) ||
            !take(arena, at, "version", sub->version, sizeof sub->version))
            err = fail_set(why, ERR_INPUT, "the form's list of items cannot be read");
        else
            (*count)++;
    }
    arena_free(arena);
    xmlFreeDoc(doc);
    return err;
}

// ------------------------------------------------------------------ one item's record

static const xmlNode *find_item(const struct split *split)
{
    const xmlNode *items = items_of(split->composed);
    for (const xmlNode *at = items != NULL ? dom_first_element(items) : NULL; at != NULL;
         at = dom_next_element(at)) {
        const char *id = dom_attribute(split->arena, at, NULL, "id");
        if (id != NULL && text_equal(id, split->with->item))
            return at;
    }
    return NULL;
}

static const xmlNode *child_named(const xmlNode *parent, const char *name, size_t length)
{
    for (const xmlNode *at = parent != NULL ? dom_first_element(parent) : NULL; at != NULL;
         at = dom_next_element(at))
        if (strlen((const char *)at->name) == length &&
            strncmp((const char *)at->name, name, length) == 0)
            return at;
    return NULL;
}

// Where the composed record has a part of this item: its parent.
static const xmlNode *home_of(const struct split *split, const char *name)
{
    const xmlNode *home = xmlDocGetRootElement(split->record);
    const char *at = NULL;
    for (const xmlNode *part = dom_first_element(split->item); part != NULL && at == NULL;
         part = dom_next_element(part)) {
        const char *its = dom_attribute(split->arena, part, NULL, "name");
        if (its != NULL && text_equal(its, name))
            at = dom_attribute(split->arena, part, NULL, "at");
    }
    if (at == NULL || !text_starts(at, "/data/"))
        return home;
    at += strlen("/data/");
    return child_named(home, at, strcspn(at, "/"));
}

static void write_copy(const struct split *split, const xmlNode *node, struct strbuf *out)
{
    const struct compose compose = {.arena = split->arena};
    compose_write(&compose, NULL, node, out);
    strbuf_addc(out, '\n');
}

static bool is_in(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strcspn(at, " ") == length && strncmp(at, word, length) == 0)
            return true;
    }
    return false;
}

// "id-card:clerk medical-proof:later": of the papers only those that the item asks for.
static void write_papers(const struct split *split, const xmlNode *node, struct strbuf *out)
{
    const char *list = dom_attribute(split->arena, split->item, NULL, "papers");
    const char *papers = dom_text(split->arena, node), *space = "";
    strbuf_adds(out, "<papers>");
    for (const char *at = papers; *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length > 0 && is_in(list != NULL ? list : "", at, strcspn(at, ": "))) {
            strbuf_adds(out, space);
            strbuf_add_xml(out, arena_strndup(split->arena, at, length));
            space = " ";
        }
        at += length + strspn(at + length, " ");
    }
    strbuf_adds(out, "</papers>\n");
}

// "/data/item/name" of the composed record as the item's own form has it, in `out`; false where the
// item has no such node.
static bool own_ref(const struct split *split, const char *ref, struct strbuf *out)
{
    for (const xmlNode *part = dom_first_element(split->item); part != NULL;
         part = dom_next_element(part)) {
        const char *name = dom_attribute(split->arena, part, NULL, "name");
        const char *at = dom_attribute(split->arena, part, NULL, "at");
        size_t length = at != NULL ? strlen(at) : 0;
        if (name != NULL && length > 0 && strncmp(ref, at, length) == 0 &&
            strchr("/[", ref[length]) != NULL && ref[length] != '\0') {
            strbuf_addf(out, "/data/%s%s", name, ref + length);
            return true;
        }
    }
    size_t top = text_starts(ref, "/data/") ? strlen("/data/") : strlen(ref);
    size_t length = strcspn(ref + top, "/[");
    const char *name = arena_strndup(split->arena, ref + top, length);
    bool stayed = length > 0 && home_of(split, name) == xmlDocGetRootElement(split->record) &&
                  child_named(data_of(split->own), name, length) != NULL;
    strbuf_adds(out, stayed ? ref : "");
    return stayed;
}

// "/data/applicant/name:FILE": of the drawn characters only those in what the item has.
static void write_characters(const struct split *split, const xmlNode *node, struct strbuf *out)
{
    const char *space = "";
    strbuf_adds(out, "<characters>");
    for (const char *at = dom_text(split->arena, node); *at != '\0';) {
        size_t length = strcspn(at, " "), ref = strcspn(at, ": ");
        struct strbuf own;
        strbuf_init(&own, LIMIT_REF);
        if (ref < length && own_ref(split, arena_strndup(split->arena, at, ref), &own)) {
            strbuf_adds(out, space);
            strbuf_add_xml(out, strbuf_text(&own));
            strbuf_add_xml(out, arena_strndup(split->arena, at + ref, length - ref));
            space = " ";
        }
        strbuf_free(&own);
        at += length + strspn(at + length, " ");
    }
    strbuf_adds(out, "</characters>\n");
}

static void write_visit(const struct split *split, const xmlNode *own, struct strbuf *out)
{
    const xmlNode *there =
        child_named(xmlDocGetRootElement(split->record), "visit", strlen("visit"));
    strbuf_adds(out, "<visit>\n");
    for (const xmlNode *at = dom_first_element(own); at != NULL; at = dom_next_element(at)) {
        const char *name = (const char *)at->name;
        const xmlNode *node = child_named(there, name, strlen(name));
        if (node != NULL && text_equal(name, "papers"))
            write_papers(split, node, out);
        else if (node != NULL && text_equal(name, "characters"))
            write_characters(split, node, out);
        else if (node != NULL)
            write_copy(split, node, out);
    }
    strbuf_adds(out, "</visit>\n");
}

// Every instance of a repeat, and the one of anything else.
static void write_part(const struct split *split, const xmlNode *own, struct strbuf *out)
{
    const char *name = (const char *)own->name;
    const xmlNode *home = home_of(split, name);
    for (const xmlNode *at = home != NULL ? dom_first_element(home) : NULL; at != NULL;
         at = dom_next_element(at))
        if (text_equal((const char *)at->name, name))
            write_copy(split, at, out);
}

static void write_record(const struct split *split, struct strbuf *out)
{
    const xmlNode *own = data_of(split->own);
    const char *id = dom_attribute(split->arena, own, NULL, "id");
    const char *version = dom_attribute(split->arena, own, NULL, "version");
    strbuf_adds(out, "<data xmlns:jr=\"" JAVAROSA_URI "\" xmlns:orx=\"" OPENROSA_URI
                     "\" xmlns:odk=\"" ODK_URI "\" id=\"");
    strbuf_add_xml(out, id != NULL ? id : "");
    if (version != NULL) {
        strbuf_adds(out, "\" version=\"");
        strbuf_add_xml(out, version);
    }
    strbuf_adds(out, "\">\n");
    for (const xmlNode *at = dom_first_element(own); at != NULL; at = dom_next_element(at)) {
        if (text_equal((const char *)at->name, "visit"))
            write_visit(split, at, out);
        else if (text_equal((const char *)at->name, "level")) // its own: nobody answered it
            write_copy(split, at, out);
        else
            write_part(split, at, out);
    }
    strbuf_adds(out, "</data>\n");
}

static enum err read_all(struct split *split, struct fail *why)
{
    const struct form_split *with = split->with;
    enum err err = dom_parse(with->composed, with->composed_length, "the composed form", true,
                             &split->composed, why);
    if (err == ERR_OK)
        err = dom_parse(with->record, with->record_length, "the record", true, &split->record, why);
    if (err == ERR_OK)
        err = dom_parse(with->own, with->own_length, "the item's form", true, &split->own, why);
    if (err != ERR_OK)
        return err;
    split->item = find_item(split);
    if (split->item == NULL)
        return fail_set(why, ERR_NOT_FOUND, "the form has no item %s", with->item);
    return data_of(split->own) != NULL ? ERR_OK
                                       : fail_set(why, ERR_INPUT, "the item's form has no data");
}

enum err form_split_record(const struct form_split *split, struct strbuf *out, struct fail *why)
{
    struct split work = {.with = split, .arena = arena_new(0)};
    enum err err = read_all(&work, why);
    if (err == ERR_OK) {
        write_record(&work, out);
        err = strbuf_result(out, why);
    }
    xmlFreeDoc(work.composed);
    xmlFreeDoc(work.record);
    xmlFreeDoc(work.own);
    arena_free(work.arena);
    return err != ERR_OK ? fail_prefix(why, err, "the record of %s", split->item) : ERR_OK;
}
