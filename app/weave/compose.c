// SPDX-License-Identifier: GPL-3.0-or-later
// Several forms become one: read them, decide what they share (form_compose_plan.c), write.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const common_parts[] = {"visit", "level", "meta"};

// ------------------------------------------------------------------ reading

static bool is_common(const char *name)
{
    for (size_t i = 0; i < sizeof common_parts / sizeof common_parts[0]; i++)
        if (text_equal(common_parts[i], name))
            return true;
    return false;
}

static enum err read_parts(struct compose *compose, struct compose_source *source, struct fail *why)
{
    for (xmlNode *at = dom_first_element(source->data); at != NULL; at = dom_next_element(at)) {
        if (source->part_count == COMPOSE_PARTS)
            return fail_set(why, ERR_FULL, "form %s has more than %d parts", source->form_id,
                            COMPOSE_PARTS);
        struct compose_part *part = &source->parts[source->part_count++];
        part->name = arena_strdup(compose->arena, (const char *)at->name);
        part->data = at;
        part->common = is_common(part->name);
        if (strlen(part->name) + strlen(source->item->id) + 16 > COMPOSE_PATH)
            return fail_set(why, ERR_FULL, "form %s: %s is too long a name", source->form_id,
                            part->name);
    }
    return ERR_OK;
}

// A screen that several parts share: a group without a ref around groups of their own.
static bool is_shared_screen(const struct compose *compose, const xmlNode *node)
{
    bool holds = false;
    if (!dom_is(node, XFORMS_URI, "group") ||
        dom_attribute(compose->arena, node, NULL, "ref") != NULL)
        return false;
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child)) {
        if (dom_is(child, XFORMS_URI, "label"))
            continue;
        if (!dom_is(child, XFORMS_URI, "group") ||
            dom_attribute(compose->arena, child, NULL, "ref") == NULL)
            return false;
        holds = true;
    }
    return holds;
}

// Its parts go their own ways here: one may be shared with another form, its neighbour not.
static void take_screens_apart(const struct compose *compose, xmlNode *body)
{
    for (xmlNode *at = dom_first_element(body), *next = NULL; at != NULL; at = next) {
        next = dom_next_element(at);
        if (!is_shared_screen(compose, at))
            continue;
        for (xmlNode *child = dom_first_element(at), *after = NULL; child != NULL; child = after) {
            after = dom_next_element(child);
            if (dom_is(child, XFORMS_URI, "label"))
                continue;
            xmlUnlinkNode(child);
            xmlAddPrevSibling(at, child);
        }
        xmlUnlinkNode(at);
        xmlFreeNode(at);
    }
}

static enum err find_whole(struct compose *compose, struct compose_source *source, struct fail *why)
{
    xmlNode *root = xmlDocGetRootElement(source->doc);
    xmlNode *head = root != NULL ? dom_child(root, XHTML_URI, "head") : NULL;
    source->model = head != NULL ? dom_child(head, XFORMS_URI, "model") : NULL;
    source->body = root != NULL ? dom_child(root, XHTML_URI, "body") : NULL;
    xmlNode *instance =
        source->model != NULL ? dom_child(source->model, XFORMS_URI, "instance") : NULL;
    source->data = instance != NULL ? dom_first_element(instance) : NULL;
    if (source->data == NULL || source->body == NULL)
        return fail_set(why, ERR_INPUT, "the form of %s has no model or no body", source->item->id);
    take_screens_apart(compose, source->body);
    source->form_id = dom_attribute(compose->arena, source->data, NULL, "id");
    source->version = dom_attribute(compose->arena, source->data, NULL, "version");
    if (source->version == NULL)
        source->version = "";
    if (source->form_id == NULL || !text_equal((const char *)source->data->name, "data"))
        return fail_set(why, ERR_INPUT,
                        "the form of %s has no id, or its record is not called data",
                        source->item->id);
    return ERR_OK;
}

static enum err read_source(struct compose *compose, struct compose_source *source,
                            struct fail *why)
{
    enum err err = dom_parse(source->item->text, source->item->length, source->item->id, true,
                             &source->doc, why);
    if (err == ERR_OK)
        err = find_whole(compose, source, why);
    if (err == ERR_OK)
        err = read_parts(compose, source, why);
    return err == ERR_OK ? compose_texts_read(compose, source, why) : err;
}

// ------------------------------------------------------------------ writing

// All in their order: what is asked together first, then each item's own below its name.
struct part_place {
    const struct compose_source *source;
    const struct compose_part *part;
};

