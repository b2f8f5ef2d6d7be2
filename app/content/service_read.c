// SPDX-License-Identifier: GPL-3.0-or-later
// services.json and counters.json by tables: one row a member. People write these files, so
// everything wrong is refused with its place, and so is what nobody would read.
#include "json_read.h"
#include "service_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { FORMAT = 1, PLACE = 96, COUNT_MAXIMUM = 10000 };

#define TEXT(type, field) #field, MEMBER_TEXT, offsetof(type, field), sizeof((type *)0)->field
#define COUNT(type, field, maximum) #field, MEMBER_COUNT, offsetof(type, field), maximum
#define FLAG(type, field) #field, MEMBER_FLAG, offsetof(type, field), 0
#define LENGTH(table) (sizeof(table) / sizeof *(table))

static const struct json_member service_table[] = {
    {TEXT(struct service, id), false},
    {TEXT(struct service, form), false},
    {TEXT(struct service, item_code), false},
    {TEXT(struct service, door), false},
    {COUNT(struct service, type, 9), false},
    {COUNT(struct service, minutes, 600), false},
    {FLAG(struct service, urgent), false},
    {FLAG(struct service, restricted), false},
    {FLAG(struct service, advises), true},
    {FLAG(struct service, needs_identity), false},
    {FLAG(struct service, needs_signature), false},
    {FLAG(struct service, linked), true},
    {TEXT(struct service, first_person), false},
    {COUNT(struct service, limit_hours, COUNT_MAXIMUM), false},
    {"limits", MEMBER_ARRAY, 0, 0, false},
    {"papers", MEMBER_ARRAY, 0, 0, false},
    {"consents", MEMBER_ARRAY, 0, 0, false},
    {"slip_lines", MEMBER_ARRAY, 0, 0, true},
    {"refs", MEMBER_OBJECT, 0, 0, false},
};

static const struct json_member slip_line_table[] = {
    {TEXT(struct service_slip_line, label), false},
    {TEXT(struct service_slip_line, ref), false},
};

static const struct json_member limit_table[] = {
    {TEXT(struct service_limit, from), false},
    {TEXT(struct service_limit, to), false},
    {COUNT(struct service_limit, legal_days, COUNT_MAXIMUM), false},
    {COUNT(struct service_limit, promised_days, COUNT_MAXIMUM), false},
    {COUNT(struct service_limit, paper_days, COUNT_MAXIMUM), true},
    {COUNT(struct service_limit, publicity_days, COUNT_MAXIMUM), true},
    {COUNT(struct service_limit, decision_days, COUNT_MAXIMUM), true},
    {TEXT(struct service_limit, paid_from), true},
    {TEXT(struct service_limit, basis), true},
};

static const struct json_member paper_table[] = {
    {TEXT(struct service_paper, id), false},
    {FLAG(struct service_paper, scannable), false},
    {FLAG(struct service_paper, checked_by_data), false},
};

#define REF(name)                                                                                  \
#name, MEMBER_TEXT, offsetof(struct service, ref_##name),                                      \
        sizeof((struct service *)0)->ref_##name
static const struct json_member ref_table[] = {
    {REF(who), true},   {REF(name), true}, {REF(id_number), true}, {REF(identity_source), true},
    {REF(phone), true},
};

static const struct json_member first_person_table[] = {
    {TEXT(struct first_person, text), false},
    {TEXT(struct first_person, service), false},
};

static const struct json_member counter_table[] = {
    {TEXT(struct counter, code), false},  {TEXT(struct counter, name_key), false},
    {TEXT(struct counter, name), false},  {TEXT(struct counter, street), false},
    {TEXT(struct counter, phone), false}, {TEXT(struct counter, hours), false},
};

struct head {
    int format;
    char notice_version[24], commitment_version[24];
    char note[200];
};

static const struct json_member services_head[] = {
    {COUNT(struct head, format, COUNT_MAXIMUM), false},
    {TEXT(struct head, notice_version), false},
    {TEXT(struct head, commitment_version), false},
    {"services", MEMBER_ARRAY, 0, 0, false},
    {"first_person", MEMBER_ARRAY, 0, 0, false},
    {"correction_limits", MEMBER_ARRAY, 0, 0, true},
};

static const struct json_member counters_head[] = {
    {COUNT(struct head, format, COUNT_MAXIMUM), false},
    {TEXT(struct head, note), true},
    {"counters", MEMBER_ARRAY, 0, 0, false},
};

