// SPDX-License-Identifier: GPL-3.0-or-later
// One value of an opened record.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <stdlib.h>
#include <string.h>

// Finds a child element by one step of a path, "name" or "name[2]".
static const struct xml_element *step(const struct xml_element *from, const char **path)
{
    char name[96];
    size_t length = strcspn(*path, "/"), plain = strcspn(*path, "/[");
    if (plain == 0 || plain >= sizeof name)
        return NULL;
    memcpy(name, *path, plain);
    name[plain] = '\0';
    long number = plain < length ? strtol(*path + plain + 1, NULL, 10) : 1;
    *path += length + ((*path)[length] == '/');
    const struct xml_element *child = xml_find(from, name);
    for (; child && number > 1; number--)
        do
            child = xml_next(child);
        while (child && !text_equal(xml_name(child), name));
    return number == 1 ? child : NULL;
}

enum err opened_value(const struct attachment *record, const char *path, char *out, size_t room,
                      struct fail *why)
{
    struct xml_document *document = NULL;
    enum err err = xml_parse(record->data, record->length, LIMIT_SUBMISSION_XML, &document, why);
    if (err)
        return err;
    const struct xml_element *element = xml_root(document);
    size_t root = strlen(xml_name(element));
    if (path[0] != '/' || strncmp(path + 1, xml_name(element), root) != 0 || path[root + 1] != '/')
        element = NULL;
    const char *rest = element ? path + root + 2 : "";
    while (element && *rest)
        element = step(element, &rest);
    err = element ? xml_text(element, out, room, why)
                  : fail_set(why, ERR_NOT_FOUND, "the record has no %s", path);
    xml_free(document);
    return err;
}