static bool stays(const struct compose_part *part)
{
    return part->shared && strchr(part->at + strlen("/data/"), '/') == NULL;
}

static bool is_below(const struct compose_part *part, const struct compose_source *source)
{
    return !part->common && !stays(part) && part->first == source;
}

static bool visit_has(const struct compose *compose, size_t before, const xmlNode *child)
{
    for (size_t s = 0; s < before; s++) {
        const struct compose_part *visit = compose_part_of(&compose->sources[s], "visit");
        for (const xmlNode *at = visit != NULL ? dom_first_element(visit->data) : NULL; at != NULL;
             at = dom_next_element(at))
            if (xmlStrEqual(at->name, child->name))
                return true;
    }
    return false;
}

static void write_visit(const struct compose *compose, struct strbuf *out)
{
    strbuf_adds(out, "<visit>");
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_part *visit = compose_part_of(&compose->sources[s], "visit");
        for (const xmlNode *at = visit != NULL ? dom_first_element(visit->data) : NULL; at != NULL;
             at = dom_next_element(at))
            if (!visit_has(compose, s, at))
                compose_write(compose, NULL, at, out);
    }
    strbuf_adds(out, "</visit>\n");
}

// How much is asked: where one item looks at the whole household, all of them see it.
static void write_level(const struct compose *compose, struct strbuf *out)
{
    const char *level = NULL;
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_part *part = compose_part_of(&compose->sources[s], "level");
        const char *text = part != NULL ? dom_text(compose->arena, part->data) : NULL;
        if (text != NULL && (level == NULL || text_equal(text, "full")))
            level = text;
    }
    if (level == NULL)
        return;
    strbuf_adds(out, "<level>");
    strbuf_add_xml(out, level);
    strbuf_adds(out, "</level>\n");
}

static void write_shared(const struct compose *compose, struct strbuf *out)
{
    for (size_t s = 0; s < compose->count; s++)
        for (size_t i = 0; i < compose->sources[s].part_count; i++) {
            const struct compose_part *part = &compose->sources[s].parts[i];
            if (!stays(part) || part->first != &compose->sources[s])
                continue;
            compose_write(compose, &compose->sources[s], part->data, out);
            strbuf_addc(out, '\n');
        }
}

static void write_own(const struct compose *compose, const struct compose_source *source,
                      struct strbuf *out)
{
    strbuf_addf(out, "<%s>", source->item->id);
    for (size_t i = 0; i < source->part_count; i++)
        if (is_below(&source->parts[i], source))
            compose_write(compose, source, source->parts[i].data, out);
    strbuf_addf(out, "</%s>\n", source->item->id);
}

static enum err write_data(const struct compose *compose, struct strbuf *out, struct fail *why)
{
    const struct compose_part *meta = NULL;
    const char *ids[FORM_ITEMS];
    for (size_t s = 0; s < compose->count; s++) {
        ids[s] = compose->sources[s].item->id;
        if (meta == NULL)
            meta = compose_part_of(&compose->sources[s], "meta");
    }
    strbuf_adds(out, "<instance><data id=\"");
    enum err err = form_compose_id(ids, compose->count, out, why);
    strbuf_addf(out, "\" version=\"%s\">\n", compose->version);
    write_visit(compose, out);
    write_level(compose, out);
    write_shared(compose, out);
    for (size_t s = 0; s < compose->count; s++)
        write_own(compose, &compose->sources[s], out);
    if (meta != NULL)
        compose_write(compose, NULL, meta->data, out);
    strbuf_adds(out, "</data></instance>\n");
    return err;
}

// For whoever takes the record apart again.
static void write_items(const struct compose *compose, struct strbuf *out)
{
    strbuf_adds(out, "<items xmlns=\"" ITEMS_URI "\">\n");
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_source *source = &compose->sources[s];
        strbuf_addf(out, "<item id=\"%s\" form=\"", source->item->id);
        strbuf_add_xml(out, source->form_id);
        strbuf_adds(out, "\" version=\"");
        strbuf_add_xml(out, source->version);
        strbuf_adds(out, "\" papers=\"");
        strbuf_add_xml(out, source->item->papers != NULL ? source->item->papers : "");
        strbuf_adds(out, "\">");
        for (size_t i = 0; i < source->part_count; i++)
            if (!stays(&source->parts[i]) && !source->parts[i].common)
                strbuf_addf(out, "<part name=\"%s\" at=\"%s\"/>", source->parts[i].name,
                            source->parts[i].at);
        strbuf_adds(out, "</item>\n");
    }
    strbuf_adds(out, "</items>\n");
}

