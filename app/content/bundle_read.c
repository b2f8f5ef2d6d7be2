// SPDX-License-Identifier: GPL-3.0-or-later
// bundles.json: which services go together. Older packs have none.
#include "json_read.h"
#include "service_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum { FORMAT = 1, MINUTES_MAXIMUM = 60, PLACE = 96 };

struct head {
    int format, shared_minutes;
};
struct bundle_name {
    char id[32];
};

static const struct json_member head_table[] = {
    {"format", MEMBER_COUNT, offsetof(struct head, format), 1000, false},
    {"shared_minutes", MEMBER_COUNT, offsetof(struct head, shared_minutes), MINUTES_MAXIMUM, false},
    {"bundles", MEMBER_ARRAY, 0, 0, false},
    {"apart", MEMBER_ARRAY, 0, 0, false},
};
static const struct json_member bundle_table[] = {
    {"id", MEMBER_TEXT, offsetof(struct bundle_name, id), sizeof(((struct bundle_name *)0)->id),
     false},
    {"services", MEMBER_ARRAY, 0, 0, false},
};

// One visit has one applicant: what the visit fills in must be the same node for every service.
static bool same_refs(const struct service *one, const struct service *other)
{
    return text_equal(one->ref_who, other->ref_who) && text_equal(one->ref_name, other->ref_name) &&
           text_equal(one->ref_id_number, other->ref_id_number) &&
           text_equal(one->ref_identity_source, other->ref_identity_source) &&
           text_equal(one->ref_phone, other->ref_phone);
}

static enum err add_service(const struct catalogue *catalogue, const json_t *name,
                            const char *place, struct bundle *out, struct fail *why)
{
    const char *id = json_string_value(name);
    const struct service *service = id ? catalogue_service(catalogue, id) : NULL;
    if (!service)
        return fail_set(why, ERR_INPUT, "%s: there is no service \"%s\"", place, id ? id : "");
    if (service->urgent || service->restricted)
        return fail_set(why, ERR_INPUT, "%s: %s goes alone: it is urgent or restricted", place, id);
    if (out->count == BUNDLE_SERVICES)
        return fail_set(why, ERR_INPUT, "%s: more than %d services", place, BUNDLE_SERVICES);
    for (size_t i = 0; i < out->count; i++) {
        if (out->services[i] == service)
            return fail_set(why, ERR_INPUT, "%s: %s is there twice", place, id);
        if (!same_refs(out->services[i], service))
            return fail_set(why, ERR_INPUT, "%s: %s has its applicant elsewhere than %s", place, id,
                            out->services[i]->id);
    }
    out->services[out->count++] = service;
    return ERR_OK;
}

static enum err read_list(const struct catalogue *catalogue, const json_t *list, const char *place,
                          struct bundle *out, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < json_array_size(list); i++)
        err = add_service(catalogue, json_array_get(list, i), place, out, why);
    if (!err && out->count < 2)
        err = fail_set(why, ERR_INPUT, "%s: two services at least", place);
    return err;
}

static enum err read_bundle(struct catalogue *catalogue, json_t *object, struct fail *why)
{
    struct bundle *bundle = &catalogue->bundles[catalogue->bundle_count];
    struct bundle_name name = {0};
    char place[PLACE];
    snprintf(place, sizeof place, "bundles.json: bundle %zu", catalogue->bundle_count + 1);
    enum err err = json_members(object, place, bundle_table,
                                sizeof bundle_table / sizeof bundle_table[0], &name, why);
    if (err)
        return err;
    if (!name.id[0] || catalogue_bundle(catalogue, name.id))
        return fail_set(why, ERR_INPUT, "%s: \"id\" must be there, and once", place);
    text_copy(bundle->id, sizeof bundle->id, name.id);
    err = read_list(catalogue, json_object_get(object, "services"), place, bundle, why);
    catalogue->bundle_count += err ? 0 : 1;
    return err;
}

static enum err read_apart(struct catalogue *catalogue, const json_t *list, struct fail *why)
{
    char place[PLACE];
    snprintf(place, sizeof place, "bundles.json: apart %zu", catalogue->apart_count + 1);
    return read_list(catalogue, list, place, &catalogue->apart[catalogue->apart_count++], why);
}

static enum err read_all(struct catalogue *catalogue, json_t *root, struct fail *why)
{
    struct head head = {0};
    enum err err = json_members(root, "bundles.json", head_table,
                                sizeof head_table / sizeof head_table[0], &head, why);
    if (err)
        return err;
    if (head.format != FORMAT)
        return fail_set(why, ERR_UNSUPPORTED, "bundles.json: format %d is not known here",
                        head.format);
    catalogue->shared_minutes = head.shared_minutes;
    const json_t *bundles = json_object_get(root, "bundles"),
                 *apart = json_object_get(root, "apart");
    if (json_array_size(bundles) > BUNDLES || json_array_size(apart) > BUNDLES)
        return fail_set(why, ERR_INPUT, "bundles.json: more than %d bundles", BUNDLES);
    for (size_t i = 0; !err && i < json_array_size(bundles); i++)
        err = read_bundle(catalogue, json_array_get(bundles, i), why);
    for (size_t i = 0; !err && i < json_array_size(apart); i++)
        err = read_apart(catalogue, json_array_get(apart, i), why);
    return err;
}

enum err catalogue_read_bundles(struct catalogue *catalogue, const struct files *pack,
                                struct fail *why)
{
    json_t *root = NULL;
    enum err err = json_file(pack, "bundles.json", CATALOGUE_FILE, &root, why);
    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    if (!err)
        err = read_all(catalogue, root, why);
    json_decref(root);
    return err;
}
