// SPDX-License-Identifier: GPL-3.0-or-later
// XInclude by hand on libxml2's tree and XPointer: its own XInclude opens files through hooks that
// are global to the process, and would take any address.
#include "include_internal.h"

#include "yimen/base/text.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err expand(struct expansion *expansion, xmlNode *parent, const char *file,
                       struct fail *why);

/// "blocks/../x", "/etc/x", "http://x" and hidden files are nobody's parts.
static bool stays_inside(const char *href)
{
    return href[0] != '\0' && href[0] != '/' && href[0] != '.' && strchr(href, ':') == NULL &&
           strchr(href, '\\') == NULL && strstr(href, "/.") == NULL && strstr(href, "//") == NULL;
}

/// The path of what `file` calls `href`, from the form's folder.
static bool resolve(const char *file, const char *href, char out[INCLUDE_PATH])
{
    const char *slash = strrchr(file, '/');
    int folder = slash != NULL ? (int)(slash - file) + 1 : 0;
    int length = snprintf(out, INCLUDE_PATH, "%.*s%s", folder, file, href);
    return length > 0 && length < INCLUDE_PATH;
}

static enum err read_part(struct expansion *expansion, struct part *part, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = expansion->parts->read(expansion->parts->context, part->path, &text, why);
    if (err == ERR_OK)
        err = dom_parse(strbuf_text(&text), text.length, part->path, true, &part->doc, why);
    strbuf_free(&text);
    if (err != ERR_OK)
        return err;
    origin_mark(xmlDocGetRootElement(part->doc), (int)(part - expansion->files) + 1);
    part->is_expanding = true;
    err = expand(expansion, xmlDocGetRootElement(part->doc), part->path, why);
    part->is_expanding = false;
    return err;
}

/// The file with everything it includes, read once however often it is included.
static enum err find_part(struct expansion *expansion, const char *path, struct part **out,
                          struct fail *why)
{
    for (size_t i = 0; i < expansion->file_count; i++) {
        struct part *part = &expansion->files[i];
        if (strcmp(part->path, path) != 0)
            continue;
        *out = part;
        return part->is_expanding ? fail_set(why, ERR_INPUT, "%s includes itself", path) : ERR_OK;
    }
    *out = include_add(expansion, path, why);
    return *out != NULL ? read_part(expansion, *out, why) : ERR_FULL;
}

/// What one include element says.
struct order {
    const char *href, *pointer;
    bool is_table;
    char path[INCLUDE_PATH]; ///< of href, from the form's folder
};

static enum err read_order(struct arena *arena, const xmlNode *include, const char *file,
                           struct order *out, struct fail *why)
{
    const char *parse = dom_attribute(arena, include, NULL, "parse");
    out->href = dom_attribute(arena, include, NULL, "href");
    out->pointer = dom_attribute(arena, include, NULL, "xpointer");
    out->is_table = parse != NULL && text_equal(parse, "text");
    if (out->href == NULL || (parse != NULL && !out->is_table && !text_equal(parse, "xml")))
        return fail_set(why, ERR_INPUT, "an include needs href, and parse is \"xml\" or \"text\"");
    if (!stays_inside(out->href) || !resolve(file, out->href, out->path))
        return fail_set(why, ERR_INPUT, "\"%.80s\" is no file below the form's folder", out->href);
    return ERR_OK;
}

static enum err note_table(struct expansion *expansion, const xmlNode *include,
                           const struct order *order, struct fail *why)
{
    if (!dom_has_local(include->parent, "translation") || order->pointer != NULL)
        return fail_set(why, ERR_INPUT, "a table of sentences belongs in a <translation>, whole");
    if (expansion->table_count == INCLUDE_TABLES)
        return fail_set(why, ERR_FULL, "more than %d tables", INCLUDE_TABLES);
    struct table_wish *wish = &expansion->tables[expansion->table_count++];
    wish->translation = include->parent;
    (void)text_copy(wish->path, sizeof wish->path, order->path);
    return ERR_OK;
}

/// Its data go here; blocks_place does the rest when all of the form is there.
static enum err take_whole(struct expansion *expansion, xmlNode *include, struct part *part,
                           struct fail *why)
{
    if (include->_private != NULL)
        return fail_set(why, ERR_INPUT, "only a form takes a block whole: name a part of it");
    if (expansion->block_count == INCLUDE_BLOCKS)
        return fail_set(why, ERR_FULL, "more than %d blocks", INCLUDE_BLOCKS);
    xmlNode *before = include->prev;
    enum err err = include_select(expansion, include, part->doc, "xpointer(id('data')/*)", why);
    if (err == ERR_OK)
        expansion->blocks[expansion->block_count++] = (struct whole_block){
            .part = part,
            .data = before != NULL ? before->next : dom_first_element(include->parent)};
    return err;
}