static const char *print_of(const struct compose *compose, const struct compose_source *source,
                            const xmlNode *node)
{
    struct strbuf out;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    compose_write(compose, source, node, &out);
    const char *print = arena_strndup(compose->arena, strbuf_text(&out), out.length);
    strbuf_free(&out);
    return print;
}

// The first of the same name before it; for an instance the name is its id.
static const char *said_before(const struct compose *compose, size_t before, const xmlNode *node)
{
    const char *id = dom_attribute(compose->arena, node, NULL, "id");
    for (size_t s = 0; s < before; s++)
        for (const xmlNode *at = dom_first_element(compose->sources[s].model); at != NULL;
             at = dom_next_element(at)) {
            const char *its = dom_attribute(compose->arena, at, NULL, "id");
            if (xmlStrEqual(at->name, node->name) && text_equal(its ? its : "", id ? id : "") &&
                (id != NULL || text_equal(print_of(compose, &compose->sources[s], at),
                                          print_of(compose, &compose->sources[before], node))))
                return print_of(compose, &compose->sources[s], at);
        }
    return NULL;
}

// Lists, events and whatever else a model holds: once.
static enum err write_rest(const struct compose *compose, struct strbuf *out, struct fail *why)
{
    for (size_t s = 0; s < compose->count; s++) {
        const struct compose_source *source = &compose->sources[s];
        for (const xmlNode *at = dom_first_element(source->model); at != NULL;
             at = dom_next_element(at)) {
            if (at == source->data->parent || dom_is(at, XFORMS_URI, "itext") ||
                dom_is(at, XFORMS_URI, "bind"))
                continue;
            const char *before = said_before(compose, s, at), *now = print_of(compose, source, at);
            if (before != NULL && !text_equal(before, now))
                return fail_set(why, ERR_INPUT, "form %s has another <%s> of that name",
                                source->form_id, (const char *)at->name);
            if (before == NULL)
                strbuf_addf(out, "%s\n", now);
        }
    }
    return ERR_OK;
}

static void write_body(const struct compose *compose, const struct compose_source *source,
                       bool shared, struct strbuf *out)
{
    for (const xmlNode *at = dom_first_element(source->body); at != NULL;
         at = dom_next_element(at)) {
        const char *name = compose_body_part(compose, at);
        const struct compose_part *part = name != NULL ? compose_part_of(source, name) : NULL;
        bool wanted = shared ? part != NULL && stays(part) && part->first == source
                             : part == NULL || part->common || is_below(part, source);
        if (!wanted)
            continue;
        compose_write(compose, source, at, out);
        strbuf_addc(out, '\n');
    }
}

static void write_bodies(const struct compose *compose, struct strbuf *out)
{
    strbuf_adds(out, "<h:body>\n");
    for (size_t s = 0; s < compose->count; s++)
        write_body(compose, &compose->sources[s], true, out);
    for (size_t s = 0; s < compose->count; s++) {
        const char *id = compose->sources[s].item->id;
        strbuf_addf(out, "<group ref=\"/data/%s\"><label ref=\"jr:itext('item:%s')\"/>\n", id, id);
        write_body(compose, &compose->sources[s], false, out);
        strbuf_adds(out, "</group>\n");
    }
    strbuf_adds(out, "</h:body>\n");
}

static void write_title(const struct compose *compose, struct strbuf *out)
{
    const struct form_composition *composition = compose->composition;
    const char *language = compose->language_count > 0 ? compose->languages[0] : "";
    strbuf_adds(out, "<h:title>");
    strbuf_add_xml(out, composition->label(composition->context, NULL, language));
    for (size_t s = 0; s < compose->count; s++) {
        strbuf_adds(out, s == 0 ? ": " : ", ");
        strbuf_add_xml(
            out, composition->label(composition->context, compose->sources[s].item->id, language));
    }
    strbuf_adds(out, "</h:title>\n");
}

static enum err write_form(struct compose *compose, struct strbuf *out, struct fail *why)
{
    strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<h:html xmlns=\"" XFORMS_URI
                     "\" xmlns:h=\"" XHTML_URI "\" xmlns:jr=\"" JAVAROSA_URI
                     "\" xmlns:orx=\"" OPENROSA_URI "\" xmlns:odk=\"" ODK_URI "\">\n<h:head>\n");
    write_title(compose, out);
    strbuf_adds(out, "<model>\n");
    compose_itext(compose, out);
    enum err err = write_data(compose, out, why);
    if (err == ERR_OK)
        err = write_rest(compose, out, why);
    if (err == ERR_OK)
        err = compose_binds(compose, out, why);
    write_items(compose, out);
    strbuf_adds(out, "</model>\n</h:head>\n");
    write_bodies(compose, out);
    strbuf_adds(out, "</h:html>\n");
    return err == ERR_OK ? strbuf_result(out, why) : err;
}

