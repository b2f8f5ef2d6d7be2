// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form compose FOLDER SERVICE SERVICE...: the form of one visit for these services, as the
// kiosk composes it from that content. For another OpenRosa server, and to be looked at.
#include "options.h"
#include "yimen/weave/pack_compose.h"
#include "commands.h"
#include "yimen/base/limits.h"
#include "yimen/driver/system.h"
#include "yimen/weave/compose.h"
#include <stdio.h>

static enum err in_order(const struct pack_source *pack, int count, char **names,
                         struct strbuf *form_id, struct fail *why)
{
    const struct service *services[VISIT_ITEMS];
    const char *ids[VISIT_ITEMS];
    struct one_visit visit;
    if (count > VISIT_ITEMS)
        return fail_set(why, ERR_INPUT, "%d services at most", VISIT_ITEMS);
    for (int i = 0; i < count; i++) {
        services[i] = catalogue_service(pack->catalogue, names[i]);
        if (!services[i])
            return fail_set(why, ERR_INPUT, "there is no service %s", names[i]);
    }
    enum err err = catalogue_one_visit(pack->catalogue, services, (size_t)count, &visit, why);
    if (err)
        return err;
    for (size_t i = 0; i < visit.count; i++)
        ids[i] = visit.items[i]->id;
    return form_compose_id(ids, visit.count, form_id, why);
}

static enum err print_form(const struct files *files, int count, char **names, struct fail *why)
{
    struct catalogue *catalogue = NULL;
    struct texts *texts = NULL;
    struct strbuf form_id, form;
    strbuf_init(&form_id, LIMIT_FORM_ID);
    strbuf_init(&form, LIMIT_FORM_BYTES);
    enum err err = catalogue_load(files, &catalogue, why);
    if (!err)
        err = texts_load(files, &texts, why);
    const struct pack_source pack = {files, catalogue, texts};
    if (!err)
        err = in_order(&pack, count, names, &form_id, why);
    if (!err)
        err = pack_compose(&pack, strbuf_text(&form_id), &form, why);
    if (!err && fwrite(strbuf_text(&form), 1, form.length, stdout) != form.length)
        err = fail_set(why, ERR_TECHNICIAN, "cannot write it out");
    strbuf_free(&form_id);
    strbuf_free(&form);
    texts_free(texts);
    catalogue_free(catalogue);
    return err;
}

int ctl_form_compose(const struct ctl *ctl, int argc, char **argv)
{
    struct files files;
    struct fail why = {0};
    if (argc < 4 || argv[1][0] == '-')
        return ctl_misused(ctl);
    enum err err = system_files_open(argv[1], &files, &why);
    if (!err) {
        err = print_form(&files, argc - 2, argv + 2, &why);
        system_files_close(&files);
    }
    if (err)
        (void)fprintf(stderr, "yimenctl: %s\n", why.text);
    return err ? 1 : 0;
}