static enum err take(struct expansion *expansion, xmlNode *include, const struct order *order,
                     struct fail *why)
{
    static const char *const places[] = {
        [BLOCK_LISTS] = "id('lists')", [BLOCK_BINDS] = "id('binds')", [BLOCK_BODY] = "id('body')"};
    struct part *part = NULL;
    if (order->is_table)
        return note_table(expansion, include, order, why);
    enum err err = find_part(expansion, order->path, &part, why);
    if (err != ERR_OK)
        return err;
    if (order->pointer == NULL)
        return take_whole(expansion, include, part, why);
    for (size_t i = 0; i < BLOCK_PIECES; i++)
        part->is_placed[i] = part->is_placed[i] || strstr(order->pointer, places[i]) != NULL;
    return include_select(expansion, include, part->doc, order->pointer, why);
}

static enum err replace(struct expansion *expansion, xmlNode *include, const char *file,
                        struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct order order = {.path = ""};
    long line = xmlGetLineNo(include);
    enum err err = ++expansion->include_count > INCLUDE_COUNT
                       ? fail_set(why, ERR_FULL, "more than %d includes", INCLUDE_COUNT)
                       : read_order(arena, include, file, &order, why);
    if (err == ERR_OK)
        err = take(expansion, include, &order, why);
    arena_free(arena);
    if (err != ERR_OK)
        return fail_prefix(why, err, "%s line %ld", file, line);
    xmlUnlinkNode(include);
    xmlFreeNode(include);
    return ERR_OK;
}

static enum err expand(struct expansion *expansion, xmlNode *parent, const char *file,
                       struct fail *why)
{
    enum err err = ERR_OK;
    xmlNode *next;
    for (xmlNode *node = dom_first_element(parent); err == ERR_OK && node != NULL; node = next) {
        next = dom_next_element(node);
        err = dom_is(node, XINCLUDE_URI, "include") ? replace(expansion, node, file, why)
                                                    : expand(expansion, node, file, why);
    }
    return err;
}

static struct xml_origins *note_origins(const struct expansion *expansion, const xmlDoc *whole,
                                        const xmlDoc *made)
{
    struct xml_origins *origins = origins_new(expansion->parts->name);
    for (size_t i = 0; i < expansion->file_count; i++)
        origins_name(origins, (int)i + 1, expansion->files[i].path);
    origins_read(origins, xmlDocGetRootElement(whole), xmlDocGetRootElement(made));
    return origins;
}

/// What was copied declares its namespaces once more; reading it again drops what is in scope.
static enum err write_out(const struct expansion *expansion, xmlDoc *doc, struct strbuf *out,
                          struct fail *why)
{
    xmlChar *bytes = NULL;
    int length = 0;
    xmlDocDumpMemoryEnc(doc, &bytes, &length, "UTF-8");
    xmlDoc *clean = xmlReadMemory((const char *)bytes, length, NULL, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NSCLEAN | XML_PARSE_NOERROR);
    xmlFree(bytes);
    if (clean == NULL)
        return fail_set(why, ERR_INPUT, "its parts make no whole");
    if (expansion->parts->origins != NULL)
        *expansion->parts->origins = note_origins(expansion, clean, doc);
    xmlDocDumpMemoryEnc(clean, &bytes, &length, "UTF-8");
    xmlFreeDoc(clean);
    strbuf_add(out, bytes, (size_t)length);
    xmlFree(bytes);
    return strbuf_result(out, why);
}

enum err form_include(const struct form_parts *parts, struct strbuf *out, struct fail *why)
{
    xmlDoc *doc = NULL;
    xmlInitParser();
    if (parts->origins != NULL)
        *parts->origins = NULL;
    enum err err = dom_parse(parts->text, parts->length, parts->name, true, &doc, why);
    if (err != ERR_OK)
        return err;
    // Beside the folder, so that what it calls is looked for in its own.
    const char *slash = strrchr(parts->name, '/');
    struct expansion *expansion = calloc(1, sizeof *expansion);
    if (expansion == NULL)
        abort();
    expansion->parts = parts;
    err =
        expand(expansion, xmlDocGetRootElement(doc), slash != NULL ? slash + 1 : parts->name, why);
    if (err == ERR_OK)
        err = blocks_place(expansion, doc, why);
    if (err == ERR_OK)
        err = tables_fill(expansion, doc, why);
    if (err == ERR_OK && expansion->include_count > 0) {
        err = write_out(expansion, doc, out, why);
    } else if (err == ERR_OK) {
        strbuf_add(out, parts->text, parts->length);
        err = strbuf_result(out, why);
    }
    for (size_t i = 0; i < expansion->file_count; i++)
        xmlFreeDoc(expansion->files[i].doc);
    free(expansion);
    xmlFreeDoc(doc);
    return err;
}
