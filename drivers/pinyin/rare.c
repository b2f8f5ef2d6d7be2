// SPDX-License-Identifier: GPL-3.0-or-later
#include "rare.h"
#include "tables.h"
#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

struct rare_fonts {
    FcCharSet *drawn;
};

struct rare_fonts *rare_open(void)
{
    struct rare_fonts *fonts = calloc(1, sizeof(*fonts));
    FcPattern *any = FcPatternCreate();
    FcResult result = FcResultMatch;
    if (!fonts || !any) {
        abort();
    }
    FcConfigSubstitute(NULL, any, FcMatchPattern);
    FcDefaultSubstitute(any);
    FcFontSet *all = FcFontSort(NULL, any, FcTrue, &fonts->drawn, &result);
    if (all) {
        FcFontSetDestroy(all);
    }
    FcPatternDestroy(any);
    return fonts;
}

void rare_close(struct rare_fonts *fonts)
{
    if (fonts) {
        if (fonts->drawn) {
            FcCharSetDestroy(fonts->drawn);
        }
        free(fonts);
    }
}

bool rare_is_drawn(const struct rare_fonts *fonts, uint32_t character)
{
    return fonts->drawn && FcCharSetHasChar(fonts->drawn, character);
}

static int compare_syllables(const void *letters, const void *syllable)
{
    return strcmp(letters, ((const struct syllable *)syllable)->letters);
}

static const struct syllable *find(const char *letters, size_t length)
{
    char wanted[sizeof(unihan_syllables->letters)] = "";
    if (length == 0 || length >= sizeof(wanted) || strnlen(letters, length) < length) {
        return NULL;
    }
    memcpy(wanted, letters, length);
    return bsearch(wanted, unihan_syllables, unihan_syllable_count, sizeof(*unihan_syllables),
                   compare_syllables);
}

static int compare_characters(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

void rare_list(const struct rare_fonts *fonts, const char *letters, size_t length,
               const uint32_t *known, size_t known_count, struct rare *out)
{
    const struct syllable *syllable = find(letters, length);
    out->length = out->count = 0;
    for (size_t take = sizeof(syllable->letters) - 1; !syllable && take > 0; take--) {
        syllable = find(letters, take);
    }
    if (!syllable) {
        return;
    }
    out->length = strlen(syllable->letters);
    for (uint32_t i = syllable->first; i < syllable[1].first; i++) {
        bool is_known = known_count && bsearch(&unihan_characters[i], known, known_count,
                                               sizeof(*known), compare_characters);
        if (!is_known && out->count < sizeof(out->characters) / sizeof(*out->characters) &&
            rare_is_drawn(fonts, unihan_characters[i])) {
            out->characters[out->count++] = unihan_characters[i];
        }
    }
}
