// SPDX-License-Identifier: GPL-3.0-or-later
// PDF: the same layouts, scaled from dots to points.
#include "paper_internal.h"
#include <cairo-pdf.h>

static cairo_status_t take_pdf(void *context, const unsigned char *bytes, unsigned length)
{
    struct strbuf *out = context;
    strbuf_add(out, bytes, length);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

enum err page_pdf(const struct page *page, const struct paper_document *document,
                  struct strbuf *out, struct fail *why)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_pdf, out, page->points_wide, page->points_high);
    if (document->title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, document->title);
    cairo_t *cairo = cairo_create(surface);
    double scale = (double)POINTS_PER_INCH / DOTS_PER_INCH;
    cairo_scale(cairo, scale, scale);
    page_draw(page, cairo);
    cairo_show_page(cairo);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t finished = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (out->failed)
        return strbuf_result(out, why);
    cairo_status_t status = drawn != CAIRO_STATUS_SUCCESS ? drawn : finished;
    return status == CAIRO_STATUS_SUCCESS
               ? ERR_OK
               : fail_set(why, ERR_TECHNICIAN, "writing PDF: %s", cairo_status_to_string(status));
}
