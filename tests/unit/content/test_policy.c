// SPDX-License-Identifier: GPL-3.0-or-later
// The policy catalogue: the shipped one is whole and can be searched, and a file with a mistake is
// refused with its place.
#include "fakes/fakes_files.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include "yimen/content/policy.h"
#include "yimen/driver/system.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MOST = 100, AT_LEAST = 30, LANGUAGES = 3 };
static const char *const languages[LANGUAGES] = {"zh", "en", "ko"};
static struct catalogue *catalogue;

static struct policies *shipped(void)
{
    struct files assets;
    struct policies *policies = NULL;
    struct fail why = {0};
    assert_int_equal(system_files_open("assets", &assets, &why), ERR_OK);
    if (policies_load(&assets, catalogue, &policies, &why) != ERR_OK)
        fail_msg("%s", why.text);
    system_files_close(&assets);
    return policies;
}

static void the_shipped_catalogue_has_at_least_thirty_measures_in_every_group(void **state)
{
    (void)state;
    struct policies *policies = shipped();
    assert_true(policies_count(policies) >= AT_LEAST);
    for (size_t g = 0; g < policies_group_count(policies); g++) {
        size_t members = 0;
        for (size_t i = 0; i < policies_count(policies); i++)
            members +=
                text_equal(policies_at(policies, i)->group, policies_group_at(policies, g)->id);
        assert_true(members > 0);
    }
    assert_null(policies_at(policies, policies_count(policies)));
    assert_null(policies_group_at(policies, policies_group_count(policies)));
    policies_free(policies);
}

// A resident who reads of a measure finds the service, and every service can be read about.
static void every_service_stands_in_the_catalogue(void **state)
{
    (void)state;
    struct policies *policies = shipped();
    for (size_t s = 0; s < catalogue_service_count(catalogue); s++) {
        const char *id = catalogue_service_at(catalogue, s)->id;
        bool found = catalogue_service_at(catalogue, s)->linked; // no measure of its own
        for (size_t i = 0; i < policies_count(policies); i++)
            found = found || text_equal(policies_at(policies, i)->service, id);
        if (!found)
            fail_msg("no policy leads to %s", id);
    }
    policies_free(policies);
}

static void every_measure_is_found_by_its_own_words(void **state)
{
    (void)state;
    const struct policy *found[MOST];
    struct policies *policies = shipped();
    for (size_t i = 0; i < policies_count(policies); i++) {
        const struct policy *policy = policies_at(policies, i);
        assert_ptr_equal(policies_find(policies, policy->id), policy);
        for (int l = 0; l < LANGUAGES; l++) {
            const char *title = policy_title_in(&policy->title, languages[l]);
            size_t count = policies_search(policies, languages[l], title, found, MOST);
            bool there = false;
            for (size_t f = 0; f < count; f++)
                there = there || found[f] == policy;
            if (!there)
                fail_msg("%s is not found by \"%s\"", policy->id, title);
        }
    }
    policies_free(policies);
}

struct look {
    const char *language, *query, *first; ///< NULL: nothing is found
};

static const struct look looks[] = {
    {"zh", "纸尿裤", "nappies"},
    {"zh", "残疾 康复", "child-rehabilitation"},
    {"zh", "樱桃", "farm-help"},
    {"zh", "法律援助", "legal-aid"},
    {"zh", "  60 天  ", "review"},
    {"en", "NAPPIES", "nappies"},
    {"en", "orphans allowance", "orphan"},
    {"en", "justice office", "legal-aid"},
    {"ko", "기저귀", "nappies"},
    {"zh", "月球旅行", NULL},
    {"en", "纸尿裤", NULL},
};

static void what_people_type_finds_what_they_mean(void **state)
{
    (void)state;
    const struct policy *found[MOST];
    struct policies *policies = shipped();
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        size_t count = policies_search(policies, looks[i].language, looks[i].query, found, MOST);
        const char *first = count ? found[0]->id : NULL;
        if ((first == NULL) != (looks[i].first == NULL) ||
            (first && !text_equal(first, looks[i].first)))
            fail_msg("\"%s\" finds %s", looks[i].query, first ? first : "nothing");
    }
    policies_free(policies);
}

