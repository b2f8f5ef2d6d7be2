// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/weave/pack_compose.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/weave/compose.h"
#include "yimen/weave/pack_form.h"
#include <stdio.h>

_Static_assert((int)VISIT_ITEMS == (int)FORM_ITEMS, "what a visit may hold, a form may");

static const char *label(void *context, const char *item, const char *language)
{
    char key[96];
    (void)snprintf(key, sizeof key, "service.%s.name", item ? item : ONE_VISIT);
    return texts_get(context, language, key);
}

static enum err find_items(const struct pack_source *pack, const char *form_id,
                           struct one_visit *out, struct fail *why)
{
    char ids[FORM_ITEMS][FORM_ITEM_ID];
    const struct service *services[FORM_ITEMS];
    size_t count = form_compose_items(form_id, ids);
    for (size_t i = 0; i < count; i++) {
        services[i] = catalogue_service(pack->catalogue, ids[i]);
        if (!services[i])
            return fail_set(why, ERR_NOT_FOUND, "there is no service %s", ids[i]);
    }
    if (count == 0)
        return fail_set(why, ERR_NOT_FOUND, "no form of several services");
    struct fail reason = {0};
    if (catalogue_one_visit(pack->catalogue, services, count, out, &reason))
        return fail_set(why, ERR_NOT_FOUND, "%s", reason.text);
    for (size_t i = 0; i < count; i++)
        if (out->items[i] != services[i])
            return fail_set(why, ERR_NOT_FOUND, "its services are in another order");
    return ERR_OK;
}

struct lists {
    struct strbuf papers, consents;
};

static void list_asked(const struct service *service, struct lists *out)
{
    for (size_t i = 0; i < service->paper_count; i++)
        strbuf_addf(&out->papers, "%s%s", i ? " " : "", service->papers[i].id);
    for (size_t i = 0; i < service->consent_count; i++)
        strbuf_addf(&out->consents, "%s%s", i ? " " : "", service->consents[i]);
}

static enum err compose(const struct pack_source *pack, const struct one_visit *visit,
                        struct strbuf *texts, struct strbuf *out, struct fail *why)
{
    struct form_item items[FORM_ITEMS];
    struct lists lists[FORM_ITEMS];
    enum err err = ERR_OK;
    for (size_t i = 0; i < visit->count; i++) {
        strbuf_init(&lists[i].papers, LIMIT_ANSWER);
        strbuf_init(&lists[i].consents, LIMIT_ANSWER);
        list_asked(visit->items[i], &lists[i]);
        if (!err)
            err = pack_form_read(pack->files, visit->items[i]->form, &texts[i], why);
        items[i] = (struct form_item){.id = visit->items[i]->id,
                                      .text = strbuf_text(&texts[i]),
                                      .length = texts[i].length,
                                      .papers = strbuf_text(&lists[i].papers),
                                      .consents = strbuf_text(&lists[i].consents)};
    }
    const struct form_composition composition = {.items = items,
                                                 .count = visit->count,
                                                 .label = label,
                                                 .context = (void *)(uintptr_t)pack->texts};
    if (!err)
        err = form_compose(&composition, out, why);
    for (size_t i = 0; i < visit->count; i++) {
        strbuf_free(&lists[i].papers);
        strbuf_free(&lists[i].consents);
    }
    return err;
}

enum err pack_compose(const struct pack_source *pack, const char *form_id, struct strbuf *out,
                      struct fail *why)
{
    struct one_visit visit;
    struct strbuf texts[FORM_ITEMS];
    enum err err = find_items(pack, form_id, &visit, why);
    if (err)
        return fail_prefix(why, err, "%s", form_id);
    for (size_t i = 0; i < FORM_ITEMS; i++)
        strbuf_init(&texts[i], LIMIT_FORM_BYTES);
    err = compose(pack, &visit, texts, out, why);
    for (size_t i = 0; i < FORM_ITEMS; i++)
        strbuf_free(&texts[i]);
    return err ? fail_prefix(why, err, "%s", form_id) : ERR_OK;
}

enum err pack_compose_load(const struct pack_source *pack, const struct crypto *crypto,
                           const char *form_id, struct form **out, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    *out = NULL;
    enum err err = pack_compose(pack, form_id, &text, why);
    if (!err)
        err = pack_form_parse(pack->files, crypto, form_id, &text, out, why);
    strbuf_free(&text);
    return err;
}

enum err pack_service_form(const struct pack_source *pack, const struct crypto *crypto,
                           const char *service, struct form **out, struct fail *why)
{
    const struct service *found = catalogue_service(pack->catalogue, service);
    *out = NULL;
    if (text_starts(service, FORM_ONE_VISIT))
        return pack_compose_load(pack, crypto, service, out, why);
    if (!found)
        return fail_set(why, ERR_NOT_FOUND, "there is no service %s", service);
    enum err err = pack_form_load(pack->files, crypto, found->form, out, why);
    return err ? fail_prefix(why, err, "loading the form of %s", service) : ERR_OK;
}
