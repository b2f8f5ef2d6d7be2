// SPDX-License-Identifier: GPL-3.0-or-later
// XInclude by hand on libxml2's tree and XPointer: its own XInclude opens files through hooks that
// are global to the process, and would take any address.
#include "yimen/weave/include.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/xml/dom.h"
#include "yimen/xml/origin_tree.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpointer.h>
#include <stdio.h>
#include <string.h>

#define XINCLUDE_URI "http://www.w3.org/2001/XInclude"

enum { FILES = 64, INCLUDES = 1000, POINTER_STEPS = 1000000, FOLDER_PATH = 128 };

struct part {
    char path[FOLDER_PATH];
    xmlDoc *doc;
    bool is_expanding; ///< asked for again now, it would include itself
};

struct expansion {
    const struct form_parts *parts;
    struct part files[FILES];
    size_t file_count, include_count, node_count;
};

static enum err expand(struct expansion *expansion, xmlNode *parent, const char *file,
                       struct fail *why);

/// "blocks/../x", "/etc/x", "http://x" and hidden files are nobody's parts.
static bool stays_inside(const char *href)
{
    return href[0] != '\0' && href[0] != '/' && href[0] != '.' && strchr(href, ':') == NULL &&
           strchr(href, '\\') == NULL && strstr(href, "/.") == NULL && strstr(href, "//") == NULL;
}

/// The path of what `file` calls `href`, from the form's folder.
static bool resolve(const char *file, const char *href, char out[FOLDER_PATH])
{
    const char *slash = strrchr(file, '/');
    int folder = slash != NULL ? (int)(slash - file) + 1 : 0;
    int length = snprintf(out, FOLDER_PATH, "%.*s%s", folder, file, href);
    return length > 0 && length < FOLDER_PATH;
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
static enum err find_part(struct expansion *expansion, const char *path, const xmlDoc **out,
                          struct fail *why)
{
    for (size_t i = 0; i < expansion->file_count; i++) {
        const struct part *part = &expansion->files[i];
        if (strcmp(part->path, path) != 0)
            continue;
        *out = part->doc;
        return part->is_expanding ? fail_set(why, ERR_INPUT, "%s includes itself", path) : ERR_OK;
    }
    if (expansion->file_count == FILES)
        return fail_set(why, ERR_FULL, "more than %d files", FILES);
    struct part *part = &expansion->files[expansion->file_count++];
    (void)text_copy(part->path, sizeof part->path, path);
    enum err err = read_part(expansion, part, why);
    *out = part->doc;
    return err;
}

static size_t tree_size(const xmlNode *node)
{
    size_t size = 1;
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child))
        size += tree_size(child);
    return size;
}

static enum err copy_before(struct expansion *expansion, xmlNode *include, xmlNode *node,
                            struct fail *why)
{
    if (node->type != XML_ELEMENT_NODE)
        return fail_set(why, ERR_INPUT, "the pointer must name elements");
    expansion->node_count += tree_size(node);
    if (expansion->node_count > LIMIT_FORM_NODES)
        return fail_set(why, ERR_FULL, "more than %d elements", LIMIT_FORM_NODES);
    xmlNode *copy = xmlDocCopyNode(node, include->doc, 1);
    if (copy == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    origin_copy(copy, node);
    xmlAddPrevSibling(include, copy);
    xmlNode *line = xmlNewDocText(include->doc, BAD_CAST "\n");
    if (line != NULL)
        xmlAddPrevSibling(include, line);
    return ERR_OK;
}

static void keep_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static enum err copy_selected(struct expansion *expansion, xmlNode *include, const xmlDoc *from,
                              const char *pointer, struct fail *why)
{
    xmlXPathContext *context = xmlXPtrNewContext((xmlDoc *)(uintptr_t)from, NULL, NULL);
    if (context == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    context->opLimit = POINTER_STEPS;
    context->error = keep_silent;
    xmlXPathObject *found = xmlXPtrEval(BAD_CAST pointer, context);
    const xmlNodeSet *set =
        found != NULL && found->type == XPATH_NODESET ? found->nodesetval : NULL;
    int count = set != NULL ? set->nodeNr : 0;
    enum err err =
        count > 0 ? ERR_OK : fail_set(why, ERR_INPUT, "\"%.80s\" names nothing there", pointer);
    for (int i = 0; err == ERR_OK && i < count; i++)
        err = copy_before(expansion, include, set->nodeTab[i], why);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return err;
}

static enum err replace(struct expansion *expansion, xmlNode *include, const char *file,
                        struct fail *why)
{
    char path[FOLDER_PATH];
    struct arena *arena = arena_new(0);
    const char *href = dom_attribute(arena, include, NULL, "href");
    const char *pointer = dom_attribute(arena, include, NULL, "xpointer");
    long line = xmlGetLineNo(include);
    const xmlDoc *from = NULL;
    enum err err = ERR_OK;
    if (++expansion->include_count > INCLUDES)
        err = fail_set(why, ERR_FULL, "more than %d includes", INCLUDES);
    else if (href == NULL || pointer == NULL)
        err = fail_set(why, ERR_INPUT, "an include needs href and xpointer");
    else if (!stays_inside(href) || !resolve(file, href, path))
        err = fail_set(why, ERR_INPUT, "\"%.80s\" is no file below the form's folder", href);
    if (err == ERR_OK)
        err = find_part(expansion, path, &from, why);
    if (err == ERR_OK)
        err = copy_selected(expansion, include, from, pointer, why);
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
    struct expansion expansion = {.parts = parts};
    err =
        expand(&expansion, xmlDocGetRootElement(doc), slash != NULL ? slash + 1 : parts->name, why);
    if (err == ERR_OK && expansion.include_count > 0) {
        err = write_out(&expansion, doc, out, why);
    } else if (err == ERR_OK) {
        strbuf_add(out, parts->text, parts->length);
        err = strbuf_result(out, why);
    }
    for (size_t i = 0; i < expansion.file_count; i++)
        xmlFreeDoc(expansion.files[i].doc);
    xmlFreeDoc(doc);
    return err;
}
