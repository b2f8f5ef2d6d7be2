// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <pango/pangocairo.h>
#include <stdbool.h>

/// Typesetting: one Pango context a visit. Whatever a resident typed is set as plain
/// text: no markup, control and direction characters are shown as □, and so is a character without
/// a glyph. Korean words are kept whole. UI thread.

struct type;

enum type_align { ALIGN_START, ALIGN_CENTRE, ALIGN_END };

struct type_style {
    int em_px;
    bool bold;
    int width; ///< px to break lines at; -1: one line
    enum type_align align;
};

/// Never NULL.
struct type *type_new(void);
/// NULL-safe.
void type_free(struct type *type);
/// A new context: what the old one remembers of the texts it has set goes. Then `type_language`.
void type_forget(struct type *type);
/// `language`: "zh", "en", "ko"; `font`: a family.
void type_language(struct type *type, const char *language, const char *font);
/// To be released with g_object_unref. Never NULL.
PangoLayout *type_layout(struct type *type, const char *text, const struct type_style *style);
