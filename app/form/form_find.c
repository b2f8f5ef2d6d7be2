// SPDX-License-Identifier: GPL-3.0-or-later
// What a form author is told.
#include "form_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void describe_element(const xmlNode *at, char *out, size_t size)
{
    out[0] = '\0';
    if (at == NULL || at->type != XML_ELEMENT_NODE)
        return;
    static const char *const names[] = {"nodeset", "ref", "id", "lang"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (const xmlAttr *attribute = at->properties; attribute != NULL;
             attribute = attribute->next) {
            if (attribute->ns != NULL || strcmp((const char *)attribute->name, names[i]) != 0 ||
                attribute->children == NULL || attribute->children->content == NULL)
                continue;
            snprintf(out, size, "<%s %s=\"%.80s\">", (const char *)at->name, names[i],
                     (const char *)attribute->children->content);
            return;
        }
    }
    snprintf(out, size, "<%.100s>", (const char *)at->name);
}

/// The first errors are always kept; of a flood of hints the rest is dropped.
static void keep(struct form_loader *loader, const struct form_finding *finding)
{
    enum { FINDINGS = 400, FINDINGS_WITH_ERRORS = 500 };
    size_t room = finding->severity == FORM_ERROR ? FINDINGS_WITH_ERRORS : FINDINGS;
    if (loader->finding_count >= room)
        return;
    if (loader->findings == NULL)
        loader->findings = calloc(FINDINGS_WITH_ERRORS, sizeof *loader->findings);
    if (loader->findings == NULL)
        abort();
    struct kept_finding *kept = &loader->findings[loader->finding_count];
    const char *file = NULL;
    kept->finding = *finding;
    kept->order = finding->line;
    if (xml_origins_find(loader->source->origins, finding->line, &file, &kept->finding.line))
        (void)text_copy(kept->finding.file, sizeof kept->finding.file, file);
    kept->number = loader->finding_count++;
}

void loader_find(struct form_loader *loader, enum form_severity severity, const xmlNode *at,
                 const char *advice, const char *format, ...)
{
    struct form_finding finding = {.severity = severity};
    (void)text_copy(finding.file, sizeof finding.file, loader->form->file);
    finding.line = at != NULL ? (int)xmlGetLineNo(at) : 0;
    describe_element(at, finding.element, sizeof finding.element);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding.text, sizeof finding.text, format, arguments);
    va_end(arguments);
    (void)text_copy(finding.advice, sizeof finding.advice, advice);
    loader->error_count += severity == FORM_ERROR ? 1U : 0U;
    keep(loader, &finding);
}

static int compare_lines(const void *a, const void *b)
{
    const struct kept_finding *first = a, *second = b;
    if (first->order != second->order)
        return first->order < second->order ? -1 : 1;
    return first->number < second->number ? -1 : 1;
}

void loader_report(struct form_loader *loader)
{
    if (loader->finding_count > 0)
        qsort(loader->findings, loader->finding_count, sizeof *loader->findings, compare_lines);
    bool has_first = false;
    for (size_t i = 0; i < loader->finding_count; i++) {
        const struct form_finding *at = &loader->findings[i].finding;
        if (at->severity == FORM_ERROR && !has_first) {
            has_first = true;
            fail_set(&loader->first, ERR_INPUT, "%s line %d %s: %s", at->file, at->line,
                     at->element, at->text);
        }
        if (loader->report != NULL)
            loader->report(loader->context, at);
    }
    free(loader->findings);
    loader->findings = NULL;
}