static void titles_come_first_and_the_room_is_kept(void **state)
{
    (void)state;
    const struct policy *found[MOST];
    struct policies *policies = shipped();
    size_t all = policies_search(policies, "zh", "", found, MOST);
    assert_int_equal(all, policies_count(policies));
    size_t count = policies_search(policies, "zh", "低保", found, MOST);
    assert_true(count > 3);
    bool in_titles = true;
    for (size_t i = 0; i < count; i++) {
        bool in_title = strstr(found[i]->title.zh, "低保") != NULL;
        assert_true(in_titles || !in_title);
        in_titles = in_title;
    }
    found[1] = NULL;
    assert_int_equal(policies_search(policies, "zh", "低保", found, 1), 1);
    assert_null(found[1]);
    policies_free(policies);
}

static void a_measure_holds_on_its_days_only(void **state)
{
    (void)state;
    const struct policy policy = {.from = "2026-07-01", .to = "2026-11-23"};
    const struct policy open = {.from = "2026-07-01"};
    const int64_t morning = 1795363200000; // 23 November 2026, 00:00 in Qingdao
    const int64_t day = 86400000;
    assert_true(policy_holds(&policy, morning));
    assert_true(policy_holds(&policy, morning + day - 1));
    assert_false(policy_holds(&policy, morning + day));
    assert_true(policy_holds(&open, morning + day * 1000));
    assert_false(policy_holds(&open, 1782835199000)); // 30 June 2026, 23:59:59 in Qingdao
    assert_true(policy_holds(&open, 1782835200000));
}

// The forms that advise name policies by id: a name that no policy has would be lost.
static void what_the_forms_advise_stands_in_the_catalogue(void **state)
{
    (void)state;
    static const char mark[] = "appearance=\"fits-";
    struct policies *policies = shipped();
    struct files assets;
    size_t named = 0;
    assert_int_equal(system_files_open("assets", &assets, NULL), ERR_OK);
    for (size_t s = 0; s < catalogue_service_count(catalogue); s++) {
        const struct service *service = catalogue_service_at(catalogue, s);
        struct strbuf form;
        if (!service->advises)
            continue;
        strbuf_init(&form, LIMIT_FORM_BYTES);
        assert_int_equal(assets.ops->read(assets.self, service->form, &form, NULL), ERR_OK);
        for (const char *at = strbuf_text(&form); (at = strstr(at, mark)); named++) {
            char id[40] = "";
            at += sizeof mark - 1;
            size_t length = strcspn(at, "\" ");
            assert_true(length < sizeof id);
            memcpy(id, at, length);
            if (!policies_find(policies, id))
                fail_msg("%s advises \"%s\", which is no policy", service->form, id);
        }
        strbuf_free(&form);
    }
    assert_true(named >= 20);
    system_files_close(&assets);
    policies_free(policies);
}

// ------------------------------------------------------------------ mistakes

struct mistake {
    const char *what, *says;
    void (*make)(json_t *root, json_t *second);
};

#define MISTAKE(name, change)                                                                      \
    static void name(json_t *r, json_t *p)                                                         \
    {                                                                                              \
        (void)r, (void)p;                                                                          \
        change;                                                                                    \
    }
