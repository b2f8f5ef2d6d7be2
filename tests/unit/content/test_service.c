// SPDX-License-Identifier: GPL-3.0-or-later
// What is offered: the shipped catalogue loads, and a mistake in a file is named where it stands.
#include "fakes/fakes_files.h"
#include "yimen/base/limits.h"
#include "yimen/content/service.h"
#include "yimen/driver/system.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void the_shipped_catalogue_offers_both_services_and_thirty_counters(void **state)
{
    (void)state;
    struct files assets;
    struct catalogue *catalogue = NULL;
    struct fail why = {0};
    assert_int_equal(system_files_open("assets", &assets, &why), ERR_OK);
    if (catalogue_load(&assets, &catalogue, &why) != ERR_OK)
        fail_msg("%s", why.text);
    const struct service *urgent = catalogue_service(catalogue, "urgent-relief");
    const struct service *money = catalogue_service(catalogue, "expenditure-relief");
    assert_true(urgent->urgent && urgent->type == 1 && urgent->limit_hours == 24);
    assert_true(!urgent->needs_identity && urgent->paper_count == 0);
    assert_true(money->type == 2 && money->needs_identity && money->needs_signature);
    assert_string_equal(money->consents[0], "health");
    assert_string_equal(money->ref_id_number, "/data/applicant/id_number");
    assert_int_equal(catalogue_counter_count(catalogue), 30);
    assert_string_equal(catalogue_counter(catalogue, "030")->name_key, "counter.030");
    assert_null(catalogue_counter(catalogue, "031"));
    assert_null(catalogue_service(catalogue, "nothing"));
    assert_int_equal(catalogue_first_person_count(catalogue), CATALOGUE_FIRST_PERSON);
    assert_string_equal(catalogue_notice_version(catalogue), "2026-07-01");
    catalogue_free(catalogue);
    system_files_close(&assets);
}

