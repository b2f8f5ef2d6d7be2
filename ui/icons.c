// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"
#include "yimen/base/text.h"
#include <librsvg/rsvg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ICON_COUNT = 96, ICON_NAME = 40, ICON_BYTES = 256 << 10, CACHE_COUNT = 96 };

struct icon {
    char name[ICON_NAME];
    RsvgHandle *handle;
};

struct drawn {
    const struct icon *icon;
    int w, h;
    uint32_t colour;
    cairo_surface_t *surface;
};

struct icons {
    size_t count, next;
    struct icon icons[ICON_COUNT];
    struct drawn cache[CACHE_COUNT];
};

struct loading {
    const struct files *pack;
    struct icons *icons;
    enum err err;
    struct fail *why;
};

static enum err load_icon(struct loading *loading, const char *name)
{
    struct icons *icons = loading->icons;
    if (icons->count == ICON_COUNT) {
        return fail_set(loading->why, ERR_FULL, "more than %d icons", ICON_COUNT);
    }
    char path[ICON_NAME + 16];
    (void)snprintf(path, sizeof(path), "icons/%s", name);
    struct strbuf text;
    strbuf_init(&text, ICON_BYTES);
    enum err err = loading->pack->ops->read(loading->pack->self, path, &text, loading->why);
    if (!err) {
        GError *error = NULL;
        RsvgHandle *handle =
            rsvg_handle_new_from_data((const guint8 *)strbuf_text(&text), text.length, &error);
        if (handle) {
            struct icon *icon = &icons->icons[icons->count++];
            icon->handle = handle;
            (void)snprintf(icon->name, sizeof(icon->name), "%.*s", (int)(strlen(name) - 4), name);
        } else {
            err = fail_set(loading->why, ERR_TECHNICIAN, "%s: %s", path, error->message);
            g_error_free(error);
        }
    }
    strbuf_free(&text);
    return err;
}

static void each_name(void *context, const char *name)
{
    struct loading *loading = context;
    if (!loading->err && text_ends(name, ".svg") && text_length(name) < ICON_NAME) {
        loading->err = load_icon(loading, name);
    }
}

enum err icons_load(const struct files *pack, struct icons **out, struct fail *why)
{
    struct icons *icons = calloc(1, sizeof(*icons));
    if (!icons) {
        abort();
    }
    struct loading loading = {.pack = pack, .icons = icons, .why = why};
    enum err err = pack->ops->list(pack->self, "icons", each_name, &loading, why);
    err = err ? err : loading.err;
    if (err) {
        icons_free(icons);
        return fail_prefix(why, err, "icons");
    }
    *out = icons;
    return ERR_OK;
}

void icons_free(struct icons *icons)
{
    if (!icons) {
        return;
    }
    for (size_t i = 0; i < CACHE_COUNT; i++) {
        if (icons->cache[i].surface) {
            cairo_surface_destroy(icons->cache[i].surface);
        }
    }
    for (size_t i = 0; i < icons->count; i++) {
        g_object_unref(icons->icons[i].handle);
    }
    free(icons);
}

static const struct icon *find_icon(const struct icons *icons, const char *name)
{
    for (size_t i = 0; i < icons->count; i++) {
        if (text_equal(icons->icons[i].name, name)) {
            return &icons->icons[i];
        }
    }
    return NULL;
}

bool icons_has(const struct icons *icons, const char *name)
{
    return find_icon(icons, name) != NULL;
}

static cairo_surface_t *render(const struct icon *icon, int w, int h, uint32_t colour)
{
    char style[64];
    (void)snprintf(style, sizeof(style), "svg{color:#%06x}", colour);
    (void)rsvg_handle_set_stylesheet(icon->handle, (const guint8 *)style, strlen(style), NULL);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
    cairo_t *cr = cairo_create(surface);
    const RsvgRectangle area = {0, 0, w, h};
    (void)rsvg_handle_render_document(icon->handle, cr, &area, NULL);
    cairo_destroy(cr);
    return surface;
}

void icons_draw(struct icons *icons, cairo_t *cr, const char *name, double x, double y, double w,
                double h, uint32_t colour)
{
    const struct icon *icon = find_icon(icons, name);
    if (!icon) {
        return;
    }
    struct drawn *drawn = NULL;
    for (size_t i = 0; i < CACHE_COUNT && !drawn; i++) {
        struct drawn *candidate = &icons->cache[i];
        if (candidate->surface && candidate->icon == icon && candidate->w == (int)w &&
            candidate->h == (int)h && candidate->colour == colour) {
            drawn = candidate;
        }
    }
    if (!drawn) {
        drawn = &icons->cache[icons->next++ % CACHE_COUNT];
        if (drawn->surface) {
            cairo_surface_destroy(drawn->surface);
        }
        *drawn = (struct drawn){icon, (int)w, (int)h, colour, render(icon, (int)w, (int)h, colour)};
    }
    cairo_set_source_surface(cr, drawn->surface, x, y);
    cairo_paint(cr);
}
