// SPDX-License-Identifier: GPL-3.0-or-later
#include "print_internal.h"
#include "sheet.h"
#include "yimen/base/log.h"
#include "yimen/receipt/receipt.h"
#include <stdio.h>
#include <string.h>

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

static void keep(const struct print *print, const struct print_request *request,
                 const struct paper_output *out)
{
    char name[64] = "test";
    if (request->kind == PRINT_RECEIPT)
        (void)snprintf(name, sizeof name, "%s-%d", request->facts->number,
                       request->facts->print_count);
    if (request->kind == PRINT_SLIP || request->kind == PRINT_TICKET)
        (void)snprintf(name, sizeof name, "%.60s", request->job);
    keep_one(print, name, "pwg", &out->pwg);
    keep_one(print, name, "pdf", &out->pdf);
    keep_one(print, name, "png", &out->png);
}

static void compose(const struct print *print, const struct print_request *request,
                    struct arena *arena, struct paper_document *document)
{
    const struct print_options *with = &print->options;
    struct when now = clock_now(with->clock);
    if (request->kind == PRINT_RECEIPT)
        receipt_compose(request->facts, with->texts, with->catalogue, arena, document);
    else if (request->kind == PRINT_SLIP)
        slip_compose(request->slip, with->texts, with->catalogue, with->policies, arena, document);
    else if (request->kind == PRINT_TICKET)
        ticket_slip_compose(request->ticket, with->texts, with->catalogue, arena, document);
    else
        receipt_compose_test(&now, with->texts, arena, document);
}

// Also on paper: whoever takes it home must not rely on it.
static void say_practice(const struct print *print, struct arena *arena,
                         struct paper_document *document)
{
    enum { BEFORE = 4 };
    struct paper_item *items =
        ARENA_ARRAY(arena, struct paper_item, document->count + (size_t)BEFORE);
    items[0] = (struct paper_item){.kind = PAPER_BOX_BEGIN, .size_mm100 = 150, .bold = true};
    items[1] = (struct paper_item){
        .kind = PAPER_TEXT,
        .align = PAPER_CENTRE,
        .size_mm100 = SHEET_BODY,
        .bold = true,
        .text = texts_get(print->options.texts, document->language, "receipt.practice")};
    items[2] = (struct paper_item){.kind = PAPER_BOX_END};
    items[3] = (struct paper_item){.kind = PAPER_GAP, .size_mm100 = 150};
    memcpy(items + BEFORE, document->items, document->count * sizeof *items);
    document->items = items;
    document->count += BEFORE;
}

enum err print_render(struct print *print, const struct print_request *request,
                      struct print_work *work, struct fail *why)
{
    bool keeps = print->options.keep && print->options.keep_folder_pdf;
    struct arena *arena = arena_new(0);
    struct paper_document document;
    struct paper_output out = {0};
    strbuf_init(&out.pwg, PWG_MAXIMUM);
    strbuf_init(&out.pdf, keeps ? PDF_MAXIMUM : 0);
    strbuf_init(&out.png, keeps ? PNG_MAXIMUM : 0);
    compose(print, request, arena, &document);
    if (print->options.practice)
        say_practice(print, arena, &document);
    const struct paper *paper = print->options.paper;
    enum err err = paper->ops->render(paper->self, &document, &out, why);
    if (!err) {
        (void)snprintf(work->media, sizeof work->media, "%s", out.media);
        if (out.missing_glyphs)
            log_event(LOG_WARNING, "print", "missing-glyph", "media=%s", out.media);
        if (keeps)
            keep(print, request, &out);
        work->pwg = out.pwg;
    } else {
        strbuf_free(&out.pwg);
    }
    strbuf_free(&out.pdf);
    strbuf_free(&out.png);
    arena_free(arena);
    return err;
}