static void limits_hold_on_their_days_only(void **state)
{
    (void)state;
    const struct service service = {
        .limit_count = 2,
        .limits = {{.from = "2026-07-01", .to = "2026-12-31", .legal_days = 30},
                   {.from = "2027-02-01", .to = "", .legal_days = 20, .promised_days = 15}}};
    const struct {
        const char *what;
        int64_t utc_ms;
        int legal_days; ///< -1: none is in force
    } rows[] = {
        {"the last minute of June in the district", 1782835199000, -1},
        {"the first of July in the district, still June in UTC", 1782835200000, 30},
        {"the last of December", 1798732799000, 30},
        {"January, which nobody thought of", 1798732800000, -1},
        {"the first of February", 1801411200000, 20},
        {"years after", 1990000000000, 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct service_limit *limit = service_limit_on(&service, rows[i].utc_ms);
        if ((limit ? limit->legal_days : -1) != rows[i].legal_days)
            fail_msg("%s: %d", rows[i].what, limit ? limit->legal_days : -1);
    }
}

// ------------------------------------------------------------------ mistakes

// A path of so many bytes.
static json_t *form_named(size_t length)
{
    char path[LIMIT_PACK_PATH + 1];
    memset(path, 'a', sizeof path);
    memcpy(path, "forms/", 6);
    memcpy(path + length - 4, ".xml", 4);
    return json_stringn(path, length);
}

static json_t *load_json(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (!root)
        fail_msg("%s: %s", path, error.text);
    return root;
}

static void put_json(struct fake_files *fake, const char *path, const json_t *root)
{
    char *text = json_dumps(root, 0);
    fake_files_put(fake, path, text, strlen(text));
    free(text);
}

struct mistake {
    const char *what, *says;
    void (*make)(json_t *services, json_t *counters);
};

static json_t *service(json_t *services, size_t index)
{
    return json_array_get(json_object_get(services, "services"), index);
}

static json_t *counter(json_t *counters, size_t index)
{
    return json_array_get(json_object_get(counters, "counters"), index);
}

#define MISTAKE(name, services, counters, change)                                                  \
    static void name(json_t *services, json_t *counters)                                           \
    {                                                                                              \
        (void)services, (void)counters;                                                            \
        change;                                                                                    \
    }
MISTAKE(no_form, s, c, json_object_del(service(s, 1), "form"))
MISTAKE(long_form, s, c, json_object_set_new(service(s, 1), "form", form_named(LIMIT_PACK_PATH)))
MISTAKE(misspelt, s, c, json_object_set_new(service(s, 1), "minuts", json_integer(3)))
MISTAKE(wrong_type, s, c, json_object_set_new(service(s, 1), "minutes", json_string("3")))
MISTAKE(negative, s, c, json_object_set_new(service(s, 1), "minutes", json_integer(-3)))
MISTAKE(twice, s, c, json_object_set_new(service(s, 1), "id", json_string("urgent-relief")))
MISTAKE(type_nine, s, c, json_object_set_new(service(s, 1), "type", json_integer(9)))
MISTAKE(urgent_identity, s, c, json_object_set_new(service(s, 0), "needs_identity", json_true()))
MISTAKE(no_hours, s, c, json_object_set_new(service(s, 0), "limit_hours", json_integer(0)))
MISTAKE(no_refs, s, c, json_object_set_new(service(s, 1), "refs", json_object()))
MISTAKE(other_format, s, c, json_object_set_new(s, "format", json_integer(2)))
MISTAKE(dead_end, s, c,
        json_object_set_new(json_array_get(json_object_get(s, "first_person"), 0), "service",
                            json_string("housing")))
MISTAKE(no_day, s, c,
        json_object_set_new(service(s, 1), "limits",
                            json_pack("[{s:s,s:s,s:i,s:i}]", "from", "2026-02-30", "to", "",
                                      "legal_days", 1, "promised_days", 1)))
MISTAKE(backwards, s, c,
        json_object_set_new(service(s, 1), "limits",
                            json_pack("[{s:s,s:s,s:i,s:i}]", "from", "2026-07-01", "to",
                                      "2026-06-30", "legal_days", 1, "promised_days", 1)))
MISTAKE(odd_month, s, c,
        json_object_set_new(service(s, 1), "limits",
                            json_pack("[{s:s,s:s,s:i,s:i,s:s}]", "from", "2026-07-01", "to", "",
                                      "legal_days", 1, "promised_days", 1, "paid_from", "soon")))
MISTAKE(paper_twice, s, c,
        json_array_append(json_object_get(service(s, 1), "papers"),
                          json_array_get(json_object_get(service(s, 1), "papers"), 0)))
MISTAKE(bad_code, s, c, json_object_set_new(counter(c, 3), "code", json_string("4")))
MISTAKE(counter_twice, s, c, json_object_set_new(counter(c, 3), "code", json_string("001")))
MISTAKE(long_phone, s, c,
        json_object_set_new(counter(c, 3), "phone",
                            json_string("0123456789012345678901234567890123456789")))

static const struct mistake mistakes[] = {
    {"no form", "service 2 expenditure-relief: \"form\" is missing", no_form},
    {"a form's name too long", "\"form\" is longer than 191 bytes", long_form},
    {"misspelt", "\"minuts\" is not known", misspelt},
    {"an unknown month", "\"paid_from\" is", odd_month},
    {"a text for a number", "\"minutes\" must be a whole number", wrong_type},
    {"negative", "\"minutes\" must be a whole number", negative},
    {"the same id twice", "two services \"urgent-relief\"", twice},
    {"type 9", "\"type\" must be 1 to 5", type_nine},
    {"urgent with identity", "asks for no identity", urgent_identity},
    {"urgent without hours", "\"limit_hours\"", no_hours},
    {"identity without refs", "identity needs \"refs\"", no_refs},
    {"another format", "format 2", other_format},
    {"sentence without service", "first_person 1: there is no service \"housing\"", dead_end},
    {"a day that is none", "limit 1: \"from\" and \"to\" must be days", no_day},
    {"a limit that ends before it begins", "ends before it begins", backwards},
    {"paper twice", "\"id-card\" is there twice", paper_twice},
    {"counter code", "counter 4: \"code\" must be three digits", bad_code},
    {"counter twice", "two counters 001", counter_twice},
    {"phone too long", "counter 4: \"phone\" is longer than", long_phone},
};

static void every_mistake_is_refused_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct fake_files *fake = fake_files_new();
        struct catalogue *catalogue = NULL;
        struct fail why = {0};
        json_t *services = load_json("assets/services.json");
        json_t *counters = load_json("assets/counters.json");
        mistakes[i].make(services, counters);
        put_json(fake, "services.json", services);
        put_json(fake, "counters.json", counters);
        assert_int_not_equal(catalogue_load(&fake->files, &catalogue, &why), ERR_OK);
        assert_null(catalogue);
        if (!strstr(why.text, mistakes[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", mistakes[i].what, why.text,
                     mistakes[i].says);
        json_decref(services);
        json_decref(counters);
        fake_files_free(fake);
    }
}

// As long as a path inside a pack may be.
static void a_form_may_have_a_long_name(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    struct catalogue *catalogue = NULL;
    struct fail why = {0};
    json_t *services = load_json("assets/services.json"), *form = form_named(LIMIT_PACK_PATH - 1);
    json_t *counters = load_json("assets/counters.json");
    json_object_set(service(services, 1), "form", form);
    put_json(fake, "services.json", services);
    put_json(fake, "counters.json", counters);
    if (catalogue_load(&fake->files, &catalogue, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_string_equal(catalogue_service_at(catalogue, 1)->form, json_string_value(form));
    json_decref(form);
    json_decref(services);
    json_decref(counters);
    catalogue_free(catalogue);
    fake_files_free(fake);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    struct catalogue *catalogue = NULL;
    assert_int_equal(catalogue_load(&fake->files, &catalogue, NULL), ERR_NOT_FOUND);
    fake_files_free(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_catalogue_offers_both_services_and_thirty_counters),
        cmocka_unit_test(limits_hold_on_their_days_only),
        cmocka_unit_test(every_mistake_is_refused_and_named),
        cmocka_unit_test(a_form_may_have_a_long_name),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
