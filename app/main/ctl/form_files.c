// SPDX-License-Identifier: GPL-3.0-or-later
#include "form_files.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include <string.h>

// In a pack, forms/ and the lists in divisions/ stand side by side.
static void open_lists(struct form_files *out, const char *folder)
{
    struct strbuf path;
    strbuf_init(&path, 4096);
    strbuf_addf(&path, "%s/../divisions", folder);
    out->has_lists = strbuf_result(&path, NULL) == ERR_OK &&
                     system_files_open(strbuf_text(&path), &out->lists, NULL) == ERR_OK;
    strbuf_free(&path);
}

enum err form_files_open(struct form_files *out, const char *folder, struct fail *why)
{
    *out = (struct form_files){.has_folder = folder != NULL};
    if (folder == NULL)
        return ERR_OK;
    enum err err = system_files_open(folder, &out->files, why);
    out->has_folder = err == ERR_OK;
    if (err == ERR_OK)
        open_lists(out, folder);
    return err;
}

enum err form_files_lists(struct form_files *files, const char *folder, struct fail *why)
{
    if (files->has_lists)
        system_files_close(&files->lists);
    enum err err = system_files_open(folder, &files->lists, why);
    files->has_lists = err == ERR_OK;
    return err;
}

void form_files_close(struct form_files *files)
{
    if (files->has_folder)
        system_files_close(&files->files);
    if (files->has_lists)
        system_files_close(&files->lists);
    files->has_folder = files->has_lists = false;
}

enum err form_files_read(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    struct form_files *from = context;
    const char *body =
        json_string_value(json_object_get(json_object_get(from->resources, uri), "body"));
    if (body != NULL) {
        strbuf_adds(out, body);
        return strbuf_result(out, why);
    }
    const char *name = strrchr(uri, '/');
    if (!from->has_folder || name == NULL || name[1] == '\0')
        return fail_set(why, ERR_NOT_FOUND, "there is no %s", uri);
    enum err err = from->files.ops->read(from->files.self, name + 1, out, why);
    if (err == ERR_NOT_FOUND && from->has_lists)
        err = from->lists.ops->read(from->lists.self, name + 1, out, why);
    return err;
}

enum err form_files_part(void *context, const char *path, struct strbuf *out, struct fail *why)
{
    const struct form_files *from = context;
    if (!from->has_folder)
        return fail_set(why, ERR_NOT_FOUND, "there is no %s", path);
    return from->files.ops->read(from->files.self, path, out, why);
}