static enum err read_limits(const json_t *list, const char *place, struct service *service,
                            struct fail *why)
{
    if (json_array_size(list) > SERVICE_LIMITS)
        return fail_set(why, ERR_INPUT, "%s: more than %d limits", place, SERVICE_LIMITS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct service_limit *limit = &service->limits[i];
        char at[PLACE * 2];
        snprintf(at, sizeof at, "%s: limit %zu", place, i + 1);
        enum err err =
            json_members(json_array_get(list, i), at, limit_table, LENGTH(limit_table), limit, why);
        if (err != ERR_OK)
            return err;
        if (!day_is_good(limit->from) || (limit->to[0] && !day_is_good(limit->to)))
            return fail_set(why, ERR_INPUT, "%s: \"from\" and \"to\" must be days like 2026-07-01",
                            at);
        if (limit->to[0] && strcmp(limit->to, limit->from) < 0)
            return fail_set(why, ERR_INPUT, "%s: it ends before it begins", at);
        if (limit->paid_from[0] && !text_equal(limit->paid_from, "next-month") &&
            !text_equal(limit->paid_from, "application-month"))
            return fail_set(why, ERR_INPUT,
                            "%s: \"paid_from\" is \"next-month\" or \"application-month\"", at);
        service->limit_count++;
    }
    return ERR_OK;
}

static enum err read_papers(const json_t *list, const char *place, struct service *service,
                            struct fail *why)
{
    if (json_array_size(list) > SERVICE_PAPERS)
        return fail_set(why, ERR_INPUT, "%s: more than %d papers", place, SERVICE_PAPERS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        char at[PLACE * 2];
        snprintf(at, sizeof at, "%s: paper %zu", place, i + 1);
        enum err err = json_members(json_array_get(list, i), at, paper_table, LENGTH(paper_table),
                                    &service->papers[i], why);
        if (err != ERR_OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (text_equal(service->papers[j].id, service->papers[i].id))
                return fail_set(why, ERR_INPUT, "%s: \"%s\" is there twice", at,
                                service->papers[i].id);
        service->paper_count++;
    }
    return ERR_OK;
}

static enum err read_consents(const json_t *list, const char *place, struct service *service,
                              struct fail *why)
{
    if (json_array_size(list) > SERVICE_CONSENTS)
        return fail_set(why, ERR_INPUT, "%s: more than %d consents", place, SERVICE_CONSENTS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (!id || !*id || !text_copy(service->consents[i], sizeof service->consents[i], id))
            return fail_set(why, ERR_INPUT, "%s: consent %zu must be a short text", place, i + 1);
        service->consent_count++;
    }
    return ERR_OK;
}

static enum err read_slip_lines(const json_t *list, const char *place, struct service *service,
                                struct fail *why)
{
    if (json_array_size(list) > SERVICE_SLIP_LINES)
        return fail_set(why, ERR_INPUT, "%s: more than %d slip lines", place, SERVICE_SLIP_LINES);
    for (size_t i = 0; i < json_array_size(list); i++) {
        char at[PLACE * 2];
        snprintf(at, sizeof at, "%s: slip line %zu", place, i + 1);
        enum err err = json_members(json_array_get(list, i), at, slip_line_table,
                                    LENGTH(slip_line_table), &service->slip_lines[i], why);
        if (err != ERR_OK)
            return err;
        service->slip_line_count++;
    }
    return ERR_OK;
}

// What the tables cannot say.
static enum err check_service(const struct catalogue *catalogue, const struct service *service,
                              const char *place, struct fail *why)
{
    if (!service->id[0] || !service->form[0])
        return fail_set(why, ERR_INPUT, "%s: \"id\" and \"form\" must not be empty", place);
    if (catalogue_service(catalogue, service->id))
        return fail_set(why, ERR_INPUT, "%s: there are two services \"%s\"", place, service->id);
    if (service->type < 1 || service->type > 5)
        return fail_set(why, ERR_INPUT, "%s: \"type\" must be 1 to 5", place);
    if (service->urgent != (service->limit_hours > 0))
        return fail_set(why, ERR_INPUT,
                        "%s: \"limit_hours\" belongs to urgent services, and to all of them",
                        place);
    if (service->urgent &&
        (service->needs_identity || service->needs_signature || service->paper_count > 0))
        return fail_set(why, ERR_INPUT,
                        "%s: an urgent service asks for no identity, papers or signature", place);
    if (service->linked && (service->type != 5 || service->door[0] || service->needs_identity))
        return fail_set(why, ERR_INPUT,
                        "%s: what belongs to another case is of type 5, behind no door, and asks "
                        "for no identity",
                        place);
    if (service->needs_identity && (!service->ref_name[0] || !service->ref_id_number[0]))
        return fail_set(why, ERR_INPUT, "%s: identity needs \"refs\": \"name\" and \"id_number\"",
                        place);
    return ERR_OK;
}

static enum err read_service(struct catalogue *catalogue, json_t *object, size_t index,
                             struct fail *why)
{
    struct service *service = &catalogue->services[index];
    const char *id = json_string_value(json_object_get(object, "id"));
    char place[PLACE];
    snprintf(place, sizeof place, "services.json: service %zu%s%.40s", index + 1, id ? " " : "",
             id ? id : "");
    enum err err = json_members(object, place, service_table, LENGTH(service_table), service, why);
    if (err == ERR_OK)
        err = read_limits(json_object_get(object, "limits"), place, service, why);
    if (err == ERR_OK)
        err = read_papers(json_object_get(object, "papers"), place, service, why);
    if (err == ERR_OK)
        err = read_consents(json_object_get(object, "consents"), place, service, why);
    if (err == ERR_OK)
        err = read_slip_lines(json_object_get(object, "slip_lines"), place, service, why);
    if (err == ERR_OK)
        err = json_members(json_object_get(object, "refs"), place, ref_table, LENGTH(ref_table),
                           service, why);
    if (err == ERR_OK)
        err = check_service(catalogue, service, place, why);
    return err;
}

static enum err read_first_person(struct catalogue *catalogue, const json_t *list, struct fail *why)
{
    if (json_array_size(list) > CATALOGUE_FIRST_PERSON)
        return fail_set(why, ERR_INPUT, "services.json: more than %d first-person sentences",
                        CATALOGUE_FIRST_PERSON);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct first_person *sentence = &catalogue->first_person[i];
        char place[PLACE];
        snprintf(place, sizeof place, "services.json: first_person %zu", i + 1);
        enum err err = json_members(json_array_get(list, i), place, first_person_table,
                                    LENGTH(first_person_table), sentence, why);
        if (err != ERR_OK)
            return err;
        if (!catalogue_service(catalogue, sentence->service))
            return fail_set(why, ERR_INPUT, "%s: there is no service \"%s\" behind it", place,
                            sentence->service);
        catalogue->first_person_count++;
    }
    return ERR_OK;
}