MISTAKE(other_format, json_object_set_new(r, "format", json_integer(2)))
MISTAKE(misspelt, json_object_set_new(p, "titel", json_string("x")))
MISTAKE(no_title, json_object_del(p, "title"))
MISTAKE(no_korean, json_object_del(json_object_get(p, "title"), "ko"))
MISTAKE(empty_text, json_object_set_new(json_object_get(p, "text"), "en", json_string("")))
MISTAKE(no_group, json_object_set_new(p, "group", json_string("moon")))
MISTAKE(no_owner, json_object_set_new(p, "owner", json_string("nobody")))
MISTAKE(no_service, json_object_set_new(p, "service", json_string("housing")))
MISTAKE(twice, json_object_set_new(p, "id", json_string("minimum-living")))
MISTAKE(no_who, json_object_del(p, "who"))
MISTAKE(half_where, json_object_set_new(p, "where", json_pack("{ss}", "zh", "x")))
MISTAKE(no_id, json_object_set_new(p, "id", json_string("")))
MISTAKE(no_day, json_object_set_new(p, "from", json_string("2026-02-30")))
MISTAKE(backwards, json_object_set_new(p, "to", json_string("2026-06-30")))
MISTAKE(no_list, json_object_set_new(r, "policies", json_object()))

static const struct mistake mistakes[] = {
    {"another format", "format 2", other_format},
    {"misspelt", "policy 2 single-person: \"titel\" is not known", misspelt},
    {"no title", "\"title\" is missing", no_title},
    {"a language missing", "\"title\": \"ko\" is missing", no_korean},
    {"an empty text", "\"text\": \"en\" is empty", empty_text},
    {"unknown group", "there is no group \"moon\"", no_group},
    {"unknown owner", "there is no owner \"nobody\"", no_owner},
    {"unknown service", "there is no service \"housing\"", no_service},
    {"the same id twice", "two policies \"minimum-living\"", twice},
    {"not said for whom", "\"who\" is missing", no_who},
    {"a place in one language", "\"where\": \"en\" is missing", half_where},
    {"no id", "\"id\" must not be empty", no_id},
    {"a day that is none", "must be days", no_day},
    {"an end before the beginning", "ends before it begins", backwards},
    {"no list", "\"policies\" must be a list", no_list},
};

static void every_mistake_is_refused_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct fake_files *fake = fake_files_new();
        struct policies *policies = NULL;
        struct fail why = {0};
        json_t *root = json_load_file("assets/policies/policies.json", 0, NULL);
        assert_non_null(root);
        mistakes[i].make(root, json_array_get(json_object_get(root, "policies"), 1));
        char *text = json_dumps(root, 0);
        fake_files_put(fake, "policies/policies.json", text, strlen(text));
        assert_int_not_equal(policies_load(&fake->files, catalogue, &policies, &why), ERR_OK);
        assert_null(policies);
        if (!strstr(why.text, mistakes[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", mistakes[i].what, why.text,
                     mistakes[i].says);
        free(text);
        json_decref(root);
        fake_files_free(fake);
    }
}

static void a_pack_without_policies_is_told_apart(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    struct policies *policies = NULL;
    assert_int_equal(policies_load(&fake->files, catalogue, &policies, NULL), ERR_NOT_FOUND);
    policies_free(policies);
    fake_files_free(fake);
}

static int open_catalogue(void **state)
{
    (void)state;
    struct files assets;
    if (system_files_open("assets", &assets, NULL) != ERR_OK)
        return -1;
    enum err err = catalogue_load(&assets, &catalogue, NULL);
    system_files_close(&assets);
    return err == ERR_OK ? 0 : -1;
}

static int close_catalogue(void **state)
{
    (void)state;
    catalogue_free(catalogue);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_catalogue_has_at_least_thirty_measures_in_every_group),
        cmocka_unit_test(every_service_stands_in_the_catalogue),
        cmocka_unit_test(every_measure_is_found_by_its_own_words),
        cmocka_unit_test(what_people_type_finds_what_they_mean),
        cmocka_unit_test(titles_come_first_and_the_room_is_kept),
        cmocka_unit_test(a_measure_holds_on_its_days_only),
        cmocka_unit_test(what_the_forms_advise_stands_in_the_catalogue),
        cmocka_unit_test(every_mistake_is_refused_and_named),
        cmocka_unit_test(a_pack_without_policies_is_told_apart),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
