// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes are kept in code, because the layout test holds them to the standard's figures; colours are
// data, because a district may want its own.
#include "ui/theme.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <math.h>

enum { MODES = 4, THEME_BYTES = 64 << 10 };

static const char *const mode_names[MODES] = {"default", "on-white", "on-black", "low"};
static const char *const language_names[3] = {"zh", "en", "ko"};
static const char *const colour_names[COLOUR_COUNT] = {
    "none",      "background", "surface",  "ink",    "ink_soft",  "line",   "hairline",  "accent",
    "on_accent", "accent_ink", "tint",     "urgent", "on_urgent", "notice", "on_notice", "good",
    "wrong",     "focus_out",  "focus_in", "scrim",  "key",       "board",  "track"};

// em in mm at the middle size; what grows less than the text around it has `follow` below 1, so
// that titles stay on the page at XL.
static const struct {
    double mm, follow;
    bool bold;
} styles[STYLE_COUNT] = {
    [STYLE_SMALL] = {5.8, 0.7, false},  [STYLE_BODY] = {7.3, 1, false},
    [STYLE_STRONG] = {7.3, 1, true},    [STYLE_LEAD] = {8.4, 0.9, true},
    [STYLE_TITLE] = {10.4, 0.7, true},  [STYLE_DISPLAY] = {14.5, 0.5, true},
    [STYLE_NUMBER] = {10.4, 0.8, true},
};

static const struct {
    double mm, follow, least;
} measures[MEASURE_COUNT] = {
    [MEASURE_TARGET] = {21, 0.5, 20.2}, [MEASURE_KEY] = {19, 0.2, 12.8},
    [MEASURE_GAP] = {3.2, 0.3, 2.7},    [MEASURE_MARGIN] = {9, 0.2, 6},
    [MEASURE_PAD] = {5, 0.4, 3.5},      [MEASURE_RADIUS] = {3.2, 0.2, 2},
    [MEASURE_ICON] = {9, 0.8, 7},       [MEASURE_ICON_LARGE] = {15, 0.6, 11},
};

static enum err read_colour(const json_t *mode, const char *name, uint32_t *out, struct fail *why)
{
    const char *text = json_string_value(json_object_get(mode, name));
    if (!text || text[0] != '#' || text_length(text) != 7) {
        return fail_set(why, ERR_INPUT, "theme colour %s is not \"#RRGGBB\"", name);
    }
    uint32_t value = 0;
    for (const char *at = text + 1; *at; at++) {
        int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                    : *at >= 'A' && *at <= 'F' ? *at - 'A' + 10
                    : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                                               : -1;
        if (digit < 0) {
            return fail_set(why, ERR_INPUT, "theme colour %s is not \"#RRGGBB\"", name);
        }
        value = value << 4 | (uint32_t)digit;
    }
    *out = value;
    return ERR_OK;
}

static enum err read_theme(const json_t *root, struct theme *out, struct fail *why)
{
    const json_t *modes = json_object_get(root, "modes");
    for (int mode = 0; mode < MODES; mode++) {
        const json_t *colours = json_object_get(modes, mode_names[mode]);
        for (int colour = COLOUR_NONE + 1; colour < COLOUR_COUNT; colour++) {
            enum err err =
                read_colour(colours, colour_names[colour], &out->colours[mode][colour], why);
            if (err) {
                return fail_prefix(why, err, "mode %s", mode_names[mode]);
            }
        }
    }
    const json_t *fonts = json_object_get(root, "font"), *scale = json_object_get(root, "scale");
    for (int language = 0; language < 3; language++) {
        const char *font = json_string_value(json_object_get(fonts, language_names[language]));
        if (!font || !text_copy(out->font[language], sizeof(out->font[language]), font)) {
            return fail_set(why, ERR_INPUT, "theme has no font for %s", language_names[language]);
        }
    }
    for (size_t size = 0; size < MODES; size++) {
        out->scale[size] = json_number_value(json_array_get(scale, size));
        if (out->scale[size] < 0.5 || out->scale[size] > 3) {
            return fail_set(why, ERR_INPUT, "theme scale %zu is not between 0.5 and 3", size);
        }
    }
    return ERR_OK;
}

enum err theme_load(const struct files *pack, double mm_per_px, struct theme *out, struct fail *why)
{
    *out = (struct theme){.mm_per_px = mm_per_px, .size = TEXT_SIZE_M};
    if (!(mm_per_px > 0.03 && mm_per_px < 2)) {
        return fail_set(why, ERR_TECHNICIAN, "%.3f mm per px is no screen", mm_per_px);
    }
    struct strbuf text;
    strbuf_init(&text, THEME_BYTES);
    enum err err = pack->ops->read(pack->self, "theme/theme.json", &text, why);
    if (!err) {
        json_error_t at;
        json_t *root = json_loadb(strbuf_text(&text), text.length, 0, &at);
        err = root ? read_theme(root, out, why)
                   : fail_set(why, ERR_INPUT, "line %d: %s", at.line, at.text);
        json_decref(root);
    }
    strbuf_free(&text);
    return err ? fail_prefix(why, err, "theme/theme.json") : ERR_OK;
}

void theme_set(struct theme *theme, enum text_size size, enum contrast contrast)
{
    theme->size = size;
    theme->contrast = contrast;
}

uint32_t theme_colour(const struct theme *theme, enum colour colour)
{
    return theme->colours[theme->contrast][colour];
}

int theme_px(const struct theme *theme, double mm)
{
    return (int)ceil(mm / theme->mm_per_px - 1e-6);
}

// A size that follows the text scale wholly (1) or partly (0..1).
static double followed(const struct theme *theme, double mm, double follow)
{
    return mm * (1 + (theme->scale[theme->size] - 1) * follow);
}

int theme_measure(const struct theme *theme, enum measure measure)
{
    double mm = followed(theme, measures[measure].mm, measures[measure].follow);
    return theme_px(theme, mm < measures[measure].least ? measures[measure].least : mm);
}

int theme_em(const struct theme *theme, enum text_style style)
{
    double mm = followed(theme, styles[style].mm, styles[style].follow);
    return theme_px(theme, mm < 5.05 ? 5.05 : mm);
}

bool theme_is_bold(enum text_style style)
{
    return styles[style].bold;
}

const char *theme_font(const struct theme *theme, const char *language)
{
    for (int index = 0; index < 3; index++) {
        if (text_equal(language, language_names[index])) {
            return theme->font[index];
        }
    }
    return theme->font[0];
}

const char *theme_colour_name(enum colour colour)
{
    return colour_names[colour];
}

static double luminance(uint32_t colour)
{
    static const double weight[3] = {0.0722, 0.7152, 0.2126};
    double sum = 0;
    for (int channel = 0; channel < 3; channel++) {
        double value = (double)(colour >> (8 * channel) & 255) / 255;
        sum += weight[channel] *
               (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double theme_contrast(uint32_t a, uint32_t b)
{
    double first = luminance(a) + 0.05, second = luminance(b) + 0.05;
    return first > second ? first / second : second / first;
}
