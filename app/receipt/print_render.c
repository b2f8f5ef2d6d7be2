// SPDX-License-Identifier: GPL-3.0-or-later
#include "print_internal.h"
#include "yimen/base/log.h"
#include "yimen/receipt/receipt.h"
#include <stdio.h>

enum { PWG_MAXIMUM = 4 << 20, PDF_MAXIMUM = 8 << 20, PNG_MAXIMUM = 4 << 20 };

static void keep_one(const struct print *print, const char *name, const char *extension,
                     const struct strbuf *content)
{
    char path[300];
    struct fail why = {0};
    const struct files *files = print->options.keep;
    const char *folder = print->options.keep_folder_pdf;
    (void)snprintf(path, sizeof path, "%s%s%s.%s", folder, *folder ? "/" : "", name, extension);
    if (files->ops->write(files->self, path, content->data, content->length, false, &why))
        log_fail(LOG_WARNING, "print", "not-kept", &why);
}

static void keep(const struct print *print, const struct receipt_facts *facts,
                 const struct paper_output *out)
{
    char name[64] = "test";
    if (facts)
        (void)snprintf(name, sizeof name, "%s-%d", facts->number, facts->print_count);
    keep_one(print, name, "pwg", &out->pwg);
    keep_one(print, name, "pdf", &out->pdf);
    keep_one(print, name, "png", &out->png);
}

static void compose(const struct print *print, const struct receipt_facts *facts,
                    struct arena *arena, struct paper_document *document)
{
    struct when now = clock_now(print->options.clock);
    if (facts)
        receipt_compose(facts, print->options.texts, print->options.catalogue, arena, document);
    else
        receipt_compose_test(&now, print->options.texts, arena, document);
}

enum err print_render(struct print *print, const struct receipt_facts *facts,
                      struct print_work *work, struct fail *why)
{
    bool keeps = print->options.keep && print->options.keep_folder_pdf;
    struct arena *arena = arena_new(0);
    struct paper_document document;
    struct paper_output out = {0};
    strbuf_init(&out.pwg, PWG_MAXIMUM);
    strbuf_init(&out.pdf, keeps ? PDF_MAXIMUM : 0);
    strbuf_init(&out.png, keeps ? PNG_MAXIMUM : 0);
    compose(print, facts, arena, &document);
    const struct paper *paper = print->options.paper;
    enum err err = paper->ops->render(paper->self, &document, &out, why);
    if (!err) {
        (void)snprintf(work->media, sizeof work->media, "%s", out.media);
        if (out.missing_glyphs)
            log_event(LOG_WARNING, "print", "missing-glyph", "media=%s", out.media);
        if (keeps)
            keep(print, facts, &out);
        work->pwg = out.pwg;
    } else {
        strbuf_free(&out.pwg);
    }
    strbuf_free(&out.pdf);
    strbuf_free(&out.png);
    arena_free(arena);
    return err;
}
