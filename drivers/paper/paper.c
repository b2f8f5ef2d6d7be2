// SPDX-License-Identifier: GPL-3.0-or-later
#include "paper_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

// The glyph forms of each language; a district may set its own families.
struct script {
    const char *language, *tag, *families;
};

static const struct script SCRIPTS[] = {
    {"zh", "zh-cn", "Noto Sans CJK SC, Noto Sans, Noto Sans Symbols2"},
    {"ko", "ko", "Noto Sans CJK KR, Noto Sans CJK SC, Noto Sans"},
    {"en", "en", "Noto Sans CJK SC, Noto Sans"},
};

static const struct script *script_of(const char *language)
{
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        if (language && text_equal(SCRIPTS[i].language, language))
            return &SCRIPTS[i];
    }
    return &SCRIPTS[0];
}

static void set_language(struct paper_driver *driver, const char *language, bool own_families)
{
    const struct script *script = script_of(language);
    pango_context_set_language(driver->context, pango_language_from_string(script->tag));
    if (!own_families)
        (void)snprintf(driver->families, sizeof driver->families, "%s", script->families);
}

struct paper_handle {
    struct paper_driver driver;
    bool own_families;
};

static enum err render(void *self, const struct paper_document *document, struct paper_output *out,
                       struct fail *why)
{
    struct paper_handle *handle = self;
    set_language(&handle->driver, document->language, handle->own_families);
    struct page page = {0};
    enum err err = page_layout(&handle->driver, document, &page, why);
    if (!err)
        err = page_raster(&page, document, out, why);
    if (!err && out->pdf.maximum)
        err = page_pdf(&page, document, &out->pdf, why);
    out->width_dots = page.width;
    out->height_dots = page.height;
    out->missing_glyphs = page.missing_glyphs;
    page_free(&page);
    return err ? fail_prefix(why, err, "rendering a receipt") : ERR_OK;
}

static const struct paper_ops OPS = {.render = render};

enum err paper_open(const struct paper_options *options, struct paper *out, struct fail *why)
{
    struct paper_handle *handle = g_new0(struct paper_handle, 1);
    struct paper_driver *driver = &handle->driver;
    driver->fonts = pango_cairo_font_map_new();
    driver->context = pango_font_map_create_context(driver->fonts);
    pango_cairo_context_set_resolution(driver->context, POINTS_PER_INCH);
    pango_context_set_base_dir(driver->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(driver->context, FALSE);
    cairo_font_options_t *plain = cairo_font_options_create();
    cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(plain, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(driver->context, plain);
    cairo_font_options_destroy(plain);
    if (options && options->families) {
        handle->own_families = true;
        (void)snprintf(driver->families, sizeof driver->families, "%s", options->families);
    }
    set_language(driver, "zh", handle->own_families);
    *out = (struct paper){&OPS, handle};
    PangoFontFamily **families = NULL;
    int count = 0;
    pango_font_map_list_families(driver->fonts, &families, &count);
    g_free(families);
    if (count == 0) {
        paper_close(out);
        return fail_set(why, ERR_TECHNICIAN, "no font is installed");
    }
    return ERR_OK;
}

void paper_close(struct paper *paper)
{
    if (!paper || !paper->self)
        return;
    struct paper_handle *handle = paper->self;
    g_object_unref(handle->driver.context);
    g_object_unref(handle->driver.fonts);
    g_free(handle);
    *paper = (struct paper){0};
}