// FNV-1a: tells one text from another; whom to trust is the pack's signature.
static uint64_t digest(const char *text, size_t length)
{
    uint64_t value = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)text[i]) * 1099511628211u;
    return value;
}

static const char *highest_version(const struct compose *compose)
{
    const char *highest = "";
    for (size_t s = 0; s < compose->count; s++) {
        const char *version = compose->sources[s].version;
        size_t length = strlen(version), known = strlen(highest);
        if (length > known || (length == known && strcmp(version, highest) > 0))
            highest = version;
    }
    return highest;
}

static enum err write_with_version(struct compose *compose, struct strbuf *out, struct fail *why)
{
    struct strbuf draft;
    char version[128];
    strbuf_init(&draft, LIMIT_FORM_BYTES);
    enum err err = write_form(compose, &draft, why);
    snprintf(version, sizeof version, "%.40s.%016" PRIx64, highest_version(compose),
             digest(strbuf_text(&draft), draft.length));
    strbuf_free(&draft);
    compose->version = version;
    if (err == ERR_OK)
        err = write_form(compose, out, why);
    compose->version = "";
    return err;
}

static enum err check(const struct form_composition *composition, struct fail *why)
{
    if (composition->count < 2 || composition->count > FORM_ITEMS)
        return fail_set(why, ERR_INPUT, "%zu items: two to %d go together", composition->count,
                        FORM_ITEMS);
    for (size_t i = 0; i < composition->count; i++)
        for (size_t k = 0; k < i; k++)
            if (text_equal(composition->items[i].id, composition->items[k].id))
                return fail_set(why, ERR_INPUT, "%s twice", composition->items[i].id);
    return ERR_OK;
}

enum err form_compose(const struct form_composition *composition, struct strbuf *out,
                      struct fail *why)
{
    enum err err = check(composition, why);
    if (err != ERR_OK)
        return err;
    struct arena *arena = arena_new(0);
    struct compose *compose = arena_alloc(arena, sizeof *compose);
    *compose = (struct compose){.composition = composition, .arena = arena, .version = ""};
    for (; err == ERR_OK && compose->count < composition->count; compose->count++) {
        struct compose_source *source = &compose->sources[compose->count];
        source->item = &composition->items[compose->count];
        err = read_source(compose, source, why);
    }
    if (err == ERR_OK)
        err = compose_plan(compose, why);
    if (err == ERR_OK) {
        compose_texts_name(compose);
        err = write_with_version(compose, out, why);
    }
    for (size_t s = 0; s < compose->count; s++) {
        xmlHashFree(compose->sources[s].texts, NULL);
        xmlFreeDoc(compose->sources[s].doc);
    }
    arena_free(arena);
    return err != ERR_OK ? fail_prefix(why, err, "composing a form") : ERR_OK;
}

// ------------------------------------------------------------------ ids

enum err form_compose_id(const char *const *ids, size_t count, struct strbuf *out, struct fail *why)
{
    size_t before = out->length;
    strbuf_adds(out, FORM_ONE_VISIT);
    for (size_t i = 0; i < count; i++) {
        if (strlen(ids[i]) >= FORM_ITEM_ID || strchr(ids[i], '+') != NULL)
            return fail_set(why, ERR_INPUT, "%.60s cannot be part of a form's id", ids[i]);
        strbuf_addf(out, "%s%s", i > 0 ? "+" : "", ids[i]);
    }
    if (out->length - before >= LIMIT_FORM_ID)
        return fail_set(why, ERR_FULL, "the id of the form would be too long");
    return strbuf_result(out, why);
}

size_t form_compose_items(const char *form_id, char out[FORM_ITEMS][FORM_ITEM_ID])
{
    size_t count = 0;
    if (!text_starts(form_id, FORM_ONE_VISIT))
        return 0;
    for (const char *at = form_id + strlen(FORM_ONE_VISIT); *at != '\0'; count++) {
        size_t length = strcspn(at, "+");
        if (length == 0 || length >= FORM_ITEM_ID || count == FORM_ITEMS)
            return 0;
        memcpy(out[count], at, length);
        out[count][length] = '\0';
        at += length + (at[length] == '+');
    }
    return count >= 2 ? count : 0;
}
