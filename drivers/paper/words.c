// SPDX-License-Identifier: GPL-3.0-or-later
// Text to Pango layouts. The context knows no surface: lines break alike on raster and PDF.
#include "paper_internal.h"
#include <string.h>

// Noto Sans CJK asks for 1.45 em a line; receipts are short of paper.
static const float LINE_SPACING = 0.90f;

static PangoLayout *plain_layout(struct paper_driver *driver, const struct paper_item *item)
{
    PangoLayout *layout = pango_layout_new(driver->context);
    PangoFontDescription *font = pango_font_description_from_string(driver->families);
    pango_font_description_set_absolute_size(font,
                                             paper_dots(item->size_mm100) * (double)PANGO_SCALE);
    pango_font_description_set_weight(font, item->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, LINE_SPACING);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_alignment(layout, item->align == PAPER_CENTRE  ? PANGO_ALIGN_CENTER
                                       : item->align == PAPER_RIGHT ? PANGO_ALIGN_RIGHT
                                                                    : PANGO_ALIGN_LEFT);
    return layout;
}

// Marks in `bad` each byte at which a character starts that no font can show.
static bool find_missing(PangoLayout *layout, bool *bad)
{
    bool any = false;
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            if (run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) {
                bad[run->item->offset + run->glyphs->log_clusters[i]] = true;
                any = true;
            }
        }
    } while (pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
    return any;
}

// A character without a glyph is shown as a box, never dropped.
static bool box_missing(PangoLayout *layout)
{
    if (pango_layout_get_unknown_glyphs_count(layout) == 0)
        return false;
    const char *text = pango_layout_get_text(layout);
    size_t length = strlen(text);
    bool *bad = g_new0(bool, length + 1);
    bool any = find_missing(layout, bad);
    GString *boxed = g_string_new(NULL);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        if (bad[at - text])
            g_string_append(boxed, "\xE2\x96\xA1");
        else
            g_string_append_len(boxed, at, g_utf8_next_char(at) - at);
    }
    g_free(bad);
    if (any)
        pango_layout_set_text(layout, boxed->str, -1);
    g_string_free(boxed, TRUE);
    return any;
}

// Korean breaks between words; Pango alone would break between any two syllables.
static void keep_words(struct paper_driver *driver, PangoLayout *layout)
{
    enum { WORD_MAXIMUM = 45 }; // bytes: longer is no word, it may break anywhere
    if (pango_context_get_language(driver->context) != pango_language_from_string("ko"))
        return;
    PangoAttrList *attributes = pango_attr_list_new();
    const char *text = pango_layout_get_text(layout);
    for (const char *from = text; *from;) {
        size_t length = strcspn(from, " \n");
        if (length > 0 && length <= WORD_MAXIMUM) {
            PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
            whole->start_index = (guint)(from - text);
            whole->end_index = (guint)(from - text + (ptrdiff_t)length);
            pango_attr_list_insert(attributes, whole);
        }
        from += length;
        from += strspn(from, " \n");
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

PangoLayout *words_layout(struct paper_driver *driver, const struct paper_item *item,
                          const char *text, int width, bool *missing)
{
    PangoLayout *layout = plain_layout(driver, item);
    bool keep_lines = item->kind == PAPER_TEXT || item->kind == PAPER_TICK;
    char *inert = inert_text(text ? text : "", keep_lines, missing);
    pango_layout_set_text(layout, inert, -1);
    g_free(inert);
    pango_layout_set_width(layout, width * PANGO_SCALE);
    if (box_missing(layout))
        *missing = true;
    keep_words(driver, layout);
    return layout;
}

// The white that the font keeps above a line for accents nobody prints: paper is short.
int words_lead(PangoLayout *layout)
{
    const PangoFontDescription *font = pango_layout_get_font_description(layout);
    return pango_font_description_get_size(font) / PANGO_SCALE / 5;
}

int words_height(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_pixel_extents(layout, NULL, &logical);
    return logical.height - words_lead(layout);
}

int words_natural_width(struct paper_driver *driver, const struct paper_item *item,
                        const char *text)
{
    bool ignored = false;
    PangoLayout *layout = words_layout(driver, item, text, -1, &ignored);
    pango_layout_set_width(layout, -1);
    PangoRectangle logical;
    pango_layout_get_pixel_extents(layout, NULL, &logical);
    g_object_unref(layout);
    return logical.width;
}