static enum err read_services(struct catalogue *catalogue, json_t *root, struct fail *why)
{
    struct head head = {0};
    enum err err =
        json_members(root, "services.json", services_head, LENGTH(services_head), &head, why);
    if (err != ERR_OK)
        return err;
    if (head.format != FORMAT)
        return fail_set(why, ERR_UNSUPPORTED, "services.json: format %d is not known here",
                        head.format);
    text_copy(catalogue->notice_version, sizeof catalogue->notice_version, head.notice_version);
    text_copy(catalogue->commitment_version, sizeof catalogue->commitment_version,
              head.commitment_version);
    const json_t *list = json_object_get(root, "services");
    size_t count = json_array_size(list);
    if (count == 0 || count > CATALOGUE_SERVICES)
        return fail_set(why, ERR_INPUT, "services.json: there must be 1 to %d services",
                        CATALOGUE_SERVICES);
    catalogue->services = ARENA_ARRAY(catalogue->arena, struct service, count);
    for (size_t i = 0; i < count; i++) {
        err = read_service(catalogue, json_array_get(list, i), i, why);
        if (err != ERR_OK)
            return err;
        catalogue->service_count++;
    }
    catalogue->correction = (struct service){.id = "correction", .type = 5, .linked = true};
    err = read_limits(json_object_get(root, "correction_limits"),
                      "services.json: correction_limits", &catalogue->correction, why);
    return err ? err : read_first_person(catalogue, json_object_get(root, "first_person"), why);
}

static bool is_counter_code(const char *code)
{
    for (int i = 0; i < 3; i++)
        if (code[i] < '0' || code[i] > '9')
            return false;
    return code[3] == '\0';
}

static enum err read_counters(struct catalogue *catalogue, json_t *root, struct fail *why)
{
    struct head head = {0};
    enum err err =
        json_members(root, "counters.json", counters_head, LENGTH(counters_head), &head, why);
    if (err != ERR_OK)
        return err;
    if (head.format != FORMAT)
        return fail_set(why, ERR_UNSUPPORTED, "counters.json: format %d is not known here",
                        head.format);
    const json_t *list = json_object_get(root, "counters");
    if (json_array_size(list) > CATALOGUE_COUNTERS)
        return fail_set(why, ERR_INPUT, "counters.json: more than %d counters", CATALOGUE_COUNTERS);
    catalogue->counters = ARENA_ARRAY(catalogue->arena, struct counter, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct counter *counter = &catalogue->counters[i];
        char place[PLACE];
        snprintf(place, sizeof place, "counters.json: counter %zu", i + 1);
        err = json_members(json_array_get(list, i), place, counter_table, LENGTH(counter_table),
                           counter, why);
        if (err != ERR_OK)
            return err;
        if (!is_counter_code(counter->code))
            return fail_set(why, ERR_INPUT, "%s: \"code\" must be three digits", place);
        if (catalogue_counter(catalogue, counter->code))
            return fail_set(why, ERR_INPUT, "%s: there are two counters %s", place, counter->code);
        catalogue->counter_count++;
    }
    return ERR_OK;
}

enum err catalogue_read(struct catalogue *catalogue, const struct files *pack, struct fail *why)
{
    json_t *services = NULL, *counters = NULL;
    enum err err = json_file(pack, "services.json", CATALOGUE_FILE, &services, why);
    if (err == ERR_OK)
        err = read_services(catalogue, services, why);
    if (err == ERR_OK)
        err = json_file(pack, "counters.json", CATALOGUE_FILE, &counters, why);
    if (err == ERR_OK)
        err = read_counters(catalogue, counters, why);
    json_decref(services);
    json_decref(counters);
    return err;
}
