// SPDX-License-Identifier: GPL-3.0-or-later
#include "service_internal.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include <stdio.h>
#include <string.h>

enum err catalogue_load(const struct files *pack, struct catalogue **out, struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct catalogue *catalogue = ARENA_NEW(arena, struct catalogue);
    catalogue->arena = arena;
    enum err err = catalogue_read(catalogue, pack, why);
    if (err == ERR_OK)
        err = catalogue_read_bundles(catalogue, pack, why);
    if (err != ERR_OK) {
        catalogue_free(catalogue);
        return fail_prefix(why, err, "loading the catalogue");
    }
    *out = catalogue;
    return ERR_OK;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue)
        arena_free(catalogue->arena);
}

size_t catalogue_service_count(const struct catalogue *catalogue)
{
    return catalogue->service_count;
}

const struct service *catalogue_service_at(const struct catalogue *catalogue, size_t index)
{
    return index < catalogue->service_count ? &catalogue->services[index] : NULL;
}

const struct service *catalogue_service(const struct catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue->service_count; i++)
        if (text_equal(catalogue->services[i].id, id))
            return &catalogue->services[i];
    return NULL;
}

size_t catalogue_first_person_count(const struct catalogue *catalogue)
{
    return catalogue->first_person_count;
}

const struct first_person *catalogue_first_person_at(const struct catalogue *catalogue,
                                                     size_t index)
{
    return index < catalogue->first_person_count ? &catalogue->first_person[index] : NULL;
}

size_t catalogue_counter_count(const struct catalogue *catalogue)
{
    return catalogue->counter_count;
}

const struct counter *catalogue_counter_at(const struct catalogue *catalogue, size_t index)
{
    return index < catalogue->counter_count ? &catalogue->counters[index] : NULL;
}

const struct counter *catalogue_counter(const struct catalogue *catalogue, const char *code)
{
    for (size_t i = 0; i < catalogue->counter_count; i++)
        if (text_equal(catalogue->counters[i].code, code))
            return &catalogue->counters[i];
    return NULL;
}

const char *catalogue_notice_version(const struct catalogue *catalogue)
{
    return catalogue->notice_version;
}

const char *catalogue_commitment_version(const struct catalogue *catalogue)
{
    return catalogue->commitment_version;
}

const struct service *catalogue_correction(const struct catalogue *catalogue)
{
    return &catalogue->correction;
}

const struct service *catalogue_enquiry(const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++)
        if (catalogue_service_at(catalogue, i)->advises)
            return catalogue_service_at(catalogue, i);
    return NULL;
}

const struct service_limit *service_limit_on(const struct service *service, int64_t utc_ms)
{
    char day[DISTRICT_DATE];
    district_date(utc_ms, day);
    for (size_t i = 0; i < service->limit_count; i++) {
        const struct service_limit *limit = &service->limits[i];
        if (strcmp(limit->from, day) <= 0 && (!limit->to[0] || strcmp(day, limit->to) <= 0))
            return limit;
    }
    return NULL;
}
