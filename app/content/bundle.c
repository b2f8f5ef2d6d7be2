// SPDX-License-Identifier: GPL-3.0-or-later
// Several services as one visit: which go together is data; what comes out of it is the union of
// what each asks.
#include "yimen/content/bundle.h"

#include "service_internal.h"
#include "yimen/base/text.h"

void catalogue_part(struct catalogue *catalogue)
{
    catalogue->parted = true;
}

size_t catalogue_bundle_count(const struct catalogue *catalogue)
{
    return catalogue->parted ? 0 : catalogue->bundle_count;
}

const struct bundle *catalogue_bundle_at(const struct catalogue *catalogue, size_t index)
{
    return index < catalogue_bundle_count(catalogue) ? &catalogue->bundles[index] : NULL;
}

const struct bundle *catalogue_bundle(const struct catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue_bundle_count(catalogue); i++)
        if (text_equal(catalogue->bundles[i].id, id))
            return &catalogue->bundles[i];
    return NULL;
}

static bool bundle_has(const struct bundle *bundle, const struct service *service)
{
    for (size_t i = 0; i < bundle->count; i++)
        if (bundle->services[i] == service)
            return true;
    return false;
}

static bool is_bundled(const struct catalogue *catalogue, const struct service *service)
{
    for (size_t i = 0; i < catalogue->bundle_count; i++)
        if (bundle_has(&catalogue->bundles[i], service))
            return true;
    return false;
}

// Also where they go one after the other.
static bool fits_beside(const struct catalogue *catalogue, const struct service *one,
                        const struct service *other)
{
    if (one == other || !is_bundled(catalogue, one) || !is_bundled(catalogue, other))
        return false;
    for (size_t i = 0; i < catalogue->apart_count; i++)
        if (bundle_has(&catalogue->apart[i], one) && bundle_has(&catalogue->apart[i], other))
            return false;
    return true;
}

bool catalogue_goes_with(const struct catalogue *catalogue, const struct service *one,
                         const struct service *other)
{
    return !catalogue->parted && fits_beside(catalogue, one, other);
}

static bool is_among(const struct service *const *list, size_t count, const struct service *service)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == service)
            return true;
    return false;
}

static size_t list_fitting(const struct catalogue *catalogue, const struct service *service,
                           const struct service **out, size_t room)
{
    size_t count = 0;
    for (size_t place = 0; place < BUNDLE_SERVICES; place++)
        for (size_t i = 0; i < catalogue->bundle_count; i++) {
            const struct bundle *bundle = &catalogue->bundles[i];
            bool about = place < bundle->count && bundle->services[place] == service;
            for (size_t k = 0; about && k < bundle->count && count < room; k++)
                if (fits_beside(catalogue, service, bundle->services[k]) &&
                    !is_among(out, count, bundle->services[k]))
                    out[count++] = bundle->services[k];
        }
    return count;
}

size_t catalogue_fitting(const struct catalogue *catalogue, const struct service *service,
                         const struct service **out, size_t room)
{
    return catalogue->parted ? 0 : list_fitting(catalogue, service, out, room);
}

size_t catalogue_afterwards(const struct catalogue *catalogue, const struct service *service,
                            const struct service **out, size_t room)
{
    return catalogue->parted ? list_fitting(catalogue, service, out, room) : 0;
}

bool service_asks_paper(const struct service *service, const char *paper)
{
    for (size_t i = 0; i < service->paper_count; i++)
        if (text_equal(service->papers[i].id, paper))
            return true;
    return false;
}

// ------------------------------------------------------------------ what all of them ask

static enum err add_papers(struct service *out, const struct service *item, struct fail *why)
{
    for (size_t i = 0; i < item->paper_count; i++) {
        if (service_asks_paper(out, item->papers[i].id))
            continue;
        if (out->paper_count == SERVICE_PAPERS)
            return fail_set(why, ERR_FULL, "more than %d papers", SERVICE_PAPERS);
        out->papers[out->paper_count++] = item->papers[i];
    }
    return ERR_OK;
}

static enum err add_consents(struct service *out, const struct service *item, struct fail *why)
{
    for (size_t i = 0; i < item->consent_count; i++) {
        bool known = false;
        for (size_t k = 0; k < out->consent_count; k++)
            known = known || text_equal(out->consents[k], item->consents[i]);
        if (known)
            continue;
        if (out->consent_count == SERVICE_CONSENTS)
            return fail_set(why, ERR_FULL, "more than %d consents", SERVICE_CONSENTS);
        text_copy(out->consents[out->consent_count++], sizeof out->consents[0], item->consents[i]);
    }
    return ERR_OK;
}

static void add_time(const struct catalogue *catalogue, struct service *out,
                     const struct service *item)
{
    int saved = out->minutes > 0 ? catalogue->shared_minutes : 0, before = out->minutes;
    out->minutes += item->minutes - saved;
    if (out->minutes < before + 1)
        out->minutes = before + 1;
    if (out->minutes < item->minutes)
        out->minutes = item->minutes;
}

static void begin(struct service *out, const struct service *first)
{
    *out = *first;
    out->minutes = 0;
    out->paper_count = out->consent_count = out->limit_count = 0;
    text_copy(out->id, sizeof out->id, ONE_VISIT);
    out->form[0] = out->item_code[0] = out->first_person[0] = '\0';
}

static enum err add_item(const struct catalogue *catalogue, struct one_visit *visit,
                         const struct service *item, struct fail *why)
{
    struct service *out = &visit->service;
    if (visit->count == VISIT_ITEMS)
        return fail_set(why, ERR_FULL, "more than %d services in one visit", VISIT_ITEMS);
    for (size_t i = 0; i < visit->count; i++)
        if (!catalogue_goes_with(catalogue, visit->items[i], item))
            return fail_set(why, ERR_INPUT, "%s and %s do not go together", visit->items[i]->id,
                            item->id);
    if (visit->count == 0)
        begin(out, item);
    visit->items[visit->count++] = item;
    if (item->type < out->type) // 2 money comes before 3 service
        out->type = item->type;
    out->needs_identity = out->needs_identity || item->needs_identity;
    out->needs_signature = out->needs_signature || item->needs_signature;
    add_time(catalogue, out, item);
    enum err err = add_papers(out, item, why);
    return err ? err : add_consents(out, item, why);
}

enum err catalogue_one_visit(const struct catalogue *catalogue,
                             const struct service *const *services, size_t count,
                             struct one_visit *out, struct fail *why)
{
    enum err err = ERR_OK;
    *out = (struct one_visit){0};
    for (size_t i = 0; !err && i < catalogue->service_count; i++)
        if (is_among(services, count, &catalogue->services[i]))
            err = add_item(catalogue, out, &catalogue->services[i], why);
    if (!err && (out->count != count || count < 2))
        err = fail_set(why, ERR_INPUT, "one visit is of two services or more, each once");
    return err;
}
