// SPDX-License-Identifier: GPL-3.0-or-later
// An external list in GeoJSON as root/item: its geometry as text, its id and properties as
// children. The kiosk draws no maps, but the list can be chosen from.
#include "form_internal.h"

#include <jansson.h>

static void add_child(xmlNode *item, const char *name, const char *text)
{
    xmlNode *child = xmlNewDocNode(item->doc, NULL, (const xmlChar *)name, NULL);
    if (text[0] != '\0')
        xmlAddChild(child, xmlNewDocText(item->doc, (const xmlChar *)text));
    xmlAddChild(item, child);
}

static void add_value(xmlNode *item, const char *name, const json_t *value)
{
    if (json_is_string(value)) {
        add_child(item, name, json_string_value(value));
    } else if (json_is_number(value)) {
        char text[400];
        xpath_format_number(json_number_value(value), text);
        add_child(item, name, text);
    } else if (json_is_boolean(value)) {
        add_child(item, name, json_is_true(value) ? "true" : "false");
    } else {
        add_child(item, name, "");
    }
}

static void add_point(struct strbuf *out, const json_t *point)
{
    char number[400];
    if (out->length > 0)
        strbuf_adds(out, "; ");
    xpath_format_number(json_number_value(json_array_get(point, 1)), number);
    strbuf_addf(out, "%s ", number);
    xpath_format_number(json_number_value(json_array_get(point, 0)), number);
    strbuf_addf(out, "%s 0 0", number);
}

/// A point, a line of points, or a polygon's first ring.
static void add_points(struct strbuf *out, const json_t *coordinates, int depth)
{
    if (json_is_number(json_array_get(coordinates, 0))) {
        add_point(out, coordinates);
        return;
    }
    for (size_t i = 0; depth < 4 && i < json_array_size(coordinates); i++)
        add_points(out, json_array_get(coordinates, i), depth + 1);
}

static void add_feature(xmlNode *root, json_t *feature)
{
    xmlNode *item = xmlNewDocNode(root->doc, NULL, (const xmlChar *)"item", NULL);
    xmlAddChild(root, item);
    struct strbuf geometry;
    strbuf_init(&geometry, LIMIT_PART_BYTES);
    add_points(&geometry, json_object_get(json_object_get(feature, "geometry"), "coordinates"), 0);
    add_child(item, "geometry", strbuf_text(&geometry));
    strbuf_free(&geometry);
    json_t *properties = json_object_get(feature, "properties");
    json_t *id = json_object_get(feature, "id");
    if (id == NULL)
        id = json_object_get(properties, "id");
    if (id != NULL)
        add_value(item, "id", id);
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(properties, name, value)
    {
        if (strcmp(name, "id") != 0)
            add_value(item, name, value);
    }
}

enum err geojson_parse(const char *text, size_t length, xmlDoc *doc, struct fail *why)
{
    json_error_t error;
    json_t *all = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (all == NULL)
        return fail_set(why, ERR_INPUT, "line %d: %s", error.line, error.text);
    json_t *features = json_object_get(all, "features");
    if (!json_is_array(features)) {
        json_decref(all);
        return fail_set(why, ERR_INPUT, "there is no list of features");
    }
    xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"root", NULL);
    xmlDocSetRootElement(doc, root);
    for (size_t i = 0; i < json_array_size(features); i++)
        add_feature(root, json_array_get(features, i));
    json_decref(all);
    return ERR_OK;
}
