// SPDX-License-Identifier: GPL-3.0-or-later
// Texts: words, <output> values and itext, compiled once.
#include "form_internal.h"

#include <stdio.h>

static struct form_piece *add_piece(struct form_loader *loader, struct form_text *text,
                                    enum form_piece_kind kind)
{
    struct form_piece *piece = ARENA_NEW(loader->form->arena, struct form_piece);
    piece->kind = kind;
    if (text->last != NULL)
        text->last->next = piece;
    else
        text->pieces = piece;
    text->last = piece;
    return piece;
}

/// jr:itext('id'): the id, when it is a plain literal. NULL otherwise.
static const char *itext_literal(struct arena *arena, const char *reference)
{
    if (strncmp(reference, "jr:itext(", 9) != 0)
        return NULL;
    const char *at = reference + 9;
    at += strspn(at, " \t\r\n");
    char quote = at[0];
    if (quote != '\'' && quote != '"')
        return NULL;
    const char *end = strchr(at + 1, quote);
    if (end == NULL)
        return NULL;
    const char *rest = end + 1;
    rest += strspn(rest, " \t\r\n");
    if (strcmp(rest, ")") != 0)
        return NULL;
    return arena_strndup(arena, at + 1, (size_t)(end - at) - 1);
}

static bool has_text(const struct form *form, const char *id)
{
    for (const struct form_language *language = form->languages; language != NULL;
         language = language->next) {
        if (itext_find(language, id) != NULL)
            return true;
    }
    return false;
}

/// jr:itext(...) with any argument; false when the reference is not an itext call.
static bool load_itext(struct form_loader *loader, const xmlNode *at, const char *reference,
                       struct form_text *text)
{
    struct form *form = loader->form;
    size_t length = strlen(reference);
    if (strncmp(reference, "jr:itext(", 9) != 0 || reference[length - 1] != ')')
        return false;
    const char *id = itext_literal(form->arena, reference);
    if (id != NULL) {
        add_piece(loader, text, PIECE_ITEXT_ID)->literal = id;
        if (!has_text(form, id))
            loader_find(loader, FORM_WARNING, at, "Add the text to the form's itext.",
                        "there is no text \"%.200s\"", id);
        return true;
    }
    const char *inner = arena_strndup(form->arena, reference + 9, length - 10);
    struct form_expression *value = expression_compile(loader, inner, at);
    if (value != NULL)
        add_piece(loader, text, PIECE_ITEXT)->value = value;
    return true;
}

struct form_text text_load_message(struct form_loader *loader, const xmlNode *at,
                                   const char *message)
{
    struct form_text text = {0};
    const char *start = message + strspn(message, " \t\r\n");
    if (!load_itext(loader, at, start, &text))
        add_piece(loader, &text, PIECE_LITERAL)->literal =
            arena_strdup(loader->form->arena, message);
    return text;
}

static void load_content(struct form_loader *loader, const xmlNode *element, struct form_text *text)
{
    for (xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            add_piece(loader, text, PIECE_LITERAL)->literal = (const char *)child->content;
        } else if (dom_has_local(child, "output")) {
            struct form_expression *value = expression_attribute(loader, child, NULL, "value");
            if (value == NULL)
                value = expression_attribute(loader, child, NULL, "ref");
            if (value != NULL)
                add_piece(loader, text, PIECE_VALUE)->value = value;
        } else if (child->type == XML_ELEMENT_NODE) {
            loader_find(loader, FORM_WARNING, child,
                        "Write Markdown, or HTML with &lt; for <, in texts.",
                        "elements inside a text are ignored");
        }
    }
}

struct form_text text_load(struct form_loader *loader, const xmlNode *element)
{
    struct form_text text = {0};
    const char *reference = dom_attribute_trimmed(loader->form->arena, element, NULL, "ref");
    if (reference != NULL && reference[0] != '\0') {
        if (load_itext(loader, element, reference, &text))
            return text;
        struct form_expression *value = expression_compile(loader, reference, element);
        if (value != NULL)
            add_piece(loader, &text, PIECE_VALUE)->value = value;
        return text;
    }
    load_content(loader, element, &text);
    return text;
}
