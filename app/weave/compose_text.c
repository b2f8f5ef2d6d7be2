// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a form's elements again, with the paths and sentences of a part that has moved.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <string.h>

#define DATA_STEP "/data/"
#define ITEXT_CALL "jr:itext("

enum token_kind { TOKEN_PLAIN, TOKEN_PART, TOKEN_TEXT };
struct token {
    enum token_kind kind;
    const char *at; ///< of a part: from its "/data/" on
    size_t length;
};
struct scan {
    const char *begin, *at, *text_end; ///< text_end: inside jr:itext('...')
};

static bool is_name_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || strchr("_-.", byte) != NULL ||
           (unsigned char)byte >= 0x80;
}

// Length of "/data/NAME" at a place where a path begins; 0 elsewhere.
static size_t part_length(const char *begin, const char *at)
{
    size_t step = strlen(DATA_STEP), name = step;
    if (strncmp(at, DATA_STEP, step) != 0)
        return 0;
    if (at > begin && (is_name_byte(at[-1]) || strchr(")]*/:@", at[-1]) != NULL))
        return 0;
    while (at[name] != '\0' && is_name_byte(at[name]))
        name++;
    return name > step && at[name] != ':' ? name : 0;
}

static bool begins_text(const char *begin, const char *quote)
{
    size_t call = strlen(ITEXT_CALL);
    while (quote > begin && quote[-1] == ' ')
        quote--;
    return (size_t)(quote - begin) >= call && strncmp(quote - call, ITEXT_CALL, call) == 0;
}

// Up to the next part or sentence; what is quoted is not looked into.
static void skip_plain(struct scan *scan)
{
    const char *at = scan->at;
    while (*at != '\0' && part_length(scan->begin, at) == 0) {
        if (*at != '\'' && *at != '"') {
            at++;
            continue;
        }
        const char *close = strchr(at + 1, *at);
        if (close != NULL && close > at + 1 && begins_text(scan->begin, at)) {
            at++;
            scan->text_end = close;
            break;
        }
        at = close != NULL ? close + 1 : at + strlen(at);
    }
    scan->at = at;
}

static bool next_token(struct scan *scan, struct token *out)
{
    *out = (struct token){.at = scan->at};
    if (*scan->at == '\0')
        return false;
    if (scan->text_end != NULL) {
        out->kind = TOKEN_TEXT;
        scan->at = scan->text_end;
        scan->text_end = NULL;
    } else if (part_length(scan->begin, scan->at) > 0) {
        out->kind = TOKEN_PART;
        scan->at += part_length(scan->begin, scan->at);
    } else {
        skip_plain(scan);
    }
    out->length = (size_t)(scan->at - out->at);
    return true;
}

const char *compose_rewrite(const struct compose *compose, const struct compose_source *source,
                            const char *text)
{
    struct scan scan = {.begin = text, .at = text};
    struct token token;
    struct strbuf out;
    if (source == NULL || (strstr(text, DATA_STEP) == NULL && strstr(text, ITEXT_CALL) == NULL))
        return text;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    while (next_token(&scan, &token)) {
        const char *name = arena_strndup(compose->arena, token.at, token.length);
        const struct compose_part *part =
            token.kind == TOKEN_PART ? compose_part_of(source, name + strlen(DATA_STEP)) : NULL;
        const struct compose_text *sentence =
            token.kind == TOKEN_TEXT ? xmlHashLookup(source->texts, BAD_CAST name) : NULL;
        strbuf_adds(&out, part != NULL ? part->at : sentence != NULL ? sentence->name : name);
    }
    const char *written = arena_strndup(compose->arena, strbuf_text(&out), out.length);
    strbuf_free(&out);
    return written;
}

void compose_look(const struct compose *compose, const char *text, const struct compose_seen *seen)
{
    struct scan scan = {.begin = text, .at = text};
    struct token token;
    while (next_token(&scan, &token)) {
        const char *name = arena_strndup(compose->arena, token.at, token.length);
        if (token.kind == TOKEN_PART && seen->part != NULL)
            seen->part(seen->context, name + strlen(DATA_STEP));
        else if (token.kind == TOKEN_TEXT && seen->text != NULL)
            seen->text(seen->context, name);
    }
}

static const char *attribute_text(const struct compose *compose, const xmlNode *node,
                                  const xmlAttr *attribute)
{
    return dom_attribute(compose->arena, node,
                         attribute->ns != NULL ? (const char *)attribute->ns->href : NULL,
                         (const char *)attribute->name);
}

void compose_look_in(const struct compose *compose, const xmlNode *node,
                     const struct compose_seen *seen)
{
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
        compose_look(compose, attribute_text(compose, node, at), seen);
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child))
        compose_look_in(compose, child, seen);
}

// The prefix under which the composed form declares a namespace; NULL: it does not.
static const char *prefix_of(const char *uri)
{
    static const struct {
        const char *uri, *prefix;
    } known[] = {{XFORMS_URI, ""},      {XHTML_URI, "h:"},
                 {JAVAROSA_URI, "jr:"}, {OPENROSA_URI, "orx:"},
                 {ODK_URI, "odk:"},     {"http://www.w3.org/XML/1998/namespace", "xml:"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(known[i].uri, uri))
            return known[i].prefix;
    return NULL;
}

// Name as written there; a namespace of its own is declared on the spot.
static void write_name(const xmlNs *ns, const xmlChar *name, struct strbuf *out)
{
    const char *prefix = ns != NULL ? prefix_of((const char *)ns->href) : "";
    if (prefix != NULL)
        strbuf_addf(out, "%s%s", prefix, (const char *)name);
    else
        strbuf_addf(out, "own:%s", (const char *)name);
}

static void declare(const xmlNs *ns, bool *declared, struct strbuf *out)
{
    if (*declared || ns == NULL || prefix_of((const char *)ns->href) != NULL)
        return;
    strbuf_adds(out, " xmlns:own=\"");
    strbuf_add_xml(out, (const char *)ns->href);
    strbuf_addc(out, '"');
    *declared = true;
}

// Indentation is no text.
static bool is_layout(const xmlNode *node)
{
    const char *text = (const char *)node->content;
    return text == NULL || (strchr(text, '\n') != NULL && text[strspn(text, " \t\r\n")] == '\0');
}

void compose_write(const struct compose *compose, const struct compose_source *source,
                   const xmlNode *node, struct strbuf *out)
{
    bool declared = false;
    strbuf_addc(out, '<');
    write_name(node->ns, node->name, out);
    declare(node->ns, &declared, out);
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        declare(at->ns, &declared, out);
        strbuf_addc(out, ' ');
        write_name(at->ns, at->name, out);
        strbuf_adds(out, "=\"");
        strbuf_add_xml(out, compose_rewrite(compose, source, attribute_text(compose, node, at)));
        strbuf_addc(out, '"');
    }
    strbuf_addc(out, '>');
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            compose_write(compose, source, child, out);
        else if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) &&
                 !is_layout(child))
            strbuf_add_xml(out, (const char *)child->content);
    }
    strbuf_adds(out, "</");
    write_name(node->ns, node->name, out);
    strbuf_adds(out, ">");
}
