// SPDX-License-Identifier: GPL-3.0-or-later
// Pango breaks Korean between syllables; a run of Hangul is therefore marked unbreakable, which it
// honours as long as the word fits into the line at all.
#include "ui/type.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

enum { TYPE_BYTES = 256 << 10 };

struct type {
    PangoFontMap *map;
    PangoContext *context;
    PangoFontDescription *description;
    bool keeps_hangul;
    bool plain_quotes; ///< the CJK faces set curly quotes as wide as a Hanzi
};

static void open_fonts(struct type *type)
{
    type->map = pango_cairo_font_map_new();
    type->context = pango_font_map_create_context(type->map);
    type->description = pango_font_description_new();
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(type->context, options);
    cairo_font_options_destroy(options);
}

static void close_fonts(struct type *type)
{
    pango_font_description_free(type->description);
    g_object_unref(type->context);
    g_object_unref(type->map);
}

struct type *type_new(void)
{
    struct type *type = calloc(1, sizeof(*type));
    if (!type) {
        abort();
    }
    open_fonts(type);
    type_language(type, "zh", "Noto Sans CJK SC");
    return type;
}

void type_forget(struct type *type)
{
    close_fonts(type);
    open_fonts(type);
}

void type_free(struct type *type)
{
    if (type) {
        close_fonts(type);
        free(type);
    }
}

void type_language(struct type *type, const char *language, const char *font)
{
    const char *tag = text_equal(language, "zh") ? "zh-cn" : language;
    pango_context_set_language(type->context, pango_language_from_string(tag));
    pango_font_description_set_family(type->description, font);
    type->keeps_hangul = text_equal(language, "ko");
    type->plain_quotes = text_equal(language, "en");
}

static bool is_hangul(uint32_t c)
{
    return (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) ||
           (c >= 0x3130 && c <= 0x318F);
}

// Characters that would steer the text instead of being read.
static bool is_steering(uint32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7F && c <= 0x9F) || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
           c == 0x2029 || c == 0xFEFF || c == 0xFFFD;
}

static uint32_t plain_quote(uint32_t c)
{
    return c == 0x2018 || c == 0x2019 ? '\'' : c == 0x201C || c == 0x201D ? '"' : c;
}

static void make_inert(const struct type *type, const char *text, struct strbuf *out)
{
    for (const char *at = text; *at;) {
        char bytes[5];
        uint32_t c = text_next(&at);
        c = type->plain_quotes ? plain_quote(c) : c;
        text_put(is_steering(c) ? 0x25A1 : c, bytes);
        strbuf_adds(out, bytes);
    }
}

// □ for each character that no font here can draw.
static void replace_unknown(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    size_t length = strlen(text);
    bool *unknown = calloc(length + 1, sizeof(*unknown));
    if (!unknown) {
        abort();
    }
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            if (run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) {
                unknown[run->item->offset + run->glyphs->log_clusters[i]] = true;
            }
        }
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
    struct strbuf shown;
    strbuf_init(&shown, TYPE_BYTES);
    for (const char *at = text; *at;) {
        char bytes[5];
        size_t index = (size_t)(at - text);
        uint32_t c = text_next(&at);
        text_put(unknown[index] && c != '\n' ? 0x25A1 : c, bytes);
        strbuf_adds(&shown, bytes);
    }
    pango_layout_set_text(layout, strbuf_text(&shown), -1);
    strbuf_free(&shown);
    free(unknown);
}

static void keep_words(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    PangoAttrList *list = pango_attr_list_new();
    for (const char *at = text; *at;) {
        const char *start = at;
        uint32_t c = text_next(&at);
        if (!is_hangul(c)) {
            continue;
        }
        for (const char *ahead = at; *ahead; at = ahead) {
            c = text_next(&ahead);
            if (!is_hangul(c)) {
                break;
            }
        }
        PangoAttribute *attribute = pango_attr_allow_breaks_new(FALSE);
        attribute->start_index = (guint)(start - text);
        attribute->end_index = (guint)(at - text);
        pango_attr_list_insert(list, attribute);
    }
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

PangoLayout *type_layout(struct type *type, const char *text, const struct type_style *style)
{
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT};
    PangoLayout *layout = pango_layout_new(type->context);
    pango_font_description_set_absolute_size(type->description, style->em_px * PANGO_SCALE);
    pango_font_description_set_weight(type->description,
                                      style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, type->description);
    pango_layout_set_alignment(layout, aligns[style->align]);
    struct strbuf inert;
    strbuf_init(&inert, TYPE_BYTES);
    make_inert(type, text, &inert);
    pango_layout_set_text(layout, strbuf_text(&inert), -1);
    strbuf_free(&inert);
    if (style->width >= 0) {
        pango_layout_set_width(layout, style->width * PANGO_SCALE);
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
        replace_unknown(layout);
    }
    if (type->keeps_hangul) {
        keep_words(layout);
    }
    return layout;
}
